//! `rulespec report`: renders saved results.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::bench;
use super::failure::Failure;
use super::file::{self, Output};
use super::output_format;
use super::status::Status;
use super::stdout;
use super::text::TextArguments;
use rulespec_check::bench::{Run, chart};
use rulespec_check::report::{Report, html, json, matrix, summary, text};

const HELP: &str = "\
Examples:
  rulespec check --format json --output mine.json -- ./engine
  rulespec report mine.json
  rulespec report --output matrix.html mine.json theirs.json
  rulespec report --output speed.html --bench monday.json tuesday.json
  rulespec report --format markdown spec/observed/*.json

Exit status:
  0  the results were shown, whether or not the engines conform
  2  wrong usage, or a file is not a saved result
  5  a file or standard output could not be read or written";

/// Render one or more saved results
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    /// Results saved with `rulespec check --format json`
    #[arg(required_unless_present = "bench", value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Runs saved with `rulespec bench --save`, to add as charts; requires --format html
    #[arg(long, value_name = "FILE", num_args = 1..)]
    bench: Vec<PathBuf>,

    /// Output format; by default that of the extension of --output, or text
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    format: Option<Format>,

    /// Write to FILE instead of standard output
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    #[command(flatten)]
    text: TextArguments,
}

/// The output format.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Human-readable text: a single result in full, several by chapter.
    #[default]
    Text,
    /// Markdown table of clauses by engine.
    Markdown,
    /// Markdown table with one line per engine.
    Summary,
    /// Self-contained HTML page of clauses by engine.
    Html,
}

/// The formats of files with these extensions.
const EXTENSIONS: [(&str, Format); 6] = [
    ("htm", Format::Html),
    ("html", Format::Html),
    ("markdown", Format::Markdown),
    ("markdown", Format::Summary),
    ("md", Format::Markdown),
    ("md", Format::Summary),
];

/// Runs `rulespec report`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let file = arguments.output.as_deref();
    output_format::check(arguments.format, file, &EXTENSIONS)?;
    let format = output_format::choose(arguments.format, file, &EXTENSIONS);
    if !arguments.bench.is_empty() && format != Format::Html {
        return Err(Failure::usage(&"--bench requires --format html").into());
    }
    let output = Output::prepare_any(arguments.output.as_ref())?;
    let runs = arguments.bench.iter().map(|file| bench::load(file)).collect::<Result<Vec<_>, _>>()?;
    let reports = arguments.files.iter().map(|file| load(file)).collect::<Result<Vec<_>, _>>()?;
    let rendered = render(&reports, &runs, format, arguments);
    let saved = output.map(|output| output.write(&rendered));
    // The result is shown if it could not be saved.
    let shown = if matches!(saved, Some(Ok(()))) { Ok(()) } else { stdout::print(&rendered) };
    Failure::all(saved.and_then(Result::err).into_iter().chain(shown.err()))?;
    Ok(Status::Success)
}

fn load(file: &Path) -> Result<Report, Failure> {
    json::load(&file.display().to_string(), &file::read(file)?).map_err(|error| Failure::usage(&error))
}

fn render(reports: &[Report], runs: &[Run], format: Format, arguments: &Arguments) -> String {
    match (format, reports) {
        (Format::Text, [report]) => {
            let colour = arguments.output.is_none() && super::stdout_is_coloured();
            text::render(report, arguments.text.options(colour))
        }
        (Format::Text, reports) => matrix::text(reports),
        (Format::Markdown, reports) => matrix::markdown(reports),
        (Format::Summary, reports) => summary::markdown(reports),
        (Format::Html, reports) => html::render(reports, &chart::render(runs)),
    }
}
