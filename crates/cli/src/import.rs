//! `rulespec import`: what a real Kusto answered, as a report.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;

use super::failure::Failure;
use super::palette::Palette;
use super::status::Status;
use rulespec::suite;
use rulespec_check::check;
use rulespec_check::engine::{Hello, Recorded};
use rulespec_check::import::Results;
use rulespec_check::report::{Report, json, text};

const HELP: &str = "\
Examples:
  rulespec export kql --output scripts     # run each, and save what it returns
  rulespec import --engine 'Azure Data Explorer' --version 2026-11-24 results/*.json
  rulespec import --engine Kustainer --version 1.0 -o emulator.json results/*.csv
  rulespec import --engine 'a free cluster' --version 2026-11-24 results/*
  rulespec report emulator.json

Files are what the REST interface (version 1 or 2) or Log Analytics returned, CSV
with the columns id and got as Kusto Explorer and the web pages export it, or JSON
Lines of {\"id\", \"got\"}. They say themselves which vectors were asked; what was
asked and is not returned was answered as wanted. Save the error of a script that
fails as the JSON it is, or as the text that a web page shows, under the name of the
script: tab-0012.json, open-nul.txt. Results of `export kql --open-points` are told a
line a point.

Exit status:
  0  the engine conforms, as far as it was asked
  1  it does not, or a file holds no results
  2  wrong usage
  4  the suite itself is wrong";

/// Read the results of exported scripts back into a report
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    /// Results of the scripts of `rulespec export kql`
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// Who answered
    #[arg(long, value_name = "NAME")]
    engine: String,

    /// Its version, or the day where it has none
    #[arg(long, value_name = "VERSION")]
    version: String,

    /// The vectors of DIR/*.json were asked instead of the embedded ones
    #[arg(long, value_name = "DIR")]
    suite: Option<PathBuf>,

    /// Write the report to FILE, for `rulespec report`
    #[arg(long, short, value_name = "FILE", help_heading = "Output")]
    output: Option<PathBuf>,
}

/// Reads the results and shows the report.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let report = report(arguments)?;
    if let Some(file) = &arguments.output {
        fs::write(file, json::render(&report)).with_context(|| file.display().to_string())?;
    }
    let options = text::Options { colour: Palette::stdout().coloured(), verbose: false };
    io::stdout().write_all(text::render(&report, options).as_bytes())?;
    Ok(Status::of(report.conforms()))
}

fn report(arguments: &Arguments) -> anyhow::Result<Report> {
    let vectors = match &arguments.suite {
        None => suite::vectors().map_err(|error| Failure::suite(&error))?,
        Some(folder) => suite::load_directory(folder, &suite::clauses()).map_err(|e| Failure::suite(&e))?,
    };
    let mut results = Results::new(&vectors);
    let names: Vec<String> = arguments.files.iter().map(|file| file.display().to_string()).collect();
    for (file, name) in arguments.files.iter().zip(&names) {
        results.read(name, &fs::read_to_string(file).with_context(|| name.clone())?)?;
    }
    let (asked, answers) = results.end();
    let (engine, version) = (arguments.engine.clone(), arguments.version.clone());
    let mut engine = Recorded::new(Hello { engine, version, functions: None }, &asked, answers);
    let mut report = check(&mut engine, &asked)?;
    report.suite = arguments.suite.as_ref().map(|folder| folder.display().to_string());
    report.answers = Some(names.join(", "));
    Ok(report)
}
