//! `rulespec digest`: one hash for all the answers of a small scope.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};

use super::engine::Chosen;
use super::failure::Failure;
use super::progress::Progress;
use super::status::Status;
use rulespec::Function;
use rulespec_check::digest::{
    Difference, Digest, LONGEST, Part, SCOPES, Scope, compare, digest, scope, write_lines,
};
use rulespec_check::engine::process::Limits;
use rulespec_check::engine::{Answer, Engine, Fast};
use rulespec_check::printable::printable;
use rulespec_check::report::call::{Limit, answered, called};

const HELP: &str = r#"Examples:
  rulespec digest
  rulespec digest --fn has --length 6
  rulespec digest --fn has --prefix '"aA"'
  rulespec digest --fn has --prefix '"aA_7é"' --lines
  rulespec digest --fn has -- python3 my_engine.py

Exit status:
  0  printed; the engine agrees
  1  the engine does not agree
  2  wrong usage
  3  the engine could not be run

Scopes, their order, and what is hashed are told in spec/digests.md, with the hashes.
Where yours differs, ask with --prefix for the parts, until you are at one text; its
lines (--lines) name the question."#;

/// Hash all the answers to small questions, to compare engines by one line
///
/// With an engine named, it is asked too, and the first question is shown that it
/// answers otherwise.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
#[command(mut_arg("engine", |engine| engine.help("Which embedded engine answers")))]
pub struct Arguments {
    #[command(flatten)]
    chosen: Chosen,

    /// Only this function, like has
    #[arg(long = "fn", value_name = "FUNCTION", value_parser = known, help_heading = "What to ask")]
    functions: Vec<Function>,

    /// How long the texts get, in characters; more is slower by several times each
    #[arg(long, value_name = "N", value_parser = length, help_heading = "What to ask")]
    length: Option<usize>,

    /// The parts of what begins so, a JSON string; needs one --fn
    #[arg(long, value_name = "P", value_parser = prefix, requires = "functions", help_heading = "What to ask")]
    prefix: Option<String>,

    /// The lines that are hashed, and no hash; needs one --fn
    #[arg(
        long,
        requires = "functions",
        conflicts_with_all = ["command", "format"],
        help_heading = "Output"
    )]
    lines: bool,

    /// How to print them
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    format: Format,
}

/// How to print hashes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people: a line each.
    #[default]
    Text,
    /// One JSON array.
    Json,
    /// CSV.
    Csv,
}

/// What came of a part.
struct Row {
    scope: &'static Scope,
    part: Part,
    outcome: Result<Digest, Box<Difference>>,
}

/// Prints the hashes.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let scopes = scopes(arguments)?;
    if let ([scope], true) = (scopes.as_slice(), arguments.lines) {
        let part = whole(arguments, scope);
        let out = io::stdout().lock();
        write_lines(arguments.chosen.engine.engine().as_mut(), scope, &part, &mut io::BufWriter::new(out))?;
        return Ok(Status::Done);
    }
    let rows = rows(arguments, &scopes)?;
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Text => rows.iter().try_for_each(|row| print(&mut out, row))?,
        Format::Json => writeln!(out, "{:#}", rows.iter().map(as_json).collect::<Json>())?,
        Format::Csv => write_csv(out, &rows)?,
    }
    Ok(Status::of(rows.iter().all(|row| row.outcome.is_ok())))
}

fn scopes(arguments: &Arguments) -> Result<Vec<&'static Scope>, Failure> {
    let needs_one = arguments.lines || arguments.prefix.is_some();
    match arguments.functions.as_slice() {
        [] => Ok(SCOPES.iter().collect()),
        [_, _, ..] if needs_one => Err(Failure::usage(&"--prefix and --lines are for one --fn at a time")),
        functions => Ok(functions.iter().filter_map(|function| scope(*function)).collect()),
    }
}

fn whole(arguments: &Arguments, scope: &Scope) -> Part {
    let length = arguments.length.unwrap_or_else(|| scope.usual_length());
    Part::of(arguments.prefix.as_deref().unwrap_or_default(), length)
}

/// The parts of a scope that get a line each.
fn parts(arguments: &Arguments, scope: &Scope) -> Result<Vec<Part>, Failure> {
    let whole = whole(arguments, scope);
    let (alphabet, prefix) = (Json::from(scope.alphabet), Json::from(whole.prefix.as_str()));
    if !scope.is_over(&whole.prefix) {
        return Err(Failure::usage(&format!(
            "{prefix} is not over {alphabet}, as texts for {} are",
            scope.function
        )));
    }
    if whole.prefix.chars().count() > whole.length {
        return Err(Failure::usage(&format!("{prefix} is longer than --length {}", whole.length)));
    }
    Ok(if arguments.prefix.is_some() { whole.parts(scope.alphabet) } else { vec![whole] })
}

fn rows(arguments: &Arguments, scopes: &[&'static Scope]) -> Result<Vec<Row>, Failure> {
    let chosen = &arguments.chosen;
    let mut engine = chosen.engine(Limits::default());
    let hello =
        chosen.is_own().then(|| engine.hello()).transpose().map_err(|error| Failure::engine(&error))?;
    let has = |scope: &&&Scope| hello.as_ref().is_none_or(|hello| hello.has(scope.function.name()));
    let mut rows = vec![];
    for scope in scopes.iter().filter(has) {
        for part in parts(arguments, scope)? {
            let outcome = outcome(engine.as_mut(), chosen.is_own(), scope, &part);
            rows.push(Row { scope, part, outcome });
        }
    }
    match rows.is_empty() {
        true => Err(Failure::usage(&"the engine has none of these functions; see its answer to hello")),
        false => Ok(rows),
    }
}

fn outcome(
    engine: &mut dyn Engine,
    is_compared: bool,
    scope: &Scope,
    part: &Part,
) -> Result<Digest, Box<Difference>> {
    let answered = Arc::new(AtomicU64::new(0));
    let _progress = Progress::of_questions(scope.count(part), Arc::clone(&answered));
    let asked = &mut |more| _ = answered.fetch_add(more, Ordering::Relaxed);
    match is_compared {
        false => Ok(digest(engine, scope, part, asked)),
        true => compare(&mut Fast::default(), engine, scope, part, asked),
    }
}

fn print(out: &mut impl Write, row: &Row) -> io::Result<()> {
    let (function, length) = (row.scope.function, row.part.length);
    let part = if row.part == Part::all(length) { String::new() } else { format!("  {}", row.part) };
    write!(out, "{function:<18}  length {length}{part}  ")?;
    match &row.outcome {
        Ok(digest) => writeln!(out, "{:>9} questions  {}", digest.questions, digest.sha256),
        Err(difference) => {
            writeln!(out, "differs, after {} questions that do not", difference.alike)?;
            writeln!(out, "  call   {}", called(function.name(), &difference.args, Limit::SHORT))?;
            writeln!(out, "  want   {}", answered(&difference.want, Limit::SHORT))?;
            writeln!(out, "  got    {}", answered(&difference.got, Limit::SHORT))
        }
    }
}

const HEADS: [&str; 7] = ["fn", "length", "part", "questions", "sha256", "differs_at", "got"];

fn as_json(row: &Row) -> Json {
    let (function, length, part) = (row.scope.function, row.part.length, row.part.to_string());
    match &row.outcome {
        Ok(Digest { questions, sha256 }) => {
            json!({"fn": function, "length": length, "part": part, "questions": questions, "sha256": sha256})
        }
        Err(difference) => json!({
            "fn": function, "length": length, "part": part, "differs_at": difference.args,
            "want": answer(&difference.want), "got": answer(&difference.got),
        }),
    }
}

fn answer(answer: &Answer) -> String {
    printable(&answer.to_string()).into_owned()
}

fn write_csv(out: impl Write, rows: &[Row]) -> anyhow::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(HEADS)?;
    for row in rows.iter().map(as_json) {
        let cell = |head: &&str| match row.get(*head) {
            None => String::new(),
            Some(Json::String(text)) => text.clone(),
            Some(other) => other.to_string(),
        };
        table.write_record(HEADS.iter().map(cell))?;
    }
    Ok(table.flush()?)
}

fn known(name: &str) -> Result<Function, String> {
    let names = || SCOPES.iter().map(|scope| scope.function.name()).collect::<Vec<_>>().join(", ");
    let function = name.parse().ok().filter(|function| scope(*function).is_some());
    function.ok_or_else(|| format!("not one of {}", names()))
}

fn length(text: &str) -> Result<usize, String> {
    let length = text.parse().ok().filter(|length| *length <= LONGEST);
    length.ok_or_else(|| format!("not a whole number from 0 to {LONGEST}"))
}

fn prefix(text: &str) -> Result<String, String> {
    serde_json::from_str(text)
        .map_err(|_| "not a JSON string; write it with its quotes, like '\"ab\"'".to_owned())
}
