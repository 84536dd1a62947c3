//! `rulespec man`: manual pages.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, CommandFactory};
use clap_mangen::Man;

use super::status::Status;

/// Print the manual page, or write one page per subcommand
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rulespec man | man -l -
  rulespec man ~/.local/share/man/man1")]
pub struct Arguments {
    /// Write the pages of all subcommands to this directory
    #[arg(value_name = "DIR")]
    directory: Option<PathBuf>,
}

/// Runs `rulespec man`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let command = super::Cli::command();
    match &arguments.directory {
        None => {
            let mut page = vec![];
            Man::new(command).render(&mut page)?;
            io::stdout().write_all(&page)?;
        }
        Some(directory) => {
            fs::create_dir_all(directory).with_context(|| directory.display().to_string())?;
            clap_mangen::generate_to(command, directory).with_context(|| directory.display().to_string())?;
        }
    }
    Ok(Status::Success)
}
