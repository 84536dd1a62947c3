//! A record decided on without parsing it.
//!
//! Most records are no process creations, and most process creations are not
//! wanted; parsing their JSON would cost as much as decoding them did. Inside a
//! JSON string every quote has a backslash before it, so `"Image":` with both its
//! quotes bare is a key wherever it stands, and can be searched for.

use std::borrow::Cow;

use memchr::memmem::Finder;

use super::record::built;
use crate::telemetry::escapes;
use crate::telemetry::unwanted::unwanted;
use crate::telemetry::windows_event::{classify, file_name};
use crate::telemetry::{Item, Names, Place, Skip, Source};

/// What the decoder writes before the version of an event, as Windows logs it.
macro_rules! begin {
    ($provider:literal, $guid:literal, $event_id:literal) => {
        concat!(
            r##"{"Event":{"#attributes":{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"},"##,
            r##""System":{"Provider":{"#attributes":{"Name":""##,
            $provider,
            r#"","Guid":"{"#,
            $guid,
            r#"}"}},"EventID":"#,
            $event_id,
            ","
        )
    };
}

/// How nearly every process creation begins.
pub(super) const BEGINS: [(&str, Source); 2] = [
    (begin!("Microsoft-Windows-Sysmon", "5770385f-c22a-43e0-bf4c-06f5698ffbd9", "1"), Source::Sysmon),
    (
        begin!("Microsoft-Windows-Security-Auditing", "54849625-5478-4994-a5ba-3e3b0328c30d", "4688"),
        Source::Security,
    ),
];

/// What every record of an event begins with.
const ROOT: &[u8] = br#"{"Event":{"#;

/// Searches for the keys that decide.
pub(super) struct Glance {
    provider: Finder<'static>,
    event_id: Finder<'static>,
    event_data: Finder<'static>,
    image: Finder<'static>,
    original_file_name: Finder<'static>,
    new_process_name: Finder<'static>,
    command_line: Finder<'static>,
}

impl Glance {
    pub(super) fn new() -> Self {
        Self {
            provider: Finder::new(r##""System":{"Provider":{"#attributes":{"Name":"##),
            event_id: Finder::new(r#""EventID":"#),
            event_data: Finder::new(r#""EventData":{"#),
            image: Finder::new(r#""Image":"#),
            original_file_name: Finder::new(r#""OriginalFileName":"#),
            new_process_name: Finder::new(r#""NewProcessName":"#),
            command_line: Finder::new(r#""CommandLine":"#),
        }
    }

    /// What the record is, unless it must be built to say so: because it is wanted,
    /// or is not written as the decoder writes what Windows logs.
    ///
    /// Spec: TEL-25
    pub(super) fn early(
        &self,
        record: &[u8],
        place: impl FnOnce() -> Place,
        keep: &dyn Fn(Names<'_>) -> bool,
    ) -> Option<Item> {
        let known =
            |(begin, source): &(&str, Source)| Some((*source, record.strip_prefix(begin.as_bytes())?));
        let (source, rest) = match BEGINS.iter().find_map(known) {
            Some((source, rest)) => (Ok(source), rest),
            None => self.source(record)?,
        };
        match source {
            Err(skip) => Some(Item::Skipped(skip)),
            Ok(source) => self.unwanted(source, record, after(&self.event_data, rest)?, place, keep),
        }
    }

    /// Which process creation the record is, or why it is none; and what follows that.
    pub(super) fn source<'a>(&self, record: &'a [u8]) -> Option<(Result<Source, Skip>, &'a [u8])> {
        let (provider, rest) = string(after(&self.provider, record.strip_prefix(ROOT)?)?)?;
        let event_id = number(after(&self.event_id, rest)?)?;
        let source = classify(std::str::from_utf8(provider).ok()?, "", event_id);
        (source.is_ok() || !provider.is_empty()).then_some((source, rest))
    }

    fn unwanted(
        &self,
        source: Source,
        record: &[u8],
        data: &[u8],
        place: impl FnOnce() -> Place,
        keep: &dyn Fn(Names<'_>) -> bool,
    ) -> Option<Item> {
        let (path, original) = match source {
            Source::Security => (&self.new_process_name, None),
            Source::Sysmon | Source::Defender => (&self.image, Some(&self.original_file_name)),
        };
        let path = literal(path, data)?;
        let original = match original {
            Some(key) => Some(unescape(literal(key, data)?)?),
            None => None,
        };
        let command_line = || match literal(&self.command_line, data).and_then(unescape) {
            Some(text) => text.into_owned(),
            None => built(record).map_or_else(String::new, |event| event.get("CommandLine").to_owned()),
        };
        let file_name = last_part(path)?;
        let names = Names::untaken(&file_name, original.as_deref(), record.len(), &command_line);
        unwanted(names, source, place, keep)
    }
}

/// What follows the first `key`.
fn after<'a>(key: &Finder<'_>, text: &'a [u8]) -> Option<&'a [u8]> {
    text.get(key.find(text)?.saturating_add(key.needle().len())..)
}

/// What stands between the quotes of the string at the start, and what follows.
fn string(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = text.strip_prefix(b"\"")?;
    let mut from = 0;
    loop {
        let end = from + memchr::memchr(b'"', text.get(from..)?)?;
        let (before, rest) = text.split_at_checked(end)?;
        if !ends_in_escape(before) {
            return Some((before, rest));
        }
        from = end + 1;
    }
}

/// Whether the next character belongs to an escape that begins here.
fn ends_in_escape(text: &[u8]) -> bool {
    text.iter().rev().take_while(|&&byte| byte == b'\\').count() % 2 == 1
}

/// The string that `key` has, still escaped; empty where there is no such key,
/// `None` where its value is no string.
fn literal<'a>(key: &Finder<'_>, data: &'a [u8]) -> Option<&'a [u8]> {
    match after(key, data) {
        None => Some(b""),
        Some(value) if value.starts_with(b"null") => Some(b""),
        Some(value) => string(value).map(|(text, _)| text),
    }
}

/// The number at the start, which may stand in quotes.
fn number(text: &[u8]) -> Option<u32> {
    let text = text.strip_prefix(b"\"").unwrap_or(text);
    let digits = text.iter().position(|byte| !byte.is_ascii_digit())?;
    std::str::from_utf8(text.get(..digits)?).ok()?.parse().ok()
}

/// The file name of a path that is still escaped.
fn last_part(path: &[u8]) -> Option<Cow<'_, str>> {
    let start = memchr::memrchr(b'\\', path).map_or(0, |at| at.saturating_add(1));
    let (before, name) = path.split_at_checked(start)?;
    if !ends_in_escape(before) {
        return std::str::from_utf8(name).ok().map(Cow::Borrowed);
    }
    unescape(path).map(|path| Cow::Owned(file_name(&path).to_owned()))
}

fn unescape(text: &[u8]) -> Option<Cow<'_, str>> {
    escapes::undone(std::str::from_utf8(text).ok()?)
}
