//! The command run as a child, and what it showed, without what changes from run
//! to run.

use std::ffi::OsStr;
use std::fmt;
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;

/// A suite whose every vector has another outcome with the reference.
#[allow(dead_code, reason = "not every test asks it")]
pub const SUITE: &str = "tests/fixtures/suite";
/// An engine that answers with what breaks out of reports.
#[allow(dead_code, reason = "not every test asks it")]
pub const HOSTILE: &str = "tests/engines/hostile.py";

/// What the command showed.
pub struct Screen {
    /// Its exit status.
    pub status: i32,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl fmt::Display for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit status {}\n{}{}", self.status, self.err, self.out)
    }
}

/// Runs the command in the project's folder, in a fixed environment.
pub fn rulespec<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Screen {
    let mut command = Command::new(cargo_bin("rulespec"));
    command.current_dir(rulespec_testing::files::ROOT).args(arguments).stdin(Stdio::null());
    command.env("COLUMNS", "100");
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    let output = command.output().unwrap();
    Screen {
        status: output.status.code().unwrap(),
        out: stable(&String::from_utf8(output.stdout).unwrap()),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Text without times, dates, versions and the lines of the specification.
pub fn stable(text: &str) -> String {
    let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let mut out: String = text.split_inclusive('\n').map(without_time).collect();
    for (before, after) in [(".md:", ""), ("time=\"", "\""), ("timestamp=\"", "\"")] {
        out = replaced(&out, before, after);
    }
    out
}

/// The last line of a result without its time: `…: 3 vectors, 12 ms`.
fn without_time(line: &str) -> String {
    let is_time = |end: &str| end.ends_with(" ms\n") || end.ends_with(" s\n");
    match line.rsplit_once(", ") {
        Some((start, end)) if line.contains(" vector") && is_time(end) => format!("{start}, TIME\n"),
        _ => line.to_owned(),
    }
}

/// Numbers, and dates, that stand directly behind some text.
fn replaced(text: &str, before: &str, after: &str) -> String {
    let mut parts = text.split(before);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit() || ".-:T".contains(c));
        out += before;
        out += if rest.len() < part.len() && rest.starts_with(after) { "N" } else { "" };
        out += if rest.starts_with(after) { rest } else { part };
    }
    out
}
