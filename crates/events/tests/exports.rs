//! Exports of many tools, one event each. `testdata/exports/SAMPLES.toml` says what each file is
//! and what must be read.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use rulespec_events::{Event, FaultKind, Item, read};
use rulespec_testing::assert_none;
use rulespec_testing::files::ROOT;
use rulespec_testing::reader::{collect_items, is_bitsadmin};
use serde::Deserialize;
use serde_json::Value as Json;

#[derive(Deserialize)]
struct Samples {
    sample: Vec<Sample>,
}

/// One file, and what must be read of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sample {
    file: String,
    /// The tool that writes such files, and the version that the layout follows.
    tool: String,
    version: String,
    /// Where the layout is known from.
    knowledge: String,
    /// Whether the layout was compared with that source.
    checked: bool,
    #[serde(rename = "source")]
    _source: String,
    /// How many events are wanted.
    matches: usize,
    /// Whether the file cannot be read, so that there must be an error.
    #[serde(default)]
    is_fault: bool,
    #[serde(rename = "note", default)]
    _note: String,
    /// The cells of the event. A time is the start of its text.
    #[serde(default)]
    fields: BTreeMap<String, Json>,
}

fn folder() -> PathBuf {
    Path::new(ROOT).join("crates/events/testdata/exports")
}

fn samples() -> Vec<Sample> {
    let text = fs::read_to_string(folder().join("SAMPLES.toml")).unwrap();
    toml::from_str::<Samples>(&text).unwrap().sample
}

/// What is wrong with a cell of an event.
fn problem(event: &Event, name: &str, expected: &Json) -> Option<String> {
    let found = event.cell(name).map(|cell| cell.to_json()).unwrap_or_default();
    let is_same = match (&found, expected) {
        (Json::String(found), Json::String(expected)) if name == "TimeGenerated" => {
            found.starts_with(expected)
        }
        (found, expected) => found == expected,
    };
    (!is_same).then(|| format!("{name} is {found}, not {expected}"))
}

fn problems(sample: &Sample) -> Vec<String> {
    let path = folder().join(&sample.file);
    let items = collect_items(None, is_bitsadmin, |options, sink| read(&path, options, sink));
    let events: Vec<&Event> = items
        .iter()
        .filter_map(|item| match item {
            Item::Event(event) => Some(&**event),
            Item::Filtered(_) | Item::Skipped(_) | Item::Fault(_) => None,
        })
        .collect();
    let faults: Vec<String> = items
        .iter()
        .filter_map(|item| match item {
            Item::Fault(fault) if fault.kind != FaultKind::PartlyUnrecognised => Some(fault.what.clone()),
            Item::Fault(_) | Item::Event(_) | Item::Filtered(_) | Item::Skipped(_) => None,
        })
        .collect();
    if events.len() != sample.matches {
        return vec![format!("{} events, not {}: {faults:?}", events.len(), sample.matches)];
    }
    let mut problems: Vec<String> = events
        .iter()
        .flat_map(|event| sample.fields.iter().filter_map(|(name, expected)| problem(event, name, expected)))
        .collect();
    if sample.is_fault && faults.is_empty() {
        problems.push("there is no error".to_owned());
    }
    // A time that cannot be told is an error too.
    let has_time = sample.matches == 0 || sample.fields.contains_key("TimeGenerated");
    if has_time && !sample.is_fault && !faults.is_empty() {
        problems.push(format!("errors: {faults:?}"));
    }
    if !has_time
        && faults.is_empty()
        && events
            .iter()
            .all(|event| event.cell("TimeGenerated").is_some_and(|cell| cell.as_datetime().is_none()))
    {
        problems.push("the time is lost without an error".to_owned());
    }
    problems
}

#[test]
fn each_sample_gives_its_event() {
    let samples = samples();
    let problems: Vec<String> = samples
        .iter()
        .flat_map(|sample| problems(sample).into_iter().map(|problem| format!("{}: {problem}", sample.file)))
        .collect();
    assert_none("samples are not read as expected", &problems);
}

#[test]
fn each_file_is_described_once() {
    let described: Vec<String> = samples().into_iter().map(|sample| sample.file).collect();
    let files: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "SAMPLES.toml")
        .collect();
    assert_eq!(described.iter().cloned().collect::<BTreeSet<_>>(), files);
    assert_eq!(described.len(), files.len());
}

#[test]
fn each_sample_names_its_tool_and_where_the_layout_is_known_from() {
    let incomplete = |sample: &Sample| {
        [&sample.tool, &sample.version, &sample.knowledge].into_iter().any(|text| text.trim().is_empty())
    };
    let samples = samples();
    let problems: Vec<String> =
        samples.iter().filter(|sample| incomplete(sample)).map(|sample| sample.file.clone()).collect();
    assert_none("samples are not described", &problems);
    assert!(samples.iter().filter(|sample| sample.checked).count() * 2 > samples.len());
}
