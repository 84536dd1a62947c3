//! `rulespec serve`: an embedded engine as a protocol server.

use std::io;

use clap::Args;

use super::engine::Embedded;
use super::status::Status;
use super::stderr;
use super::stdout;
use rulespec_check::engine::serve;
use rulespec_check::printable::printable;

const HELP: &str = r#"Example:
  echo '{"id":1,"fn":"has","args":["host.corp","."]}' | rulespec serve

Calls and answers are JSON objects, one per line, as defined in spec/80-protocol.md.

Exit status:
  0  standard input ended, or the reader of standard output left
  2  wrong usage
  5  a file or standard output could not be read or written"#;

/// Answer protocol calls on standard input with an embedded engine
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    /// Embedded engine that answers
    #[arg(long, value_enum, value_name = "NAME", default_value = "reference")]
    engine: Embedded,
}

/// Runs `rulespec serve` until the end of standard input.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let mut warn = |line: u64, what: &str| {
        let what = printable(what);
        stderr::print(&format_args!("rulespec: line {line} of standard input: {what}"));
    };
    let served =
        serve(arguments.engine.engine().as_mut(), io::stdin().lock(), io::stdout().lock(), &mut warn);
    stdout::streamed(served.map_err(Into::into))?;
    Ok(Status::Success)
}
