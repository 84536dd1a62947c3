//! `rulespec lint`: vectors of your own, looked over.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use super::failure::Failure;
use super::status::Status;
use rulespec::suite;
use rulespec_check::lint::lint;
use rulespec_check::printable::printable;

/// Look over vectors: schema, canonical form, ids, titles, links
///
/// For authors of vectors. Every offence is told with its file and vector.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rulespec lint
  rulespec lint my_vectors

Exit status:
  0  nothing is wrong
  2  wrong usage
  4  something is")]
pub struct Arguments {
    /// The vectors of DIR/*.json instead of the embedded ones
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Prints what is wrong.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let files = match &arguments.folder {
        None => suite::VECTOR_FILES.iter().map(|(f, text)| (f.to_string(), text.to_string())).collect(),
        Some(folder) => suite::read_directory(folder).map_err(|error| Failure::suite(&error))?,
    };
    let offences = lint(&files);
    let mut out = io::stdout().lock();
    for offence in &offences {
        writeln!(out, "{}", printable(&offence.to_string()))?;
    }
    match offences.len() {
        0 => writeln!(out, "nothing is wrong")?,
        1 => writeln!(out, "1 offence")?,
        count => writeln!(out, "{count} offences")?,
    }
    Ok(if offences.is_empty() { Status::Done } else { Status::Suite })
}
