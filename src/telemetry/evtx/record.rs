//! One record of a log, as the JSON the decoder made of it.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value as Json;

use crate::telemetry::windows_event::{self, classify, file_name};
use crate::telemetry::{Fault, Item, Names, Options, Place, Source, WindowsEvent};

/// What a reader hands on for a record.
///
/// Spec: TEL-25
pub(super) fn item(record: &[u8], place: Place, options: &Options<'_>) -> Item {
    if let Ok(record) = serde_json::from_slice::<Peek<'_>>(record)
        && let Some(item) = record.event.early(options)
    {
        return item;
    }
    match serde_json::from_slice(record) {
        Ok(record) => windows_event::item(&event(&record), place, options.keep),
        Err(error) => Item::Fault(Fault {
            place,
            what: format!("the record cannot be read: {error}"),
            remedy: super::REMEDY.to_owned(),
        }),
    }
}

/// The part of a record that decides what becomes of it, borrowed from its text.
///
/// A record that is not shaped like this is none of a process creation as
/// Windows writes it, and is looked at in full.
#[derive(Deserialize)]
struct Peek<'a> {
    #[serde(borrow, rename = "Event")]
    event: Event<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event<'a> {
    #[serde(borrow)]
    system: System<'a>,
    #[serde(borrow, default)]
    event_data: Option<Data<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct System<'a> {
    #[serde(borrow)]
    provider: Provider<'a>,
    #[serde(rename = "EventID")]
    event_id: EventId,
    #[serde(borrow, default)]
    channel: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Provider<'a> {
    #[serde(borrow, rename = "#attributes")]
    attributes: ProviderName<'a>,
}

#[derive(Deserialize)]
struct ProviderName<'a> {
    #[serde(borrow, rename = "Name", default)]
    name: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum EventId {
    Plain(u32),
    Qualified {
        #[serde(rename = "#text")]
        id: u32,
    },
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Data<'a> {
    #[serde(borrow)]
    image: Cow<'a, str>,
    #[serde(borrow)]
    original_file_name: Cow<'a, str>,
    #[serde(borrow)]
    new_process_name: Cow<'a, str>,
    #[serde(borrow)]
    command_line: Cow<'a, str>,
}

impl Event<'_> {
    /// What the record is, where that can be said without building it.
    fn early(&self, options: &Options<'_>) -> Option<Item> {
        let (EventId::Plain(id) | EventId::Qualified { id }) = self.system.event_id;
        match classify(&self.system.provider.attributes.name, &self.system.channel, id) {
            Err(skip) => Some(Item::Skipped(skip)),
            Ok(source) => {
                let names = self.event_data.as_ref()?.names(source);
                (!(options.keep)(names)).then_some(Item::Passed(source))
            }
        }
    }
}

impl Data<'_> {
    fn names(&self, source: Source) -> Names<'_> {
        match source {
            Source::Security => Names {
                file_name: file_name(&self.new_process_name),
                original_file_name: None,
                command_line: &self.command_line,
            },
            Source::Sysmon | Source::Defender => Names {
                file_name: file_name(&self.image),
                original_file_name: Some(&self.original_file_name),
                command_line: &self.command_line,
            },
        }
    }
}

fn event(record: &Json) -> WindowsEvent {
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
///
/// Spec: TEL-25
fn text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(", "),
        Json::Object(element) => element.get("#text").map(text).unwrap_or_default(),
        Json::Bool(_) | Json::Number(_) => value.to_string(),
    }
}
