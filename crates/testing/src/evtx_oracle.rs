//! An oracle for the reader of event logs: the same log, decoded to JSON by `evtx`.

use std::io::Cursor;

use evtx::EvtxParser;
use rulespec_events::windows_event::{classify, file_name};
use rulespec_events::{Fault, Item, Source};
use serde_json::Value as Json;

use crate::reader::collect_items;

/// Asserts that the reader reports of each record of a log what the oracle decodes.
pub fn assert_reads_like_oracle(log: &[u8]) {
    let mut items = collect_items(
        None,
        |_| true,
        |options, sink| rulespec_events::evtx::read(Cursor::new(log), &"log".into(), options, sink),
    );
    // What is said about the times of a row follows it. The oracle knows nothing of it.
    items.retain(|item| !matches!(item, Item::Fault(fault) if is_about_times(fault)));
    let mut parser = EvtxParser::from_read_seek(Cursor::new(log)).unwrap();
    let records: Vec<_> = parser.records_json().map(|record| record.ok().map(|record| record.data)).collect();
    assert_eq!(items.len(), records.len());
    for (item, record) in items.iter().zip(&records) {
        match record {
            None => assert!(matches!(item, Item::Fault(_)), "{item:?}, but the record cannot be decoded"),
            // A name with escapes is another name to the reader, but not to `serde_json::Value`.
            Some(text) if text.contains("\\u") => {}
            Some(text) => match serde_json::from_str(text) {
                Ok(record) => assert_matches(item, &record),
                // The reader stops where the text shows that this is no process creation.
                Err(error) => assert!(matches!(item, Item::Fault(_) | Item::Skipped(_)), "{item:?}: {error}"),
            },
        }
    }
}

/// Asserts that an item is what the decoded record means.
fn assert_matches(item: &Item, record: &Json) {
    let system = &record["Event"]["System"];
    let event_id = text(&system["EventID"]).parse().unwrap_or_default();
    let provider = text(&system["Provider"]["#attributes"]["Name"]);
    match (classify(&provider, &text(&system["Channel"]), event_id), item) {
        (Err(expected), Item::Skipped(skip)) => assert_eq!(*skip, expected, "{record}"),
        (Ok(source), Item::Fault(fault)) => {
            let program = if source == Source::Security { "NewProcessName" } else { "Image" };
            let expected = match record["Event"]["EventData"].get(program) {
                Some(_) => "longer than the 32767",
                None => "was not found: looked for",
            };
            assert!(fault.what.contains(expected), "{record}: {fault}");
        }
        (Ok(source), Item::Event(event)) => {
            assert_eq!(event.source, source, "{record}");
            let cell = |name: &str| {
                let at = event.columns.iter().position(|column| column.name == name)?;
                event.row[at].as_str().map(str::to_owned)
            };
            let data = |name: &str| text(&record["Event"]["EventData"][name]);
            let image = if source == Source::Security { data("NewProcessName") } else { data("Image") };
            assert_eq!(cell("FileName").as_deref(), Some(file_name(&image)), "{record}");
            assert_eq!(cell("ProcessCommandLine"), Some(data("CommandLine")), "{record}");
        }
        (class, item) => panic!("{item:?}, but the record is {class:?}: {record}"),
    }
}

/// Whether a fault only says that the times of the input are odd. One real recording has such times.
pub fn is_about_times(fault: &Fault) -> bool {
    fault.what.contains("time is not understood") || fault.what.contains("UtcTime")
}

/// A value in the form that Windows' own XML has.
fn text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(", "),
        Json::Object(element) => element.get("#text").map(text).unwrap_or_default(),
        Json::Bool(_) | Json::Number(_) => value.to_string(),
    }
}
