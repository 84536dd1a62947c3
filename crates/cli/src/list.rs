//! `rulespec list`: what the specification has.

use std::io::{self, Write};

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value as Json, json};

use super::asked::Asked;
use super::failure::Failure;
use super::show::kind;
use super::status::Status;
use rulespec::Function;
use rulespec::kql::Profile;
use rulespec::suite::{self, Clause, Vector, Want};
use rulespec_check::misreading;
use rulespec_check::printable::{self, printable};

const HELP: &str = "\
Examples:
  rulespec list clauses --chapter CMD
  rulespec list vectors --fn has --format jsonl
  rulespec list misreadings --clause TRM-05

Exit status:
  0  listed
  2  wrong usage, or nothing fits
  4  the suite itself is wrong";

/// List clauses, vectors, functions, open points or misreadings
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,

    /// How to list them
    #[arg(long, global = true, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The clauses of the chapters
    Clauses {
        /// Only those of this chapter, like CMD
        #[arg(long, value_name = "CHAPTER", value_delimiter = ',')]
        chapter: Vec<String>,

        /// Only those with this evidence: documented, observed, binder, derived, ours, open
        #[arg(long, value_name = "WORD", value_delimiter = ',')]
        evidence: Vec<String>,
    },
    /// The vectors
    Vectors {
        #[command(flatten)]
        asked: Box<Asked>,
    },
    /// The functions that engines are asked for
    Functions,
    /// What public evidence does not decide, with the possible answers, and what it settled
    OpenPoints,
    /// What people take clauses for
    Misreadings {
        /// Only those of this clause, like CMD-07
        #[arg(long, value_name = "CLAUSE", value_delimiter = ',')]
        clause: Vec<String>,
    },
}

/// How to list.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Format {
    /// For people: a line each.
    #[default]
    Text,
    /// One JSON array.
    Json,
    /// One JSON object a line.
    Jsonl,
}

/// Rows, and which of their members a line of text shows.
struct Listing {
    rows: Vec<Json>,
    shown: &'static [&'static str],
}

/// Lists what is asked for.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let listing = listing(&arguments.what)?;
    if listing.rows.is_empty() {
        return Err(Failure::usage(&"nothing fits; ask for less at once").into());
    }
    let mut out = io::stdout().lock();
    match arguments.format {
        Format::Text => out.write_all(text(&listing).as_bytes())?,
        Format::Json => {
            for line in format!("{:#}", Json::Array(listing.rows)).lines() {
                writeln!(out, "{}", printable::json(line))?;
            }
        }
        Format::Jsonl => {
            for row in &listing.rows {
                writeln!(out, "{}", printable::json(&row.to_string()))?;
            }
        }
    }
    Ok(Status::Done)
}

fn listing(what: &What) -> Result<Listing, Failure> {
    let vectors = || suite::vectors().map_err(|error| Failure::suite(&error));
    Ok(match what {
        What::Clauses { chapter, evidence } => clauses(chapter, evidence, &vectors()?),
        What::Vectors { asked } => Listing {
            rows: asked.vectors()?.iter().map(vector).collect(),
            shown: &["id", "fn", "clauses", "title"],
        },
        What::Functions => functions(&vectors()?),
        What::OpenPoints => open_points(&vectors()?),
        What::Misreadings { clause } => misreadings(clause),
    })
}

fn vector(vector: &Vector) -> Json {
    let open = match &vector.want {
        Want::Open { open, .. } => Some(open),
        Want::Settled { .. } => None,
    };
    json!({"id": vector.id, "fn": vector.r#fn, "clauses": vector.clauses, "title": vector.title, "open": open})
}

fn fits(values: &[String], own: &str) -> bool {
    values.is_empty() || values.iter().any(|value| value.eq_ignore_ascii_case(own))
}

fn clauses(chapters: &[String], evidence: &[String], vectors: &[Vector]) -> Listing {
    let word =
        |clause: &Clause| -> String { clause.evidence.chars().take_while(|c| c.is_alphanumeric()).collect() };
    let clauses = suite::clauses();
    let chosen = clauses.iter().filter(|c| fits(chapters, c.chapter()) && fits(evidence, &word(c)));
    let row = |clause: &Clause| {
        let own = vectors.iter().filter(|vector| vector.clauses.contains(&clause.id));
        json!({
            "id": clause.id,
            "evidence": word(clause),
            "kind": kind(clause.kind),
            "vectors": own.count(),
            "place": format!("spec/{}:{}", clause.file, clause.line),
            "text": clause.text,
        })
    };
    Listing { rows: chosen.map(row).collect(), shown: &["id", "evidence", "kind", "vectors", "text"] }
}

fn functions(vectors: &[Vector]) -> Listing {
    let row = |function: Function| {
        let own = || vectors.iter().filter(|vector| vector.r#fn == function.name());
        let mut clauses: Vec<&String> = own().flat_map(|vector| &vector.clauses).collect();
        clauses.sort();
        clauses.dedup();
        json!({"fn": function, "vectors": own().count(), "clauses": clauses})
    };
    Listing { rows: Function::ALL.into_iter().map(row).collect(), shown: &["fn", "vectors", "clauses"] }
}

/// The open points, then those that were open: they have one alternative, which holds.
fn open_points(vectors: &[Vector]) -> Listing {
    let row = |id: &str, alternatives: &[&str], settled: bool| {
        let own = vectors.iter().filter(|v| matches!(&v.want, Want::Open { open, .. } if open == id));
        json!({
            "id": id,
            "vectors": own.count(),
            "default": alternatives.first(),
            "alternatives": alternatives,
            "settled": settled,
        })
    };
    let open = Profile::POINTS.iter().map(|(id, alternatives)| row(id, alternatives, false));
    let settled = Profile::SETTLED.iter().map(|(id, holds)| row(id, &[*holds], true));
    Listing { rows: open.chain(settled).collect(), shown: &["id", "vectors", "alternatives", "settled"] }
}

fn misreadings(clauses: &[String]) -> Listing {
    let chosen = misreading::all().iter().filter(|misreading| fits(clauses, misreading.breaks));
    let row = |misreading: &misreading::Misreading| json!({"clause": misreading.breaks, "name": misreading.name, "says": misreading.says});
    Listing { rows: chosen.map(row).collect(), shown: &["clause", "name", "says"] }
}

/// A line a row, its cells one below the other.
fn text(listing: &Listing) -> String {
    let rows: Vec<Vec<String>> =
        listing.rows.iter().map(|row| listing.shown.iter().map(|name| cell(row, name)).collect()).collect();
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..listing.shown.len()).map(width).collect();
    let line = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}  "));
        cells.collect::<String>().trim_end().to_owned() + "\n"
    };
    rows.iter().map(line).collect()
}

fn cell(row: &Json, name: &str) -> String {
    let word = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let cell = match row.get(name) {
        // A mark is its own name, or nothing.
        Some(Json::Bool(set)) => if *set { name } else { "" }.to_owned(),
        Some(Json::Array(words)) => words.iter().map(word).collect::<Vec<_>>().join(", "),
        Some(value) => word(value),
        None => String::new(),
    };
    printable(&cell).into_owned()
}
