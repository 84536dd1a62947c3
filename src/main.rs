//! The `rulespec` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    rulespec::cli::main(std::env::args_os()).into()
}
