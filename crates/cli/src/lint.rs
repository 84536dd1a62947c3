//! `rulespec lint`: checks of hand-written vectors.

use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::status::Status;
use super::stdout;
use rulespec::suite;
use rulespec_check::lint::{Violation, lint};
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
  rulespec copy spec && rulespec lint spec

Exit status:
  0  no problems were found
  2  wrong usage
  4  problems were found
  5  a file or standard output could not be read or written")]
pub struct Arguments {
    /// Check the vectors in DIR/*.json, or else in DIR/vectors/*.json, instead of the embedded ones
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
    let line = |problem: &Violation| printable(&problem.to_string()).into_owned() + "\n";
    let count = match problems.len() {
        0 => "no problems found\n".to_owned(),
        1 => "1 problem found\n".to_owned(),
        count => format!("{count} problems found\n"),
    };
    stdout::print(problems.iter().map(line).chain([count]).collect::<String>())?;
    Ok(if problems.is_empty() { Status::Success } else { Status::Suite })
}
