//! One record of a log.

use std::sync::Arc;

use evtx::EvtxRecord;
use serde_json::Value as Json;

use crate::windows_event;
use crate::{Fault, Item, Options, Place, Position, WindowsEvent};

/// What a reader hands on for a record.
///
/// Spec: TEL-25, TEL-26
pub(super) fn item(record: EvtxRecord<'_>, name: &Arc<str>, options: &Options) -> Item {
    let place = Place { file: name.clone(), position: Position::Record(record.event_record_id) };
    let record = match record.into_json_bytes() {
        Ok(record) => serde_json::from_slice(&record.data),
        Err(error) => return Item::Fault(super::fault(name, &error)),
    };
    match record {
        Ok(record) => windows_event::item(&event(&record), place, &*options.keep),
        Err(error) => Item::Fault(Fault {
            place,
            what: format!("the record cannot be read: {error}"),
            remedy: super::REMEDY.to_owned(),
        }),
    }
}

pub(super) fn event(record: &Json) -> WindowsEvent {
    let system = |name: &str| &record["Event"]["System"][name];
    let attribute = |name: &str, attribute: &str| text(&system(name)["#attributes"][attribute]);
    WindowsEvent {
        provider: attribute("Provider", "Name"),
        channel: text(system("Channel")),
        event_id: text(system("EventID")).parse().unwrap_or_default(),
        version: text(system("Version")).parse().ok(),
        computer: text(system("Computer")),
        time_created: attribute("TimeCreated", "SystemTime"),
        record_id: text(system("EventRecordID")).parse().ok(),
        data: data(&record["Event"]["EventData"]),
    }
}

fn data(event_data: &Json) -> Vec<(String, String)> {
    let named = event_data.as_object().into_iter().flatten();
    named
        .filter(|(name, _)| *name != "#attributes")
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tel_25_numbers_and_lists_are_text() {
        let record = serde_json::json!({"Event": {
            "System": {"EventID": {"#attributes": {"Qualifiers": 1}, "#text": 1}, "Version": 5},
            "EventData": {"#attributes": {"Name": "x"}, "ProcessId": 12, "Gone": null, "Yes": true, "Data": {"#text": ["a", "b"]}},
        }});
        let event = event(&record);
        assert_eq!((event.event_id, event.version), (1, Some(5)));
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            event.data,
            [pair("ProcessId", "12"), pair("Gone", ""), pair("Yes", "true"), pair("Data", "a, b")]
        );
    }
}
