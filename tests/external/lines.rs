//! A published recording in JSON Lines.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use rulespec_events::{Item, Skip, Source};
use rulespec_testing::evtx_oracle::is_about_times;
use rulespec_testing::reader::{filter_items, is_bitsadmin, read_json, with_names};
use serde_json::{Value as Json, json};

/// Returns the JSON Lines of the recording, which are the only member of its archive, and its
/// entry in the manifest.
fn recorded_lines(folder: &Path) -> (Vec<u8>, Json) {
    let manifest: Json = serde_json::from_slice(&fs::read(folder.join("MANIFEST.json")).unwrap()).unwrap();
    let mut entries = manifest.as_array().unwrap().iter();
    let entry = entries.find(|entry| entry["file"].as_str().unwrap().ends_with(".zip")).unwrap();
    let file = File::open(folder.join(entry["file"].as_str().unwrap())).unwrap();
    let mut archive = zip::ZipArchive::new(file).unwrap();
    let mut text = vec![];
    archive.by_index(0).unwrap().read_to_end(&mut text).unwrap();
    (text, entry.clone())
}

/// The items without the fault that says in how many rows the times are odd. Only wanted rows count there.
fn without_odd_times(mut items: Vec<Item>) -> Vec<Item> {
    items.retain(|item| !matches!(item, Item::Fault(fault) if is_about_times(fault)));
    items
}

pub fn tel_54_a_real_recording_has_the_events_in_its_manifest(folder: &Path) {
    let (text, entry) = recorded_lines(folder);
    let items = without_odd_times(read_json(&text, |_| true));
    let count =
        |source| items.iter().filter(|item| matches!(item, Item::Event(e) if e.source == source)).count();
    assert_eq!(json!(count(Source::Sysmon)), entry["sysmon1"]);
    assert_eq!(json!(count(Source::Security)), entry["sec4688"]);
    let matches =
        items.iter().filter(|item| matches!(item, Item::Event(e) if with_names(e, is_bitsadmin))).count();
    assert_eq!(json!(matches), entry["expected_rule_matches"]);
    assert_eq!(items.len(), text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).count());
    assert!(!items.iter().any(|item| matches!(item, Item::Fault(_) | Item::Skipped(Skip::UnknownShape))));
}

pub fn tel_44_filtering_a_real_recording_while_reading_keeps_the_same_events(folder: &Path) {
    let (text, _) = recorded_lines(folder);
    let while_reading = without_odd_times(read_json(&text, is_bitsadmin));
    let afterwards = filter_items(without_odd_times(read_json(&text, |_| true)), is_bitsadmin);
    assert_eq!(while_reading, afterwards);
}
