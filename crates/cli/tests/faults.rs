//! Faults around the command: pipes that close, disks that are full, resources that are used up,
//! and the command killed at any moment.
//!
//! Whatever happens: nothing panics or hangs, the exit status is right, nothing that was saved is
//! lost, and nothing partial is read as whole.

mod disk;
mod killed;
mod limits;
mod pipes;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;

/// An engine with misreadings.
const NAIVE: &str = "tests/engines/naive.py";
/// How long a run may take. All need a few seconds at most, but the machine may be busy.
const TIME_LIMIT: Duration = Duration::from_secs(60);

/// The status that stands for a panic in any thread, and for a run that did not end.
const PANICKED: i32 = -101;
const HUNG: i32 = -124;

/// What became of a run.
struct Outcome {
    /// The exit status, `None` if a signal ended the run, or one of the statuses above.
    status: Option<i32>,
    out: String,
    err: String,
}

/// The command with its arguments, in the root of the repository.
fn rulespec<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new(cargo_bin("rulespec"));
    command.args(arguments);
    set_up(&mut command);
    command
}

/// The command with its arguments, run by bash after this line of it, such as `ulimit -n 20`.
fn rulespec_after<S: AsRef<OsStr>>(line: &str, arguments: impl IntoIterator<Item = S>) -> Command {
    let mut command = Command::new("bash");
    command.args(["-c", &format!("{line}\nexec \"$0\" \"$@\"")]).arg(cargo_bin("rulespec")).args(arguments);
    set_up(&mut command);
    command
}

fn set_up(command: &mut Command) {
    command.current_dir(rulespec_testing::files::ROOT).env("COLUMNS", "100").stdin(Stdio::null());
}

/// Runs a command and returns its output.
fn outcome_of(mut command: Command) -> Outcome {
    let (out, err) = (tempfile::NamedTempFile::new().unwrap(), tempfile::NamedTempFile::new().unwrap());
    let mut cat = Command::new("cat").stdin(Stdio::piped()).stdout(out.reopen().unwrap()).spawn().unwrap();
    // Standard output is a pipe, so that a limit on the size of files does not affect it.
    command.stdout(cat.stdin.take().unwrap());
    let mut cat_err =
        Command::new("cat").stdin(Stdio::piped()).stdout(err.reopen().unwrap()).spawn().unwrap();
    command.stderr(cat_err.stdin.take().unwrap());
    let status = status_of(&mut command.spawn().unwrap());
    drop(command);
    cat.wait().unwrap();
    cat_err.wait().unwrap();
    let (out, err) = (text(out.path()), text(err.path()));
    let has_panicked = err.contains("panicked at");
    Outcome { status: if has_panicked { Some(PANICKED) } else { status }, out, err }
}

/// Waits for the end, and returns the exit status. Ends a run that takes too long.
fn status_of(child: &mut Child) -> Option<i32> {
    let deadline = Instant::now() + TIME_LIMIT;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if Instant::now() > deadline {
            child.kill().unwrap();
            child.wait().unwrap();
            return Some(HUNG);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

fn text(file: &Path) -> String {
    let mut bytes = vec![];
    File::open(file).unwrap().read_to_end(&mut bytes).unwrap();
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Arguments in which `{}` is replaced by a path.
fn with_path(arguments: &[&str], path: &Path) -> Vec<OsString> {
    arguments
        .iter()
        .map(|argument| match *argument {
            "{}" => path.as_os_str().to_owned(),
            other => other.into(),
        })
        .collect()
}
