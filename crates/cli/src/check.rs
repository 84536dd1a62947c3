//! `rulespec check`: tests an engine against the specification.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::{Args, ValueEnum};

use super::engine::{EngineArguments, LimitArguments, MaxTimeArguments};
use super::failure::Failure;
use super::progress::Progress;
use super::selection::SelectionArguments;
use super::status::Status;
use rulespec::suite::Vector;
use rulespec_check::engine::{Engine, Hello, Recorded, recorded};
use rulespec_check::known::{self, KnownFailures};
use rulespec_check::report::{Report, github, html, json, junit, text};
use rulespec_check::{CheckOptions, check_with};

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
  1  it does not, or not every vector was asked, or a known failure passes or names no vector
  2  wrong usage
  3  the engine could not be run
  4  the suite is invalid
  129, 130, 143  interrupted; what was asked until then is shown

An engine is a program that implements protocol 1 (spec/80-protocol.md) on its
standard input and output. A file of known failures has one line per failure:
`cmd-0007  # reason`.";

/// Test an engine against the specification
///
/// Sends every vector of the suite to the engine and reports the results clause by clause. For
/// each clause that fails, the report shows the smallest failing example, the text of the clause
/// and the misreading that explains the failure. Without ENGINE, an embedded engine is tested.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
#[command(mut_arg("engine", |engine| engine.help("Embedded engine to test")))]
pub struct Arguments {
    #[command(flatten)]
    engine: EngineArguments,

    /// Judge the recorded answers in FILE instead of running an engine; each line is
    /// {"id","ok"}, {"id","error"} or {"id","unsupported"}
    #[arg(long, value_name = "FILE", conflicts_with_all = ["command", "engine"])]
    answers: Option<PathBuf>,

    #[command(flatten)]
    limits: LimitArguments,

    #[command(flatten)]
    max_time: MaxTimeArguments,

    /// Accept an answer that the engine gives only when it is asked again after a crash or a
    /// timeout
    #[arg(long, help_heading = "Limits")]
    allow_retries: bool,

    #[command(flatten)]
    selection: SelectionArguments,

    /// Allow the known failures listed in FILE; fail if one of them passes or names no vector
    #[arg(long, value_name = "FILE", help_heading = "Known failures")]
    known: Option<PathBuf>,

    /// Write all failures to FILE as known failures; reasons already in FILE are kept
    #[arg(long, value_name = "FILE", conflicts_with = "known", help_heading = "Known failures")]
    write_known: Option<PathBuf>,

    /// Output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    format: Format,

    /// Write the result to FILE; the text report is still printed
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// Show every outcome and longer values
    #[arg(long, short, help_heading = "Output")]
    verbose: bool,
}

/// The output format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Human-readable text.
    #[default]
    Text,
    /// The complete result as JSON, for `rulespec report`.
    Json,
    /// JUnit XML.
    Junit,
    /// GitHub Actions annotations.
    Github,
    /// A self-contained HTML page.
    Html,
}

/// Runs `rulespec check`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let report = report(arguments)?;
    if let Some(file) = &arguments.output {
        fs::write(file, render(&report, arguments.format, arguments.verbose))
            .map_err(|error| Failure::file(file, &error))?;
    }
    let shown = match arguments.output.is_some() || arguments.format == Format::Text {
        true => {
            let colour = super::stdout_is_coloured();
            text::render(&report, text::Options { colour, verbose: arguments.verbose })
        }
        false => render(&report, arguments.format, arguments.verbose),
    };
    io::stdout().write_all(shown.as_bytes())?;
    Ok(Status::from_ok(report.conforms()))
}

fn report(arguments: &Arguments) -> Result<Report, Failure> {
    let suite = arguments.selection.suite()?;
    let known = known_failures(arguments)?;
    let selected = arguments.selection.select(&suite)?;
    let mut report = check(arguments, &selected, &suite)?;
    report.answers = arguments.answers.as_ref().map(|file| file.display().to_string());
    report.command = arguments.engine.words();
    report.suite = arguments.selection.directory().map(|directory| directory.display().to_string());
    let known = match &arguments.write_known {
        None => known,
        Some(file) => write_known(file, &report, &known, &suite)?,
    };
    known.mark(&mut report, &suite);
    Ok(report)
}

fn check(arguments: &Arguments, vectors: &[Vector], suite: &[Vector]) -> Result<Report, Failure> {
    let mut engine: Box<dyn Engine> = match &arguments.answers {
        Some(file) => Box::new(recorded(file, suite)?),
        None => {
            let stop = arguments.max_time.stop(arguments.engine.is_external());
            arguments.engine.engine(arguments.limits.limits(1), &stop)
        }
    };
    let answered = Arc::new(AtomicU64::new(0));
    let _progress = Progress::of_calls(vectors.len(), Arc::clone(&answered));
    let count = &mut || _ = answered.fetch_add(1, Ordering::Relaxed);
    let mut options = CheckOptions::default();
    options.max_memory = arguments.limits.memory_for_report();
    options.allow_retries = arguments.allow_retries;
    check_with(engine.as_mut(), vectors, options, count).map_err(|error| Failure::engine(&error))
}

/// An engine that replays the answers recorded in a file.
fn recorded(file: &Path, suite: &[Vector]) -> Result<Recorded, Failure> {
    let name = file.display().to_string();
    let text = fs::read_to_string(file).map_err(|error| Failure::file(file, &error))?;
    let record = recorded::read(&name, &text, suite).map_err(|error| Failure::usage(&error))?;
    let unnamed = || Hello { engine: name.clone(), version: "recorded".to_owned(), functions: None };
    Ok(Recorded::new(record.hello.unwrap_or_else(unnamed), suite, record.answers))
}

/// The known failures of `--known`, or those already in the file of `--write-known`, which need
/// not exist.
fn known_failures(arguments: &Arguments) -> Result<KnownFailures, Failure> {
    let (file, must_exist) = match (&arguments.known, &arguments.write_known) {
        (Some(file), _) => (file, true),
        (None, Some(file)) => (file, false),
        (None, None) => return Ok(KnownFailures::default()),
    };
    match fs::read_to_string(file) {
        Ok(text) => parse_known(file, &text),
        Err(error) if error.kind() == io::ErrorKind::NotFound && !must_exist => Ok(KnownFailures::default()),
        Err(error) => Err(Failure::file(file, &error)),
    }
}

fn write_known(
    file: &Path,
    report: &Report,
    before: &KnownFailures,
    vectors: &[Vector],
) -> Result<KnownFailures, Failure> {
    let text = known::render(report, before, vectors);
    fs::write(file, &text).map_err(|error| Failure::file(file, &error))?;
    parse_known(file, &text)
}

fn parse_known(file: &Path, text: &str) -> Result<KnownFailures, Failure> {
    KnownFailures::parse(&file.display().to_string(), text).map_err(|error| Failure::usage(&error))
}

fn render(report: &Report, format: Format, verbose: bool) -> String {
    match format {
        Format::Text => text::render(report, text::Options { colour: false, verbose }),
        Format::Json => json::render(report),
        Format::Junit => junit::render(report),
        Format::Github => github::render(report),
        Format::Html => html::render(std::slice::from_ref(report), ""),
    }
}
