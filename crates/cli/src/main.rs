//! The `rulespec` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    rulespec_cli::main_of_executable(std::env::args_os()).into()
}
