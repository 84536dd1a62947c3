//! `rulespec smoke`: a quick check of an engine's protocol implementation.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::Args;

use super::failure::Failure;
use super::status::Status;
use super::stdout;
use rulespec_check::engine::process::{Limits, Process};
use rulespec_check::engine::smoke::{Check, smoke};
use rulespec_check::printable::printable;

const HELP: &str = "\
Example:
  rulespec smoke -- python3 my_engine.py

Exit status:
  0  all checks passed
  1  a check failed
  2  wrong usage
  3  the engine could not be run
  5  a file or standard output could not be read or written";

/// Check that an engine implements the protocol correctly
///
/// Missing answers are reported, wrong answers are not: use `rulespec check` to test the
/// answers against the specification.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    /// Engine command: a program and its arguments, run without a shell
    #[arg(last = true, required = true, value_name = "ENGINE")]
    command: Vec<OsString>,
}

/// Runs `rulespec smoke`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let mut engine = Process::new(arguments.command.clone(), Limits::default());
    let checks = smoke(&mut engine).map_err(|error| Failure::engine(&error))?;
    let mut out = vec![];
    for check in &checks {
        print(&mut out, check)?;
    }
    let passed = checks.iter().filter(|check| check.problem.is_none()).count();
    writeln!(out, "{passed} of {} checks passed", checks.len())?;
    stdout::print(out)?;
    Ok(Status::from_ok(passed == checks.len()))
}

fn print(out: &mut impl Write, check: &Check) -> io::Result<()> {
    match &check.problem {
        None => writeln!(out, "ok      {}", printable(&check.what)),
        Some(problem) => {
            writeln!(out, "not ok  {}", printable(&check.what))?;
            writeln!(out, "        {}", printable(&problem.seen))?;
            writeln!(out, "        remedy: {}", problem.remedy)
        }
    }
}
