//! `rulespec export`: the vectors in other formats.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use super::cells::{CellArguments, csv_help};
use super::failure::Failure;
use super::file;
use super::selection::SelectionArguments;
use super::status::Status;
use super::stderr;
use super::stdout;
use rulespec::rule::Rule;
use rulespec::suite::Vector;
use rulespec_check::export::{self, kql};
use rulespec_check::printable::{self, printable};

const HELP: &str = concat!(
    "\
Examples:
  rulespec export kql --output scripts
  rulespec export kql --fn has | less
  rulespec export kql --rule > rule.kql
  rulespec export kql --open-points          # one query to paste into any Kusto
  rulespec export kql --open-points --output points
  rulespec export jsonl | ./ask_my_engine > answers.jsonl
  rulespec export csv --chapter CMD > vectors.csv
  rulespec export csv --raw | ./ask_my_engine_in_csv

Exit status:
  0  the output was written
  2  wrong usage, DIR is not empty, or it cannot be written
  4  the suite is invalid
  5  a file or standard output could not be read or written

`rulespec import` reads the results of KQL scripts. `rulespec check --answers` judges
answers to the calls of `export jsonl`.

",
    csv_help!()
);

/// Export the vectors as KQL scripts, JSON Lines or CSV
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    #[command(subcommand)]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Format {
    /// Export scripts for a real Kusto, which return the answers that differ
    Kql {
        #[command(flatten)]
        selection: SelectionArguments,

        /// Write each script to its own file in DIR
        #[arg(long, short, value_name = "DIR", help_heading = "Output")]
        output: Option<PathBuf>,

        /// Write to a non-empty directory, replacing files of the same names
        #[arg(long, requires = "output", help_heading = "Output")]
        force: bool,

        /// Write one query that determines which alternative holds at each open point
        ///
        /// The query can be pasted into any Kusto, and returns one row per point. With --output, a
        /// separate script is written for each point whose calls a Kusto may reject.
        #[arg(long, help_heading = "Output")]
        open_points: bool,

        /// Write the query of the rule instead of scripts
        #[arg(
            long,
            help_heading = "Output",
            conflicts_with_all = ["output", "open_points", "suite", "only", "clause", "chapter", "functions", "evidence"]
        )]
        rule: bool,
    },
    /// Export calls as JSON Lines, without the wanted answers
    Jsonl {
        #[command(flatten)]
        selection: SelectionArguments,
    },
    /// Export CSV: id, function, arguments, wanted answer, open point
    Csv {
        #[command(flatten)]
        selection: SelectionArguments,

        #[command(flatten)]
        cells: CellArguments,
    },
}

/// Runs `rulespec export`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    match &arguments.format {
        Format::Kql { rule: true, .. } => stdout::print(Rule::bitsadmin_activity().text())?,
        Format::Kql { selection, output, open_points: true, force, .. } => {
            let scripts = open_points(selection)?;
            match output {
                Some(directory) => write_files(&scripts, directory, *force)?,
                None => print_first(&scripts)?,
            }
        }
        Format::Kql { selection, output, force, .. } => {
            let vectors = selection.vectors()?;
            let scripts = kql::scripts(&vectors);
            match output {
                Some(directory) => write_files(&scripts, directory, *force)?,
                None => stdout::print(joined(&scripts))?,
            }
            report_skipped(&vectors, &scripts);
        }
        Format::Jsonl { selection } => {
            let vectors = selection.vectors()?;
            let line = |vector| printable::json(&export::call_json(vector)).into_owned() + "\n";
            stdout::print(vectors.iter().map(line).collect::<String>())?;
        }
        Format::Csv { selection, cells } => {
            let mut table = csv::Writer::from_writer(vec![]);
            table.write_record(export::CSV_HEADER)?;
            for vector in selection.vectors()? {
                table.write_record(export::csv_record(&vector, cells.cells()))?;
            }
            stdout::print(table.into_inner()?)?;
        }
    }
    Ok(Status::Success)
}

/// All scripts, separated by blank lines.
fn joined(scripts: &[kql::Script]) -> String {
    scripts.iter().map(kql::file).collect::<Vec<_>>().join("\n")
}

/// The scripts of all open points. It is an error if there are none.
fn open_points(selection: &SelectionArguments) -> Result<Vec<kql::Script>, Failure> {
    if selection.has_filter() {
        let remedy = "remove the filters, or export one function at a time with --evidence open";
        return Err(Failure::usage(&format!("--open-points covers all open points of a suite; {remedy}")));
    }
    let scripts = kql::open_points(&selection.suite()?);
    match scripts.is_empty() {
        true => Err(Failure::usage(&"no vector of the suite is about an open point; choose another --suite")),
        false => Ok(scripts),
    }
}

/// Prints the first script, which is meant for pasting, and names the others on standard error.
fn print_first(scripts: &[kql::Script]) -> Result<(), Failure> {
    let names: Vec<&str> = scripts.iter().skip(1).map(|script| script.name.as_str()).collect();
    if let Some(first) = scripts.first() {
        stdout::print(kql::file(first))?;
    }
    if !names.is_empty() {
        let names = names.join(", ");
        let what = "use --output DIR to also write the scripts that a Kusto may reject";
        stderr::print(&format_args!("{what}: {names}"));
    }
    Ok(())
}

fn write_files(scripts: &[kql::Script], directory: &Path, force: bool) -> Result<(), Failure> {
    file::directory::check_empty(directory, force)?;
    let files = scripts.iter().map(|script| (format!("{}.kql", script.name), kql::file(script)));
    file::directory::write(directory, &files.collect::<Vec<_>>())?;
    let name = directory.display().to_string();
    stderr::print(&format_args!("{} scripts written to {}", scripts.len(), printable(&name)));
    Ok(())
}

/// Names on standard error the vectors that no script asks.
fn report_skipped(vectors: &[Vector], scripts: &[kql::Script]) {
    let is_asked = |vector: &&Vector| scripts.iter().any(|script| script.vectors.contains(&vector.id));
    let skipped: Vec<&str> =
        vectors.iter().filter(|vector| !is_asked(vector)).map(|vector| vector.id.as_str()).collect();
    if !skipped.is_empty() {
        let skipped = skipped.join(", ");
        stderr::print(&format_args!("skipped vectors that KQL cannot express: {}", printable(&skipped)));
    }
}
