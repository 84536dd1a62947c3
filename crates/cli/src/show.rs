//! `rulespec show`: one clause, vector or open point.

mod point;

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Map, Value as Json, json};

use super::failure::Failure;
use super::selection::load_suite;
use super::status::Status;
use super::stdout;
use point::Point;
use rulespec::suite::{self, Clause, Kind, Vector, Want};
use rulespec_check::misreading;
use rulespec_check::printable::{self, printable};
use rulespec_check::report::call::{self, Limit};

const HELP: &str = "\
Examples:
  rulespec show CMD-07
  rulespec show cmd-0007
  rulespec show OPEN-NUL
  rulespec show --format json trm-0100

Exit status:
  0  the item was shown
  2  wrong usage, or there is no clause, vector or open point with this id
  4  the suite is invalid
  5  a file or standard output could not be read or written";

/// Show a clause, a vector or an open point
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    /// Id of a clause (CMD-07), a vector (cmd-0007) or an open point (OPEN-NUL)
    #[arg(value_name = "ID")]
    id: String,

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

/// Runs `rulespec show`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let clauses = suite::clauses();
    let vectors = load_suite(arguments.suite.as_deref())?;
    let shown = render(&arguments.id, arguments.format, &clauses, &vectors).ok_or_else(|| {
        let what = format!("there is no clause, vector or open point {:?}", arguments.id);
        Failure::usage(&format!("{what}; `rulespec list` shows all ids"))
    })?;
    stdout::print(shown)?;
    Ok(Status::Success)
}

/// Renders the item with this id, compared without regard to case.
fn render(id: &str, format: Format, clauses: &[Clause], vectors: &[Vector]) -> Option<String> {
    let clause = clauses.iter().find(|clause| clause.id.eq_ignore_ascii_case(id));
    let vector = vectors.iter().find(|vector| vector.id.eq_ignore_ascii_case(id));
    Some(match (clause, vector, format) {
        (Some(clause), _, Format::Text) => clause_text(clause, vectors),
        (Some(clause), _, Format::Json) => pretty(&clause_json(clause, vectors)),
        (None, Some(vector), Format::Text) => vector_text(vector, clauses),
        (None, Some(vector), Format::Json) => pretty(&json!(vector)),
        (None, None, Format::Text) => Point::find(id)?.text(vectors),
        (None, None, Format::Json) => pretty(&Point::find(id)?.json(vectors)),
    })
}

fn pretty(value: &Json) -> String {
    format!("{value:#}\n").lines().map(|line| printable::json(line) + "\n").collect()
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

fn clause_json(clause: &Clause, vectors: &[Vector]) -> Json {
    let sources: Map<String, Json> =
        suite::cited_sources(&clause.evidence).into_iter().map(|(id, text)| (id, text.into())).collect();
    let misreadings: Map<String, Json> = misreading::all()
        .iter()
        .filter(|misreading| misreading.breaks == clause.id)
        .map(|misreading| (misreading.name.to_owned(), misreading.says.into()))
        .collect();
    json!({
        "id": clause.id,
        "text": clause.text,
        "kind": kind(clause.kind),
        "place": place(clause),
        "evidence": clause.evidence,
        "sources": sources,
        "misreadings": misreadings,
        "vectors": of_clause(clause, vectors).map(|vector| vector.id.as_str()).collect::<Vec<_>>(),
    })
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

fn clause_text(clause: &Clause, vectors: &[Vector]) -> String {
    let mut sheet = Sheet::new(&clause.id, &clause.text);
    let kind = (clause.kind != Kind::Asked).then(|| kind(clause.kind).to_owned());
    sheet.add("kind", kind);
    sheet.add("place", [place(clause)]);
    sheet.add("evidence", (!clause.evidence.is_empty()).then(|| clause.evidence.clone()));
    sheet.add(
        "",
        suite::cited_sources(&clause.evidence).into_iter().map(|(id, text)| format!("{id}  {text}")),
    );
    let misreadings = misreading::all().iter().filter(|misreading| misreading.breaks == clause.id);
    sheet.add("misread", misreadings.map(|misreading| format!("{}: {}", misreading.name, misreading.says)));
    let vectors = of_clause(clause, vectors);
    sheet.add("vectors", vectors.map(|v| format!("{}  {}", printable(&v.id), printable(&v.title))));
    sheet.0
}

fn vector_text(vector: &Vector, clauses: &[Clause]) -> String {
    let mut sheet = Sheet::new(&vector.id, &vector.title);
    sheet.add("call", [call::call(vector, Limit::LONG)]);
    match &vector.want {
        Want::Settled { .. } => sheet.add("want", [call::wanted(&vector.want, Limit::LONG)]),
        Want::Open { open, wants } => {
            sheet.add("open", [printable(open).into_owned()]);
            let line = |(name, want): (&String, &Json)| {
                let want = call::wanted(&Want::Settled { want: want.clone() }, Limit::LONG);
                format!("{}: {want}", printable(name))
            };
            sheet.add("wants", wants.iter().map(line));
        }
    }
    let cited = clauses.iter().filter(|clause| vector.clauses.contains(&clause.id));
    sheet.add("clauses", cited.map(|clause| format!("{} {}  {}", clause.id, clause.text, place(clause))));
    let evidence = vector.evidence.iter().flat_map(|evidence| suite::cited_sources(evidence));
    sheet.add("evidence", evidence.map(|(id, text)| format!("{id}  {text}")));
    sheet.add("note", vector.note.iter().map(|note| printable(note).into_owned()));
    sheet.0
}
