//! The output of `rulespec explore`.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use rulespec_testing::files::path;

use super::screen::{HOSTILE, SUITE, Screen, rulespec};
use assert_cmd::cargo::cargo_bin;
use serde_json::Value as Json;

const NAIVE: &str = "tests/engines/naive.py";
const FRAGILE: &str = "tests/engines/fragile.py";

/// The output of the command, without its speed and duration.
fn explore(arguments: &[&str]) -> Screen {
    let mut screen = rulespec(["explore", "--seed", "7"].iter().chain(arguments));
    screen.out = screen.out.lines().map(without_speed).collect();
    screen
}

fn without_speed(line: &str) -> String {
    match line.split_once(" of seed ") {
        Some((start, rest)) => format!("{start} of seed {}, SPEED\n", rest.split(',').next().unwrap_or("")),
        None => format!("{line}\n"),
    }
}

#[test]
fn correct_engines_have_no_finds() {
    let ours = explore(&["--cases", "1000", "--wild"]);
    assert_eq!(
        ours.to_string(),
        "exit status 0\nrulespec fast VERSION: nothing found in 1000 cases of seed 7, SPEED\n"
    );
    let python = explore(&["--cases", "2000", "--", "python3", "engines/python/engine.py"]);
    assert_eq!(
        python.to_string(),
        "exit status 0\nplain Python 1: nothing found in 2000 cases of seed 7, SPEED\n"
    );
}

#[test]
fn finds_are_shown_like_failures() {
    insta::assert_snapshot!(explore(&["--cases", "500", "--fn", "has", "--", "python3", NAIVE]));
}

#[test]
fn answers_at_open_points_are_reported() {
    insta::assert_snapshot!(explore(&[
        "--cases",
        "400",
        "--fn",
        "parse_command_line",
        "--",
        "python3",
        NAIVE
    ]));
}

#[test]
fn missing_answers_are_finds() {
    for (fault, word) in [("crashes", "CRASHED"), ("garbles", "GARBLED"), ("stalls", "STALLED")] {
        let screen =
            explore(&["--cases", "200", "--jobs", "1", "--timeout", "0.3", "--", "python3", FRAGILE, fault]);
        assert_eq!(screen.status, 1, "{screen}");
        assert!(screen.out.starts_with(&format!("{word} fnd-0001")), "{screen}");
        assert!(screen.out.contains("\n  call   \"\\t\" has \"\"\n"), "{screen}");
        assert!(
            screen.out.contains("\nno longer called, because too many calls got no answer: has\n"),
            "{screen}"
        );
    }
}

#[test]
fn two_engines_are_compared_with_each_other() {
    let naive = format!("python3 {NAIVE}");
    let screen = explore(&["--cases", "300", "--fn", "has", "--engines", "reference", "--against", &naive]);
    assert!(screen.out.contains("  call   \"aa\" has \"a\"\n  want   true\n  got    false\n"), "{screen}");
    assert!(screen.out.contains("rulespec reference VERSION against naive 1.2: "), "{screen}");
    assert_eq!(screen.status, 1);
}

#[test]
fn json_has_every_find() {
    let screen = explore(&["--cases", "500", "--fn", "has", "--format", "json", "--", "python3", NAIVE]);
    let json: Json = serde_json::from_str(&screen.out).unwrap();
    let first = &json["finds"][0];
    assert_eq!(first["args"], serde_json::json!(["aa", "a"]));
    assert_eq!(first["looks_like"], serde_json::json!(["has-as-substring"]));
    assert_eq!((json["cases"].as_u64(), json["seed"].as_u64()), (Some(500), Some(7)));
}

#[test]
fn finds_are_saved_as_vectors_and_checked_first() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("found");
    let name = place.to_str().unwrap();
    let arguments = ["--cases", "500", "--fn", "has", "--save", name, "--", "python3", NAIVE];
    let first = explore(&arguments);
    let written = fs::read_to_string(place.join("found.json")).unwrap();
    let again = explore(&arguments);
    assert_eq!((first.status, again.status), (1, 1));
    assert!(again.out.contains("note   saved before\n"), "{again}");
    assert!(again.out.contains(&format!("rulespec check --suite {name} --only fnd-0001 -v -- ")), "{again}");
    assert_eq!(fs::read_to_string(place.join("found.json")).unwrap(), written, "nothing is saved twice");
    assert_eq!(rulespec(["lint", name]).to_string(), "exit status 0\nno problems found\n");
    assert_eq!(rulespec(["check", "--suite", name]).status, 0);
}

#[test]
fn vectors_of_any_suite_can_be_checked_first() {
    let folder = tempfile::tempdir().unwrap();
    for file in fs::read_dir(path(SUITE)).unwrap().map(|entry| entry.unwrap().path()) {
        fs::copy(&file, folder.path().join(file.file_name().unwrap())).unwrap();
    }
    let screen = explore(&["--cases", "1", "--save", folder.path().to_str().unwrap()]);
    assert!(screen.out.contains("FAIL t-0002  an empty quoted argument is dropped\n"), "{screen}");
    assert_eq!(screen.status, 1);
    assert!(!folder.path().join("found.json").exists());
}

#[test]
fn hostile_answers_are_escaped() {
    let screen = explore(&["--cases", "200", "--fn", "has", "--", "python3", HOSTILE]);
    let is_unsafe = |c: &char| c.is_control() && *c != '\n' || "\u{202e}\u{2028}".contains(*c);
    assert_eq!(screen.out.chars().filter(is_unsafe).collect::<Vec<_>>(), []);
    assert_eq!(screen.status, 1);
}

#[test]
fn wrong_usage_and_engines_that_cannot_be_run_have_their_exit_status() {
    for (arguments, status) in [
        (&["--fn", "no_such"][..], 2),
        (&["--jobs", "0"], 2),
        (&["--engines", "'"], 2),
        (&["--against", "fast", "--save"], 2),
        (&["--", "no-such-engine-anywhere"], 3),
        (&["--fn", "where", "--", "python3", FRAGILE, "slow"], 3),
    ] {
        let screen = explore(arguments);
        assert_eq!((screen.status, screen.out.as_str()), (status, ""), "{arguments:?}: {screen}");
    }
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("mine.json"), "[{}]").unwrap();
    assert_eq!(explore(&["--save", folder.path().to_str().unwrap()]).status, 4);
}

#[cfg(unix)]
#[test]
fn an_interrupted_search_shows_its_finds() {
    let mut command = Command::new(cargo_bin("rulespec"));
    command.args(["explore", "--seed", "7", "--time", "60", "--fn", "has", "--", "python3", NAIVE]);
    command
        .current_dir(Path::new(rulespec_testing::files::ROOT))
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let child = command.spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_secs(4));
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(killed.success() && shown.contains("\"aa\" has \"a\""), "{shown}");
    assert!(shown.ends_with("; interrupted\n"), "{shown}");
    assert_eq!(output.status.code(), Some(130));
}
