//! The structures of JSON objects that are events.

use std::borrow::Cow;
use std::ops::ControlFlow;

use super::fields::{Fields, Selection};
use crate::defender;
use crate::prefilter::prefilter;
use crate::value::Value;
use crate::windows_event::{self, WindowsEvent, classify};
use crate::{Item, Options, Place, Sink, Skip, Source};

/// The paths of the values of a Windows event. Of several paths, the first one that is not empty
/// counts.
struct Shape {
    provider: &'static [&'static str],
    channel: &'static [&'static str],
    event_id: &'static str,
    version: &'static str,
    computer: &'static [&'static str],
    time: &'static [&'static str],
    record: &'static [&'static str],
    /// The prefix of the paths of the event's data.
    data: &'static str,
    /// The path of a text that is JSON and contains the data.
    payload: Option<&'static str>,
}

/// The event's XML tree, as written by the `evtx` crate and `evtx_dump`.
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
    payload: None,
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
    payload: None,
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
    payload: Some("Payload"),
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
    payload: None,
};

/// Reports the event that an object is. Returns `None` if its structure is unknown.
///
/// # Errors
///
/// Returns an error if the object cannot be parsed.
///
/// Spec: TEL-44, TEL-54
pub(super) fn report(
    text: &str,
    place: Place,
    options: &Options,
    sink: &mut Sink<'_>,
) -> Result<Option<ControlFlow<()>>, serde_json::Error> {
    let fields = Fields::parse(text, Selection::Prefilter)?;
    let windows = [&TREE, &WINLOGBEAT, &EVTXECMD, &FLAT].into_iter().find(|shape| shape.matches(&fields));
    if let Some(shape) = windows {
        return shape.report(&fields, text, place, options, sink).map(Some);
    }
    let prefix = match defender_row(&fields) {
        Ok(prefix) => prefix,
        Err(Skip::UnknownShape) => return Ok(None),
        Err(skip) => return Ok(Some(sink(Item::Skipped(skip)))),
    };
    let find =
        |name: &str| fields.with_prefix(prefix).rfind(|(other, _)| *other == name).map(|(_, value)| value);
    if let Some(item) = defender::prefilter(&find, true, &place, &*options.keep) {
        return Ok(Some(sink(item)));
    }
    let fields = Fields::parse(text, Selection::All)?;
    let values: Vec<(&str, &Value<'_>)> = fields.with_prefix(prefix).collect();
    Ok(Some(defender::report_object(&values, &|_| false, place, options, sink)))
}

/// Returns the prefix of the paths of the columns of DeviceProcessEvents.
///
/// # Errors
///
/// Returns the reason to skip the object if it is not such a row.
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
    fn matches(&self, fields: &Fields<'_>) -> bool {
        let has = |path| fields.get(path).is_some();
        has(self.event_id) && self.payload.is_none_or(has)
    }

    fn report(
        &self,
        fields: &Fields<'_>,
        text: &str,
        place: Place,
        options: &Options,
        sink: &mut Sink<'_>,
    ) -> Result<ControlFlow<()>, serde_json::Error> {
        let Ok(event_id) = fields.text(&[self.event_id]).trim().parse() else {
            return Ok(sink(Item::Skipped(Skip::UnknownShape)));
        };
        let source = match classify(&fields.text(self.provider), &fields.text(self.channel), event_id) {
            Ok(source) => source,
            Err(skip) => return Ok(sink(Item::Skipped(skip))),
        };
        if let Some(item) = self.prefilter(fields, source, &place, options)? {
            return Ok(sink(item));
        }
        let fields = Fields::parse(text, Selection::All)?;
        let event = self.event(&fields, event_id)?;
        Ok(windows_event::report_row(&event, source, place, options, sink))
    }

    /// Returns the item to report instead of a row, or `None` if the row must be built. Does not build
    /// the event unless its values are in a nested text.
    fn prefilter(
        &self,
        fields: &Fields<'_>,
        source: Source,
        place: &Place,
        options: &Options,
    ) -> Result<Option<Item>, serde_json::Error> {
        if self.payload.is_some() {
            let event = self.event(fields, 0)?;
            return Ok(prefilter(event.names(source), source, || place.clone(), &*options.keep));
        }
        let data: Vec<(&str, Cow<'_, str>)> =
            fields.with_prefix(self.data).rev().map(|(name, value)| (name, value.text())).collect();
        let find = |name: &str| data.iter().find(|(other, _)| *other == name).map(|(_, text)| &**text);
        Ok(prefilter(windows_event::names(source, &find), source, || place.clone(), &*options.keep))
    }

    /// Spec: TEL-55, TEL-56, TEL-57, TEL-58
    fn event(&self, fields: &Fields<'_>, event_id: u32) -> Result<WindowsEvent, serde_json::Error> {
        let text = |paths| fields.text(paths).into_owned();
        let payload = self.payload.map(|path| fields.text(&[path]));
        let nested = payload.as_deref().map(|text| Fields::parse(text, Selection::All)).transpose()?;
        let data = nested.as_ref().unwrap_or(fields).with_prefix(self.data);
        Ok(WindowsEvent {
            provider: text(self.provider),
            channel: text(self.channel),
            event_id,
            version: fields.text(&[self.version]).trim().parse().ok(),
            computer: text(self.computer),
            time_created: text(self.time),
            is_local_time: false,
            record_id: fields.text(self.record).trim().parse().ok(),
            // Reversed, because the last value counts and `WindowsEvent` uses the first one.
            data: data.rev().map(|(name, value)| (name.to_owned(), value.text().into_owned())).collect(),
        })
    }
}
