//! What one JSON object is, and what becomes of it.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::fields::{Fields, Want};
use crate::defender;
use crate::unwanted::unwanted;
use crate::value::Value;
use crate::windows_event::{self, WindowsEvent, classify};
use crate::{Item, Options, Place, Sink, Skip, Source};

/// Where a shape of Windows event has what; of several paths the first that has
/// a text counts.
struct Shape {
    provider: &'static [&'static str],
    channel: &'static [&'static str],
    event_id: &'static str,
    version: &'static str,
    computer: &'static [&'static str],
    time: &'static [&'static str],
    record: &'static [&'static str],
    /// What the paths of the event's own data begin with.
    data: &'static str,
}

/// The event's XML tree, as the `evtx` crate and `evtx_dump` write it.
///
/// Spec: TEL-57
const TREE: Shape = Shape {
    provider: &[
        "Event.System.Provider.#attributes.Name",
        "Event.System.Provider_attributes.Name",
        "Event.System.Provider.@Name",
    ],
    channel: &["Event.System.Channel"],
    event_id: "Event.System.EventID",
    version: "Event.System.Version",
    computer: &["Event.System.Computer"],
    time: &[
        "Event.System.TimeCreated.#attributes.SystemTime",
        "Event.System.TimeCreated_attributes.SystemTime",
        "Event.System.TimeCreated.@SystemTime",
    ],
    record: &["Event.System.EventRecordID"],
    data: "Event.EventData.",
};

/// Spec: TEL-55
const WINLOGBEAT: Shape = Shape {
    provider: &["winlog.provider_name"],
    channel: &["winlog.channel"],
    event_id: "winlog.event_id",
    version: "winlog.version",
    computer: &["winlog.computer_name"],
    time: &["@timestamp"],
    record: &["winlog.record_id"],
    data: "winlog.event_data.",
};

/// Spec: TEL-58
const EVTXECMD: Shape = Shape {
    provider: &["Provider"],
    channel: &["Channel"],
    event_id: "EventId",
    version: "Version",
    computer: &["Computer"],
    time: &["TimeCreated"],
    record: &["EventRecordId", "RecordNumber"],
    data: "EventData.",
};

/// Spec: TEL-56
const FLAT: Shape = Shape {
    provider: &["SourceName", "ProviderName", "EventSourceName", "Provider"],
    channel: &["Channel"],
    event_id: "EventID",
    version: "Version",
    computer: &["Hostname", "Computer"],
    time: &["TimeCreated", "@timestamp", "EventTime", "TimeGenerated"],
    record: &["EventRecordID", "EventRecordId", "RecordNumber"],
    data: "",
};

/// Hands on what one object is; `None` where it has no shape known here.
///
/// # Errors
///
/// What is wrong with the text, where it is no object that can be read.
///
/// Spec: TEL-44, TEL-54
pub(super) fn hand_on(
    text: &str,
    place: Place,
    options: &Options,
    sink: &mut Sink<'_>,
) -> Result<Option<ControlFlow<()>>, serde_json::Error> {
    let fields = Fields::read(text, Want::Deciding)?;
    let windows = [&TREE, &WINLOGBEAT, &EVTXECMD, &FLAT].into_iter().find(|shape| shape.is_shape_of(&fields));
    if let Some(shape) = windows {
        return shape.item(&fields, text, place, options).map(|item| Some(sink(item)));
    }
    let prefix = match defender_row(&fields) {
        Ok(prefix) => prefix,
        Err(Skip::UnknownShape) => return Ok(None),
        Err(skip) => return Ok(Some(sink(Item::Skipped(skip)))),
    };
    let find = |name: &str| fields.below(prefix).rfind(|(its, _)| *its == name).map(|(_, value)| value);
    if let Some(item) = defender::unwanted(&find, true, &place, &*options.keep) {
        return Ok(Some(sink(item)));
    }
    let fields = Fields::read(text, Want::All)?;
    let values: Vec<(&str, &Value<'_>)> = fields.below(prefix).collect();
    Ok(Some(defender::hand_on(&values, place, sink)))
}

/// What the paths of a DeviceProcessEvents row's columns begin with.
///
/// # Errors
///
/// The reason to skip the object, where it is no such row.
///
/// Spec: TEL-59, TEL-60
fn defender_row(fields: &Fields<'_>) -> Result<&'static str, Skip> {
    let category = fields.text(&["category"]);
    if let Some(table) = category.strip_prefix("AdvancedHunting-") {
        return if table == "DeviceProcessEvents" { Ok("properties.") } else { Err(Skip::OtherTable) };
    }
    let has = |path| fields.get(path).is_some();
    if !defender::TIMES.into_iter().any(has) {
        return Err(Skip::UnknownShape);
    }
    match &*fields.text(&["Type"]) {
        "DeviceProcessEvents" => Ok(""),
        "" if has("FileName") && has("ProcessCommandLine") => Ok(""),
        _ => Err(Skip::OtherTable),
    }
}

impl Shape {
    fn is_shape_of(&self, fields: &Fields<'_>) -> bool {
        let has_payload = || self.event_id != "EventId" || fields.get("Payload").is_some();
        fields.get(self.event_id).is_some() && has_payload()
    }

    fn item(
        &self,
        fields: &Fields<'_>,
        text: &str,
        place: Place,
        options: &Options,
    ) -> Result<Item, serde_json::Error> {
        let Ok(event_id) = fields.text(&[self.event_id]).trim().parse() else {
            return Ok(Item::Skipped(Skip::UnknownShape));
        };
        let source = classify(&fields.text(self.provider), &fields.text(self.channel), event_id);
        match source {
            Err(skip) => Ok(Item::Skipped(skip)),
            Ok(source) => {
                if let Some(item) = self.unwanted(fields, source, &place, options)? {
                    return Ok(item);
                }
                let fields = Fields::read(text, Want::All)?;
                Ok(windows_event::item(&self.event(&fields, event_id)?, place, &*options.keep))
            }
        }
    }

    /// What is handed on instead of a row, decided without building the event where
    /// its values need not be taken out of a text first.
    fn unwanted(
        &self,
        fields: &Fields<'_>,
        source: Source,
        place: &Place,
        options: &Options,
    ) -> Result<Option<Item>, serde_json::Error> {
        if self.event_id == "EventId" {
            let event = self.event(fields, 0)?;
            return Ok(unwanted(event.names(source), source, || place.clone(), &*options.keep));
        }
        let data: Vec<(&str, Cow<'_, str>)> =
            fields.below(self.data).rev().map(|(name, value)| (name, value.text())).collect();
        let find = |name: &str| data.iter().find(|(its, _)| *its == name).map(|(_, text)| &**text);
        Ok(unwanted(windows_event::names(source, &find), source, || place.clone(), &*options.keep))
    }

    /// Spec: TEL-55, TEL-56, TEL-57, TEL-58
    fn event(&self, fields: &Fields<'_>, event_id: u32) -> Result<WindowsEvent, serde_json::Error> {
        let text = |paths| fields.text(paths).into_owned();
        let payload = fields.text(&["Payload"]);
        let nested = match self.event_id {
            "EventId" => Some(Fields::read(&payload, Want::All)?),
            _ => None,
        };
        let data = nested.as_ref().unwrap_or(fields).below(self.data);
        Ok(WindowsEvent {
            provider: text(self.provider),
            channel: text(self.channel),
            event_id,
            version: fields.text(&[self.version]).trim().parse().ok(),
            computer: text(self.computer),
            time_created: text(self.time),
            record_id: fields.text(self.record).trim().parse().ok(),
            // A reader of the event takes the first of a name, and the last counts.
            data: data.rev().map(|(name, value)| (name.to_owned(), value.text().into_owned())).collect(),
        })
    }
}
