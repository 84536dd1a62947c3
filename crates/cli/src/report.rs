//! `rulespec report`: saved results, rendered.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, ValueEnum};

use super::bench;
use super::failure::Failure;
use super::palette::Palette;
use super::status::Status;
use rulespec_check::bench::Run;
use rulespec_check::report::{Report, html, json, matrix, summary, text};

const HELP: &str = "\
Examples:
  rulespec check --format json --output mine.json -- ./engine
  rulespec report mine.json
  rulespec report --format html --output matrix.html mine.json theirs.json
  rulespec report --format html --output speed.html --bench monday.json tuesday.json
  rulespec report --format markdown spec/observed/*.json";

/// Render saved results, one or several side by side
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    /// Results that `rulespec check --format json` wrote
    #[arg(required_unless_present = "bench", value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Runs that `rulespec bench --save` wrote, for a chart in the page; with `--format html`
    #[arg(long, value_name = "FILE", num_args = 1..)]
    bench: Vec<PathBuf>,

    /// How to render them
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t, help_heading = "Output")]
    format: Format,

    /// Write to FILE
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    /// Show every outcome of a single result, and values at length
    #[arg(long, short, help_heading = "Output")]
    verbose: bool,
}

/// How to render results.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
enum Format {
    /// For people: one in full, several by chapter.
    #[default]
    Text,
    /// A table of clauses by engines, for a README.
    Markdown,
    /// A table of engines, a line each, for a README.
    Summary,
    /// One page that needs nothing else: clauses by engines.
    Html,
}

/// Renders the results.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    if !arguments.bench.is_empty() && !matches!(arguments.format, Format::Html) {
        return Err(Failure::usage(&"--bench is for the page: add --format html").into());
    }
    let runs = arguments.bench.iter().map(|file| bench::load(file)).collect::<Result<Vec<_>, _>>()?;
    let reports = arguments.files.iter().map(load).collect::<anyhow::Result<Vec<_>>>()?;
    let rendered = render(&reports, &runs, arguments);
    match &arguments.output {
        Some(file) => std::fs::write(file, rendered).with_context(|| file.display().to_string())?,
        None => std::io::Write::write_all(&mut std::io::stdout().lock(), rendered.as_bytes())?,
    }
    Ok(Status::Done)
}

fn load(file: &PathBuf) -> anyhow::Result<Report> {
    let name = file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(|| name.clone())?;
    Ok(json::load(&name, &text)?)
}

fn render(reports: &[Report], runs: &[Run], arguments: &Arguments) -> String {
    match (arguments.format, reports) {
        (Format::Text, [report]) => {
            let colour = arguments.output.is_none() && Palette::stdout().coloured();
            text::render(report, text::Options { colour, verbose: arguments.verbose })
        }
        (Format::Text, reports) => matrix::text(reports),
        (Format::Markdown, reports) => matrix::markdown(reports),
        (Format::Summary, reports) => summary::markdown(reports),
        (Format::Html, reports) => html::render(reports, runs),
    }
}
