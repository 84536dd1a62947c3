//! `rulespec smoke`: a quick check of an engine's protocol implementation.

use std::ffi::OsString;
use std::io::{self, Write};

use clap::Args;

use super::engine::{LimitArguments, MaxTimeArguments};
use super::failure::Failure;
use super::status::Status;
use super::stdout;
use rulespec_check::engine::process::Process;
use rulespec_check::engine::smoke::{Check, smoke};
use rulespec_check::printable::{lines, shortened};

const HELP: &str = "\
Example:
  rulespec smoke -- python3 my_engine.py

Exit status:
  0  all checks passed
  1  a check failed
  2  wrong usage
  3  the engine could not be run
  5  a file or standard output could not be read or written
  129, 130, 143  interrupted; the checks until then are shown";

/// How many characters are shown of each line of what an engine did.
const MAX_SEEN: usize = 2000;

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

    #[command(flatten)]
    limits: LimitArguments,

    #[command(flatten)]
    max_time: MaxTimeArguments,
}

/// Runs `rulespec smoke`.
pub fn run(arguments: &Arguments) -> anyhow::Result<Status> {
    let stop = arguments.max_time.stop(true);
    let mut engine = Process::new(arguments.command.clone(), arguments.limits.limits(1)).stopped_by(stop);
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
        None => writeln!(out, "ok      {}", shortened(&check.what, MAX_SEEN)),
        Some(problem) => {
            writeln!(out, "not ok  {}", shortened(&check.what, MAX_SEEN))?;
            for line in lines(problem.seen.trim_end_matches('\n'), MAX_SEEN) {
                writeln!(out, "        {line}")?;
            }
            writeln!(out, "        remedy: {}", problem.remedy)
        }
    }
}
