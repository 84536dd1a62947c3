//! Handed exports of many tools. Each has a true detection, with the fields that `EXPECTED.jsonl` has of it.

use std::fs;
use std::path::Path;

use rulespec_testing::assert_none;
use serde_json::Value as Json;

use super::jobs::run;

pub fn each_export_gives_its_detections(folder: &Path) {
    let table = fs::read_to_string(folder.join("EXPECTED.jsonl")).unwrap();
    let expected = table.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
    let problems: Vec<String> = expected.flat_map(|expected| problems(folder, &expected)).collect();
    assert_none("exports are not read as expected", &problems);
}

fn problems(folder: &Path, expected: &Json) -> Vec<String> {
    let file = expected["file"].as_str().unwrap();
    let output = run("1", &[folder.join(file)]);
    let lines = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<Json> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    if Some(rows.len() as u64) != expected["matches"].as_u64() || !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return vec![format!("{file}: {} detections: {said}", rows.len())];
    }
    let fields = expected["fields"].as_object().into_iter().flatten();
    let wrong = fields.filter(|(name, value)| !is_same(name, &rows[0][*name], value));
    wrong.map(|(name, value)| format!("{file}: {name} is {}, not {value}", rows[0][name])).collect()
}

/// Whether a cell is as expected. A time is the start of its text.
fn is_same(name: &str, found: &Json, expected: &Json) -> bool {
    match (found, expected) {
        (Json::String(found), Json::String(expected)) if name == "TimeGenerated" => {
            found.starts_with(expected)
        }
        (found, expected) => found == expected,
    }
}
