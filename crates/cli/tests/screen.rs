//! Runs the command and returns its output, without the parts that vary between runs.

use std::ffi::OsStr;
use std::fmt;
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;

/// A suite whose vectors have all possible outcomes with the reference.
#[allow(dead_code, reason = "not used by every test binary")]
pub const SUITE: &str = "tests/fixtures/suite";
/// An engine whose answers try to inject markup and control characters into reports.
#[allow(dead_code, reason = "not used by every test binary")]
pub const HOSTILE: &str = "tests/engines/hostile.py";

/// The output of the command.
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

/// Runs the command in the root of the repository, in a fixed environment.
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

/// Text without times, dates, versions and line numbers of the specification.
pub fn stable(text: &str) -> String {
    let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
    let mut out: String = text.split_inclusive('\n').map(without_time).collect();
    for (before, after) in [(".md:", ""), ("time=\"", "\""), ("timestamp=\"", "\"")] {
        out = replaced(&out, before, after);
    }
    out
}

/// The last line of a result without its duration: `…: 3 vectors, 12 ms`.
fn without_time(line: &str) -> String {
    let is_time = |end: &str| end.ends_with(" ms\n") || end.ends_with(" s\n");
    match line.rsplit_once(", ") {
        Some((start, end)) if line.contains(" vector") && is_time(end) => format!("{start}, TIME\n"),
        _ => line.to_owned(),
    }
}

/// Replaces numbers and dates between `before` and `after` by `N`.
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
