//! `rulespec man`: manual pages.

use std::fs;
use std::io::{self, Write};
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, CommandFactory};
use clap_mangen::Man;

use super::status::Status;

/// Print the manual page, or write a page for each subcommand
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  rulespec man | man -l -
  rulespec man ~/.local/share/man/man1")]
pub struct Arguments {
    /// Write the page of every subcommand into this folder
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
}

/// Prints the page or writes all.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let command = super::Cli::command();
    match &arguments.folder {
        None => io::stdout().write_all(&page(command)?)?,
        Some(folder) => {
            fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
            clap_mangen::generate_to(command, folder).with_context(|| folder.display().to_string())?;
        }
    }
    Ok(Status::Done)
}

fn page(command: clap::Command) -> io::Result<Vec<u8>> {
    let mut page = vec![];
    Man::new(command).render(&mut page)?;
    Ok(page)
}
