//! Tests that need something outside the project: recorded data, or a program.
//!
//! A test is ignored if what it needs is missing. It fails instead if
//! `RULESPEC_DATA_REQUIRED` or `RULESPEC_PROGRAMS_REQUIRED` is set, as in CI.

use std::env;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Trial};

use crate::files;

/// Returns the path of recorded data: in the folder that `RULESPEC_DATA` names, or else in
/// `../shared/data`.
pub fn data_path(path: &str) -> PathBuf {
    let folder = env::var_os("RULESPEC_DATA").map(PathBuf::from);
    folder.unwrap_or_else(|| files::path("../shared/data")).join(path)
}

/// A test that reads a recorded file or folder.
pub fn with_data(name: &str, data: &'static str, test: fn(&Path)) -> Trial {
    let path = data_path(data);
    trial(name, data, path.exists(), "RULESPEC_DATA_REQUIRED", move || test(&path))
}

/// A test that runs a program.
pub fn with_program(name: &str, program: &'static str, test: fn()) -> Trial {
    let folders = env::var_os("PATH").unwrap_or_default();
    let is_installed = env::split_paths(&folders).any(|folder| folder.join(program).is_file());
    trial(name, program, is_installed, "RULESPEC_PROGRAMS_REQUIRED", test)
}

fn trial(
    name: &str,
    need: &'static str,
    is_available: bool,
    required: &str,
    test: impl FnOnce() + Send + 'static,
) -> Trial {
    let run = move || {
        if !is_available {
            return Err(format!("{need} is missing").into());
        }
        test();
        Ok(())
    };
    Trial::test(name, run).with_ignored_flag(!is_available && env::var_os(required).is_none())
}

/// Runs the tests that the arguments of the process select, and exits.
pub fn run(trials: Vec<Trial>) -> ! {
    libtest_mimic::run(&Arguments::from_args(), trials).exit()
}
