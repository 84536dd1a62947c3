//! `rulespec export`: the suite in other forms.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::{Args, Subcommand};

use super::asked::Asked;
use super::failure::Failure;
use super::status::Status;
use rulespec::rule;
use rulespec::suite::Vector;
use rulespec_check::export::{self, kql};
use rulespec_check::printable::{self, printable};

const HELP: &str = "\
Examples:
  rulespec export kql --output scripts
  rulespec export kql --fn has | less
  rulespec export kql --rule > rule.kql
  rulespec export kql --open-points          # one query, to paste into any Kusto
  rulespec export kql --open-points --output points
  rulespec export jsonl | ./ask_my_engine > answers.jsonl
  rulespec export csv --chapter CMD > vectors.csv

Exit status:
  0  written
  1  a file could not be written
  2  wrong usage
  4  the suite itself is wrong

Results of the scripts are read back with `rulespec import`, answers to the
questions of `export jsonl` are judged by `rulespec check --answers`.";

/// Write the vectors for engines that are asked by other means
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    #[command(subcommand)]
    form: Form,
}

#[derive(Debug, Subcommand)]
enum Form {
    /// As scripts for a real Kusto, which return the answers that differ
    Kql {
        #[command(flatten)]
        asked: Asked,

        /// Write each script to a file of its own in DIR
        #[arg(long, short, value_name = "DIR", help_heading = "Output")]
        output: Option<PathBuf>,

        /// Write one query that tells which alternative holds at each open point
        ///
        /// It is pasted into any Kusto, and returns a row a point. With --output there is
        /// a further script for each point whose question a Kusto may refuse.
        #[arg(long, help_heading = "Output")]
        open_points: bool,

        /// Write the rule itself, and no script
        #[arg(
            long,
            help_heading = "Output",
            conflicts_with_all = ["output", "open_points", "suite", "only", "clause", "chapter", "functions", "evidence"]
        )]
        rule: bool,
    },
    /// As JSON Lines: a question a line, without its answer
    Jsonl {
        #[command(flatten)]
        asked: Asked,
    },
    /// As CSV: id, function, arguments, wanted answer, open point
    Csv {
        #[command(flatten)]
        asked: Asked,
    },
}

/// Writes the vectors.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let mut out = io::stdout().lock();
    match &arguments.form {
        Form::Kql { rule: true, .. } => out.write_all(rule::query().as_bytes())?,
        Form::Kql { asked, output, open_points: true, .. } => {
            let scripts = open_points(asked)?;
            match output {
                Some(folder) => write_files(&scripts, folder)?,
                None => write_first(&scripts, &mut out)?,
            }
        }
        Form::Kql { asked, output, .. } => {
            let vectors = asked.vectors()?;
            let scripts = kql::scripts(&vectors);
            match output {
                Some(folder) => write_files(&scripts, folder)?,
                None => out.write_all(joined(&scripts).as_bytes())?,
            }
            tell_left_out(&vectors, &scripts);
        }
        Form::Jsonl { asked } => {
            for vector in asked.vectors()? {
                writeln!(out, "{}", printable::json(&export::question(&vector)))?;
            }
        }
        Form::Csv { asked } => {
            let mut table = csv::Writer::from_writer(out);
            table.write_record(export::HEADS)?;
            for vector in asked.vectors()? {
                table.write_record(export::cells(&vector))?;
            }
            table.flush()?;
        }
    }
    Ok(Status::Done)
}

/// All scripts, with a blank line between each two.
fn joined(scripts: &[kql::Script]) -> String {
    scripts.iter().map(kql::file).collect::<Vec<_>>().join("\n")
}

/// The scripts of all open points; never none.
fn open_points(asked: &Asked) -> Result<Vec<kql::Script>, Failure> {
    if asked.selects() {
        let remedy = "leave the selection out, or ask function by function with --evidence open instead";
        return Err(Failure::usage(&format!("--open-points asks all open points of a suite; {remedy}")));
    }
    let scripts = kql::open_points(&asked.suite()?);
    match scripts.is_empty() {
        true => Err(Failure::usage(&"no vector of the suite touches an open point; name another --suite")),
        false => Ok(scripts),
    }
}

/// The first script, which is for pasting. The others are named.
fn write_first(scripts: &[kql::Script], out: &mut impl Write) -> io::Result<()> {
    let names: Vec<&str> = scripts.iter().skip(1).map(|script| script.name.as_str()).collect();
    if let Some(first) = scripts.first() {
        out.write_all(kql::file(first).as_bytes())?;
    }
    if !names.is_empty() {
        anstream::eprintln!("--output DIR also writes what a Kusto may refuse: {}", names.join(", "));
    }
    Ok(())
}

fn write_files(scripts: &[kql::Script], folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    for script in scripts {
        let path = folder.join(format!("{}.kql", script.name));
        fs::write(&path, kql::file(script)).with_context(|| path.display().to_string())?;
    }
    let (files, folder) = (scripts.len(), folder.display().to_string());
    anstream::eprintln!("{files} scripts written to {}", printable(&folder));
    Ok(())
}

/// Names the vectors that no script asks.
fn tell_left_out(vectors: &[Vector], scripts: &[kql::Script]) {
    let asked = |vector: &&Vector| scripts.iter().any(|script| script.vectors.contains(&vector.id));
    let left_out: Vec<&str> =
        vectors.iter().filter(|vector| !asked(vector)).map(|vector| vector.id.as_str()).collect();
    if !left_out.is_empty() {
        let names = left_out.join(", ");
        anstream::eprintln!("KQL cannot ask {} of the vectors: {}", left_out.len(), printable(&names));
    }
}
