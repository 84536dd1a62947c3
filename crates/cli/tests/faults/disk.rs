//! Files that cannot be written, or not in full.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use rulespec_testing::assert_none;

use super::{NAIVE, outcome_of, rulespec, rulespec_after, with_path};

/// A limit on the size of files, in KiB, which acts like a full disk.
fn disk_of(kib: u32) -> String {
    format!("trap '' XFSZ; ulimit -f {kib}")
}

/// Every command that saves a file; `{}` is the file, or the folder of files.
const SAVES: &[&[&str]] = &[
    &["check", "--format", "json", "-o", "{}", "--", "python3", NAIVE],
    &["check", "--format", "html", "-o", "{}", "--", "python3", NAIVE],
    &["check", "--write-known", "{}", "--", "python3", NAIVE],
    &["bench", "--fn", "has", "--time", "0.01", "--rounds", "6", "--save", "{}"],
    &["report", "--format", "html", "--output", "{}", "spec/observed/wine.json"],
];

const FOLDERS: &[&[&str]] = &[&["export", "kql", "--output", "{}"], &["copy", "{}"], &["man", "{}"]];

/// A search with finds, whose folder is `{}`.
const SEARCH: &[&str] =
    &["explore", "--cases", "200", "--seed", "7", "--fn", "has", "--save", "{}", "--", "python3", NAIVE];

/// The files in a folder and its subfolders, with their contents.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            for (name, text) in contents(&entry.path()) {
                found.insert(format!("{}/{name}", entry.file_name().display()), text);
            }
        } else {
            found.insert(entry.file_name().display().to_string(), fs::read(entry.path()).unwrap());
        }
    }
    found
}

#[test]
fn a_full_disk_keeps_the_file_of_before_and_shows_the_result() {
    let mut wrong = vec![];
    for arguments in SAVES {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("saved");
        let whole = outcome_of(rulespec(with_path(arguments, &file)));
        assert!(matches!(whole.status, Some(0 | 1)), "{arguments:?}: {}", whole.err);
        let before = contents(folder.path());
        let length = fs::metadata(&file).unwrap().len();
        for kib in [0, 1].into_iter().filter(|kib| u64::from(*kib) * 1024 < length) {
            let failed = outcome_of(rulespec_after(&disk_of(kib), with_path(arguments, &file)));
            let problems = [
                (contents(folder.path()) != before, "the file of before has changed"),
                (!failed.err.contains(file.to_str().unwrap()), "the file is not named"),
                (failed.status != Some(5), "the status is not 5"),
                (failed.out.is_empty() && !whole.out.is_empty(), "the result is not shown"),
            ];
            let problems = problems.iter().filter(|(is_problem, _)| *is_problem);
            wrong.extend(
                problems.map(|(_, what)| format!("{arguments:?}, {kib} KiB: {what}: {}", failed.err)),
            );
        }
    }
    assert_none("saves fail badly", &wrong);
}

#[test]
fn a_full_disk_leaves_no_partial_file_behind() {
    let mut wrong = vec![];
    for arguments in SAVES {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("saved");
        let failed = outcome_of(rulespec_after(&disk_of(0), with_path(arguments, &file)));
        let left: Vec<String> = contents(folder.path()).into_keys().collect();
        if failed.status != Some(5) || !left.is_empty() {
            wrong.push(format!("{arguments:?}: {:?} {left:?} {}", failed.status, failed.err));
        }
    }
    assert_none("saves fail badly", &wrong);
}

#[test]
fn a_full_disk_leaves_only_whole_files_in_a_folder() {
    for arguments in FOLDERS {
        let [complete, partial] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        let [complete, partial] = [&complete, &partial].map(|folder| folder.path().join("new"));
        assert_eq!(outcome_of(rulespec(with_path(arguments, &complete))).status, Some(0));
        let complete = contents(&complete);
        for kib in [0, 4, 16] {
            let failed = outcome_of(rulespec_after(&disk_of(kib), with_path(arguments, &partial)));
            let is_too_small = complete.values().any(|text| text.len() as u64 > u64::from(kib) * 1024);
            let status = if is_too_small { 5 } else { 0 };
            assert_eq!(failed.status, Some(status), "{arguments:?}, {kib} KiB: {}", failed.err);
            assert!(!is_too_small || failed.err.contains(partial.to_str().unwrap()), "{}", failed.err);
            for (name, text) in contents(&partial) {
                assert!(complete.get(&name) == Some(&text), "{arguments:?}, {kib} KiB: {name}");
            }
            let _ = fs::remove_dir_all(&partial);
        }
    }
}

#[test]
fn a_full_disk_keeps_the_finds_of_before_and_shows_those_of_now() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("found");
    let other: Vec<&str> =
        SEARCH.iter().map(|argument| if *argument == "has" { "indexof" } else { argument }).collect();
    assert_eq!(outcome_of(rulespec(with_path(&other, &place))).status, Some(1));
    let before = contents(&place);
    assert!(!before.is_empty());
    let failed = outcome_of(rulespec_after(&disk_of(0), with_path(SEARCH, &place)));
    assert!(contents(&place) == before, "{}", failed.err);
    assert!(failed.out.contains(" has "), "{}{}", failed.out, failed.err);
    assert!(failed.err.contains(place.to_str().unwrap()), "{}", failed.err);
    assert_eq!(failed.status, Some(5), "{}", failed.err);
    assert_eq!(
        outcome_of(rulespec(with_path(SEARCH, &place))).status,
        Some(1),
        "the folder can be used again"
    );
}

#[test]
fn a_target_that_cannot_be_written_is_told_before_the_engine_is_started() {
    let mut wrong = vec![];
    let saves = SAVES.iter().filter(|arguments| arguments.contains(&"--")).chain([&SEARCH]);
    for arguments in saves {
        let folder = tempfile::tempdir().unwrap();
        let started = folder.path().join("started");
        let file = folder.path().join("a file");
        fs::write(&file, "").unwrap();
        let target = file.join("saved");
        let mut arguments = with_path(arguments, &target);
        let engine = arguments.iter().position(|argument| argument == "--").unwrap();
        arguments.truncate(engine + 1);
        let script = "touch \"$0\"; exec python3 tests/engines/naive.py";
        arguments.extend(["bash", "-c", script].map(Into::into));
        arguments.push(started.clone().into());
        let failed = outcome_of(rulespec(&arguments));
        let is_named = failed.err.contains(target.to_str().unwrap());
        if started.exists() || !is_named || failed.status != Some(2) {
            wrong.push(format!(
                "{arguments:?}: started {}, {:?} {}",
                started.exists(),
                failed.status,
                failed.err
            ));
        }
    }
    assert_none("targets are not checked before the work", &wrong);
}
