//! The table of `rulespec run` on terminals and in pipes.

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use assert_cmd::cargo::cargo_bin;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};
use serde_json::json;

const URL: &str =
    "https://files.example/a/long/path/that/does/not/fit/into/its/column/of/the/table/report.final.xlsx";
const PATH: &str =
    r"C:\Users\a.long.name\AppData\Local\Temp\My Documents with spaces\and more\report.final.xlsx";

/// An export with a short detection and then one whose URL and path are long.
fn export() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    let line = |url: &str, file: &str| {
        let row = json!({"Timestamp": "2026-01-02T03:04:05Z", "FileName": "bitsadmin.exe", "DeviceName": "pc",
            "ProcessCommandLine": format!("bitsadmin /addfile j {url} \"{file}\"")});
        format!("{row}\n")
    };
    fs::write(&path, line("http://a.example/b", r"C:\b") + &line(URL, PATH)).unwrap();
    (folder, path)
}

fn rulespec(options: &[&str]) -> Command {
    let mut command = Command::new(cargo_bin("rulespec"));
    command.args(["run", "--quiet"]).args(options).stdin(Stdio::null()).env_remove("COLUMNS");
    command
}

/// The output on a terminal of this size.
fn on_terminal(columns: u16, rows: u16, options: &[&str]) -> String {
    let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
    shown_by_terminal(size, |name| {
        let mut command = rulespec(options);
        command.stdout(File::options().read(true).write(true).open(name).unwrap());
        command
    })
}

/// What a command writes to a terminal, whose name it is given.
fn shown_by_terminal(size: Winsize, command: impl FnOnce(&str) -> Command) -> String {
    let terminal = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&terminal).unwrap();
    unlockpt(&terminal).unwrap();
    tcsetwinsize(&terminal, size).unwrap();
    let name = ptsname(&terminal, vec![]).unwrap();
    let mut command = command(name.to_str().unwrap());
    let mut child = command.env("NO_COLOR", "1").stderr(Stdio::null()).spawn().unwrap();
    drop(command);
    let (mut terminal, mut shown, mut buffer) = (File::from(terminal), vec![], [0; 4096]);
    loop {
        match terminal.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => shown.extend_from_slice(&buffer[..length]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            // Linux reports that the other end is closed as an error. It may not be open yet.
            Err(_) if child.try_wait().unwrap().is_some() => break,
            Err(_) => std::thread::sleep(std::time::Duration::from_millis(5)),
        }
    }
    let status = child.wait().unwrap();
    assert!(status.success(), "{status}");
    String::from_utf8(shown).unwrap().replace('\r', "")
}

fn in_pipe(columns: Option<&str>, options: &[&str]) -> String {
    let mut command = rulespec(options);
    if let Some(columns) = columns {
        command.env("COLUMNS", columns);
    }
    String::from_utf8(command.output().unwrap().stdout).unwrap()
}

#[test]
fn a_pipe_gets_each_url_and_path_whole() {
    let (_folder, path) = export();
    let path = path.to_str().unwrap();
    for columns in [None, Some("40"), Some("80"), Some("120")] {
        for options in [&[path][..], &[path, "--entities", "--explain", "--all"], &[path, "--alerts"]] {
            let shown = in_pipe(columns, options);
            let holds = |text: &str| shown.lines().any(|line| line.contains(text));
            assert!(holds(URL) && holds(PATH), "{columns:?} {shown}");
        }
    }
}

#[test]
fn the_widths_of_a_table_in_a_pipe_are_those_of_its_content() {
    let (_folder, path) = export();
    let shown = in_pipe(None, &[path.to_str().unwrap()]);
    let column = |text: &str| shown.lines().find_map(|line| line.find(text)).unwrap();
    assert_eq!([column("REMOTE URL"); 2], [column("http://a.example/b"), column(URL)], "{shown}");
    assert_eq!([column("LOCAL FILE"); 2], [column(r"C:\b"), column(PATH)], "{shown}");
    assert_eq!(column("LOCAL FILE"), column(URL) + URL.len() + 2);
    let other = on_terminal(0, 0, &[path.to_str().unwrap()]);
    assert_eq!(other, shown, "the size of a terminal of 0×0 is unknown");
}

#[test]
fn a_terminal_gets_no_line_that_is_too_long() {
    let (_folder, path) = export();
    for columns in [60, 80, 120, 200] {
        for options in [&[path.to_str().unwrap()][..], &[path.to_str().unwrap(), "--alerts"]] {
            let shown = on_terminal(columns, 40, options);
            let longest = shown.lines().map(|line| line.chars().count()).max().unwrap();
            assert!(longest > 40 && longest <= usize::from(columns), "{columns} {shown}");
        }
    }
}

#[test]
fn rows_beyond_those_that_are_held_follow_the_widths_before_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    let (_other, short) = export();
    let lines = fs::read_to_string(short).unwrap();
    let (short, long) = lines.split_at(lines.find('\n').unwrap() + 1);
    fs::write(&path, [&long.replace("/addfile", "/list"), &short.repeat(1_200), long].concat()).unwrap();
    let shown = in_pipe(None, &[path.to_str().unwrap()]);
    assert_eq!(shown.matches("http://a.example/b").count(), 1_200);
    assert!(shown.lines().any(|line| line.ends_with(PATH) && line.contains(URL)));
    assert_eq!(shown.matches("REMOTE URL").count(), 1);
}

#[test]
fn control_characters_are_escaped_on_any_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jsonl");
    let row = json!({"Timestamp": "2026-01-02T03:04:05Z", "FileName": "bitsadmin.exe", "ProcessCommandLine": "x /addfile \u{1b}]0;x\u{7} \u{202e}"});
    fs::write(&path, format!("{row}\n")).unwrap();
    let path = path.to_str().unwrap();
    for format in ["table", "csv", "json", "jsonl", "markdown"] {
        let options = ["--format", format, path];
        let named =
            shown_by_terminal(Winsize { ws_row: 40, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 }, |name| {
                let mut command = rulespec(&options);
                command.args(["--output", name]).stdout(Stdio::null());
                command
            });
        for shown in [named, on_terminal(80, 40, &options)] {
            assert!(shown.contains("1b]0;x"), "{format} {shown}");
            assert!(!shown.contains(['\u{1b}', '\u{7}', '\u{202e}']), "{format} {shown:?}");
        }
    }
}
