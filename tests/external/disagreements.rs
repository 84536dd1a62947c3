//! The recorded answers that ours are known to differ from, each with its reason.

use serde::Deserialize;

/// A recorded answer that ours differs from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disagreement {
    /// The file of the recordings.
    pub data: String,
    /// What only that record begins with: its query, or its source.
    pub place: String,
    /// Why that is no fault of ours.
    pub reason: String,
}

/// The listed disagreements with a file of the recordings.
fn listed(data: &str) -> Vec<Disagreement> {
    let all: Vec<Disagreement> = serde_json::from_str(include_str!("disagreements.json")).unwrap();
    all.into_iter().filter(|entry| entry.data == data).collect()
}

/// Asserts that the records that differ are just the listed ones. A difference is the
/// place of the record and what differs.
pub fn assert_listed(data: &str, differences: &[(String, String)]) {
    let listed = listed(data);
    let is_of = |entry: &Disagreement, place: &str| place.starts_with(&entry.place);
    let mut faults = vec![];
    for (place, difference) in differences {
        if !listed.iter().any(|entry| is_of(entry, place)) {
            faults.push(format!("{place}\n  {difference}"));
        }
    }
    for entry in &listed {
        let records = differences.iter().filter(|(place, _)| is_of(entry, place)).count();
        if records != 1 || entry.reason.is_empty() {
            faults.push(format!("{records} records that differ for the entry {entry:?}"));
        }
    }
    assert!(faults.is_empty(), "{data}: {} faults\n{}", faults.len(), faults.join("\n"));
}
