//! `rulespec show`: one item of the specification, by its name.

mod clause;
mod engine;
mod function;
mod misreading;
mod point;
mod source;
mod vector;
mod word;

use std::path::PathBuf;

pub use engine::rows as engine_rows;
pub use function::signature;

use clap::{Args, ValueEnum};
use serde_json::{Map, Value as Json};

use super::failure::Failure;
use super::selection::load_suite;
use super::status::Status;
use super::stdout;
use rulespec::Function;
use rulespec::kql::Profile;
use rulespec::query::{OPERATORS, similar};
use rulespec::suite::{self, Clause, Kind, Vector};
use rulespec_check::printable::{self, printable};

const HELP: &str = "\
Examples:
  rulespec show CMD-07                   # a clause
  rulespec show cmd-0007                 # a vector
  rulespec show OPEN-NUL                 # an open point
  rulespec show has                      # a function or an operator
  rulespec show has-as-substring         # a misreading
  rulespec show S-REGEX                  # a source
  rulespec show ClickHouse               # what a real engine answered
  rulespec show partly-asked             # a word of reports
  rulespec show --format json trm-0100

Exit status:
  0  the item was shown
  2  wrong usage, or nothing has this name
  4  the suite is invalid
  5  a file or standard output could not be read or written

JSON has the form of schema/show.schema.json; `rulespec copy` writes it.";

/// Show a clause, a vector, an open point, a function, a misreading, a source, an engine or a word
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    /// Name of a clause (CMD-07), a vector (cmd-0007), an open point (OPEN-NUL), a function (has), a
    /// misreading (has-as-substring), a source (S-REGEX), an engine (ClickHouse) or a word (garbled)
    #[arg(value_name = "NAME")]
    name: String,

    /// Show everything about a function, not only the first ten items of each kind
    #[arg(long)]
    all: bool,

    /// Use the vectors in DIR/*.json, or else in DIR/vectors/*.json, instead of the embedded ones
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,

    /// Output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    format: Format,
}

/// The output format.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Format {
    /// Human-readable text.
    #[default]
    Text,
    /// JSON.
    Json,
}

/// What can be shown of an item.
struct Shown {
    text: String,
    json: Json,
}

/// Runs `rulespec show`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let clauses = suite::clauses();
    let vectors = load_suite(arguments.suite.as_deref())?;
    let name = arguments.name.as_str();
    let found = find(name, &clauses, &vectors, arguments.all);
    let shown = found.ok_or_else(|| unknown(name, &clauses, &vectors))?;
    stdout::print(match arguments.format {
        Format::Text => shown.text,
        Format::Json => pretty(&shown.json),
    })?;
    Ok(Status::Success)
}

/// The item with this name, compared without regard to case.
fn find(name: &str, clauses: &[Clause], vectors: &[Vector], all: bool) -> Option<Shown> {
    let clause = || clauses.iter().find(|clause| clause.id.eq_ignore_ascii_case(name));
    let vector = || vectors.iter().find(|vector| vector.id.eq_ignore_ascii_case(name));
    clause()
        .map(|found| clause::show(found, vectors))
        .or_else(|| vector().map(|found| vector::show(found, clauses)))
        .or_else(|| point::find(name, vectors))
        .or_else(|| misreading::find(name, clauses, vectors))
        .or_else(|| source::find(name, clauses, vectors))
        .or_else(|| engine::find(name))
        .or_else(|| function::find(name, clauses, vectors, all))
        .or_else(|| word::find(name))
        .or_else(|| engine::find_part(name))
}

/// Every name, except those of vectors and those that only queries have.
pub fn names(clauses: &[Clause]) -> Vec<&str> {
    let mut names: Vec<&str> = clauses.iter().map(|clause| clause.id.as_str()).collect();
    names.extend(Profile::POINTS.iter().map(|(id, _)| *id));
    names.extend(Profile::SETTLED.iter().map(|(id, _)| *id));
    names.extend(Function::ALL.map(Function::name));
    names.extend(rulespec_check::misreading::all().iter().map(|misreading| misreading.name));
    for name in suite::source_ids().chain(engine::names()).chain(word::names()) {
        names.push(name);
    }
    names
}

/// Nothing has this name. The nearest name is suggested, or the engines whose names have it as a part.
fn unknown(name: &str, clauses: &[Clause], vectors: &[Vector]) -> Failure {
    let engines = engine::named_in_part(name);
    if !engines.is_empty() {
        let engines = engines.join(", ");
        return Failure::usage(&format!("several engines have {name:?} in their names: {engines}"));
    }
    let known = names(clauses).into_iter().chain(vectors.iter().map(|vector| vector.id.as_str()));
    let operators = rulespec::query::Function::all().map(|function| function.name);
    let help = similar(name, known.chain(operators).chain(OPERATORS));
    let help = help.as_deref().unwrap_or("`rulespec list` shows what there is");
    Failure::usage(&format!("nothing is called {name:?}; {help}"))
}

fn pretty(value: &Json) -> String {
    format!("{value:#}\n").lines().map(|line| printable::json(line) + "\n").collect()
}

fn sources_json(text: &str) -> Map<String, Json> {
    suite::cited_sources(text).into_iter().map(|(id, text)| (id, text.into())).collect()
}

/// A line for each source that a text cites.
fn source_lines(text: &str) -> impl Iterator<Item = String> {
    suite::cited_sources(text).into_iter().map(|(id, text)| format!("{id}  {text}"))
}

/// A line for a vector.
fn vector_line(vector: &Vector) -> String {
    format!("{}  {}", printable(&vector.id), printable(&vector.title))
}

/// A line for a clause.
fn clause_line(clause: &Clause) -> String {
    format!("{}  {}", clause.id, clause.text)
}

/// The ids of vectors as JSON.
fn ids<'a>(vectors: impl Iterator<Item = &'a Vector>) -> Json {
    vectors.map(|vector| Json::from(vector.id.as_str())).collect()
}

fn place(clause: &Clause) -> String {
    format!("spec/{}:{}", clause.file, clause.line)
}

/// The word for a kind of clause.
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Asked => "asked",
        Kind::NotAsked => "not asked",
        Kind::Informative => "informative",
    }
}

fn of_clause<'a>(clause: &'a Clause, vectors: &'a [Vector]) -> impl Iterator<Item = &'a Vector> {
    vectors.iter().filter(|vector| vector.clauses.contains(&clause.id))
}

/// A headline followed by labelled lines.
struct Sheet(String);

impl Sheet {
    fn new(id: &str, headline: &str) -> Self {
        Self(format!("{}  {}\n", printable(id), printable(headline)))
    }

    /// Adds lines, the first of them with the label.
    fn add(&mut self, label: &str, lines: impl IntoIterator<Item = String>) {
        for (at, line) in lines.into_iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            self.0 += format!("  {label:<9} {line}").trim_end();
            self.0 += "\n";
        }
    }
}
