//! `rulespec run`: runs the rule on real events.

mod faults;
mod finding;
mod output;
mod session;
mod summary;
mod terminal;

use std::io::{self, BufWriter};
use std::path::PathBuf;
#[cfg(unix)]
use std::sync::Arc;

use clap::{Args, ValueEnum};
use session::Session;

use crate::cells::{CellArguments, csv_help};
use crate::jobs;
use crate::shapes;
use crate::status::Status;
use crate::stdout;

const HELP: &str = concat!(
    "\
Examples:
  rulespec run Sysmon.evtx Security.evtx
  rulespec run --explain --all events.jsonl.gz
  rulespec run --alerts exports/*.csv
  rulespec run --format jsonl logs.zip | jq .RemoteUrl
  wevtutil qe Security /f:xml | rulespec run -
  rulespec run --mapping our-tool.toml export.json

Exit status:
  0  the input was read, whether or not anything matched
  1  no input could be read; with --strict, part of it could not be read
  2  wrong usage
  5  standard output could not be written, or threads could not be started
  129, 130, 143  interrupted; what was found until then is shown

A reader that closes the pipe early, as in `rulespec run … | head`, ends the run; what
was read until then decides the exit status.

Times are in UTC. Human-readable output shows control characters and invisible
characters as escapes such as \\x1b and \\u{202e}.

",
    csv_help!()
);

/// Run the rule on files of events and show its detections
///
/// Reads Sysmon event 1, Security event 4688 and Defender's DeviceProcessEvents, in the formats
/// .evtx, event XML, JSON, JSON Lines and CSV, also packed as .gz, .bz2, .xz, .zst, .zip or .tar.
/// Builds with the feature `parquet` also read Parquet and Arrow IPC. Detections are written to
/// standard output as they are found. Error messages about the input and a summary are written to
/// standard error.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    /// Files to read; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Format of the files; detected from their content by default
    #[arg(long, value_name = "FORMAT", help_heading = "Input")]
    input_format: Option<InputFormat>,

    /// TOML file with the paths of values in the exports of another tool; see `rulespec list shapes`
    #[arg(long, value_name = "FILE", help_heading = "Input")]
    mapping: Option<PathBuf>,

    /// Number of threads; the number of processors by default
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(jobs::RANGE), help_heading = "Input")]
    jobs: Option<u16>,

    /// Fail if any part of the input cannot be read
    #[arg(long, help_heading = "Input")]
    strict: bool,

    /// Also show events that do not match
    #[arg(long, help_heading = "Content", conflicts_with = "alerts")]
    all: bool,

    /// Show the host and process entities that an alert would contain
    #[arg(long, help_heading = "Content", conflicts_with = "alerts")]
    entities: bool,

    /// Show why an event matches and, with --all, why one does not
    #[arg(long, help_heading = "Content", conflicts_with = "alerts")]
    explain: bool,

    /// Show the alerts of hourly runs of the rule instead of detections
    #[arg(long, help_heading = "Content")]
    alerts: bool,

    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    format: output::Format,

    #[command(flatten)]
    cells: CellArguments,

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

/// Runs `rulespec run`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    arguments.cells.check(arguments.format == output::Format::Csv)?;
    report_large_files()?;
    let target = Box::new(BufWriter::new(io::stdout().lock()));
    let mut session = Session::new(arguments, shapes::load(arguments.mapping.as_deref())?, target);
    // All errors are about writing the output.
    let failure = stdout::streamed(session.read(&arguments.files))?;
    let has_reader = failure.is_some();
    let tally = if has_reader { session.end()? } else { session.abandon() };
    if let Some(failure) = failure.flatten() {
        return Err(failure.into());
    }
    let is_incomplete = arguments.strict && tally.faults > 0;
    let is_unread = has_reader && tally.read == 0;
    Ok(Status::from_ok(!is_incomplete && !is_unread))
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
