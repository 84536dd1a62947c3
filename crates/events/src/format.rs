//! The formats of telemetry, and their detection.

pub(super) mod kind;
pub(super) mod preamble;

use std::fmt;

use super::Shapes;
use super::container::Packing;
use super::encoding::decoded_head;
use super::{csv, evtx, syslog};

/// How much of an input [`detect`] looks at.
pub(super) const HEAD_LEN: usize = 64 << 10;

/// The length of the longest signature.
const MAX_SIGNATURE_LEN: usize = 8;

/// A format of telemetry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A Windows event log.
    Evtx,
    /// Windows event XML, as exported by `wevtutil` and Event Viewer.
    Xml,
    /// JSON: objects that are rows or Windows events, one per line, in an array, or in other objects.
    Json,
    /// Values with a header, separated by commas, semicolons, tabs or `|`: rows of DeviceProcessEvents, or
    /// Windows events.
    Csv,
    /// Apache Parquet. Needs the feature `parquet`.
    Parquet,
    /// Apache Arrow IPC, as a file or a stream. Needs the feature `parquet`.
    Arrow,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 6] = [Self::Evtx, Self::Xml, Self::Json, Self::Csv, Self::Parquet, Self::Arrow];
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Evtx => "evtx",
            Self::Xml => "xml",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
        })
    }
}

/// Detects the format of an input from its first bytes. Returns `None` if it is unknown.
///
/// Only the first 64 KiB count.
///
/// Spec: TEL-69, TEL-73, TEL-90
pub(super) fn detect(head: &[u8], shapes: &Shapes) -> Option<Format> {
    let head = head.get(..HEAD_LEN).unwrap_or(head);
    if head.starts_with(b"ElfFile\0") || evtx::starts_with_chunk(head) {
        return Some(Format::Evtx);
    }
    if head.starts_with(b"PAR1") {
        return Some(Format::Parquet);
    }
    if head.starts_with(b"ARROW1") || is_arrow_stream(head) {
        return Some(Format::Arrow);
    }
    let text = decoded_head(head);
    let (text, separator) = preamble::skip(&text);
    match text {
        // A syslog header, `<14>`.
        [b'<', b'0'..=b'9', ..] => syslog_format(text),
        [b'<', ..] => Some(Format::Xml),
        [b'{' | b'[', ..] if is_json(text) => Some(Format::Json),
        _ if csv::is_header(first_line(text), separator, shapes) => Some(Format::Csv),
        _ => syslog_format(text),
    }
}

/// Whether a text that begins with a bracket begins like objects, or like arrays of them. Logs, INI files
/// and templates begin with a bracket, too.
///
/// Spec: TEL-69
fn is_json(text: &[u8]) -> bool {
    match text {
        [b'{', rest @ ..] => matches!(rest.trim_ascii_start(), [b'"' | b'}', ..] | []),
        [b'[', rest @ ..] => {
            let rest = array_start(rest);
            matches!(rest, [b']', ..] | []) || rest.first() == Some(&b'{') && is_json(rest)
        }
        _ => false,
    }
}

/// The text after blanks and further brackets that open arrays.
fn array_start(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != b'[');
    start.and_then(|start| text.get(start..)).unwrap_or_default()
}

/// The format of the first payload of a text whose lines have syslog headers.
///
/// Spec: TEL-93
fn syslog_format(text: &[u8]) -> Option<Format> {
    let lines = text.split(|byte| is_line_end(*byte)).filter(|line| !line.trim_ascii().is_empty());
    let payload = lines.take_while(|line| syslog::has_header(line)).find_map(syslog::payload)?;
    Some(if payload.starts_with(b"{") { Format::Json } else { Format::Xml })
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn first_line(text: &[u8]) -> &[u8] {
    text.split(|byte| is_line_end(*byte)).next().unwrap_or(text)
}

/// Whether this is the start of an Arrow IPC stream: a continuation marker, and the length of a
/// message, which is padded to eight bytes.
fn is_arrow_stream(head: &[u8]) -> bool {
    match head.first_chunk::<8>() {
        Some([0xff, 0xff, 0xff, 0xff, length @ ..]) => {
            let length = u32::from_le_bytes(*length);
            length > 0 && length.is_multiple_of(8)
        }
        _ => false,
    }
}

/// Whether these first bytes suffice to recognise the input, whatever follows.
///
/// Spec: TEL-71
pub(super) fn is_sufficient(head: &[u8], shapes: &Shapes) -> bool {
    if head.len() < MAX_SIGNATURE_LEN || head.len() >= HEAD_LEN {
        return head.len() >= HEAD_LEN;
    }
    match detect(head, shapes) {
        // What follows an opening bracket decides.
        Some(Format::Json) => !matches!(decoded_head(head).trim_ascii_end(), [.., b'{' | b'[']),
        Some(Format::Evtx | Format::Xml | Format::Parquet | Format::Arrow) => true,
        // The header of a CSV file must be complete. A later line may have the first payload.
        Some(Format::Csv) | None => {
            let text = decoded_head(head);
            let (text, _) = preamble::skip(&text);
            Packing::detect(head).is_some() || text.contains(&b'\n') && !syslog::has_header(first_line(text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tel_71_a_format_is_detected_as_soon_as_possible() {
        for (head, expected) in [
            (&b"{\"a\": 1}"[..], true),
            (b"{\"a\": 1", false),
            (b"\xef\xbb\xbf  \r\n[", false),
            (b"\xef\xbb\xbf  \r\n[{\n", false),
            (b"\xef\xbb\xbf  \r\n[]", true),
            (b"[[[[[[[[ {\"", true),
            (b"[2026-01-01 10:00:00] INFO\n", true),
            (b"        ", false),
            (b"\n\n\n\n\n\n\n\n", false),
            (b"ElfFile\0", true),
            (b"PK\x03\x04\0\0\0\0", true),
            (b"\xff\xff\xff\xff\x10\x01\0\0", true),
            (b"\x1f\x8b\x08\0\0\0\0\0", true),
            (b"\xff\xfe\r\0\n\0\t\0", false),
            (b"\xff\xfe\r\0\n\0<\0", true),
            (b"Timestamp,FileName", false),
            (b"Timestamp,FileName\n", true),
            (b"Record 501\n", false),
            (b"Record 501\n{", false),
            (b"Record 501\n{\r\n\"", true),
            (b"\xff\xfeR\0\n\0\n\0", true),
            (b"{\0\"\0a\0\"\0", true),
            (b"<14>Nov 24 18:20:55 ws31", false),
            (b"<14>Nov 24 18:20:55 ws31 app: up\n", false),
            (b"<14>Nov 24 18:20:55 ws31 {", false),
            (b"<14>Nov 24 18:20:55 ws31 {\"", true),
            (b"an unknown format", false),
            (b"an unknown format\n", true),
        ] {
            assert_eq!(is_sufficient(head, &Shapes::built_in()), expected, "{}", head.escape_ascii());
        }
        assert!(is_sufficient(&[b' '; HEAD_LEN], &Shapes::built_in()));
    }

    #[test]
    fn tel_69_a_format_is_detected_from_its_content() {
        for (head, format) in [
            (&b"ElfFile\0"[..], Some(Format::Evtx)),
            (b"ElfChnk\0", Some(Format::Evtx)),
            (b"<Event>", Some(Format::Xml)),
            (b"\xef\xbb\xbf \r\n<?xml version='1.0'?>", Some(Format::Xml)),
            (b"\xff\xfe<\0E\0", Some(Format::Xml)),
            (b"\xfe\xff\0\r\0\n\0<", Some(Format::Xml)),
            (b"\xff\xfe{\0", Some(Format::Json)),
            (b"\xff\xfeF\0i\0l\0e\0", None),
            (b"{\0\"\0", Some(Format::Json)),
            (b"\0\r\0\n\0[", Some(Format::Json)),
            (b"#TYPE System.Object\r\n\"Timestamp\",\"FileName\"\r\n", Some(Format::Csv)),
            (b"sep=;\nTimestamp;FileName\n", Some(Format::Csv)),
            (b"\r\nTimestamp,FileName\r2026", Some(Format::Csv)),
            (b"Record 501\n<?xml", Some(Format::Xml)),
            (b"Record 501\n{\n", Some(Format::Json)),
            (b"<14>Nov 24 18:20:55 ws31 {", Some(Format::Json)),
            (b"<14>Nov 24 18:20:55 ws31 app: up\n<14>Nov 24 18:20:55 ws31 <Event>", Some(Format::Xml)),
            (b"Nov 24 18:20:55 ws31 app: up\n{", None),
            (b"<14>Nov", None),
            (b"\xef\xbb\xbf\n[", Some(Format::Json)),
            (b"  {", Some(Format::Json)),
            (b"{\r\n\t\"a\": 1}", Some(Format::Json)),
            (b"{}\n{}", Some(Format::Json)),
            (b"{ }", Some(Format::Json)),
            (b"{'a': 1}", None),
            (b"{{ template }}", None),
            (b"{section}", None),
            (b"[\r\n  {\"a\"", Some(Format::Json)),
            (b"[ ]", Some(Format::Json)),
            (b"[[{\"a\"", Some(Format::Json)),
            (b"[\n[", Some(Format::Json)),
            (b"[{ \n", Some(Format::Json)),
            (b"[package]\nname = \"a\"\n", None),
            (b"[[bin]]\nname = \"a\"\n", None),
            (b"[2026-01-01 10:00:00] INFO started\n", None),
            (b"[{section}]\n", None),
            (b"[1, 2]", None),
            (b"[\"a\"]", None),
            (b"Timestamp,DeviceId,FileName\r\n", Some(Format::Csv)),
            (b"\"TimeGenerated [UTC]\";\"FileName\"\n", Some(Format::Csv)),
            (b"\xef\xbb\xbfFileName\tProcessCommandLine", Some(Format::Csv)),
            (b"name,age\n1,2\n", None),
            (b"Timestamp of the day\n", None),
            (b"PAR1\x15\0", Some(Format::Parquet)),
            (b"ARROW1\0\0", Some(Format::Arrow)),
            (b"\xff\xff\xff\xff\x10\x01\0\0", Some(Format::Arrow)),
            (b"\xff\xff\xff\xff\x11\x01\0\0", None),
            (b"PAR", None),
            (b"ElfFil", None),
            (b"\n\n", None),
            (b"", None),
        ] {
            assert_eq!(detect(head, &Shapes::built_in()), format, "{}", head.escape_ascii());
        }
    }
}
