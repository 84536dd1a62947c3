//! `rulespec completions SHELL`.

use std::io::{self, Write};

use anyhow::Context;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::status::Status;

/// Print completions for a shell
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  rulespec completions bash > ~/.local/share/bash-completion/completions/rulespec"
)]
pub struct Arguments {
    /// The shell
    shell: Shell,
}

/// Prints the completions.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    // Built in memory: clap_complete panics where it cannot write.
    let mut script = vec![];
    clap_complete::generate(arguments.shell, &mut super::Cli::command(), "rulespec", &mut script);
    io::stdout().write_all(&script).context("standard output cannot be written")?;
    Ok(Status::Done)
}
