//! An event log decoded to JSON values, to compare with what the reader says of it.

use std::io::Cursor;

use evtx::EvtxParser;
use rulespec_events::windows_event::{classify, file_name};
use rulespec_events::{Item, Source};
use serde_json::Value as Json;

/// Each record of a log as the decoder's JSON value, or the error.
pub fn records(log: &[u8]) -> Vec<Result<Json, String>> {
    let mut parser = EvtxParser::from_read_seek(Cursor::new(log)).unwrap();
    let records = parser.records_json_value();
    records.map(|record| record.map(|record| record.data).map_err(|error| error.to_string())).collect()
}

/// Asserts that an item is what a decoded record says.
pub fn assert_told(item: &Item, record: &Result<Json, String>) {
    let Ok(record) = record else {
        assert!(matches!(item, Item::Fault(_)), "{item:?} of {record:?}");
        return;
    };
    let system = &record["Event"]["System"];
    let event_id = text(&system["EventID"]).parse().unwrap_or_default();
    let provider = text(&system["Provider"]["#attributes"]["Name"]);
    match (classify(&provider, &text(&system["Channel"]), event_id), item) {
        (Err(skip), Item::Skipped(skipped)) => assert_eq!(*skipped, skip, "{record}"),
        (Ok(_), Item::Fault(fault)) => assert!(fault.what.contains("longer than the 32767"), "{record}"),
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
        (told, item) => panic!("{item:?}, {told:?} of {record}"),
    }
}

/// A value as Windows' own XML writes it.
fn text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(", "),
        Json::Object(element) => element.get("#text").map(text).unwrap_or_default(),
        Json::Bool(_) | Json::Number(_) => value.to_string(),
    }
}
