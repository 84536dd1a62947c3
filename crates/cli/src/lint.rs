//! `rulespec lint`: checks of hand-written vectors.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::status::Status;
use rulespec::suite;
use rulespec_check::lint::lint;
use rulespec_check::printable::printable;

/// Check vector files for errors
///
/// For authors of vectors. Checks the schema, canonical form, ids, titles and links, and reports
/// each problem with its file and vector.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rulespec lint
  rulespec lint my_vectors

Exit status:
  0  no problems were found
  2  wrong usage
  4  problems were found")]
pub struct Arguments {
    /// Check the vectors in DIR/*.json instead of the embedded ones
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
}

/// Runs `rulespec lint`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let files = match &arguments.directory {
        None => suite::VECTOR_FILES.iter().map(|(f, text)| (f.to_string(), text.to_string())).collect(),
        Some(directory) => suite::read_directory(directory).map_err(|error| Failure::suite(&error))?,
    };
    let problems = lint(&files);
    let mut out = io::stdout().lock();
    for problem in &problems {
        writeln!(out, "{}", printable(&problem.to_string()))?;
    }
    match problems.len() {
        0 => writeln!(out, "no problems found")?,
        1 => writeln!(out, "1 problem found")?,
        count => writeln!(out, "{count} problems found")?,
    }
    Ok(if problems.is_empty() { Status::Success } else { Status::Suite })
}
