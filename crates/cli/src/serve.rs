//! `rulespec serve`: an embedded engine for others.

use std::io;

use clap::Args;

use super::Embedded;
use super::status::Status;
use rulespec_check::engine::serve;
use rulespec_check::printable::printable;

const HELP: &str = r#"Example:
  echo '{"id":1,"fn":"has","args":["host.corp","."]}' | rulespec serve

The protocol is that of spec/80-protocol.md: one JSON object a line."#;

/// Answer calls on standard input as the specification does
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    /// Which embedded engine answers
    #[arg(long, value_enum, value_name = "NAME", default_value = "reference")]
    engine: Embedded,
}

/// Answers until standard input ends.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let mut complain = |line: u64, what: &str| {
        anstream::eprintln!("rulespec: line {line} of standard input: {}", printable(what));
    };
    serve(arguments.engine.engine().as_mut(), io::stdin().lock(), io::stdout().lock(), &mut complain)?;
    Ok(Status::Done)
}
