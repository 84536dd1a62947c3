//! Which shape an input has.

use std::fmt;
use std::str::FromStr;

use super::csv;

/// How much of an input [`recognise`] looks at.
pub const HEAD: usize = 64 << 10;

/// No mark that an input begins with is longer.
const LONGEST_MARK: usize = 8;

/// A shape of telemetry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// A Windows event log.
    Evtx,
    /// Windows event XML, as `wevtutil` and Event Viewer export it.
    Xml,
    /// JSON, one object a line, or one array of objects.
    Json,
    /// Comma-separated values with a header, as the Defender portal exports them.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// Apache Arrow IPC, a file or a stream.
    Arrow,
}

impl Format {
    /// Every shape.
    pub const ALL: [Self; 6] = [Self::Evtx, Self::Xml, Self::Json, Self::Csv, Self::Parquet, Self::Arrow];

    /// The word for it, which [`FromStr`] reads.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Evtx => "evtx",
            Self::Xml => "xml",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Arrow => "arrow",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that names no [`Format`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no input format: use evtx, xml, json, csv, parquet or arrow")]
pub struct UnknownFormat(String);

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, UnknownFormat> {
        let found = Self::ALL.into_iter().find(|format| format.as_str() == word);
        found.ok_or_else(|| UnknownFormat(word.to_owned()))
    }
}

/// The shape of an input that begins so, told by its content alone; `None` where
/// it is none that is read here.
///
/// Of `head` the first 64 KiB count.
///
/// ```
/// use rulespec_events::{Format, format::recognise};
///
/// assert_eq!(recognise(b"{\"EventID\": 1}\n"), Some(Format::Json));
/// assert_eq!(recognise(b"ElfFile\0\0\0"), Some(Format::Evtx));
/// assert_eq!(recognise(b"MZ"), None);
/// ```
///
/// Spec: TEL-69, TEL-73
pub fn recognise(head: &[u8]) -> Option<Format> {
    let head = head.get(..HEAD).unwrap_or(head);
    if head.starts_with(b"ElfFile\0") {
        return Some(Format::Evtx);
    }
    if head.starts_with(b"PAR1") {
        return Some(Format::Parquet);
    }
    if head.starts_with(b"ARROW1") || is_arrow_stream(head) {
        return Some(Format::Arrow);
    }
    if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
        let first = head.iter().skip(2).find(|byte| **byte != 0 && !byte.is_ascii_whitespace());
        return (first == Some(&b'<')).then_some(Format::Xml);
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match text.first()? {
        b'<' => Some(Format::Xml),
        b'{' | b'[' => Some(Format::Json),
        _ => csv::is_header(text.split(|byte| *byte == b'\n').next()?).then_some(Format::Csv),
    }
}

/// Whether an Arrow IPC stream begins so: a mark, and the length of a message that
/// is padded to eight bytes.
fn is_arrow_stream(head: &[u8]) -> bool {
    match head.first_chunk::<8>() {
        Some([0xff, 0xff, 0xff, 0xff, length @ ..]) => {
            let length = u32::from_le_bytes(*length);
            length > 0 && length.is_multiple_of(8)
        }
        _ => false,
    }
}

/// Whether an input that begins so is recognised already, whatever follows.
///
/// Spec: TEL-71
pub(super) fn is_enough(head: &[u8]) -> bool {
    if head.len() < LONGEST_MARK || head.len() >= HEAD {
        return head.len() >= HEAD;
    }
    let begins = |mark: &[u8]| head.starts_with(mark);
    if begins(b"\xff\xfe") || begins(b"\xfe\xff") {
        return recognise(head).is_some();
    }
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    match text.first() {
        None => false,
        Some(b'<' | b'{' | b'[') => true,
        Some(_) => {
            begins(b"ElfFile\0")
                || begins(b"PAR1")
                || begins(b"ARROW1")
                || begins(b"PK")
                || begins(b"\x1f\x8b")
                || text.contains(&b'\n')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tel_71_no_more_is_waited_for_than_it_takes() {
        for (head, enough) in [
            (&b"{\"a\": 1}"[..], true),
            (b"{\"a\": 1", false),
            (b"\xef\xbb\xbf  \r\n[", true),
            (b"        ", false),
            (b"\n\n\n\n\n\n\n\n", false),
            (b"ElfFile\0", true),
            (b"PK\x03\x04\0\0\0\0", true),
            (b"\x1f\x8b\x08\0\0\0\0\0", true),
            (b"\xff\xfe\r\0\n\0\t\0", false),
            (b"\xff\xfe\r\0\n\0<\0", true),
            (b"Timestamp,FileName", false),
            (b"Timestamp,FileName\n", true),
            (b"nothing that is known", false),
            (b"nothing that is known\n", true),
        ] {
            assert_eq!(is_enough(head), enough, "{}", head.escape_ascii());
        }
        assert!(is_enough(&[b' '; HEAD]));
    }

    #[test]
    fn every_format_is_named_by_its_word() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(format));
        }
        let error = "yaml".parse::<Format>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"yaml\" is no input format: use evtx, xml, json, csv, parquet or arrow"
        );
    }

    #[test]
    fn tel_69_a_format_is_told_by_its_content() {
        for (head, format) in [
            (&b"ElfFile\0"[..], Some(Format::Evtx)),
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
            assert_eq!(recognise(head), format, "{}", head.escape_ascii());
        }
    }
}
