//! `rulespec man`: manual pages.

use std::io;
use std::path::PathBuf;

use clap::{Args, Command};
use clap_mangen::Man;

use super::file;
use super::status::Status;
use super::stdout;

/// Print the manual page, or write one page per subcommand
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rulespec man | man -l -
  rulespec man ~/.local/share/man/man1

Exit status:
  0  the pages were written
  2  wrong usage, or DIR cannot be written
  5  a file or standard output could not be read or written")]
pub struct Arguments {
    /// Write the pages of all subcommands to this directory
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
}

/// Runs `rulespec man`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    match &arguments.directory {
        None => stdout::print(page(&Man::new(super::command()))?)?,
        Some(directory) => {
            let mut files = vec![];
            pages(&super::definition(), &mut files)?;
            file::directory::write(directory, &files)?;
        }
    }
    Ok(Status::Success)
}

/// The pages of a command and its subcommands, with the names of their files.
fn pages(command: &Command, files: &mut Vec<(String, Vec<u8>)>) -> io::Result<()> {
    for subcommand in command.get_subcommands().filter(|subcommand| !subcommand.is_hide_set()) {
        pages(subcommand, files)?;
    }
    let man = Man::new(command.clone());
    files.push((man.get_filename(), page(&man)?));
    Ok(())
}

fn page(man: &Man) -> io::Result<Vec<u8>> {
    let mut page = vec![];
    man.render(&mut page)?;
    Ok(page)
}
