//! `rulespec completions`: shell completions.

use std::io::{self, Write};

use anyhow::Context;
use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::status::Status;

/// Print shell completions
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  rulespec completions bash > ~/.local/share/bash-completion/completions/rulespec"
)]
pub struct Arguments {
    /// Shell to generate completions for
    shell: Shell,
}

/// Runs `rulespec completions`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    // Buffered, because clap_complete panics if it cannot write.
    let mut script = vec![];
    clap_complete::generate(arguments.shell, &mut super::Cli::command(), "rulespec", &mut script);
    io::stdout().write_all(&script).context("cannot write to standard output")?;
    Ok(Status::Success)
}
