//! `rulespec serve`: the reference as an engine for others.

use std::io;
use std::process::ExitCode;

use clap::Args;
use rulespec::engine::{Reference, serve};
use rulespec::printable::printable;

const HELP: &str = r#"Example:
  echo '{"id":1,"fn":"has","args":["host.corp","."]}' | rulespec serve

The protocol is that of spec/80-protocol.md: one JSON object a line."#;

/// Answer calls on standard input as the specification does
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {}

/// Answers until standard input ends.
pub fn run(_: &Arguments) -> anyhow::Result<ExitCode> {
    let mut complain = |line: u64, what: &str| {
        anstream::eprintln!("rulespec: line {line} of standard input: {}", printable(what));
    };
    serve(&mut Reference::default(), io::stdin().lock(), io::stdout().lock(), &mut complain)?;
    Ok(ExitCode::SUCCESS)
}
