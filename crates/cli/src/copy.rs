//! `rulespec copy`: the specification as files.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;

use super::failure::Failure;
use super::status::Status;
use rulespec::suite;
use rulespec_check::printable::printable;

/// Write the specification to a directory: chapters, vectors and schemas
///
/// The files are plain data, for tools in any language.
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  rulespec copy spec && rulespec check --suite spec/vectors

Exit status:
  0  the files were written
  1  a file could not be written
  2  wrong usage, or DIR is not empty")]
pub struct Arguments {
    /// Target directory; created if it does not exist
    #[arg(value_name = "DIR")]
    directory: PathBuf,

    /// Write to a non-empty directory, replacing files of the same names
    #[arg(long)]
    force: bool,
}

/// Runs `rulespec copy`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let directory = &arguments.directory;
    let name = directory.display().to_string();
    if !arguments.force && !is_missing_or_empty(directory).with_context(|| name.clone())? {
        let remedy = "choose another directory or use --force";
        return Err(Failure::usage(&format!("{name}: directory is not empty; {remedy}")).into());
    }
    let files = suite::files();
    for (path, text) in &files {
        let path = directory.join(path);
        let context = || path.display().to_string();
        path.parent().map_or(Ok(()), fs::create_dir_all).with_context(context)?;
        fs::write(&path, text).with_context(context)?;
    }
    anstream::eprintln!("{} files written to {}", files.len(), printable(&name));
    Ok(Status::Success)
}

fn is_missing_or_empty(directory: &Path) -> std::io::Result<bool> {
    match fs::read_dir(directory) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error),
    }
}
