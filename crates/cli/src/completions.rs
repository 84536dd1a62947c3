//! `rulespec completions`: shell completions.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::status::Status;
use super::stdout;

/// Print shell completions
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  rulespec completions bash > ~/.local/share/bash-completion/completions/rulespec

Exit status:
  0  the completions were printed
  2  wrong usage
  5  a file or standard output could not be read or written")]
pub struct Arguments {
    /// Shell to generate completions for
    shell: Shell,
}

/// Runs `rulespec completions`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    // Buffered, because clap_complete panics if it cannot write.
    let mut script = vec![];
    clap_complete::generate(arguments.shell, &mut super::Cli::command(), "rulespec", &mut script);
    stdout::print(script)?;
    Ok(Status::Success)
}
