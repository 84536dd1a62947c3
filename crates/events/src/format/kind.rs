//! What a file is if it is not telemetry, and what to do about it.

use crate::encoding::{Encoding, decoded_head};
use crate::syslog;

/// A kind of file that is not telemetry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Kind {
    /// The kind, with an article: "a PDF document".
    pub(crate) name: &'static str,
    /// What to do about it.
    pub(crate) remedy: &'static str,
}

const fn kind(name: &'static str, remedy: &'static str) -> Kind {
    Kind { name, remedy }
}

const UNPACK: &str = "unpack it, and name the files in it";
const EXPORT: &str = "export the events, as evtx, xml, json or csv";
const LOGS: &str = "copy the event logs, C:\\Windows\\System32\\winevt\\Logs\\*.evtx, and name those";
const CONVERT: &str = "convert it to evtx with `wevtutil epl OLD.evt NEW.evtx /lf:true`";
const DOWNLOAD: &str = "download the content it stands for, and name that file";
const SAVE: &str = "save it as text, in UTF-8 or UTF-16";
const NAME: &str = "name a file that has events";
const FORMAT: &str = "name the format with --input-format";

/// Files that begin with these bytes at this offset, and are not text.
const BINARY: &[(usize, &[u8], Kind)] = &[
    (0, b"7z\xbc\xaf\x27\x1c", kind("a 7z archive", UNPACK)),
    (0, b"Rar!\x1a\x07", kind("a RAR archive", UNPACK)),
    (0, b"MSCF\0\0\0\0", kind("a cabinet", UNPACK)),
    (0, b"MSWIM\0\0\0", kind("a WIM image", UNPACK)),
    (0, b"PK\x07\x08", kind("a part of a split zip archive", "join the parts, and unpack it")),
    (0, b"\x04\x22\x4d\x18", kind("an LZ4 file", UNPACK)),
    (0, b"LZIP\x01", kind("a lzip file", UNPACK)),
    (0, b"\x1f\x9d", kind("a compress file", UNPACK)),
    (30, b"[Content_Types].xml", kind("an Office document or a package", EXPORT)),
    (30, b"mimetypeapplication/vnd.oasis", kind("an OpenDocument file", EXPORT)),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", kind("an Office or OLE document", EXPORT)),
    (0, b"MZ", kind("a Windows program", NAME)),
    (0, b"\x7fELF", kind("an ELF program", NAME)),
    (0, b"\xcf\xfa\xed\xfe", kind("a Mach-O program", NAME)),
    (0, b"\x89PNG", kind("a PNG image", EXPORT)),
    (0, b"\xff\xd8\xff", kind("a JPEG image", EXPORT)),
    (0, b"SQLite format 3\0", kind("an SQLite database", EXPORT)),
    (4, b"\xef\xcd\xab\x89", kind("an ESE database", EXPORT)),
    (0, b"Obj\x01", kind("an Avro file", EXPORT)),
    (0, b"\0\x05\x16\x07", kind("a file of macOS with attributes of another", NAME)),
    (0, b"bplist00", kind("a property list", NAME)),
    (0, b"regf", kind("a Windows registry hive", LOGS)),
    (4, b"SCCA", kind("a Windows prefetch file", LOGS)),
    (0, b"MAM\x04", kind("a Windows prefetch file", LOGS)),
    (0, b"FILE0\0", kind("an NTFS master file table", LOGS)),
    (0, b"L\0\0\0\x01\x14\x02\0", kind("a Windows shortcut", "name the file that it leads to")),
    (4, b"LfLe", kind("an event log of Windows XP or Server 2003", CONVERT)),
    (0, b"LPKSHHRH", kind("a systemd journal", "export it with `journalctl --file FILE -o json`")),
    (0, b"MDMP\x93\xa7", kind("a minidump", LOGS)),
    (0, b"PAGEDU", kind("a memory dump", LOGS)),
    (0, b"\xd4\xc3\xb2\xa1", kind("a packet capture", NAME)),
    (0, b"\xa1\xb2\xc3\xd4", kind("a packet capture", NAME)),
    (0, b"\x4d\x3c\xb2\xa1", kind("a packet capture", NAME)),
    (0, b"\x0a\x0d\x0d\x0a", kind("a packet capture", NAME)),
    (0, b"vhdxfile", kind("a VHDX disk image", LOGS)),
    (0, b"conectix", kind("a VHD disk image", LOGS)),
    (0, b"KDMV", kind("a VMDK disk image", LOGS)),
    (0, b"QFI\xfb", kind("a QCOW disk image", LOGS)),
    (0, b"EVF\x09\x0d\x0a\xff\0", kind("an E01 disk image", LOGS)),
    (0, b"EVF2\x0d\x0a\x81\0", kind("an Ex01 disk image", LOGS)),
    (3, b"NTFS    ", kind("a disk image", LOGS)),
    // A file of ETW begins with a header of 72 bytes and an event of the system's.
    (72, b"\x02\0\x01\xc0", ETL),
    (72, b"\x02\0\x02\xc0", ETL),
    (0, b"\xff\xfe\0\0", kind("a text in UTF-32", SAVE)),
    (0, b"\0\0\xfe\xff", kind("a text in UTF-32", SAVE)),
];

const ETL: Kind = kind("an ETW trace", "convert it with `tracerpt FILE -o events.xml -of XML`");

/// Files that begin with this text, in any case, after blanks.
const TEXT: &[(&str, Kind)] = &[
    ("%PDF-", kind("a PDF document", EXPORT)),
    ("GIF8", kind("a GIF image", EXPORT)),
    ("{\\rtf", kind("an RTF document", EXPORT)),
    ("version https://git-lfs", kind("a pointer of Git LFS", DOWNLOAD)),
    ("version https://hawser", kind("a pointer of Git LFS", DOWNLOAD)),
    ("/annex/objects/", kind("a pointer of git-annex", DOWNLOAD)),
    ("<!doctype html", HTML),
    ("<html", HTML),
    ("<!doctype plist", kind("a property list", NAME)),
    ("<plist", kind("a property list", NAME)),
    ("<svg", kind("an SVG image", EXPORT)),
    ("-----BEGIN ", kind("a PEM file", NAME)),
    ("Windows Registry Editor", kind("a registry export", LOGS)),
    ("REGEDIT4", kind("a registry export", LOGS)),
    ("[ZoneTransfer]", kind("the mark that Windows gives a download", "name the download itself")),
    ("[InternetShortcut]", kind("a link to a web page", DOWNLOAD)),
    ("Event[0]", kind("the text output of wevtutil", "export the events with `wevtutil qe /f:xml`")),
    (
        "<Objs ",
        kind("an export of Export-Clixml", "export the events with ConvertTo-Json, or the log itself"),
    ),
    ("#!/", kind("a script", NAME)),
];

const HTML: Kind = kind("a web page", "download the file again: this may be a login page or an error");

/// Recognises a kind that is not telemetry by the first bytes of a file.
///
/// Spec: TEL-95
pub(crate) fn known(head: &[u8]) -> Option<Kind> {
    let text = decoded_head(head);
    let text = after_xml_declaration(text.trim_ascii_start());
    let starts_text = |prefix: &str| {
        text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
    };
    if let Some((_, kind)) = TEXT.iter().find(|(prefix, _)| starts_text(prefix)) {
        return Some(*kind);
    }
    let starts = |offset: usize, bytes: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    let found = BINARY.iter().find(|(offset, bytes, _)| starts(*offset, bytes));
    found.filter(|_| !is_text(head)).map(|(_, _, kind)| *kind)
}

/// The text after an XML declaration, if it is short.
fn after_xml_declaration(text: &[u8]) -> &[u8] {
    let end = text.starts_with(b"<?xml").then(|| memchr::memmem::find(text, b"?>")).flatten();
    end.and_then(|end| text.get(end.saturating_add(2)..)).map_or(text, <[u8]>::trim_ascii_start)
}

/// What a file is that no reader and no signature recognises.
///
/// Spec: TEL-95
pub(crate) fn unknown(head: &[u8]) -> Kind {
    let text = decoded_head(head);
    let text = text.trim_ascii();
    if text.is_empty() {
        return kind("a blank text", NAME);
    }
    if head.iter().all(|byte| *byte == 0) {
        return kind("a file of zeros", "get an undamaged copy");
    }
    if Encoding::detect(head) != Encoding::Utf8 {
        return kind("a text in UTF-16 of an unknown format", FORMAT);
    }
    if !is_text(head) {
        return kind("a binary file of an unknown format", FORMAT);
    }
    if serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok() {
        return kind("a single JSON value", "export the objects themselves");
    }
    if syslog::has_header(text) {
        return kind("a syslog without JSON or XML", "let the collector write JSON");
    }
    if is_base64(text) {
        return kind("a text in base64", "decode it first");
    }
    kind("a text of an unknown format", FORMAT)
}

/// Whether bytes are UTF-8 without control characters other than blanks.
fn is_text(head: &[u8]) -> bool {
    let is_control =
        |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    let is_utf_8 = match std::str::from_utf8(head) {
        Ok(_) => true,
        // The last character may be cut off.
        Err(error) => error.error_len().is_none(),
    };
    is_utf_8 && !head.iter().any(is_control)
}

/// Whether a text is long, and has no other characters than base64 and line endings.
fn is_base64(text: &[u8]) -> bool {
    let is_base64 = |byte: &u8| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_' | b'=' | b'\r' | b'\n')
    };
    text.len() >= 40 && text.iter().all(is_base64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(head: &[u8]) -> Option<&'static str> {
        known(head).map(|kind| kind.name)
    }

    #[test]
    fn tel_95_every_signature_is_recognised() {
        for (offset, bytes, kind) in BINARY {
            let head = [&vec![0; *offset], *bytes, b"\x01\0"].concat();
            assert_eq!(name(&head), Some(kind.name), "{}", bytes.escape_ascii());
        }
        for (text, kind) in TEXT {
            assert_eq!(name(format!("\u{feff}\r\n {text} x").as_bytes()), Some(kind.name), "{text}");
            let units: Vec<u8> =
                format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
            assert_eq!(name(&units), Some(kind.name), "{text} in UTF-16");
        }
        assert_eq!(name(b"<?xml version=\"1.0\"?>\n<!DOCTYPE plist PUBLIC"), Some("a property list"));
    }

    #[test]
    fn tel_95_telemetry_is_no_other_kind() {
        for head in [
            &b"MZ,FileName\n"[..],
            b"regf",
            b"<Event>",
            b"<?xml version='1.0'?><Events>",
            b"{\"a\": 1}",
            b"[",
            b"ElfFile\0",
            b"",
        ] {
            assert_eq!(name(head), None, "{}", head.escape_ascii());
        }
    }

    #[test]
    fn tel_95_what_is_unknown_is_described() {
        for (head, expected) in [
            (&[0; 100][..], "a file of zeros"),
            (b"\"a\"", "a single JSON value"),
            (b"\xff\xfe\r\0\n\0", "a blank text"),
            (b" 12\n", "a single JSON value"),
            (b"hello\n", "a text of an unknown format"),
            ("näht".as_bytes(), "a text of an unknown format"),
            (&"näht".as_bytes()[..2], "a text of an unknown format"),
            (b"<14>Nov 24 18:20:55 ws31 app: started\n", "a syslog without JSON or XML"),
            (b"\xff\xfeh\0", "a text in UTF-16 of an unknown format"),
            (b"n\xe4ht", "a binary file of an unknown format"),
            (b"ab\0", "a binary file of an unknown format"),
            (&[b'Q'; 80], "a text in base64"),
        ] {
            assert_eq!(unknown(head).name, expected, "{}", head.escape_ascii());
        }
    }
}
