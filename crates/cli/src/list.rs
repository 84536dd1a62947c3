//! `rulespec list`: lists of the contents of the specification.

use std::collections::BTreeSet;
#[cfg(feature = "events")]
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value as Json, json};

use super::failure::Failure;
use super::selection::{self, SelectionArguments, load_suite};
use super::show::{self, kind};
use super::status::Status;
use super::stdout;
use rulespec::Function;
use rulespec::kql::Profile;
use rulespec::suite::{self, Clause, Vector, Want};
use rulespec_check::misreading;
use rulespec_check::printable::{self, printable};
use rulespec_check::report::wording;

const HELP: &str = "\
Examples:
  rulespec list clauses --chapter CMD
  rulespec list vectors --fn has --format jsonl
  rulespec list misreadings --clause TRM-05
  rulespec list shapes --format jsonl
  rulespec list engines

Exit status:
  0  the list was printed
  2  wrong usage, or nothing matches
  4  the suite is invalid
  5  a file or standard output could not be read or written

JSON has the form of schema/list.schema.json; `rulespec copy` writes it.";

/// List clauses, vectors, functions, open points, sources, engines, shapes or misreadings
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,

    /// Output format
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List the clauses
    Clauses {
        /// List only the clauses of a chapter, such as 30, terms or TRM
        #[arg(long, value_name = "CHAPTER", value_delimiter = ',')]
        chapter: Vec<String>,

        /// List only clauses with this evidence: documented, observed, binder, derived, ours or open
        #[arg(long, value_name = "WORD", value_delimiter = ',')]
        evidence: Vec<String>,
    },
    /// List the vectors
    Vectors {
        #[command(flatten)]
        selection: Box<SelectionArguments>,
    },
    /// List the functions that an engine can be asked, with their arguments and answers
    Functions,
    /// List the sources of the specification
    Sources,
    /// List the real engines whose answers are recorded
    Engines,
    /// List the open points with their alternatives, and the settled points
    OpenPoints,
    /// List where `rulespec run` looks for the values of an event, in order of preference
    #[cfg(feature = "events")]
    Shapes {
        /// Put the paths of this mapping file first
        #[arg(long, value_name = "FILE")]
        mapping: Option<PathBuf>,
    },
    /// List the known misreadings of clauses
    Misreadings {
        /// List only the misreadings of a clause, such as CMD-07
        #[arg(long, value_name = "CLAUSE", value_delimiter = ',')]
        clause: Vec<String>,
    },
}

/// The output format.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Format {
    /// Human-readable text, one line per item.
    #[default]
    Text,
    /// One JSON array.
    Json,
    /// One JSON object per line.
    Jsonl,
}

/// JSON objects, and the names of the members that text output shows.
struct Listing {
    rows: Vec<Json>,
    columns: &'static [&'static str],
}

/// Runs `rulespec list`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let listing = listing(&arguments.what)?;
    if listing.rows.is_empty() {
        return Err(Failure::usage(&"nothing matches; remove a filter").into());
    }
    let escaped = |line: &str| printable::json(line).into_owned() + "\n";
    stdout::print(match arguments.format {
        Format::Text => text(&listing),
        Format::Json => format!("{:#}", Json::Array(listing.rows)).lines().map(escaped).collect(),
        Format::Jsonl => listing.rows.iter().map(|row| escaped(&row.to_string())).collect(),
    })?;
    Ok(Status::Success)
}

fn listing(what: &What) -> Result<Listing, Failure> {
    let vectors = || load_suite(None);
    Ok(match what {
        What::Clauses { chapter, evidence } => clauses(chapter, evidence, &vectors()?)?,
        What::Vectors { selection } => Listing {
            rows: selection.vectors()?.iter().map(vector).collect(),
            columns: &["id", "fn", "clauses", "title"],
        },
        What::Functions => functions(&vectors()?),
        What::OpenPoints => open_points(&vectors()?),
        What::Sources => sources(),
        What::Engines => {
            Listing { rows: show::engine_rows(), columns: &["name", "engine", "version", "date", "result"] }
        }
        #[cfg(feature = "events")]
        What::Shapes { mapping } => shapes(mapping.as_deref())?,
        What::Misreadings { clause } => misreadings(clause)?,
    })
}

fn vector(vector: &Vector) -> Json {
    let open = match &vector.want {
        Want::Open { open, .. } => Some(open),
        Want::Settled { .. } => None,
    };
    json!({"id": vector.id, "fn": vector.r#fn, "clauses": vector.clauses, "title": vector.title, "open": open})
}

/// Whether a filter accepts this value; an empty filter accepts everything.
fn matches(filter: &[String], value: &str) -> bool {
    filter.is_empty() || filter.iter().any(|accepted| accepted.eq_ignore_ascii_case(value))
}

fn clauses(chapters: &[String], evidence: &[String], vectors: &[Vector]) -> Result<Listing, Failure> {
    let word =
        |clause: &Clause| -> String { clause.evidence.chars().take_while(|c| c.is_alphanumeric()).collect() };
    let row = |clause: &Clause| {
        json!({
            "id": clause.id,
            "evidence": word(clause),
            "kind": kind(clause.kind),
            "vectors": vectors.iter().filter(|vector| vector.clauses.contains(&clause.id)).count(),
            "place": format!("spec/{}:{}", clause.file, clause.line),
            "text": clause.text,
        })
    };
    let clauses = suite::clauses();
    selection::check_chapters(chapters, &clauses)?;
    let words: Vec<String> = clauses.iter().map(word).collect();
    selection::check("evidence", evidence, &words.iter().map(String::as_str).collect())?;
    let is_of_chapter =
        |clause: &Clause| chapters.is_empty() || chapters.iter().any(|chapter| clause.is_of_chapter(chapter));
    let selected = clauses.iter().filter(|clause| is_of_chapter(clause) && matches(evidence, &word(clause)));
    Ok(Listing { rows: selected.map(row).collect(), columns: &["id", "evidence", "kind", "vectors", "text"] })
}

fn functions(vectors: &[Vector]) -> Listing {
    let row = |function: Function| {
        let vectors = || vectors.iter().filter(|vector| vector.r#fn == function.name());
        let clauses: BTreeSet<&String> = vectors().flat_map(|vector| &vector.clauses).collect();
        let signature = show::signature(function.name());
        json!({
            "fn": function,
            "arguments": signature.as_ref().map(|signature| &signature.arguments),
            "answer": signature.as_ref().map(|signature| &signature.answer),
            "vectors": vectors().count(),
            "clauses": clauses,
        })
    };
    let rows = Function::ALL.into_iter().map(row).collect();
    Listing { rows, columns: &["fn", "vectors", "arguments", "answer"] }
}

fn sources() -> Listing {
    let row = |id: &str| json!({"id": id, "source": suite::source(id)});
    Listing { rows: suite::source_ids().map(row).collect(), columns: &["id", "source"] }
}

/// The open points, then the settled points, whose only alternative is the one that holds.
fn open_points(vectors: &[Vector]) -> Listing {
    let row = |id: &str, alternatives: &[&str], settled: bool| {
        let touching = vectors.iter().filter(|v| matches!(&v.want, Want::Open { open, .. } if open == id));
        json!({
            "id": id,
            "vectors": touching.count(),
            "default": alternatives.first(),
            "alternatives": alternatives,
            "settled": settled,
        })
    };
    let open = Profile::POINTS.iter().map(|(id, alternatives)| row(id, alternatives, false));
    let settled = Profile::SETTLED.iter().map(|(id, holds)| row(id, &[*holds], true));
    Listing { rows: open.chain(settled).collect(), columns: &["id", "vectors", "alternatives", "settled"] }
}

#[cfg(feature = "events")]
fn shapes(mapping: Option<&Path>) -> Result<Listing, Failure> {
    let shapes = crate::shapes::load(mapping)?;
    let row = |entry: rulespec_events::ShapeEntry<'_>| json!({"section": entry.section, "value": entry.value, "paths": entry.paths});
    Ok(Listing { rows: shapes.entries().map(row).collect(), columns: &["section", "value", "paths"] })
}

fn misreadings(clauses: &[String]) -> Result<Listing, Failure> {
    let known = suite::clauses();
    selection::check("clause", clauses, &known.iter().map(|clause| clause.id.as_str()).collect())?;
    let selected = misreading::all().iter().filter(|misreading| matches(clauses, misreading.breaks));
    let row = |misreading: &misreading::Misreading| json!({"clause": misreading.breaks, "name": misreading.name, "says": misreading.says});
    Ok(Listing { rows: selected.map(row).collect(), columns: &["clause", "name", "says"] })
}

/// One line per row, with aligned columns.
fn text(listing: &Listing) -> String {
    let rows: Vec<Vec<String>> =
        listing.rows.iter().map(|row| listing.columns.iter().map(|name| cell(row, name)).collect()).collect();
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..listing.columns.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}  "));
        cells.collect::<String>().trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

fn cell(row: &Json, name: &str) -> String {
    let word = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let cell = match row.get(name) {
        // A flag shows its name if set.
        Some(Json::Bool(set)) => if *set { name } else { "" }.to_owned(),
        Some(Json::Number(count)) if name == "vectors" => {
            wording::vectors(count.as_u64().unwrap_or_default() as usize)
        }
        Some(Json::Array(words)) => words.iter().map(word).collect::<Vec<_>>().join(", "),
        Some(value) => word(value),
        None => String::new(),
    };
    printable(&cell).into_owned()
}
