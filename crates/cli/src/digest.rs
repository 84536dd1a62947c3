//! `rulespec digest`: one hash of all answers to the calls of a small scope.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};

use super::cells::{CellArguments, csv_help};
use super::engine::{EngineArguments, LimitArguments, MaxTimeArguments};
use super::failure::Failure;
use super::progress::Progress;
use super::status::Status;
use super::stdout;
use rulespec::Function;
use rulespec_check::digest::{
    Digest, MAX_LENGTH, Outcome, Part, SCOPES, Scope, compare, digest, scope, write_lines,
};
use rulespec_check::engine::{Answer, Engine, Fast};
use rulespec_check::printable::printable;
use rulespec_check::report::call::{Limit, answered, called};
use rulespec_check::spreadsheet::Cells;
use rulespec_check::stop::Stop;

const HELP: &str = concat!(
    r#"Examples:
  rulespec digest
  rulespec digest --fn has --length 6
  rulespec digest --fn has --prefix '"aA"'
  rulespec digest --fn has --prefix '"aA_7é"' --lines
  rulespec digest --fn has -- python3 my_engine.py

Exit status:
  0  the hashes were printed; the engine agrees
  1  the engine disagrees, or not every call was made
  2  wrong usage
  3  the engine could not be run
  5  a file or standard output could not be read or written
  129, 130, 143  interrupted; the hashes until then are shown

spec/digests.md defines the scopes, the order of their calls and what is hashed, and
lists the hashes. If yours differs, narrow it down: --prefix hashes the parts of a
scope one by one, and --lines prints the calls and answers of a part.

"#,
    csv_help!()
);

/// Hash the answers to all small calls, to compare engines by one line
///
/// With ENGINE, its answers are compared with the reference's, and the first difference is shown.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
#[command(mut_arg("engine", |engine| engine.help("Embedded engine whose answers are hashed")))]
pub struct Arguments {
    #[command(flatten)]
    engine: EngineArguments,

    #[command(flatten)]
    limits: LimitArguments,

    #[command(flatten)]
    max_time: MaxTimeArguments,

    /// Hash only this function, such as has
    #[arg(long = "fn", value_name = "FUNCTION", value_parser = parse_function, help_heading = "Scope")]
    functions: Vec<Function>,

    /// Maximum length of the texts, in characters; each step multiplies the running time
    #[arg(long, value_name = "N", value_parser = parse_length, help_heading = "Scope")]
    length: Option<usize>,

    /// Hash each part of the texts that begin with PREFIX, a JSON string; requires one --fn
    #[arg(long, value_name = "PREFIX", value_parser = parse_prefix, requires = "functions", help_heading = "Scope")]
    prefix: Option<String>,

    /// Print the hashed lines instead of their hash; requires one --fn
    #[arg(
        long,
        requires = "functions",
        conflicts_with_all = ["command", "format"],
        help_heading = "Output"
    )]
    lines: bool,

    /// Output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    format: Format,

    #[command(flatten)]
    cells: CellArguments,
}

/// The output format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Human-readable text, one line per hash.
    #[default]
    Text,
    /// One JSON array.
    Json,
    /// CSV.
    Csv,
}

/// The result of one part of a scope.
struct Row {
    scope: &'static Scope,
    part: Part,
    outcome: Outcome,
}

/// Runs `rulespec digest`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    arguments.cells.check(arguments.format == Format::Csv)?;
    let scopes = scopes(arguments)?;
    if let ([scope], true) = (scopes.as_slice(), arguments.lines) {
        let part = whole(arguments, scope);
        let mut out = io::BufWriter::new(io::stdout().lock());
        let lines = write_lines(arguments.engine.engine.engine().as_mut(), scope, &part, &mut out);
        stdout::streamed(lines.and_then(|()| out.flush()).map_err(Into::into))?;
        return Ok(Status::Success);
    }
    let rows = rows(arguments, &scopes)?;
    let mut out = vec![];
    match arguments.format {
        Format::Text => {
            rows.iter().try_for_each(|row| print(&mut out, row))?;
            if arguments.engine.is_external() {
                print_agreement(&mut out, &scopes, &rows)?;
            }
        }
        Format::Json => writeln!(out, "{:#}", rows.iter().map(to_json).collect::<Json>())?,
        Format::Csv => write_csv(&mut out, &rows, arguments.cells.cells())?,
    }
    stdout::print(out)?;
    Ok(Status::from_ok(rows.iter().all(|row| matches!(row.outcome, Outcome::Hashed(_)))))
}

fn scopes(arguments: &Arguments) -> Result<Vec<&'static Scope>, Failure> {
    let needs_one = arguments.lines || arguments.prefix.is_some();
    match arguments.functions.as_slice() {
        [] => Ok(SCOPES.iter().collect()),
        [_, _, ..] if needs_one => Err(Failure::usage(&"--prefix and --lines require exactly one --fn")),
        functions => Ok(functions.iter().filter_map(|function| scope(*function)).collect()),
    }
}

/// The part that the options describe.
fn whole(arguments: &Arguments, scope: &Scope) -> Part {
    let length = arguments.length.unwrap_or_else(|| scope.default_length());
    Part::of(arguments.prefix.as_deref().unwrap_or_default(), length)
}

/// The parts of a scope to hash one by one.
fn parts(arguments: &Arguments, scope: &Scope) -> Result<Vec<Part>, Failure> {
    let whole = whole(arguments, scope);
    let (alphabet, prefix) = (Json::from(scope.alphabet), Json::from(whole.prefix.as_str()));
    if !scope.is_over(&whole.prefix) {
        let function = scope.function;
        return Err(Failure::usage(&format!(
            "--prefix {prefix}: texts for {function} consist of the characters {alphabet}"
        )));
    }
    if whole.prefix.chars().count() > whole.length {
        return Err(Failure::usage(&format!("--prefix {prefix} is longer than --length {}", whole.length)));
    }
    Ok(if arguments.prefix.is_some() { whole.parts(scope.alphabet) } else { vec![whole] })
}

fn rows(arguments: &Arguments, scopes: &[&'static Scope]) -> Result<Vec<Row>, Failure> {
    let is_external = arguments.engine.is_external();
    let stop = arguments.max_time.stop(is_external);
    let mut engine = arguments.engine.engine(arguments.limits.limits(1), &stop);
    let hello = is_external.then(|| engine.hello()).transpose().map_err(|error| Failure::engine(&error))?;
    let is_supported = |scope: &&&Scope| hello.as_ref().is_none_or(|hello| hello.has(scope.function.name()));
    let mut rows = vec![];
    for scope in scopes.iter().filter(is_supported) {
        for part in parts(arguments, scope)? {
            let outcome = hash(engine.as_mut(), is_external, scope, &part, &stop);
            rows.push(Row { scope, part, outcome });
            if stop.is_set() {
                return Ok(rows);
            }
        }
    }
    match rows.is_empty() {
        true => {
            let remedy = "check the `functions` of its answer to hello";
            Err(Failure::usage(&format!("the engine supports none of these functions; {remedy}")))
        }
        false => Ok(rows),
    }
}

fn hash(engine: &mut dyn Engine, is_external: bool, scope: &Scope, part: &Part, stop: &Stop) -> Outcome {
    let answered = Arc::new(AtomicU64::new(0));
    let _progress = Progress::of_calls(scope.count(part), Arc::clone(&answered));
    let count = &mut |more| _ = answered.fetch_add(more, Ordering::Relaxed);
    match is_external {
        false => digest(engine, scope, part, stop, count),
        true => compare(&mut Fast::default(), engine, scope, part, count),
    }
}

fn print(out: &mut impl Write, row: &Row) -> io::Result<()> {
    let (function, length) = (row.scope.function, row.part.length);
    let part = if row.part == Part::all(length) { String::new() } else { format!("  {}", row.part) };
    write!(out, "{function:<18}  length {length}{part}  ")?;
    match &row.outcome {
        Outcome::Hashed(digest) => writeln!(out, "{:>9} calls  {}", digest.questions, digest.sha256),
        Outcome::Stopped { alike, why } => {
            writeln!(out, "not finished after {alike} equal answers: {}", printable(why))
        }
        Outcome::Differs(difference) => {
            writeln!(out, "differs after {} equal answers", difference.alike)?;
            writeln!(out, "  call   {}", called(function.name(), &difference.args, Limit::SHORT))?;
            writeln!(out, "  want   {}", answered(&difference.want, Limit::SHORT))?;
            writeln!(out, "  got    {}", answered(&difference.got, Limit::SHORT))
        }
    }
}

/// Says that the engine gave all answers of the reference, if it did, and which functions it does not have.
fn print_agreement(out: &mut impl Write, scopes: &[&'static Scope], rows: &[Row]) -> io::Result<()> {
    let calls = |row: &Row| match &row.outcome {
        Outcome::Hashed(digest) => Some(digest.questions),
        Outcome::Differs(_) | Outcome::Stopped { .. } => None,
    };
    let Some(count) = rows.iter().map(calls).sum::<Option<u64>>() else { return Ok(()) };
    writeln!(out, "the engine agrees with the reference on all {count} calls")?;
    let is_asked = |scope: &&&Scope| rows.iter().any(|row| row.scope.function == scope.function);
    let absent = scopes.iter().filter(|scope| !is_asked(scope)).map(|scope| scope.function.name());
    match absent.collect::<Vec<_>>().join(", ") {
        absent if absent.is_empty() => Ok(()),
        absent => writeln!(out, "its hello does not list {absent}"),
    }
}

const CSV_HEADER: [&str; 8] = ["fn", "length", "part", "questions", "sha256", "differs_at", "got", "stopped"];

fn to_json(row: &Row) -> Json {
    let (function, length, part) = (row.scope.function, row.part.length, row.part.to_string());
    match &row.outcome {
        Outcome::Hashed(Digest { questions, sha256 }) => {
            json!({"fn": function, "length": length, "part": part, "questions": questions, "sha256": sha256})
        }
        Outcome::Stopped { alike, why } => {
            json!({"fn": function, "length": length, "part": part, "alike": alike, "stopped": printable(why)})
        }
        Outcome::Differs(difference) => json!({
            "fn": function, "length": length, "part": part, "differs_at": difference.args,
            "want": answer_text(&difference.want), "got": answer_text(&difference.got),
        }),
    }
}

fn answer_text(answer: &Answer) -> String {
    printable(&answer.to_string()).into_owned()
}

fn write_csv(out: impl Write, rows: &[Row], cells: Cells) -> anyhow::Result<()> {
    let mut table = csv::Writer::from_writer(out);
    table.write_record(CSV_HEADER)?;
    for row in rows {
        let json = to_json(row);
        let cell = |name: &&str| match (json.get(*name), &row.outcome) {
            (Some(_), Outcome::Differs(difference)) if *name == "got" => answer_cell(&difference.got, cells),
            (None, _) => String::new(),
            (Some(Json::String(text)), _) => cells.text(text).into_owned(),
            (Some(other), _) => cells.json(other),
        };
        table.write_record(CSV_HEADER.iter().map(cell))?;
    }
    Ok(table.flush()?)
}

/// An answer as a cell. A number stays a number.
fn answer_cell(answer: &Answer, cells: Cells) -> String {
    match answer {
        Answer::Value(number @ Json::Number(_)) => cells.json(number),
        other => cells.text(&answer_text(other)).into_owned(),
    }
}

fn parse_function(name: &str) -> Result<Function, String> {
    let names = || SCOPES.iter().map(|scope| scope.function.name()).collect::<Vec<_>>().join(", ");
    let function = name.parse().ok().filter(|function| scope(*function).is_some());
    function.ok_or_else(|| format!("expected one of {}", names()))
}

fn parse_length(text: &str) -> Result<usize, String> {
    let length = text.parse().ok().filter(|length| *length <= MAX_LENGTH);
    length.ok_or_else(|| format!("expected an integer from 0 to {MAX_LENGTH}"))
}

fn parse_prefix(text: &str) -> Result<String, String> {
    serde_json::from_str(text)
        .map_err(|_| "expected a JSON string with its quotes, such as '\"ab\"'".to_owned())
}
