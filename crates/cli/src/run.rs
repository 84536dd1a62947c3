//! `rulespec run`: the rule over real events.

mod alerting;
mod duplicates;
mod faults;
mod finding;
mod output;
mod reading;
mod session;
mod summary;

use std::io::{self, BufWriter};
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};
use output::{Form, Target};
use session::Session;
use summary::Tally;

use crate::jobs;
use crate::status::Status;
use rulespec_events::Format;

const HELP: &str = "\
Examples:
  rulespec run Sysmon.evtx Security.evtx
  rulespec run --explain --all events.jsonl.gz
  rulespec run --alerts exports/*.csv
  rulespec run --format jsonl logs.zip | jq .RemoteUrl
  wevtutil qe Security /f:xml | rulespec run -

Exit status:
  0  the input was read, whether anything matches or not
  1  no input could be read; with --strict, anything could not be read
  2  wrong usage

Times are UTC. In output for people, control characters and invisible
characters show as escapes such as \\x1b and \\u{202e}. CSV holds the exact
data, which whoever started a process wrote: a spreadsheet may take a cell
that begins with = for a formula.";

/// Run the rule over files of events, and show what it detects
///
/// Reads Sysmon event 1, Security event 4688 and Defender's
/// DeviceProcessEvents, as .evtx, event XML, JSON, JSON Lines or CSV, and .gz
/// and .zip of these; as Parquet and Arrow IPC, where it was built with feature
/// parquet. Detections go to standard output as they are found; a
/// summary and whatever could not be read go to standard error.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    /// Files to read; `-` is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// What the files are, where their content does not tell
    #[arg(long, value_name = "FORMAT", help_heading = "Input")]
    input_format: Option<InputFormat>,

    /// How many threads read; as many as there are processors where none is given
    #[arg(short, long, value_name = "N", value_parser = clap::value_parser!(u16).range(jobs::ALLOWED), help_heading = "Input")]
    jobs: Option<u16>,

    /// Fail where anything cannot be read
    #[arg(long, help_heading = "Input")]
    strict: bool,

    /// Show events that do not match, too
    #[arg(long, help_heading = "What to show", conflicts_with = "alerts")]
    all: bool,

    /// Show the host and the process that an alert would name
    #[arg(long, help_heading = "What to show", conflicts_with = "alerts")]
    entities: bool,

    /// Show why an event matches; with --all, also why one does not
    #[arg(long, help_heading = "What to show", conflicts_with = "alerts")]
    explain: bool,

    /// Show, instead of detections, which hourly runs of the rule alert
    #[arg(long, help_heading = "What to show")]
    alerts: bool,

    /// How to write detections
    #[arg(long, value_name = "FORMAT", default_value = "table", help_heading = "Output")]
    format: Form,

    /// Write no summary
    #[arg(short, long, help_heading = "Output")]
    quiet: bool,
}

/// What files are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum InputFormat {
    /// A Windows event log
    Evtx,
    /// Windows event XML, as wevtutil and Event Viewer export it
    Xml,
    /// JSON: one object a line, or one array of objects
    Json,
    /// Comma-separated values with a header
    Csv,
    /// Apache Parquet, with feature parquet
    Parquet,
    /// Apache Arrow IPC, file or stream, with feature parquet
    Arrow,
}

impl From<InputFormat> for Format {
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

/// Runs the rule and says how it went.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let target = Box::new(BufWriter::new(io::stdout().lock()));
    let tally = tally(arguments, target).context("standard output cannot be written")?;
    let failed = tally.read == 0 || (arguments.strict && tally.faults > 0);
    Ok(Status::of(!failed))
}

/// Reads all files; whatever fails here is output.
fn tally(arguments: &Arguments, target: Target) -> anyhow::Result<Tally> {
    let mut session = Session::new(arguments, target);
    session.read(&arguments.files)?;
    session.end()
}
