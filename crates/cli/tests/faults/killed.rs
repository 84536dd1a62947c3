//! The command killed at any moment.

use std::ffi::OsString;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value as Json;

use super::{NAIVE, outcome_of, rulespec, rulespec_after, with_path};

/// In how many moments of a run it is killed, and at how many lengths of what it has written.
const MOMENTS: u32 = 25;
const LENGTHS: u64 = 25;

/// Runs a command to its end, and then kills it at each of fifty points. After each, `check` sees
/// what is left; it fails by a panic.
fn kill_at_each_point(arguments: &[OsString], file: &Path, mut check: impl FnMut(&str)) {
    let start = Instant::now();
    let whole = outcome_of(rulespec(arguments));
    assert!(matches!(whole.status, Some(0 | 1)), "{}", whole.err);
    let time = start.elapsed();
    let length = fs::metadata(file).unwrap().len();
    for point in 0..MOMENTS {
        let moment = time * point / MOMENTS;
        kill_after(moment, arguments);
        check(&format!("killed after {moment:?}"));
    }
    for point in 0..LENGTHS {
        let bytes = length * point / LENGTHS;
        kill_when_written(bytes, arguments);
        check(&format!("killed after {bytes} of {length} bytes"));
    }
    let again = outcome_of(rulespec(arguments));
    assert_eq!(again.status, whole.status, "a killed run does not impede the next: {}", again.err);
}

fn kill_after(moment: Duration, arguments: &[OsString]) {
    let mut command = rulespec(arguments);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(moment);
    child.kill().unwrap();
    child.wait().unwrap();
}

/// Runs a command that SIGXFSZ kills when it has written so many bytes of a file.
#[cfg(target_os = "linux")]
fn kill_when_written(bytes: u64, arguments: &[OsString]) {
    let line = format!("ulimit -c 0; set -- prlimit --fsize={bytes} \"$0\" \"$@\"\nexec \"$@\"");
    let outcome = outcome_of(rulespec_after(&line, arguments));
    assert_eq!(outcome.status, None, "{}", outcome.err);
}

#[cfg(not(target_os = "linux"))]
fn kill_when_written(_bytes: u64, _arguments: &[OsString]) {}

/// The ids and calls of saved vectors, from all files that a suite consists of.
fn saved(folder: &Path, when: &str) -> Vec<String> {
    let files = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|end| end == "json"));
    let vectors = files.flat_map(|file| {
        let text = fs::read_to_string(&file).unwrap();
        let vectors: Vec<Json> =
            serde_json::from_str(&text).unwrap_or_else(|error| panic!("{when}: {}: {error}", file.display()));
        vectors
    });
    let mut names: Vec<String> =
        vectors.map(|vector| format!("{} {}", vector["id"], vector["args"])).collect();
    names.sort();
    names
}

fn search(function: &str, cases: &str, folder: &Path) -> Vec<OsString> {
    let arguments =
        ["explore", "--cases", cases, "--seed", "7", "--fn", function, "--save", "{}", "--", "python3"];
    with_path(&[&arguments[..], &[NAIVE]].concat(), folder)
}

#[test]
fn a_killed_search_loses_no_find() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("found");
    assert_eq!(outcome_of(rulespec(search("indexof", "100", &place))).status, Some(1));
    let earlier = saved(&place, "before");
    assert!(!earlier.is_empty());
    let found = place.join("found.json");
    let own = fs::read(&found).unwrap();
    kill_at_each_point(&search("has", "100", &place), &found, |when| {
        let now = saved(&place, when);
        let lost: Vec<&String> = earlier.iter().filter(|vector| !now.contains(vector)).collect();
        assert_eq!(lost, Vec::<&String>::new(), "{when}");
        // The next search finds and saves them again.
        fs::write(&found, &own).unwrap();
    });
    assert_eq!(outcome_of(rulespec([OsString::from("lint"), place.into()])).out, "no problems found\n");
}

#[test]
fn a_killed_check_leaves_the_report_of_before_or_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("report.json");
    let arguments = ["check", "--fn", "has", "--format", "json", "-o", "{}", "--", "python3", NAIVE];
    kill_at_each_point(&with_path(&arguments, &file), &file, |when| {
        let read = outcome_of(rulespec([OsString::from("report"), file.clone().into()]));
        assert!(matches!(read.status, Some(0 | 1)) && !read.out.is_empty(), "{when}: {}", read.err);
    });
}

#[test]
fn a_killed_bench_leaves_the_run_of_before_or_a_new_one() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("run.json");
    let arguments =
        ["bench", "--fn", "tostring", "--time", "0.01", "--rounds", "6", "--save", "{}", "--", "python3"];
    let arguments = [&arguments[..], &["engines/python/engine.py"]].concat();
    kill_at_each_point(&with_path(&arguments, &file), &file, |when| {
        let text = fs::read_to_string(&file).unwrap();
        let run: Result<Json, _> = serde_json::from_str(&text);
        assert!(run.is_ok_and(|run| run["figures"].is_array()), "{when}: {text}");
    });
}
