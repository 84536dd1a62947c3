//! What is shown of the failure of a process: how it ended, and what it wrote last.

use super::call::Limit;
use crate::engine::STDERR_MARK;

/// How a process ended, and the line of its standard error that names the exception, on one line.
pub fn in_short(failure: &str, limit: Limit) -> String {
    let (how, stderr) = split(failure);
    match exception(stderr) {
        Some(line) => limit.text(&format!("{how}: {line}")),
        None => limit.text(how),
    }
}

/// How a process ended, then the line of its standard error that names the exception, or all that
/// is kept.
pub fn lines(failure: &str, limit: Limit, is_whole: bool) -> Vec<String> {
    let (how, stderr) = split(failure);
    let shown: Vec<&str> =
        if is_whole { stderr.lines().collect() } else { exception(stderr).into_iter().collect() };
    std::iter::once(how).chain(shown).map(|line| limit.text(line)).collect()
}

/// How a process ended, and the end of its standard error.
fn split(failure: &str) -> (&str, &str) {
    failure.split_once(STDERR_MARK).unwrap_or((failure, ""))
}

/// The last line that names an exception, or else the last line. What is indented is part of a trace.
fn exception(stderr: &str) -> Option<&str> {
    let lines = || stderr.lines().rev().filter(|line| !line.is_empty() && !line.starts_with([' ', '\t']));
    lines().find(|line| names_exception(line)).or_else(|| lines().next()).map(str::trim_end)
}

/// Whether a line begins with the name of an exception, as in `ValueError: …`, `Uncaught Error: …`
/// and `java.lang.IllegalStateException`, or tells of a panic.
fn names_exception(line: &str) -> bool {
    let before = line.split(": ").next().unwrap_or(line).trim_end_matches(':');
    let last = before.rsplit([' ', '.']).next().unwrap_or_default();
    last.ends_with("Error") || last.ends_with("Exception") || line.contains("panicked at ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_that_names_the_exception_is_shown() {
        for (stderr, shown) in [
            (
                "Traceback (most recent call last):\n  File \"e.py\", line 1\nValueError: a: b\n",
                "ValueError: a: b",
            ),
            ("/e.js:3\n\nError: boom\n    at f (/e.js:3)\n\nNode.js v24.1.0\n", "Error: boom"),
            (
                "Exception in thread \"main\" java.lang.IllegalStateException: x\n\tat E.main(E.java)\n",
                "Exception in thread \"main\" java.lang.IllegalStateException: x",
            ),
            ("thread 'main' panicked at e.rs:1:2:\nnote: x\n", "thread 'main' panicked at e.rs:1:2:"),
            ("warming up\ncannot divide by zero\n\n", "cannot divide by zero"),
        ] {
            let failure = format!("it ended with exit status: 1{STDERR_MARK}{stderr}");
            let lines = lines(&failure, Limit::SHORT, false);
            assert_eq!(lines, ["it ended with exit status: 1", shown]);
        }
        assert_eq!(lines("it was killed", Limit::SHORT, true), ["it was killed"]);
    }
}
