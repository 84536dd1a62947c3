//! The recorded results that are known to differ from ours, each with the reason.

use rulespec_testing::assert_none;
use serde::Deserialize;

/// A recorded result that differs from ours.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disagreement {
    /// The file of the recordings.
    pub data: String,
    /// The unique start of the record's query or source.
    pub place: String,
    /// The reason why this is not an error of ours.
    pub reason: String,
}

/// Returns the listed disagreements with a file of the recordings.
fn listed(data: &str) -> Vec<Disagreement> {
    let all: Vec<Disagreement> = serde_json::from_str(include_str!("disagreements.json")).unwrap();
    all.into_iter().filter(|entry| entry.data == data).collect()
}

/// Asserts that exactly the listed records differ. A difference is the place of the record and
/// a description.
pub fn assert_listed(data: &str, differences: &[(String, String)]) {
    let listed = listed(data);
    let mut problems = vec![];
    for (place, difference) in differences {
        if !listed.iter().any(|entry| place.starts_with(&entry.place)) {
            problems.push(format!("{place}\n  {difference}"));
        }
    }
    for entry in &listed {
        let records = differences.iter().filter(|(place, _)| place.starts_with(&entry.place)).count();
        if records != 1 || entry.reason.is_empty() {
            problems.push(format!("{records} differing records for the entry {entry:?}"));
        }
    }
    assert_none(&format!("problems with {data}"), &problems);
}
