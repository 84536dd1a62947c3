//! `rulespec run` with several numbers of jobs.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use assert_cmd::cargo::cargo_bin;
use rulespec_testing::files::ROOT;

/// Runs the rule on files with this number of jobs.
pub fn run(jobs: &str, files: &[PathBuf]) -> Output {
    let mut command = Command::new(cargo_bin("rulespec"));
    command.args(["run", "--format", "jsonl", "--jobs", jobs]).args(files);
    command.current_dir(ROOT).stdin(Stdio::null()).output().unwrap()
}

/// The files of a folder, in order.
pub fn in_folder(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// Asserts that these files give the same output with any number of jobs, and returns it.
pub fn output_of(files: &[PathBuf]) -> Output {
    let one = run("1", files);
    for jobs in ["2", "3", "8"] {
        let other = run(jobs, files);
        assert_eq!(String::from_utf8_lossy(&other.stdout), String::from_utf8_lossy(&one.stdout), "{jobs}");
        assert_eq!(String::from_utf8_lossy(&other.stderr), String::from_utf8_lossy(&one.stderr), "{jobs}");
        assert_eq!(other.status, one.status);
    }
    one
}
