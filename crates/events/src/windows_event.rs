//! Windows events, in whatever format they were read, as rows.

use std::borrow::Cow;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::prefilter::prefilter;
use super::resolve;
use super::time::{self, RowTimes};
use super::{Event, Item, Names, Options, Place, Sink, Skip, Source, security, sysmon};
use rulespec::kql::{Column, Dynamic, Type};

/// A Windows event, with every value as text. A missing value is `""`, as an empty one is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WindowsEvent {
    /// `System/Provider/@Name`.
    pub provider: String,
    /// `System/Channel`.
    pub channel: String,
    /// `System/EventID`.
    pub event_id: u32,
    /// `System/Version`.
    pub version: Option<u32>,
    /// `System/Computer`.
    pub computer: String,
    /// `System/TimeCreated/@SystemTime`.
    pub time_created: String,
    /// Whether a time without an offset is in the local time of the computer, not in UTC.
    pub is_local_time: bool,
    /// `System/EventRecordID`.
    pub record_id: Option<u64>,
    /// The named values of `EventData` in their order.
    pub data: Vec<(String, String)>,
}

impl WindowsEvent {
    /// Returns the first value in `EventData` with this name, or `""` if there is none.
    pub(crate) fn get(&self, name: &str) -> &str {
        self.data.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// Returns the same as [`get`](Self::get), but `""` for a lone `-`, which Windows writes for an
    /// unknown value.
    ///
    /// Spec: TEL-05
    pub(crate) fn known(&self, name: &str) -> &str {
        match self.get(name) {
            "-" => "",
            value => value,
        }
    }

    /// The fields that the filter sees if this is a process creation of this source.
    ///
    /// Spec: TEL-10, TEL-12
    pub(crate) fn names(&self, source: Source) -> Names<'_> {
        names(source, &|name| Some(self.get(name)))
    }
}

/// The values of `EventData` that [`names`] needs.
pub(super) const FILTER_FIELDS: [&str; 4] = ["NewProcessName", "Image", "OriginalFileName", "CommandLine"];

/// The name of the value that is the program of a process creation.
pub(super) fn program_name(source: Source) -> &'static str {
    match source {
        Source::Security => "NewProcessName",
        Source::Sysmon | Source::Defender => "Image",
    }
}

/// The fields that the filter sees of a process creation of this source. `find` returns a value of
/// `EventData`.
///
/// Spec: TEL-05, TEL-10, TEL-12
pub(super) fn names<'a>(source: Source, find: &dyn Fn(&str) -> Option<&'a str>) -> Names<'a> {
    let text = |name| find(name).unwrap_or_default();
    let known = |name| find(name).filter(|value| *value != "-").unwrap_or_default();
    match source {
        Source::Security => Names::new(file_name(text("NewProcessName")), None, text("CommandLine")),
        Source::Sysmon | Source::Defender => {
            Names::new(file_name(text("Image")), Some(known("OriginalFileName")), text("CommandLine"))
        }
    }
}

/// Classifies an event by its provider, or by its channel if it names no provider.
///
/// # Errors
///
/// Returns the reason to skip it if it is not a process creation.
///
/// ```
/// use rulespec_events::{Skip, Source, windows_event::classify};
///
/// assert_eq!(classify("Microsoft-Windows-Sysmon", "", 1), Ok(Source::Sysmon));
/// assert_eq!(classify("", "Security", 4624), Err(Skip::OtherSecurityEvent));
/// ```
///
/// Spec: TEL-01, TEL-02
pub fn classify(provider: &str, channel: &str, event_id: u32) -> Result<Source, Skip> {
    if provider.is_empty() && channel.is_empty() {
        return Err(Skip::UnknownShape);
    }
    let is = |expected_provider: &str, expected_channel: &str| {
        provider.eq_ignore_ascii_case(expected_provider)
            || provider.is_empty() && channel.eq_ignore_ascii_case(expected_channel)
    };
    if is("Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational") {
        if event_id == 1 { Ok(Source::Sysmon) } else { Err(Skip::OtherSysmonEvent) }
    } else if is("Microsoft-Windows-Security-Auditing", "Security") {
        if event_id == 4688 { Ok(Source::Security) } else { Err(Skip::OtherSecurityEvent) }
    } else {
        Err(Skip::OtherProvider)
    }
}

/// Reports a Windows event.
///
/// Spec: TEL-03, TEL-70
pub(crate) fn report(
    event: &WindowsEvent,
    place: Place,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    match classify(&event.provider, &event.channel, event.event_id) {
        Err(skip) => sink(Item::Skipped(skip)),
        Ok(source) if !event.data.is_empty() && event.data.iter().all(|(name, _)| name.is_empty()) => {
            let values = event.data.iter().map(|(_, value)| Cow::Borrowed(value.as_str()));
            let named = resolve::named_by_position(values.collect(), source).into_iter();
            let data = named.map(|(name, value)| (name.into_owned(), value.into_owned())).collect();
            report_creation(&WindowsEvent { data, ..event.clone() }, source, place, options, sink)
        }
        Ok(source) => report_creation(event, source, place, options, sink),
    }
}

/// Reports a process creation whose data have names.
///
/// Spec: TEL-97
fn report_creation(
    event: &WindowsEvent,
    source: Source,
    place: Place,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    if let Some(item) = resolve::missing_program(event, source, &place) {
        return sink(item);
    }
    match prefilter(event.names(source), source, || place.clone(), &*options.keep) {
        Some(item) => sink(item.with_orders(|| time::orders(&event.time_created))),
        None => report_row(event, source, place, options, sink),
    }
}

/// Reports the row of a process creation of this source, followed by a fault that names the times that
/// are not understood, if any.
///
/// Spec: TEL-84
pub(crate) fn report_row(
    event: &WindowsEvent,
    source: Source,
    place: Place,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let (source, mapping) = match source {
        Source::Security => (source, &*security::MAPPING),
        Source::Sysmon | Source::Defender => (Source::Sysmon, &*sysmon::MAPPING),
    };
    let mut times = RowTimes::new(options);
    let (cells, misfits) = times::cells(event, source, &mut times);
    let row = cells.into_iter().chain(mapping.cells.iter().map(|cell| cell(event))).collect();
    let fault = (!misfits.is_empty()).then(|| {
        let what = format!("the time is not understood: {}", misfits.join(", "));
        Item::fault(place.clone(), what, "the cell is left empty; export times as ISO 8601 in UTC")
    });
    let (columns, times) = (mapping.columns.clone(), times.into_notes());
    sink(Item::Event(Box::new(Event { source, place, columns, row, times })))?;
    fault.map_or(ControlFlow::Continue(()), sink)
}

/// Computes a cell.
pub(super) type Cell = fn(&WindowsEvent) -> Dynamic;

/// The columns of one source in their order, and how to compute the cells after those of the times.
pub(super) struct Mapping {
    columns: Arc<[Column]>,
    cells: Vec<Cell>,
}

impl Mapping {
    pub(super) fn new(columns: &[(&str, Type, Cell)]) -> Self {
        let times = times::COLUMNS.map(|name| Column::new(name, Type::Datetime));
        let others = columns.iter().map(|(name, of_type, _)| Column::new(*name, *of_type));
        Self {
            columns: times.into_iter().chain(others).collect(),
            cells: columns.iter().map(|(_, _, cell)| *cell).collect(),
        }
    }
}

/// Returns the text after the last backslash of a path.
///
/// Spec: TEL-10
pub fn file_name(path: &str) -> &str {
    path.rsplit('\\').next().unwrap_or(path)
}

/// Parses a decimal number, which may have thousands separators, or a hexadecimal one, `0x…`. Returns null
/// if it is invalid or too large for a `long`.
///
/// Spec: TEL-06
pub(crate) fn long(text: &str) -> Dynamic {
    let text = text.trim();
    let number = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) if hex.starts_with(|c: char| c.is_ascii_hexdigit()) => i64::from_str_radix(hex, 16),
        Some(_) => return Dynamic::Null,
        None if has_thousands_separators(text) => text.replace(',', "").parse(),
        None => text.strip_suffix(".0").unwrap_or(text).parse(),
    };
    number.map_or(Dynamic::Null, Dynamic::Long)
}

/// Whether a number is written as `5,120`, as in tables that are shown to people.
fn has_thousands_separators(text: &str) -> bool {
    let mut groups = text.split(',');
    let is_group = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    let first = groups.next().unwrap_or_default();
    let is_first = (1..=3).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_digit());
    is_first && text.contains(',') && groups.all(is_group)
}

/// Returns a GUID without braces and in upper case.
///
/// Spec: TEL-08
pub(crate) fn guid(text: &str) -> String {
    let bare = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    bare.to_ascii_uppercase()
}

/// `EventRecordID` as a cell.
pub(super) fn report_id(event: &WindowsEvent) -> Dynamic {
    event.record_id.and_then(|id| i64::try_from(id).ok()).map_or(Dynamic::Null, Dynamic::Long)
}

/// Splits an account, `DOMAIN\name`, into domain and name. The domain is `""` if there is no
/// backslash.
///
/// Spec: TEL-09
pub(crate) fn account(text: &str) -> (&str, &str) {
    text.split_once('\\').unwrap_or(("", text))
}

#[cfg(test)]
pub(super) mod sample;
#[cfg(test)]
mod tests;
mod times;
