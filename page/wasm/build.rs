//! Writes what the page knows by heart: the columns of DeviceProcessEvents, and which misreading comes
//! closest to the recorded answers of each engine.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use rulespec_check::engine::Answer;
use rulespec_check::misreading::explanations;
use rulespec_check::report::{Outcome, Report, json};
use rulespec_check::verdict::Verdict;
use serde_json::{Map, Value as Json, json};

/// The functions that the page shows answers of engines for.
const FUNCTIONS: [&str; 4] = ["parse_command_line", "=~", "has", "has_any"];
const OBSERVED: &str = "../../spec/observed";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={OBSERVED}");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    fs::write(out.join("columns.json"), serde_json::to_string(&rulespec_events::known_columns())?)?;
    let mut files: Vec<PathBuf> =
        fs::read_dir(OBSERVED)?.map(|file| Ok(file?.path())).collect::<std::io::Result<_>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    let engines = files.iter().map(|file| engine(file)).collect::<Result<Json, _>>()?;
    fs::write(out.join("engines.json"), engines.to_string())?;
    Ok(())
}

/// An engine, and what its recorded answers to each function show.
fn engine(file: &Path) -> Result<Json, Box<dyn Error>> {
    let Report { engine, date, outcomes, .. } =
        json::load(&file.display().to_string(), &fs::read_to_string(file)?)?;
    let functions: Map<String, Json> = FUNCTIONS
        .into_iter()
        .filter_map(|function| Some((function.to_owned(), record(function, &outcomes)?)))
        .collect();
    Ok(json!({"engine": engine.engine, "version": engine.version, "date": date, "functions": functions}))
}

/// What the answers to one function show; `None` if the engine was not asked for it.
fn record(function: &str, outcomes: &[Outcome]) -> Option<Json> {
    let asked: Vec<Outcome> =
        outcomes.iter().filter(|outcome| outcome.vector.r#fn == function).cloned().collect();
    if asked.is_empty() {
        return None;
    }
    let answered = |outcome: &&Outcome| matches!(outcome.answer, Answer::Value(_) | Answer::Error(_));
    let is_wrong = |outcome: &&Outcome| match &outcome.verdict {
        Verdict::Open(followed) => followed.is_empty(),
        verdict => verdict.is_failure(),
    };
    let answers = asked.iter().filter(answered);
    let closest = explanations(&asked)
        .into_iter()
        .next()
        .map(|closest| json!({"misreadings": closest.misreadings, "explains": closest.explains.len()}));
    Some(json!({
        "answers": answers.clone().count(),
        "wrong": answers.filter(is_wrong).count(),
        "closest": closest,
    }))
}
