//! `parse_command_line` gives the answers that CommandLineToArgvW gave: every line of up
//! to six characters of a small alphabet, lines of bitsadmin, and those that the tests of
//! other projects expect.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use rulespec::kql::{Dynamic, Profile, parse_command_line};
use serde_json::Value as Json;

use super::disagreements::assert_listed;

/// Every short line; its file is compressed.
pub const SHORT: &str = "argv/exhaustive-6.jsonl.gz";

/// Lines of bitsadmin.
pub const BITSADMIN: &str = "argv/bitsadmin.jsonl";

/// Lines of public test suites.
pub const SUITES: &str = "argv/suites.jsonl";

/// The rows of a file, a JSON object a line.
fn rows(file: impl Read) -> impl Iterator<Item = Json> {
    BufReader::new(file).lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap())
}

/// How many rows were compared, and how many were passed over because their answer is
/// the recorder's own path.
#[derive(Debug, Default, PartialEq)]
struct Counts {
    windows: usize,
    special: usize,
}

/// Compares every row with what CommandLineToArgvW answered.
fn replay(rows: impl Iterator<Item = Json>) -> Counts {
    let mut counts = Counts::default();
    for row in rows {
        if row.get("special").is_some() {
            counts.special += 1;
            continue;
        }
        let line = row["in"].as_str().unwrap();
        // Wine's own answer is in `out`; where Windows differs, its answer is beside it.
        let recorded = row.get("windows").unwrap_or(&row["out"]);
        let parsed = parse_command_line(line, "windows", &Profile::default()).unwrap();
        assert_eq!(parsed, Dynamic::from_json(recorded), "{row}");
        counts.windows += 1;
    }
    counts
}

/// Every short line has its recorded answer.
pub fn every_short_line_is_parsed_as_recorded(path: &Path) {
    let counts = replay(rows(flate2::read::GzDecoder::new(File::open(path).unwrap())));
    assert_eq!(counts, Counts { windows: 19_530, special: 1 });
}

/// Lines of bitsadmin have their recorded answers.
pub fn lines_of_bitsadmin_are_parsed_as_recorded(path: &Path) {
    let counts = replay(rows(File::open(path).unwrap()));
    assert_eq!(counts, Counts { windows: 85, special: 0 });
}

/// The line of a row is what a suite has, and `out` what it expects of
/// CommandLineToArgvW; in a row of the rule `quote`, the line is what a function that
/// quotes made of `out`. The empty line is passed over: Windows answers it with the path
/// of the program that asks.
pub fn lines_of_public_suites_are_parsed_as_they_expect(path: &Path) {
    let (mut asked, mut empty, mut differences) = (0, 0, vec![]);
    for row in rows(File::open(path).unwrap()) {
        let line = row["in"].as_str().unwrap();
        if line.is_empty() {
            empty += 1;
            continue;
        }
        asked += 1;
        let parsed = parse_command_line(line, "windows", &Profile::default()).unwrap();
        if parsed != Dynamic::from_json(&row["out"]) {
            differences.push((row["source"].as_str().unwrap().to_owned(), format!("{parsed:?}, {row}")));
        }
    }
    let (agreed, differ) = (asked - differences.len(), differences.len());
    println!("{SUITES}: {} rows, {agreed} agree, {differ} differ, {empty} of the empty line", asked + empty);
    assert_eq!((asked, empty), (262, 1));
    assert_listed(SUITES, &differences);
}
