//! `rulespec check`: tests an engine against the specification.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::{Args, ValueEnum};

use super::engine::{EngineArguments, LimitArguments, MaxTimeArguments};
use super::failure::Failure;
use super::file::{self, Output};
use super::output_format;
use super::progress::Progress;
use super::selection::SelectionArguments;
use super::status::Status;
use super::stderr;
use super::stdout;
use super::text::TextArguments;
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
  rulespec check --max-failures 20 -- ./engine
  rulespec check --strict -q -- ./engine
  rulespec check --write-known known.txt -- ./engine
  rulespec check --answers answers.jsonl
  rulespec check --known known.txt --output check.xml -- ./engine

Exit status:
  0  something was asked, and every answer is right, except known failures
  1  an answer is wrong, nothing was asked, the run ended early, or a known
     failure passes or names no vector; with --strict also if the engine does
     not have a function
  2  wrong usage, or recorded answers that cannot be used
  3  the engine could not be run
  4  the suite is invalid
  5  a file or standard output could not be read or written
  129, 130, 143  interrupted; what was asked until then is shown

An engine is a program that implements protocol 1 (spec/80-protocol.md) on its
standard input and output. A file of known failures has one line per failure:
`cmd-0007  # reason`.";

/// Test an engine against the specification
///
/// Sends every vector of the suite to the engine and reports how many clauses it meets. For the
/// causes that explain most failures, the report shows the smallest failing example, the text of
/// the clause and the misreading that explains the failure. Vectors whose functions the engine does
/// not have are counted, but are no failures. Without ENGINE, an embedded engine is tested.
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

    /// Fail if the engine does not have a function that a vector calls, unless this is a known
    /// failure
    #[arg(long, help_heading = "Known failures")]
    strict: bool,

    #[command(flatten)]
    selection: SelectionArguments,

    /// Allow the known failures listed in FILE; fail if one of them passes or names no vector
    #[arg(long, value_name = "FILE", help_heading = "Known failures")]
    known: Option<PathBuf>,

    /// Write all failures to FILE as known failures; reasons already in FILE are kept
    #[arg(long, value_name = "FILE", conflicts_with = "known", help_heading = "Known failures")]
    write_known: Option<PathBuf>,

    /// Output format; by default that of the extension of --output, or text
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    format: Option<Format>,

    /// Write the result to FILE; the text report is still printed
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    #[command(flatten)]
    text: TextArguments,
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

/// The formats of files with these extensions.
const EXTENSIONS: [(&str, Format); 4] =
    [("html", Format::Html), ("htm", Format::Html), ("json", Format::Json), ("xml", Format::Junit)];

/// Runs `rulespec check`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let file = arguments.output.as_deref();
    output_format::check(arguments.format, file, &EXTENSIONS)?;
    let format = output_format::choose(arguments.format, file, &EXTENSIONS);
    let output = Output::prepare_any(arguments.output.as_ref())?;
    let mut problems = vec![];
    let report = report(arguments, &mut problems)?;
    let render = || render(&report, format, arguments);
    problems.extend(output.and_then(|output| output.write(render()).err()));
    let shown = match arguments.output.is_some() || format == Format::Text {
        true => text::render(&report, arguments.text.options(super::stdout_is_coloured())),
        false => render(),
    };
    // The report is shown even if something could not be read or written.
    problems.extend(stdout::print(shown).err());
    Failure::all(problems)?;
    let is_left_out = arguments.strict && !report.is_complete();
    if is_left_out {
        stderr::print(&"rulespec: not every vector was asked, which --strict requires");
    }
    Ok(Status::from_ok(report.conforms() && !is_left_out))
}

/// The report, and the problems that do not prevent it.
fn report(arguments: &Arguments, problems: &mut Vec<Failure>) -> Result<Report, Failure> {
    let suite = arguments.selection.suite()?;
    let output = Output::prepare_any(arguments.write_known.as_ref())?;
    let known = known_failures(arguments)?;
    let selected = arguments.selection.select(&suite)?;
    let mut report = check(arguments, &selected, &suite, problems)?;
    report.answers = arguments.answers.as_ref().map(|file| file.display().to_string());
    report.command = arguments.engine.words();
    report.suite = arguments.selection.directory().map(|directory| directory.display().to_string());
    let known = match (&arguments.write_known, output) {
        (Some(file), Some(output)) => {
            let text = known::render(&report, &known, &suite);
            problems.extend(output.write(&text).err());
            parse_known(file, &text)?
        }
        _ => known,
    };
    known.mark(&mut report, &suite);
    Ok(report)
}

fn check(
    arguments: &Arguments,
    vectors: &[Vector],
    suite: &[Vector],
    problems: &mut Vec<Failure>,
) -> Result<Report, Failure> {
    let answered = Arc::new(AtomicU64::new(0));
    let mut engine: Box<dyn Engine> = match &arguments.answers {
        Some(file) => Box::new(recorded(file, suite, problems)?),
        None => {
            let stop = arguments.max_time.stop(arguments.engine.is_external());
            arguments.engine.counted_engine(arguments.limits.limits(1), &stop, &answered)
        }
    };
    let _progress = Progress::of_calls(vectors.len(), Arc::clone(&answered));
    let mut handed_over = 0;
    let count = &mut || {
        handed_over += 1;
        answered.fetch_max(handed_over, Ordering::Relaxed);
    };
    let mut options = CheckOptions::default();
    options.max_memory = arguments.limits.memory_for_report();
    options.allow_retries = arguments.allow_retries;
    check_with(engine.as_mut(), vectors, options, count).map_err(|error| Failure::engine(&error))
}

/// An engine that replays the answers recorded in a file. Lines that cannot be used are problems.
fn recorded(file: &Path, suite: &[Vector], problems: &mut Vec<Failure>) -> Result<Recorded, Failure> {
    let name = file.display().to_string();
    let record =
        recorded::read(&name, file::open(file)?, suite).map_err(|error| file::read_failure(file, &error))?;
    problems.extend(record.errors.iter().map(|error| Failure::usage(error)));
    if record.more_errors > 0 {
        problems.push(Failure::usage(&format!(
            "{name}: {} further lines cannot be used; after 1000 the rest is not read",
            record.more_errors
        )));
    }
    let unnamed = || Hello { engine: name.clone(), version: "recorded".to_owned(), functions: None };
    Ok(Recorded::new(record.hello.unwrap_or_else(unnamed), suite, record.answers))
}

/// The known failures of `--known`, or those already in the file of `--write-known`, which need
/// not exist.
fn known_failures(arguments: &Arguments) -> Result<KnownFailures, Failure> {
    let earlier = arguments.write_known.as_ref().filter(|file| file.is_file());
    match arguments.known.as_ref().or(earlier) {
        Some(file) => parse_known(file, &file::read(file)?),
        None => Ok(KnownFailures::default()),
    }
}

fn parse_known(file: &Path, text: &str) -> Result<KnownFailures, Failure> {
    KnownFailures::parse(&file.display().to_string(), text).map_err(|error| Failure::usage(&error))
}

fn render(report: &Report, format: Format, arguments: &Arguments) -> String {
    match format {
        Format::Text => text::render(report, arguments.text.options(false)),
        Format::Json => json::render(report),
        Format::Junit => junit::render(report),
        Format::Github => github::render(report),
        Format::Html => html::render(std::slice::from_ref(report), ""),
    }
}
