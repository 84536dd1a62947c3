//! One Windows event, however it was written down, and what becomes of it.

use std::sync::Arc;

use super::unwanted::unwanted;
use super::{Event, Item, Names, Place, Skip, Source, security, sysmon};
use rulespec::kql::{Column, Datetime, Dynamic, Type};

/// What a Windows event says, with every value as text.
///
/// A value that is absent and one that is empty are the same here: both are `""`.
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
    /// `System/EventRecordID`.
    pub record_id: Option<u64>,
    /// The named values of `EventData`, in their order.
    pub data: Vec<(String, String)>,
}

impl WindowsEvent {
    /// The first value of that name in `EventData`, as it is written; `""` where
    /// there is none.
    pub fn get(&self, name: &str) -> &str {
        self.data.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The value of that name, or `""`; a lone `-`, which Windows writes for
    /// what it does not know, is `""` too.
    ///
    /// Spec: TEL-05
    pub fn known(&self, name: &str) -> &str {
        match self.get(name) {
            "-" => "",
            value => value,
        }
    }

    /// Which process creation this is, or why it is none.
    ///
    /// # Errors
    ///
    /// The reason to skip it.
    pub fn classify(&self) -> Result<Source, Skip> {
        classify(&self.provider, &self.channel, self.event_id)
    }

    /// What the rule's first stage looks at, were this a process creation of
    /// that source.
    ///
    /// Spec: TEL-10, TEL-12
    pub fn names(&self, source: Source) -> Names<'_> {
        names(source, &|name| Some(self.get(name)))
    }
}

/// The values of `EventData` that [`names`] looks at.
pub(super) const NAMES: [&str; 4] = ["NewProcessName", "Image", "OriginalFileName", "CommandLine"];

/// What the rule's first stage looks at in an event of that source, whose values
/// are found by their names.
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

/// Which process creation an event is, told by its provider, or by its channel
/// where no provider is named.
///
/// # Errors
///
/// The reason to skip it.
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
    let is = |its_provider: &str, its_channel: &str| {
        provider.eq_ignore_ascii_case(its_provider)
            || provider.is_empty() && channel.eq_ignore_ascii_case(its_channel)
    };
    if is("Microsoft-Windows-Sysmon", "Microsoft-Windows-Sysmon/Operational") {
        if event_id == 1 { Ok(Source::Sysmon) } else { Err(Skip::OtherSysmonEvent) }
    } else if is("Microsoft-Windows-Security-Auditing", "Security") {
        if event_id == 4688 { Ok(Source::Security) } else { Err(Skip::OtherSecurityEvent) }
    } else {
        Err(Skip::OtherProvider)
    }
}

/// What a reader hands on for a Windows event.
///
/// Spec: TEL-03, TEL-70
pub fn item(event: &WindowsEvent, place: Place, keep: &dyn Fn(Names<'_>) -> bool) -> Item {
    match event.classify() {
        Err(skip) => Item::Skipped(skip),
        Ok(source) => unwanted(event.names(source), source, || place.clone(), keep)
            .unwrap_or_else(|| Item::Event(Box::new(row(event, source, place)))),
    }
}

fn row(event: &WindowsEvent, source: Source, place: Place) -> Event {
    let (source, mapping) = match source {
        Source::Security => (source, &*security::MAPPING),
        Source::Sysmon | Source::Defender => (Source::Sysmon, &*sysmon::MAPPING),
    };
    Event { source, place, columns: mapping.columns.clone(), row: mapping.row(event) }
}

/// How a column's cell is made.
pub(super) type Cell = fn(&WindowsEvent) -> Dynamic;

/// How the columns of one source are made, in their order.
pub(super) struct Mapping {
    columns: Arc<[Column]>,
    cells: Vec<Cell>,
}

impl Mapping {
    pub(super) fn new(columns: &[(&str, Type, Cell)]) -> Self {
        Self {
            columns: columns.iter().map(|(name, of_type, _)| Column::new(*name, *of_type)).collect(),
            cells: columns.iter().map(|(_, _, cell)| *cell).collect(),
        }
    }

    fn row(&self, event: &WindowsEvent) -> Vec<Dynamic> {
        self.cells.iter().map(|cell| cell(event)).collect()
    }
}

/// The text after the last backslash of a path.
///
/// Spec: TEL-10
pub fn file_name(path: &str) -> &str {
    path.rsplit('\\').next().unwrap_or(path)
}

/// A number as events write it, decimal or as hexadecimal `0x…`; null where it is
/// none or too large for a `long`.
///
/// Spec: TEL-06
pub fn long(text: &str) -> Dynamic {
    let text = text.trim();
    let number = match text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        Some(hex) if hex.starts_with(|c: char| c.is_ascii_hexdigit()) => i64::from_str_radix(hex, 16),
        Some(_) => return Dynamic::Null,
        None => text.parse(),
    };
    number.map_or(Dynamic::Null, Dynamic::Long)
}

/// A time as events write it, UTC where it names no offset; null where it is none.
///
/// Spec: TEL-07
pub fn time(text: &str) -> Dynamic {
    text.parse::<Datetime>().map_or(Dynamic::Null, Dynamic::Datetime)
}

/// A GUID without braces and in upper case, whatever form it came in.
///
/// Spec: TEL-08
pub fn guid(text: &str) -> String {
    let bare = text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')).unwrap_or(text);
    bare.to_ascii_uppercase()
}

/// `EventRecordID` as a cell.
pub(super) fn report_id(event: &WindowsEvent) -> Dynamic {
    event.record_id.and_then(|id| i64::try_from(id).ok()).map_or(Dynamic::Null, Dynamic::Long)
}

/// Domain and name of an account written `DOMAIN\name`; the domain is `""` where
/// there is no backslash.
///
/// Spec: TEL-09
pub fn account(text: &str) -> (&str, &str) {
    text.split_once('\\').unwrap_or(("", text))
}

#[cfg(test)]
pub(super) mod sample;
#[cfg(test)]
mod tests;
