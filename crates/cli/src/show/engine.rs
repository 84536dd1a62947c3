//! What a real engine answered.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Sheet, Shown};

/// The recorded results of `spec/observed`, in short. A test writes them.
const ENGINES: &str = include_str!("engines.json");

/// The recorded result of one engine.
#[derive(Debug, Deserialize, Serialize)]
struct Engine {
    /// The folder of its adapter.
    name: String,
    engine: String,
    version: String,
    date: String,
    met: Vec<String>,
    missed: Vec<String>,
    partly_asked: Vec<String>,
    unsupported: Vec<String>,
    misreadings: Vec<Explanation>,
    /// How to ask it, in a shell in the repository.
    commands: Vec<String>,
}

/// A misreading, or several combined, and how many of the wrong answers it explains.
#[derive(Debug, Deserialize, Serialize)]
struct Explanation {
    misreadings: Vec<String>,
    explains: usize,
    failures: usize,
}

fn engines() -> &'static [Engine] {
    static PARSED: LazyLock<Vec<Engine>> =
        LazyLock::new(|| serde_json::from_str(ENGINES).unwrap_or_default());
    &PARSED
}

/// The names of the engines.
pub fn names() -> impl Iterator<Item = &'static str> {
    engines().iter().map(|engine| engine.name.as_str())
}

/// The engines that a misreading explains, at least in part.
pub fn with_misreading(name: &str) -> Vec<&'static str> {
    let has =
        |engine: &&Engine| engine.misreadings.iter().any(|one| one.misreadings.iter().any(|one| one == name));
    engines().iter().filter(has).map(|engine| engine.name.as_str()).collect()
}

/// Each engine in short, for a list.
pub fn rows() -> Vec<Json> {
    let row = |engine: &Engine| {
        json!({
            "name": engine.name,
            "engine": engine.engine,
            "version": engine.version,
            "date": engine.date,
            "result": engine.result(),
        })
    };
    engines().iter().map(row).collect()
}

/// Shows the engine with this name: the recorded result, and how to ask it again.
pub fn find(name: &str) -> Option<Shown> {
    let is_named =
        |engine: &&Engine| engine.name.eq_ignore_ascii_case(name) || engine.engine.eq_ignore_ascii_case(name);
    engines().iter().find(is_named).and_then(show)
}

/// Shows the engine whose name has this part, if there is only one.
pub fn find_part(part: &str) -> Option<Shown> {
    match named_in_part(part)[..] {
        [name] => find(name),
        _ => None,
    }
}

/// The engines whose names have this part, in any case. A part has at least three characters.
pub fn named_in_part(part: &str) -> Vec<&'static str> {
    const MIN_LEN: usize = 3;
    let part = part.to_lowercase();
    let has_part = |engine: &&Engine| {
        part.len() >= MIN_LEN
            && [&engine.name, &engine.engine].iter().any(|name| name.to_lowercase().contains(&part))
    };
    engines().iter().filter(has_part).map(|engine| engine.name.as_str()).collect()
}

impl Engine {
    /// How many clauses have which state.
    fn result(&self) -> String {
        let (met, missed) = (self.met.len(), self.missed.len());
        let (partly, unsupported) = (self.partly_asked.len(), self.unsupported.len());
        let total = met + missed + partly + unsupported;
        format!(
            "{met} of {total} clauses met, {missed} missed, {partly} partly asked, {unsupported} unsupported"
        )
    }
}

fn show(found: &Engine) -> Option<Shown> {
    let mut json = serde_json::to_value(found).ok()?;
    let result = format!("spec/observed/{}.json", found.name);
    json["result"] = json!(result);
    Some(Shown { text: text(found, &result), json })
}

fn text(found: &Engine, result: &str) -> String {
    let headline = format!("{} {}, asked on {}", found.engine, found.version, found.date);
    let mut sheet = Sheet::new(&found.name, &headline);
    sheet.add("result", [found.result(), result.to_owned()]);
    sheet.add("missed", found.missed.chunks(10).map(|ids| ids.join(", ")));
    let explanation = |one: &Explanation| {
        format!("{} ({} of {} wrong answers)", one.misreadings.join(" + "), one.explains, one.failures)
    };
    sheet.add("misread", found.misreadings.iter().map(explanation));
    sheet.add("ask it", found.commands.iter().cloned());
    sheet.0
}
