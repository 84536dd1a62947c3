//! The progress bar of `rulespec check` on a terminal.

use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::Duration;

use assert_cmd::cargo::cargo_bin;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// A check of an engine that needs several seconds for its answers.
fn check() -> Command {
    let mut command = Command::new(cargo_bin("rulespec"));
    command.current_dir(rulespec_testing::files::ROOT).stdin(Stdio::null()).stdout(Stdio::piped());
    command.args(["check", "-q", "--fn", "bitsadmin_activity", "--"]);
    command.args(["python3", "tests/engines/slow.py", "40", "none"]);
    command
}

#[test]
fn a_slow_engine_has_a_progress_bar_that_is_removed() {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    tcsetwinsize(&terminal, Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
    let name = ptsname(&terminal, vec![]).unwrap();
    let screen = File::options().read(true).write(true).open(name.to_str().unwrap()).unwrap();
    let mut child = check().stderr(screen.try_clone().unwrap()).spawn().unwrap();
    let mut out = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        let (mut terminal, mut shown, mut buffer) = (File::from(terminal), vec![], [0; 4096]);
        // Linux reports as an error that the other end is closed.
        while let Ok(length @ 1..) = terminal.read(&mut buffer) {
            shown.extend_from_slice(&buffer[..length]);
        }
        String::from_utf8_lossy(&shown).into_owned()
    });
    let mut result = String::new();
    out.read_to_string(&mut result).unwrap();
    assert!(child.wait().unwrap().success(), "{result}");
    std::thread::sleep(Duration::from_millis(50));
    drop(screen);
    let shown = reader.join().unwrap();
    assert!(shown.contains(" of 127 calls, "), "{shown:?}");
    let positions: Vec<u64> =
        shown.split(" of 127 calls").filter_map(|before| before.rsplit(' ').next()?.parse().ok()).collect();
    assert!(positions.iter().any(|position| (1..127).contains(position)), "the bar moves: {positions:?}");
    assert!(shown.ends_with("\x1b[2K"), "the bar is removed: {shown:?}");
    assert!(result.contains(" meets all "), "{result}");
}

#[test]
fn in_a_pipe_there_is_no_progress_bar() {
    let output = check().stderr(Stdio::piped()).output().unwrap();
    assert_eq!((output.status.code(), String::from_utf8_lossy(&output.stderr).as_ref()), (Some(0), ""));
}
