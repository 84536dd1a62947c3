//! One record of a log, as the JSON the decoder made of it.

use serde_json::Value as Json;

use super::glance::Glance;
use crate::telemetry::windows_event;
use crate::telemetry::{Fault, Item, Options, Place, WindowsEvent};

/// What a reader hands on for a record.
///
/// Spec: TEL-25
pub(super) fn item(record: &[u8], place: impl Fn() -> Place, glance: &Glance, options: &Options) -> Item {
    if let Some(item) = glance.early(record, &place, &*options.keep) {
        return item;
    }
    let place = place();
    match serde_json::from_slice(record) {
        Ok(record) => windows_event::item(&event(&record), place, &*options.keep),
        Err(error) => Item::Fault(Fault {
            place,
            what: format!("the record cannot be read: {error}"),
            remedy: super::REMEDY.to_owned(),
        }),
    }
}

/// The event of a record, where that can be read.
pub(super) fn built(record: &[u8]) -> Option<WindowsEvent> {
    serde_json::from_slice(record).ok().map(|record| event(&record))
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
