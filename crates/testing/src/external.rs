//! Tests that need what is not part of this project: recorded data, or a program.
//!
//! A test without what it needs is reported as ignored. It fails if
//! `RULESPEC_DATA_REQUIRED` or `RULESPEC_PROGRAMS_REQUIRED` is set, as in CI.

use std::env;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Trial};

use crate::files::ROOT;

/// Where a file or folder of the recorded data belongs: in `../shared/data`, or in the
/// folder that `RULESPEC_DATA` names.
pub fn place(path: &str) -> PathBuf {
    let beside = || Path::new(ROOT).join("../shared/data");
    env::var_os("RULESPEC_DATA").map_or_else(beside, PathBuf::from).join(path)
}

/// A test of the recorded file or folder at that path.
pub fn with_data(name: &str, data: &'static str, test: fn(&Path)) -> Trial {
    let is_there = place(data).exists();
    trial(name, is_there, "RULESPEC_DATA_REQUIRED", data, move || test(&place(data)))
}

/// A test that runs a program.
pub fn with_program(name: &str, program: &'static str, test: fn()) -> Trial {
    let folders = env::var_os("PATH").unwrap_or_default();
    let is_there = env::split_paths(&folders).any(|folder| folder.join(program).is_file());
    trial(name, is_there, "RULESPEC_PROGRAMS_REQUIRED", program, test)
}

fn trial(
    name: &str,
    is_there: bool,
    required: &str,
    need: &'static str,
    test: impl FnOnce() + Send + 'static,
) -> Trial {
    let is_required = env::var_os(required).is_some();
    let run = move || {
        if !is_there {
            return Err(format!("{need} is not there").into());
        }
        test();
        Ok(())
    };
    Trial::test(name, run).with_ignored_flag(!is_there && !is_required)
}

/// Runs tests by the arguments of the process, and ends it.
pub fn main(trials: Vec<Trial>) -> ! {
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}
