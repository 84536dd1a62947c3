//! `rulespec run --output`.

use std::fs;
use std::path::Path;

use super::run_inputs::line;
use super::screen::{Screen, rulespec};

const FORMATS: [&str; 5] = ["table", "json", "jsonl", "csv", "markdown"];

fn run(arguments: &[&str]) -> Screen {
    rulespec([&["run"], arguments].concat())
}

fn names(folder: &Path) -> Vec<String> {
    let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn the_output_of_each_format_is_saved_and_the_summary_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out");
    let name = path.to_str().unwrap();
    for format in FORMATS {
        for more in ["--all", "--alerts", "--quiet"] {
            let arguments = ["examples/events/sysmon.xml", "--format", format, more];
            let shown = run(&arguments);
            let saved = run(&[&arguments[..], &["-o", name]].concat());
            assert_eq!((shown.status, saved.status, saved.out.as_str()), (0, 0, ""), "{saved}");
            assert_eq!((fs::read_to_string(&path).unwrap(), saved.err), (shown.out, shown.err));
            let dash = run(&[&arguments[..], &["--output", "-"]].concat());
            assert_eq!(dash.out, fs::read_to_string(&path).unwrap());
        }
    }
    assert_eq!(names(folder.path()), ["out"]);
    let coloured = run(&["examples/events/sysmon.xml", "-o", name, "--color", "always"]);
    assert!(coloured.status == 0 && fs::read_to_string(&path).unwrap().contains('\u{1b}'));
}

#[test]
fn a_file_that_cannot_be_written_is_reported_before_anything_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_str().unwrap();
    for target in [name, &format!("{name}/none/out.json")] {
        let screen = run(&["no-such-file", "-o", target]);
        assert_eq!((screen.status, screen.err.contains("no-such-file")), (2, false), "{screen}");
        assert!(screen.err.starts_with(&format!("rulespec: {target}: ")), "{screen}");
    }
}

#[test]
fn an_input_is_not_overwritten_and_an_earlier_output_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_str().unwrap();
    let (input, output) = (format!("{name}/a.jsonl"), format!("{name}/found.jsonl"));
    fs::write(&input, line("x")).unwrap();
    let screen = run(&[&input, "-o", &input]);
    assert_eq!((screen.status, fs::read_to_string(&input).unwrap()), (2, line("x")), "{screen}");
    assert!(screen.err.contains("a.jsonl: is an input, and cannot be the output; name another"), "{screen}");
    for _ in 0..2 {
        let screen = run(&[name, "--format", "jsonl", "-o", &output]);
        assert_eq!((screen.status, screen.err.contains("matches   1\n")), (0, true), "{screen}");
        assert_eq!(fs::read_to_string(&output).unwrap().lines().count(), 1);
    }
    assert_eq!(names(folder.path()), ["a.jsonl", "found.jsonl"]);
}

#[test]
fn a_run_that_could_read_nothing_leaves_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_str().unwrap();
    let [notes, output] = ["notes.txt", "found.json"].map(|file| format!("{name}/{file}"));
    fs::write(&notes, "What we found\n").unwrap();
    fs::write(&output, "old").unwrap();
    let message = format!("rulespec: {output}: not written, because nothing could be read\n");
    for format in FORMATS {
        for more in ["--all", "--alerts", "--quiet"] {
            for input in [notes.as_str(), "no-such-file"] {
                let screen = run(&[input, "--format", format, more, "-o", &output]);
                assert!(screen.status == 1 && screen.err.contains(&message), "{screen}");
                assert_eq!(fs::read_to_string(&output).unwrap(), "old");
            }
        }
    }
    assert_eq!(names(folder.path()), ["found.json", "notes.txt"]);
    // A file without a match was read.
    fs::write(&notes, "[]\n").unwrap();
    let screen = run(&[&notes, "--format", "jsonl", "-o", &output]);
    assert_eq!((screen.status, fs::read_to_string(&output).unwrap().as_str()), (1, "old"), "{screen}");
    fs::write(&notes, line("x").replace("bitsadmin.exe", "a.exe").replace("bitsadmin", "a")).unwrap();
    let screen = run(&[&notes, "--format", "jsonl", "-o", &output]);
    assert_eq!((screen.status, fs::read_to_string(&output).unwrap().as_str()), (0, ""), "{screen}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_keeps_the_old_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.json");
    fs::write(&path, "old").unwrap();
    let program = assert_cmd::cargo::cargo_bin("rulespec");
    let arguments = "run --all --explain --format json examples/events/sysmon.xml";
    let command = format!("ulimit -f 1; exec {} {arguments} -o {}", program.display(), path.display());
    let mut shell = std::process::Command::new("sh");
    let output = shell.current_dir(rulespec_testing::files::ROOT).args(["-c", &command]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    let message = format!("rulespec: {}: cannot be written: File too large", path.display());
    assert!(output.status.code() == Some(5) && error.contains(&message), "{error}");
    assert_eq!((fs::read_to_string(&path).unwrap().as_str(), names(folder.path()).len()), ("old", 1));
    let device = run(&["examples/events/sysmon.xml", "-o", "/dev/full"]);
    assert!(device.status == 5 && device.err.contains("/dev/full: cannot be written: No space"), "{device}");
}
