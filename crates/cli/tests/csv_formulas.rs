//! CSV of every command that a spreadsheet could run as formulas.

use super::screen::{Screen, rulespec};
use rulespec_check::spreadsheet::exact;
use serde_json::json;

const FORMULAS: [&str; 3] = ["--", "python3", "tests/engines/formulas.py"];

/// The records of CSV, without the header.
fn records(screen: &Screen) -> Vec<Vec<String>> {
    let mut reader = csv::Reader::from_reader(screen.out.as_bytes());
    let record = |record: csv::Result<csv::StringRecord>| record.unwrap().iter().map(str::to_owned).collect();
    reader.records().map(record).collect()
}

/// The records of a command with `--raw` and without it. They differ only in what `exact` restores.
fn raw_and_safe(before: &[&str], after: &[&str]) -> [Vec<Vec<String>>; 2] {
    let of = |raw: &[&str]| records(&rulespec([before, raw, after].concat()));
    let (raw, safe) = (of(&["--raw"]), of(&[]));
    let restored: Vec<Vec<String>> =
        safe.iter().map(|record| record.iter().map(|cell| exact(cell).into_owned()).collect()).collect();
    assert_eq!(restored, raw);
    [raw, safe]
}

#[test]
fn the_command_lines_of_events_are_no_formulas() {
    let folder = tempfile::tempdir().unwrap();
    let row = |device: &str, command_line: &str| {
        format!(
            "{}\n",
            json!({"Timestamp": "2026-01-02T03:04:05Z", "FileName": "bitsadmin.exe", "DeviceName": device,
                "ProcessCommandLine": command_line})
        )
    };
    let path = folder.path().join("events.jsonl");
    let lines = [
        row("pc", "=cmd|' /C calc'!A0 /addfile j @SUM(1) +1"),
        row("-1", "x;=1+1 /addfile \u{ff1d}1 \ty\r\n=2"),
        row("'pc", "\t/addfile 'a \u{a0}=b"),
    ];
    std::fs::write(&path, lines.concat()).unwrap();
    for more in [&[][..], &["--all", "--entities", "--explain"], &["--alerts"]] {
        let arguments = [&["run", "--format", "csv", path.to_str().unwrap()], more].concat();
        let [raw, safe] = raw_and_safe(&arguments, &[]);
        assert!(!raw.is_empty() && (more == ["--alerts"] || raw.len() == 3), "{raw:?}");
        for cell in safe.concat() {
            let parts = cell.split([';', '\t', '\r', '\n']);
            let is_formula = |part: &str| {
                part.trim_start_matches([' ', '"', '\u{a0}']).starts_with(['=', '+', '-', '@', '＝'])
            };
            assert!(!parts.into_iter().any(is_formula), "{cell:?}");
        }
    }
    let [_, safe] = raw_and_safe(&["run", "--format", "csv", path.to_str().unwrap()], &[]);
    let cells = safe.concat();
    for cell in ["'=cmd|' /C calc'!A0 /addfile j @SUM(1) +1", "'@SUM(1)", "'+1", "'-1", "''pc", "'\u{ff1d}1"]
    {
        assert!(cells.iter().any(|other| other == cell), "{cell}: {cells:?}");
    }
}

#[test]
fn the_name_of_an_engine_is_no_formula() {
    let bench = ["bench", "--time", "0.01", "--rounds", "6", "--fn", "=~", "--format", "csv"];
    let of = |raw: &[&str]| records(&rulespec([&bench[..], raw, &FORMULAS].concat()))[0].clone();
    let (raw, safe) = (of(&["--raw"]), of(&[]));
    assert_eq!(
        (&safe[..2], &safe[3]),
        (&["'=cmd|' /C calc'!A0", "'@SUM(1)"].map(str::to_owned)[..], &"'=~".to_owned())
    );
    assert_eq!(
        (&raw[..2], &raw[3]),
        (&["=cmd|' /C calc'!A0", "@SUM(1)"].map(str::to_owned)[..], &"=~".to_owned())
    );
}

#[test]
fn answers_are_no_formulas_and_numbers_stay_numbers() {
    let digest = ["digest", "--fn", "=~", "--length", "1", "--format", "csv"];
    let [raw, safe] = raw_and_safe(&digest, &FORMULAS);
    assert_eq!([&safe[0][0], &safe[0][6]], ["'=~", "'\"+1;'=2\""]);
    assert_eq!(raw[0][6], "\"+1;=2\"");
    let numbers = [&FORMULAS[..], &["number"]].concat();
    assert_eq!(raw_and_safe(&digest, &numbers)[1][0][6], "-7");
}

#[test]
fn all_exported_vectors_can_be_restored() {
    let [raw, safe] = raw_and_safe(&["export", "csv"], &[]);
    assert!(raw.len() > 1_000 && raw != safe);
    let is_number = |cell: &&String| cell.parse::<f64>().is_ok();
    let negative = safe.concat().iter().filter(is_number).filter(|cell| cell.starts_with('-')).count();
    assert!(negative > 0, "wanted answers that are numbers are not changed");
}

#[test]
fn raw_requires_csv() {
    for arguments in
        [&["run", "--raw", "README.md"][..], &["bench", "--raw"], &["digest", "--raw", "--format", "json"]]
    {
        let screen = rulespec(arguments);
        assert_eq!((screen.status, screen.err.as_str()), (2, "rulespec: --raw requires --format csv\n"));
    }
}
