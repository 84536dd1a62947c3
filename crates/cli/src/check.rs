//! `rulespec check`: an engine held against the specification.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::{Args, ValueEnum};

use super::asked::Asked;
use super::engine::{Chosen, Patience};
use super::failure::Failure;
use super::palette::Palette;
use super::progress::Progress;
use super::status::Status;
use rulespec::suite::Vector;
use rulespec_check::check_watched;
use rulespec_check::engine::{Engine, Hello, Recorded, recorded};
use rulespec_check::known::{self, Known};
use rulespec_check::printable::printable;
use rulespec_check::report::{Report, github, html, json, junit, text};

const HELP: &str = "\
Examples:
  rulespec check
  rulespec check --engine reference
  rulespec check -- python3 my_engine.py
  rulespec check --fn has --fn has_any -- ./engine
  rulespec check --only cmd-0007 -v -- ./engine
  rulespec check --write-known known.txt -- ./engine
  rulespec check --answers answers.jsonl
  rulespec check --known known.txt --format junit --output check.xml -- ./engine

Exit status:
  0  the engine conforms
  1  it does not, or a known failure passes or is stale
  2  wrong usage
  3  the engine could not be run
  4  the suite itself is wrong

An engine is a program that answers protocol 1 (spec/80-protocol.md) on its
standard input and output. A file of known failures holds a line for each:
`cmd-0007  # reason`.";

/// Hold an engine against the specification
///
/// Asks the engine every vector of the suite and tells, clause by clause, what it
/// meets; for each clause that it misses, the smallest example, the clause's
/// sentence, and the misreading that explains it. With no engine named, the
/// embedded one is asked.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
#[command(mut_arg("engine", |engine| engine.help("Which embedded engine to check")))]
pub struct Arguments {
    #[command(flatten)]
    chosen: Chosen,

    /// Judge the answers of FILE instead of asking: JSON Lines of {"id","ok"}, {"id","error"} or
    /// {"id","unsupported"}
    #[arg(long, value_name = "FILE", conflicts_with_all = ["command", "engine"])]
    answers: Option<PathBuf>,

    #[command(flatten)]
    patience: Patience,

    #[command(flatten)]
    asked: Asked,

    /// Do not fail for the known failures of FILE; fail where one passes, or names no vector
    #[arg(long, value_name = "FILE", help_heading = "Known failures")]
    known: Option<PathBuf>,

    /// Write all failures to FILE as known ones; reasons that are there are kept
    #[arg(long, value_name = "FILE", conflicts_with = "known", help_heading = "Known failures")]
    write_known: Option<PathBuf>,

    /// How to write the result
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    format: Format,

    /// Write the result to FILE, and show it as text all the same
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// Show every outcome, and values at length
    #[arg(long, short, help_heading = "Output")]
    verbose: bool,
}

/// How to write a result.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    #[default]
    Text,
    /// In full, for `rulespec report`.
    Json,
    /// JUnit XML.
    Junit,
    /// Annotations of a GitHub workflow.
    Github,
    /// One page that needs nothing else.
    Html,
}

/// Checks an engine and shows the result.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let report = report(arguments)?;
    if let Some(file) = &arguments.output
        && let Err(error) = std::fs::write(file, rendered(&report, arguments.format, arguments.verbose))
    {
        anstream::eprintln!("rulespec: {}: {error}", printable(&file.display().to_string()));
        return Ok(Status::Usage);
    }
    let shown_as_text = arguments.output.is_some() || arguments.format == Format::Text;
    let shown = match shown_as_text {
        true => {
            let colour = Palette::stdout().coloured();
            text::render(&report, text::Options { colour, verbose: arguments.verbose })
        }
        false => rendered(&report, arguments.format, arguments.verbose),
    };
    std::io::Write::write_all(&mut std::io::stdout().lock(), shown.as_bytes())?;
    Ok(Status::of(report.conforms()))
}

fn report(arguments: &Arguments) -> Result<Report, Failure> {
    let vectors = arguments.asked.suite()?;
    let known = known_failures(arguments)?;
    let chosen = arguments.asked.of(&vectors)?;
    let mut report = ask(arguments, &chosen, &vectors)?;
    report.answers = arguments.answers.as_ref().map(|file| file.display().to_string());
    report.command = arguments.chosen.words();
    report.suite = arguments.asked.directory().map(|directory| directory.display().to_string());
    let known = match &arguments.write_known {
        None => known,
        Some(file) => write_known(file, &report, &known, &vectors)?,
    };
    known.mark(&mut report, &vectors);
    Ok(report)
}

/// The engine made of the recorded answers in a file.
fn recorded(file: &Path, suite: &[Vector]) -> Result<Recorded, Failure> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).map_err(|error| Failure::usage(&format!("{name}: {error}")))?;
    let record = recorded::read(&name, &text, suite).map_err(|error| Failure::usage(&error))?;
    let unnamed = || Hello { engine: name.clone(), version: "recorded".to_owned(), functions: None };
    Ok(Recorded::new(record.hello.unwrap_or_else(unnamed), suite, record.answers))
}

fn ask(arguments: &Arguments, vectors: &[Vector], suite: &[Vector]) -> Result<Report, Failure> {
    let mut engine: Box<dyn Engine> = match &arguments.answers {
        Some(file) => Box::new(recorded(file, suite)?),
        None => arguments.chosen.engine(arguments.patience.limits()),
    };
    let answered = Arc::new(AtomicU64::new(0));
    let _progress = Progress::of_questions(vectors.len(), Arc::clone(&answered));
    let count = &mut || _ = answered.fetch_add(1, Ordering::Relaxed);
    check_watched(engine.as_mut(), vectors, count).map_err(|error| Failure::engine(&error))
}

/// The known failures of `--known`; those of `--write-known` where it is there.
fn known_failures(arguments: &Arguments) -> Result<Known, Failure> {
    let (file, must_exist) = match (&arguments.known, &arguments.write_known) {
        (Some(file), _) => (file, true),
        (None, Some(file)) => (file, false),
        (None, None) => return Ok(Known::default()),
    };
    let name = file.display().to_string();
    match std::fs::read_to_string(file) {
        Ok(text) => Known::parse(&name, &text).map_err(|error| Failure::usage(&error)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && !must_exist => Ok(Known::default()),
        Err(error) => Err(Failure::usage(&format!("{name}: {error}"))),
    }
}

fn write_known(file: &Path, report: &Report, before: &Known, vectors: &[Vector]) -> Result<Known, Failure> {
    let name = file.display().to_string();
    let text = known::render(report, before, vectors);
    std::fs::write(file, &text).map_err(|error| Failure::usage(&format!("{name}: {error}")))?;
    Known::parse(&name, &text).map_err(|error| Failure::usage(&error))
}

fn rendered(report: &Report, format: Format, verbose: bool) -> String {
    match format {
        Format::Text => text::render(report, text::Options { colour: false, verbose }),
        Format::Json => json::render(report),
        Format::Junit => junit::render(report),
        Format::Github => github::render(report),
        Format::Html => html::render(std::slice::from_ref(report), &[]),
    }
}
