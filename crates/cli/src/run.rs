//! `rulespec run`: runs the rule on real events.

mod faults;
mod files;
mod filter;
mod finding;
mod glob;
mod held;
mod inputs;
mod judge;
mod output;
mod reading;
mod session;
mod summary;
mod terminal;
mod time_range;

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::sync::Arc;

use clap::{Args, ValueEnum};
use inputs::Inputs;
use judge::Judge;
use output::rule::About;
use reading::Reading;
use rulespec::kql::{Datetime, Semantics};
use rulespec::query::Context;
use rulespec::query::bound::{BoundSource, Step};
use rulespec::rule::Rule;
use rulespec_events::known_columns;
use session::{Session, Subject};
use terminal::Screen;
use time_range::TimeArguments;

use crate::cells::{CellArguments, csv_help};
use crate::clock;
use crate::failure::Failure;
use crate::file;
use crate::jobs;
use crate::output_format;
use crate::rules;
use crate::shapes;
use crate::status::Status;

const HELP: &str = concat!(
    "\
Examples:
  rulespec run Sysmon.evtx Security.evtx
  rulespec run --recursive --output detections.json triage/
  rulespec run --since 2026-01-02 --until 2026-01-03T12:00 logs.zip
  rulespec run --explain --all events.jsonl.gz
  rulespec run --alerts exports/*.csv
  rulespec run --format markdown Security.evtx | clip
  rulespec run --format jsonl logs.zip | jq .RemoteUrl
  wevtutil qe Security /f:xml | rulespec run -
  rulespec run --mapping our-tool.toml export.json
  rulespec run --rule my-rule.yaml --recursive logs/

Exit status:
  0  each file that is named was read, at least in part, whether or not
     anything matched; without --strict, also if parts of files, or files of a
     directory, are damaged
  1  a file that is named, or matches a pattern, cannot be read, is not
     telemetry, or has no event that is recognised; a pattern matches no file;
     a directory has no telemetry; the rule cannot be run on an event, or
     matches or entities are left out for want of memory; or, with --strict,
     part of the input cannot be read
  2  wrong usage
  5  the output could not be written, or threads could not be started
  129, 130, 143  interrupted; what was found until then is shown and saved

A directory stands for the files in it, in the order of their names, hidden ones
included. Files in it that are not telemetry, or in which nothing is recognised, are no
errors: the summary counts them by kind, and --verbose names them. The same holds for the
members of an archive. With --strict, it is an error if nothing is recognised in a file
that has the format of telemetry. A link to a file is read; a link to a directory is not
followed. Patterns such as logs/**/*.evtx are expanded if no file has that name, and
stand for files, not for directories.

--since and --until select events by TimeGenerated before anything else is done with
them. Events without a time are kept, and counted in the summary.

--alerts shows what the rule raises if it runs as its template says: hourly, for Bitsadmin
Activity and for a rule that does not say when. Entities are those that the template maps:
hosts and processes, for Bitsadmin Activity; a rule in KQL has none.

A time without a zone is in UTC, unless the export is known to write local time (local_time
in `rulespec list shapes`). Local times whose zone the export does not name are left empty,
and are an error, unless --time-zone names it. So are times in whose file nothing tells day
and month apart, unless --date-order does.

Events without a command line are counted, too. Security event 4688 has one only if the
policy \"Include command line in process creation events\" is on.

A reader that closes the pipe early, as in `rulespec run … | head`, ends the run; what
was read until then decides the exit status.

Times are in UTC. Human-readable output shows control characters and invisible
characters as escapes such as \\x1b and \\u{202e}. Lines are wrapped only on a terminal.
Elsewhere, the columns of a table are as wide as their content, and up to 1,000 rows are
written at a time. A row of a table has two lines: the second has the source and the
account.

JSON has the form of schema/detection.schema.json or, with --alerts, of
schema/alert.schema.json; `rulespec copy` writes both.

",
    csv_help!()
);

/// Run the rule on files of events and show its detections
///
/// Reads Sysmon event 1, Security event 4688 and Defender's DeviceProcessEvents, in the formats
/// .evtx, event XML, JSON, JSON Lines and CSV, also packed as .gz, .bz2, .xz, .zst, .zip or .tar.
/// Builds with the feature `parquet` also read Parquet and Arrow IPC. Detections are written as they
/// are found. Error messages about the input and a summary are written to standard error.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    /// Files, directories and patterns to read; `-` is standard input
    #[arg(required = true, value_name = "PATH")]
    files: Vec<PathBuf>,

    /// Run this rule instead of Bitsadmin Activity: KQL, or a template of Sentinel in YAML; `-` is
    /// standard input
    #[arg(long, value_name = "FILE", help_heading = "Rule")]
    rule: Option<PathBuf>,

    /// The time that `now()` and `ago()` of the rule are about, in ISO 8601; the present by default
    #[arg(long, value_name = "TIME", value_parser = clock::now, help_heading = "Rule")]
    now: Option<Datetime>,

    /// Also read the files in directories below the named ones
    #[arg(short, long, help_heading = "Input")]
    recursive: bool,

    /// Format of the files; detected from their content by default
    #[arg(long, value_name = "FORMAT", help_heading = "Input")]
    input_format: Option<InputFormat>,

    /// TOML file with the paths of values in the exports of another tool; see `rulespec list shapes`
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    mapping: Option<PathBuf>,
    #[command(flatten)]
    time: TimeArguments,

    /// Number of threads; the number of processors by default
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(jobs::RANGE), help_heading = "Input")]
    jobs: Option<u16>,

    /// Fail if any part of the input cannot be read
    #[arg(long, help_heading = "Input")]
    strict: bool,

    /// Also show events that do not match; not with --alerts
    #[arg(long, help_heading = "Content", conflicts_with = "alerts")]
    all: bool,

    /// Show the entities that an alert would contain; not with --alerts
    #[arg(long, help_heading = "Content", conflicts_with = "alerts")]
    entities: bool,

    /// Show why an event matches and, with --all, why one does not; not with --alerts
    #[arg(long, help_heading = "Content", conflicts_with = "alerts")]
    explain: bool,

    /// Show the alerts of scheduled runs of the rule instead of detections
    #[arg(long, help_heading = "Content")]
    alerts: bool,

    /// Output format; by default that of the extension of --output, or table
    #[arg(long, value_name = "FORMAT", help_heading = "Output")]
    format: Option<output::Format>,

    /// Write the output to a file, which is replaced in one step; `-` is standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    #[command(flatten)]
    cells: CellArguments,

    /// Name each file that is skipped
    #[arg(short, long, help_heading = "Output")]
    verbose: bool,

    /// Do not print the summary
    #[arg(short, long, help_heading = "Output")]
    quiet: bool,
}

/// The format of input files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum InputFormat {
    /// Windows event log
    Evtx,
    /// Windows event XML, as exported by wevtutil and Event Viewer
    Xml,
    /// JSON Lines, or one JSON array of objects
    Json,
    /// Comma-separated values with a header
    Csv,
    /// Apache Parquet; requires the feature `parquet`
    Parquet,
    /// Apache Arrow IPC, file or stream; requires the feature `parquet`
    Arrow,
}

impl From<InputFormat> for rulespec_events::Format {
    fn from(format: InputFormat) -> Self {
        match format {
            InputFormat::Evtx => Self::Evtx,
            InputFormat::Xml => Self::Xml,
            InputFormat::Json => Self::Json,
            InputFormat::Csv => Self::Csv,
            InputFormat::Parquet => Self::Parquet,
            InputFormat::Arrow => Self::Arrow,
        }
    }
}

impl Arguments {
    /// The format of the output.
    fn format(&self) -> output::Format {
        output_format::choose(self.format, self.output.as_deref(), &output::EXTENSIONS)
    }
}

/// Runs `rulespec run`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    output_format::check(arguments.format, arguments.output.as_deref(), &output::EXTENSIONS)?;
    arguments.cells.check(arguments.format() == output::Format::Csv)?;
    let range = arguments.time.range()?;
    report_large_files()?;
    let subject = subject(arguments)?;
    let shapes = shapes::load(arguments.mapping.as_deref())?;
    let output = file::Output::prepare(arguments.output.as_deref().unwrap_or(Path::new("-")))?;
    let inputs = Inputs::expand(&arguments.files, arguments.recursive, &output);
    if let Some(file) = inputs.files.iter().find(|file| output.is(file)) {
        let what = format!("{}: is an input, and cannot be the output", file.display());
        return Err(Failure::usage(&format!("{what}; name another file")).into());
    }
    let screen = Screen::of(&output);
    let (target, save) = output.open()?;
    let mut session = Session::new(arguments, subject, shapes, inputs, range, screen, target);
    let reading = save.streamed(session.read())?;
    let (tally, ended) = session.end();
    if reading.is_some() && save.streamed(ended)?.is_some() {
        match save.file().filter(|_| tally.is_blank()) {
            Some(file) => faults::not_written(file),
            None => save.commit()?,
        }
        tally.print(arguments.quiet, screen.is_terminal && io::stderr().is_terminal());
    }
    match reading {
        Some(Reading::Failed(failure)) => Err(failure.into()),
        // Without a reading, the reader of the output has left.
        Some(Reading::Complete | Reading::Interrupted) | None => {
            Ok(Status::from_ok(tally.is_complete(arguments.strict)))
        }
    }
}

/// The rule to run.
///
/// # Errors
///
/// Returns wrong usage if the rule cannot be run, or not with the other arguments.
fn subject(arguments: &Arguments) -> anyhow::Result<Subject> {
    let now = arguments.now.map_or_else(clock::present, Ok)?;
    let Some(path) = &arguments.rule else {
        let rule = Rule::bitsadmin_activity();
        let context = Context { kql: &Semantics::default(), now };
        let bound = rule.bind(&known_columns(), context)?;
        let about = About::new(rule, &bound, None);
        let judge = Judge::new(rule.clone(), &bound, now);
        return Ok(Subject { names: judge.name_filter(&bound), judge, about, holds: false });
    };
    let rules::RuleFile { rule, name, bound } = rules::load(path, &known_columns(), now)?;
    let holds = bound.row_steps() < bound.steps.len();
    let refused = |what: &str| Failure::usage(&format!("{name}: {what}"));
    if bound.steps.iter().any(|step| matches!(step, Step::Count(_))) {
        return Err(refused("the rule counts, and has no rows to show; leave out count").into());
    }
    if matches!(bound.source, BoundSource::Rows(_)) {
        return Err(refused("the rule reads no events; begin it with DeviceProcessEvents").into());
    }
    if holds && arguments.all {
        return Err(refused("--all shows every event, but the rule sorts, takes or compares rows").into());
    }
    let about = About::new(&rule, &bound, Some(&name));
    let judge = Judge::new(rule, &bound, now);
    Ok(Subject { names: judge.name_filter(&bound), judge, about, holds })
}

/// Makes writing beyond the limit on the size of files an error, which is reported, and not a signal
/// that ends the process.
#[cfg(unix)]
fn report_large_files() -> io::Result<()> {
    signal_hook::flag::register(signal_hook::consts::SIGXFSZ, Arc::default()).map(drop)
}

#[cfg(not(unix))]
fn report_large_files() -> io::Result<()> {
    Ok(())
}
