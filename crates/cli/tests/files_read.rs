//! The files that the command reads: their kind, their size, and how long it takes.

use std::fmt::Write;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::screen::{Screen, rulespec};
use assert_cmd::cargo::cargo_bin;
use tempfile::TempDir;

const SAVED: &str = "spec/observed/adxlite.json";
/// What a command may take at most that reads a small file, on a busy machine.
const SHORT: Duration = Duration::from_secs(20);

/// The commands that read a file, with the file at the end.
const READERS: [&str; 7] = [
    "report",
    "report --format html --bench",
    "check --fn has --answers",
    "check --fn has --known",
    "check --fn has --suite",
    "import --engine e --version 1",
    "bench --fn has --against",
];

fn read(reader: &str, file: &Path) -> (Screen, Duration) {
    let start = Instant::now();
    let screen = rulespec(reader.split(' ').chain([file.to_str().unwrap()]));
    (screen, start.elapsed())
}

fn fifo(folder: &TempDir, name: &str) -> std::path::PathBuf {
    let path = folder.path().join(name);
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

#[test]
fn a_file_that_cannot_be_read_is_named_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("large");
    File::create(&large).unwrap().set_len(300 << 20).unwrap();
    let not_text = folder.path().join("not-text");
    fs::write(&not_text, b"{\xff}").unwrap();
    let pipe = fifo(&folder, "pipe");
    let directory = folder.path().join("directory");
    fs::create_dir(&directory).unwrap();
    let missing = folder.path().join("missing");
    for reader in READERS {
        for path in [&large, &not_text, &pipe, &directory, &missing, Path::new("/dev/zero")] {
            let (screen, took) = read(reader, path);
            // A line of recorded answers need not be text.
            let is_suite = reader.ends_with("--suite");
            let status = if is_suite { 4 } else { 2 };
            assert_eq!(screen.status, status, "{reader} {}: {screen}", path.display());
            let named = format!("rulespec: {}", path.display());
            assert!(screen.err.starts_with(&named), "{reader} {}: {screen}", path.display());
            assert!(took < SHORT, "{reader} {}: {took:?}", path.display());
        }
    }
    let (screen, _) = read("report", &large);
    assert!(screen.err.ends_with("large: has 314572800 bytes; the limit is 256 MiB; split it\n"), "{screen}");
}

#[test]
fn a_suite_has_only_regular_files() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = fifo(&folder, "a.json");
    let name = folder.path().to_str().unwrap();
    let message = format!("rulespec: {}: not a regular file; remove it from the suite\n", pipe.display());
    for arguments in [vec!["check", "--suite", name], vec!["lint", name], vec!["explore", "--save", name]] {
        let screen = rulespec(&arguments);
        assert_eq!((screen.status, &screen.err), (4, &message), "{arguments:?}");
    }
    fs::remove_file(&pipe).unwrap();
    File::create(&pipe).unwrap().set_len(300 << 20).unwrap();
    let screen = rulespec(["lint", name]);
    assert!(screen.status == 4 && screen.err.contains("a.json: has 314572800 bytes"), "{screen}");
}

#[test]
fn pipes_are_read() {
    let report = |arguments: &[&str], stdin: Stdio| {
        let mut command = Command::new(cargo_bin("rulespec"));
        command.current_dir(rulespec_testing::files::ROOT).args(arguments).stdin(stdin);
        String::from_utf8(command.output().unwrap().stdout).unwrap()
    };
    let want = report(&["report", SAVED], Stdio::null());
    assert!(want.contains("adxlite"));
    let saved = Path::new(rulespec_testing::files::ROOT).join(SAVED);
    for path in ["-", "/dev/stdin", "/dev/fd/0"] {
        let mut cat = Command::new("cat").arg(&saved).stdout(Stdio::piped()).spawn().unwrap();
        assert_eq!(report(&["report", path], cat.stdout.take().unwrap().into()), want, "{path}");
        cat.wait().unwrap();
        assert_eq!(report(&["report", path], File::open(&saved).unwrap().into()), want, "{path}");
    }
    let line = format!("{} report <(cat {SAVED})", cargo_bin("rulespec").display());
    let mut bash = Command::new("bash");
    let output = bash.current_dir(rulespec_testing::files::ROOT).args(["-c", &line]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), want);
    // A named pipe works if its writer comes in time.
    let folder = tempfile::tempdir().unwrap();
    let pipe = fifo(&folder, "pipe");
    let writer = { pipe.clone() };
    let writer = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(300));
        let mut writer = fs::OpenOptions::new().write(true).open(writer)?;
        io::copy(&mut File::open(saved)?, &mut writer)
    });
    assert_eq!(report(&["report", pipe.to_str().unwrap()], Stdio::null()), want);
    writer.join().unwrap().unwrap();
}

#[test]
fn a_stream_without_an_end_is_left() {
    for (option, source, message) in [
        ("--known", "cat /dev/zero", "has more than 268435456 bytes; the limit is 256 MiB; split it\n"),
        ("--answers", "cat /dev/zero", "has more than 268435456 bytes; the limit is 256 MiB; split it\n"),
        ("--answers", "yes", "990 further lines cannot be used; after 1000 the rest is not read\n"),
    ] {
        let mut words = source.split(' ');
        let mut endless = Command::new(words.next().unwrap());
        let mut endless = endless.args(words).stdout(Stdio::piped()).spawn().unwrap();
        let mut command = Command::new(cargo_bin("rulespec"));
        command.args(["check", "--fn", "has", option, "/dev/stdin"]).stdin(endless.stdout.take().unwrap());
        let output = command.output().unwrap();
        // The pipe is closed now.
        drop(command);
        endless.wait().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.ends_with(&format!("rulespec: /dev/stdin: {message}")), "{option}: {error}");
        assert_eq!(output.status.code(), Some(2), "{option} {source}");
    }
}

#[test]
fn deep_json_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("deep.json");
    fs::write(&path, "[".repeat(1_000_000)).unwrap();
    for reader in READERS.into_iter().filter(|reader| !reader.ends_with("--suite")) {
        assert_eq!(read(reader, &path).0.status, 2, "{reader}");
    }
    assert_eq!(rulespec(["lint", folder.path().to_str().unwrap()]).status, 4);
}

#[test]
fn a_long_list_of_known_failures_is_quick() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("known.txt");
    let lines: String = (0..200_000).fold(String::new(), |mut lines, number| {
        _ = writeln!(lines, "old-{number}  # gone");
        lines
    });
    fs::write(&path, lines).unwrap();
    let (screen, took) = read("check -v --fn has --known", &path);
    assert_eq!(screen.status, 1);
    assert_eq!(screen.out.matches("STALE").count(), 200_000);
    assert!(took < SHORT, "{took:?}");
}
