//! The rule answers recorded and documented command lines as they were worked
//! out beside this project.

use std::fs;
use std::path::PathBuf;

use rulespec::kql::{Column, Dynamic, Profile, Table, Type};
use rulespec::rule::bitsadmin_activity;
use serde_json::Value as Json;

fn recorded() -> Option<String> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data");
    let data = std::env::var_os("RULESPEC_DATA").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    fs::read_to_string(data.join("events/cmdlines.jsonl")).ok()
}

/// A table of one row that is empty but for its two names.
fn table(file_name: &str, command_line: &str) -> Table {
    let strings = [
        "FileName",
        "ProcessCommandLine",
        "DeviceId",
        "DeviceName",
        "InitiatingProcessFolderPath",
        "InitiatingProcessAccountDomain",
        "InitiatingProcessAccountName",
        "InitiatingProcessSHA256",
    ];
    let mut columns = strings.map(|name| Column::new(name, Type::String)).to_vec();
    columns.extend([Column::new("TimeGenerated", Type::Datetime), Column::new("ProcessId", Type::Long)]);
    let mut row: Vec<Dynamic> = columns.iter().map(|column| column.r#type.empty()).collect();
    row.splice(..2, [file_name.into(), command_line.into()]);
    let mut table = Table::new(columns).unwrap();
    table.push(row).unwrap();
    table
}

#[test]
fn the_rule_answers_recorded_command_lines() {
    let Some(text) = recorded() else {
        println!("skipped: there is no events/cmdlines.jsonl in ../shared/data or $RULESPEC_DATA");
        return;
    };
    let mut selected = 0;
    for (number, line) in text.lines().enumerate() {
        let record: Json = serde_json::from_str(line).unwrap();
        let (image, line) = (record["image"].as_str().unwrap(), record["cmdline"].as_str().unwrap());
        let out = bitsadmin_activity(&table(image, line), &Profile::default()).unwrap();
        let row = out.rows_by_name().next();
        assert_eq!(row.is_some(), record["rule_match"].as_bool().unwrap(), "{}: {line}", number + 1);
        let Some(row) = row else { continue };
        selected += 1;
        for column in ["ParsedCommandLine", "RemoteUrl", "LocalFile", "Direction"] {
            let got = row.cell(column).unwrap().to_json();
            assert_eq!(got, record[column], "{}: {column} of {line}", number + 1);
        }
    }
    assert!(selected > 0);
}
