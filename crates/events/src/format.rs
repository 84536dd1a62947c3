//! The formats of telemetry, and their detection.

use std::fmt;

use super::{csv, evtx};

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
    /// JSON: one object per line, an array of objects, or objects that wrap such an array.
    Json,
    /// Comma-separated values with a header, as exported by the Defender portal.
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
/// Spec: TEL-69, TEL-73
pub(super) fn detect(head: &[u8]) -> Option<Format> {
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
    if is_utf16(head) {
        let first = head.iter().skip(2).find(|byte| **byte != 0 && !byte.is_ascii_whitespace());
        return (first == Some(&b'<')).then_some(Format::Xml);
    }
    let text = trim_start(head);
    match text.first()? {
        b'<' => Some(Format::Xml),
        b'{' | b'[' => Some(Format::Json),
        _ => csv::is_header(text.split(|byte| *byte == b'\n').next()?).then_some(Format::Csv),
    }
}

fn is_utf16(head: &[u8]) -> bool {
    head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff")
}

/// The text without a byte order mark and leading whitespace.
fn trim_start(head: &[u8]) -> &[u8] {
    head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start()
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
pub(super) fn is_sufficient(head: &[u8]) -> bool {
    if head.len() < MAX_SIGNATURE_LEN || head.len() >= HEAD_LEN {
        return head.len() >= HEAD_LEN;
    }
    let is_archive = head.starts_with(b"PK") || head.starts_with(b"\x1f\x8b");
    match detect(head) {
        Some(Format::Evtx | Format::Xml | Format::Json | Format::Parquet | Format::Arrow) => true,
        // The header of a CSV file must be complete.
        Some(Format::Csv) | None => is_archive || !is_utf16(head) && trim_start(head).contains(&b'\n'),
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
            (b"\xef\xbb\xbf  \r\n[", true),
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
            (b"an unknown format", false),
            (b"an unknown format\n", true),
        ] {
            assert_eq!(is_sufficient(head), expected, "{}", head.escape_ascii());
        }
        assert!(is_sufficient(&[b' '; HEAD_LEN]));
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
            (b"\xff\xfe{\0", None),
            (b"\xef\xbb\xbf\n[", Some(Format::Json)),
            (b"  {", Some(Format::Json)),
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
            assert_eq!(detect(head), format, "{}", head.escape_ascii());
        }
    }
}
