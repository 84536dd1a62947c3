//! Replaying recorded results of CommandLineToArgvW: for every line of up to six characters of
//! a small alphabet, for command lines of bitsadmin, and for lines from the tests of other
//! projects.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use rulespec::kql::{Dynamic, Profile, parse_command_line};
use serde_json::Value as Json;

use super::disagreements::assert_listed;

/// Every short line, compressed.
pub const SHORT: &str = "argv/exhaustive-6.jsonl.gz";

/// Command lines of bitsadmin.
pub const BITSADMIN: &str = "argv/bitsadmin.jsonl";

/// Lines from public test suites.
pub const SUITES: &str = "argv/suites.jsonl";

/// Parses the rows of a file in JSON Lines.
fn rows(file: impl Read) -> impl Iterator<Item = Json> {
    BufReader::new(file).lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap())
}

/// Compares every row, and returns how many were compared and how many were skipped because
/// their result is the path of the recording program.
fn replay(rows: impl Iterator<Item = Json>) -> [usize; 2] {
    let [mut compared, mut skipped] = [0, 0];
    for row in rows {
        if row.get("special").is_some() {
            skipped += 1;
            continue;
        }
        // `out` is the result of Wine. If that of Windows differs, it is in `windows`.
        let recorded = row.get("windows").unwrap_or(&row["out"]);
        assert_eq!(parse(&row), Dynamic::from_json(recorded), "{row}");
        compared += 1;
    }
    [compared, skipped]
}

fn parse(row: &Json) -> Dynamic {
    parse_command_line(row["in"].as_str().unwrap(), "windows", &Profile::default()).unwrap()
}

pub fn every_short_line_is_parsed_as_recorded(path: &Path) {
    assert_eq!(replay(rows(flate2::read::GzDecoder::new(File::open(path).unwrap()))), [19_530, 1]);
}

pub fn bitsadmin_lines_are_parsed_as_recorded(path: &Path) {
    assert_eq!(replay(rows(File::open(path).unwrap())), [85, 0]);
}

/// `in` is the line of a test, and `out` what the test expects of CommandLineToArgvW. In a row
/// with the rule `quote`, a quoting function made the line from `out`. The empty line is
/// skipped, because Windows returns the path of the calling program for it.
pub fn lines_of_public_suites_are_parsed_as_expected(path: &Path) {
    let (mut compared, mut skipped, mut differences) = (0, 0, vec![]);
    for row in rows(File::open(path).unwrap()) {
        if row["in"] == "" {
            skipped += 1;
            continue;
        }
        compared += 1;
        let parsed = parse(&row);
        if parsed != Dynamic::from_json(&row["out"]) {
            differences.push((row["source"].as_str().unwrap().to_owned(), format!("{parsed:?}, {row}")));
        }
    }
    println!("{SUITES}: {compared} rows compared, {} differ, {skipped} skipped", differences.len());
    assert_eq!((compared, skipped), (262, 1));
    assert_listed(SUITES, &differences);
}
