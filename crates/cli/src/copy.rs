//! `rulespec copy`: the specification as files.

use std::path::PathBuf;

use clap::Args;

use super::file;
use super::status::Status;
use super::stderr;
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
  2  wrong usage, DIR is not empty, or it cannot be written
  5  a file or standard output could not be read or written

No file is written outside of DIR: a symbolic link in place of a file is replaced, and
one in place of a directory is refused.")]
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
    file::directory::check_empty(directory, arguments.force)?;
    let files = suite::files();
    file::directory::write(directory, &files)?;
    let name = directory.display().to_string();
    stderr::print(&format_args!("{} files written to {}", files.len(), printable(&name)));
    Ok(Status::Success)
}
