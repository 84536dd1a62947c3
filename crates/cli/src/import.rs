//! `rulespec import`: builds a report from the answers of a real Kusto.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::file::{self, Output};
use super::selection::load_suite;
use super::status::Status;
use super::stdout;
use super::text::TextArguments;
use rulespec_check::check;
use rulespec_check::engine::{Hello, Recorded};
use rulespec_check::import::Results;
use rulespec_check::report::{Report, json, text};

const HELP: &str = "\
Examples:
  rulespec export kql --output scripts     # run each, and save what it returns
  rulespec import --engine ADX --version 2026-11-24 results/*.json
  rulespec import --engine Kustainer --version 1.0 -o mine.json results/*.csv
  rulespec import --engine 'a free cluster' --version 2026-11-24 results/*
  rulespec report mine.json

Accepted files are responses of the REST interface (version 1 or 2) and of Log
Analytics, CSV with the columns id and got as exported by Kusto Explorer and the web
pages, and JSON Lines of {\"id\", \"got\"}. The results list the vectors that were
asked; a vector that was asked but not returned was answered as wanted. If a script
fails, save its error under the name of the script (tab-0012.json, open-nul.txt), either
as JSON or as the text shown on the web page. Results of `export kql --open-points` are
reported one line per point.

Exit status:
  0  every answer is right
  1  an answer is wrong
  2  wrong usage, or a file has no results
  4  the suite is invalid
  5  a file or standard output could not be read or written";

/// Build a report from the results of exported scripts
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    /// Results of the scripts of `rulespec export kql`
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Name of the engine that gave the answers
    #[arg(long, value_name = "NAME")]
    engine: String,

    /// Version of the engine, or the date of the run if it has none
    #[arg(long, value_name = "VERSION")]
    version: String,

    /// The vectors asked were those in DIR/*.json, not the embedded ones
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,

    /// Write the report to FILE, for `rulespec report`
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,

    #[command(flatten)]
    text: TextArguments,
}

/// Runs `rulespec import`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let output = Output::prepare_any(arguments.output.as_ref())?;
    let report = report(arguments)?;
    let saved = output.map_or(Ok(()), |output| output.write(json::render(&report)));
    let options = arguments.text.options(super::stdout_is_coloured());
    let shown = stdout::print(text::render(&report, options));
    Failure::all(saved.err().into_iter().chain(shown.err()))?;
    Ok(Status::from_ok(report.conforms()))
}

fn report(arguments: &Arguments) -> Result<Report, Failure> {
    let vectors = load_suite(arguments.suite.as_deref())?;
    let mut results = Results::new(&vectors);
    let names: Vec<String> = arguments.files.iter().map(|file| file.display().to_string()).collect();
    for (file, name) in arguments.files.iter().zip(&names) {
        results.read(name, &file::read(file)?).map_err(|error| Failure::usage(&error))?;
    }
    let (asked, answers) = results.end();
    let (engine, version) = (arguments.engine.clone(), arguments.version.clone());
    let mut engine = Recorded::new(Hello { engine, version, functions: None }, &asked, answers);
    let mut report = check(&mut engine, &asked).map_err(|error| Failure::engine(&error))?;
    report.suite = arguments.suite.as_ref().map(|directory| directory.display().to_string());
    report.answers = Some(names.join(", "));
    Ok(report)
}
