//! `rulespec smoke`: is an engine wired to the protocol as it should be?

use std::ffi::OsString;
use std::io::{self, Write};

use clap::Args;

use super::status::Status;
use rulespec_check::engine::process::{Limits, Process};
use rulespec_check::engine::smoke::{Check, smoke};
use rulespec_check::printable::printable;

const HELP: &str = "\
Example:
  rulespec smoke -- python3 my_engine.py

Exit status:
  0  it is wired right
  1  it is not
  2  wrong usage
  3  the engine could not be run";

/// Try out whether an engine is wired to the protocol as it should be
///
/// Wrong answers are no matter here, missing ones are; `rulespec check` holds the
/// answers against the specification.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct Arguments {
    /// The engine: a program and its arguments, run without a shell
    #[arg(last = true, required = true, value_name = "ENGINE")]
    command: Vec<OsString>,
}

/// Tries the engine out and prints what holds.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let mut engine = Process::new(arguments.command.clone(), Limits::default());
    let checks = match smoke(&mut engine) {
        Ok(checks) => checks,
        Err(error) => {
            anstream::eprintln!("rulespec: {}", printable(&error.to_string()));
            return Ok(Status::Engine);
        }
    };
    let mut out = io::stdout().lock();
    for check in &checks {
        print(&mut out, check)?;
    }
    let failed = checks.iter().filter(|check| check.problem.is_some()).count();
    writeln!(out, "{} of {} hold", checks.len() - failed, checks.len())?;
    Ok(Status::of(failed == 0))
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
