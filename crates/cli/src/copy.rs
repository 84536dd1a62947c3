//! `rulespec copy`: the specification as files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use super::failure::Failure;
use super::status::Status;
use rulespec::suite;
use rulespec_check::printable::printable;

/// Write the specification into a folder: chapters, vectors and schemas
///
/// For those who want only the data, in whatever language they read it.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  rulespec copy spec && rulespec check --suite spec/vectors

Exit status:
  0  written
  1  a file could not be written
  2  wrong usage, or DIR holds something already")]
pub struct Arguments {
    /// The folder; it is made where it does not exist
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// Write into a folder that holds something; files of the same names are replaced
    #[arg(long)]
    force: bool,
}

/// Writes every file.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let folder = &arguments.folder;
    let name = folder.display().to_string();
    if !arguments.force && !is_free(folder).with_context(|| name.clone())? {
        return Err(Failure::usage(&format!("{name}: not empty; choose another folder, or --force")).into());
    }
    let files = suite::files();
    for (path, text) in &files {
        let path = folder.join(path);
        let shown = || path.display().to_string();
        path.parent().map_or(Ok(()), fs::create_dir_all).with_context(shown)?;
        fs::write(&path, text).with_context(shown)?;
    }
    anstream::eprintln!("{} files written to {}", files.len(), printable(&name));
    Ok(Status::Done)
}

/// Whether there is no such folder, or an empty one.
fn is_free(folder: &Path) -> std::io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}
