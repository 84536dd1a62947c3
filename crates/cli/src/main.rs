//! The `rulespec` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    rulespec_cli::main(std::env::args_os()).into()
}
