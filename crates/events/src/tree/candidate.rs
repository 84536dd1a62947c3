//! Texts that may be events, told by their first bytes, without decoding them.

use std::borrow::Cow;
use std::sync::LazyLock;

use memchr::memmem::{self, Finder};
use serde::Deserialize;
use serde_json::Deserializer;
use serde_json::value::RawValue;

/// What a line with the id of an event begins with.
pub(crate) const LINE_MARKS: [&str; 2] = ["EventCode=", "EventID="];

/// The minimum length of an event that is a text of lines.
const MIN_LINES_LEN: usize = 24;

/// How long the tag of an id may be, without a closer look.
const MAX_TAG_LEN: usize = 200;

/// The ids of process creations.
const CREATION_IDS: [u32; 2] = [1, 4688];

/// What the Base64 of an object, a list or an event begins with.
const BASE64_STARTS: [&str; 6] = ["eyJ", "ewo", "ew0", "W3s", "Wwo", "PEV2ZW50"];

/// A process creation in JSON has at least one of these: the id of a Security event, a name of Sysmon, or
/// the table or a column of a row. So has what may have one in a text of its own.
static CREATION_MARKS: LazyLock<Vec<Finder<'static>>> = LazyLock::new(|| {
    let names = ["4688", "ysmon", "YSMON", "DeviceProcess", "ProcessCommandLine", "Process Command Line"];
    names.into_iter().chain(BASE64_STARTS).map(Finder::new).collect()
});

/// A text that may be an event.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Candidate<'a> {
    /// A text as it is in JSON, with its quotes and escapes, and what follows it.
    Raw(&'a str),
    Decoded(Cow<'a, str>),
}

impl Candidate<'_> {
    /// Whether it may be or have a process creation.
    pub(crate) fn may_have_creation(&self) -> bool {
        match self {
            Self::Raw(text) => may_have_creation(content(text)),
            Self::Decoded(text) => may_have_creation(text),
        }
    }

    /// The text without escapes. Returns `None` if it has lone surrogates.
    pub(crate) fn decoded(&self) -> Option<Cow<'_, str>> {
        match self {
            Self::Raw(text) => String::deserialize(&mut Deserializer::from_str(text)).ok().map(Cow::Owned),
            Self::Decoded(text) => Some(Cow::Borrowed(text)),
        }
    }
}

/// The content of the text that JSON begins with, with its escapes.
fn content(json: &str) -> &str {
    let text = <&RawValue>::deserialize(&mut Deserializer::from_str(json)).map_or(json, RawValue::get);
    text.strip_prefix('"').unwrap_or(text)
}

/// Whether a text may be an event. It may have the escapes of JSON, and a quote behind it.
///
/// Spec: TEL-104
pub(super) fn may_begin_event(content: &str) -> bool {
    let bytes = content.as_bytes();
    match bytes {
        // Not a GUID.
        [b'{' | b'[', next, ..] => matches!(next, b'\\' | b'"' | b'{' | b'[') || next.is_ascii_whitespace(),
        [b'<', ..] => true,
        // A blank or a bracket with an escape.
        [b'\\', b'n' | b'r' | b't' | b'u', ..] => true,
        [first, ..] if first.is_ascii_whitespace() || !first.is_ascii() => {
            let start = content.trim_start();
            start.len() < content.len() && may_begin_event(start)
        }
        _ => is_base64_of_event(content),
    }
}

/// Whether a text begins like the Base64 of JSON or XML.
pub(crate) fn is_base64_of_event(text: &str) -> bool {
    matches!(text.as_bytes(), [b'e' | b'W' | b'P', ..])
        && BASE64_STARTS.iter().any(|start| text.starts_with(start))
}

/// Whether a text may be the lines `Key=value` of an event.
pub(super) fn may_be_lines(text: &[u8]) -> bool {
    let ends_mark = |at: usize| {
        let start = text.get(..=at).unwrap_or_default();
        LINE_MARKS.iter().any(|mark| start.ends_with(mark.as_bytes()))
    };
    text.len() >= MIN_LINES_LEN && memchr::memchr_iter(b'=', text).any(ends_mark)
}

/// Whether a text that may be an event may be or have a process creation. It may have the escapes of JSON.
pub(crate) fn may_have_creation(text: &str) -> bool {
    let bytes = text.as_bytes();
    match text.trim_start().as_bytes() {
        [b'<', ..] => may_have_creation_id(bytes),
        [b'{' | b'[', ..] => CREATION_MARKS.iter().any(|mark| mark.find(bytes).is_some()),
        _ => true,
    }
}

/// Whether the id of an event in an XML text may be that of a process creation.
fn may_have_creation_id(xml: &[u8]) -> bool {
    memmem::find_iter(xml, b"EventID").any(|at| {
        let (before, rest) = xml.split_at(at);
        let before = before.get(at.saturating_sub(MAX_TAG_LEN)..).unwrap_or_default();
        let tag = before.rsplit(|byte| *byte == b'<').next().unwrap_or_default();
        let is_end_tag = tag.starts_with(b"/") || tag.starts_with(br"\/");
        let mut parts = rest.get(..MAX_TAG_LEN).unwrap_or(rest).split(|byte| matches!(byte, b'<' | b'>'));
        let content = std::str::from_utf8(parts.nth(1).unwrap_or_default()).unwrap_or_default();
        // What is no number may have an escape.
        !is_end_tag && content.trim().parse().map_or(true, |id| CREATION_IDS.contains(&id))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tel_104_a_text_may_be_an_event_by_its_first_bytes() {
        for text in [
            r#"{\"a\":1}"#,
            r#"{"a":1}"#,
            "{ \"a\":1}",
            r"\n{",
            " \t{\"a\":1}",
            r"\u003cEvent>",
            "[{\"a\":1}]",
            "<Event>",
            "\u{a0}<Event>",
            "eyJFdmVudElEIjoxfQ==",
        ] {
            assert!(may_begin_event(text), "{text}");
        }
        assert!(may_be_lines(b"03/04/2026\\nLogName=Security\\nEventCode=4688\\n"));
        for text in ["", "{", "{1F2E}", "[System]", "é", "even", "A process\\nhas: been = created, in 4688"]
        {
            assert!(!may_begin_event(text), "{text}");
        }
    }

    #[test]
    fn tel_104_a_creation_has_its_id_or_the_name_of_its_log() {
        for text in [
            "<Event><EventID>1</EventID>",
            "<x:EventID Qualifiers='0'>\n 4688 <",
            r"<EventID>\n1\n<\/EventID>",
            "<EventID>&#49;</EventID>",
            r"\u003cEventID\u003e5156",
            r#"{"Channel":"Microsoft-Windows-Sysmon/Operational"}"#,
            r#"{"Id":"4688"}"#,
            r#"{"Body":"eyJFdmVudElEIjoxfQ=="}"#,
        ] {
            assert!(may_have_creation(text), "{text}");
        }
        for text in
            ["<Event/>", "<EventID>5156</EventID>", r"<EventID>3<\/EventID>", r#"{"EventData":{"a":1}}"#]
        {
            assert!(!may_have_creation(text), "{text}");
        }
    }
}
