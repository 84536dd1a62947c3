//! Packed and encoded inputs: they give the items of what they contain.

use std::fs;
use std::io::Write;
use std::path::Path;

use bzip2::write::BzEncoder;
use flate2::write::GzEncoder;
use lzma_rust2::{XzOptions, XzWriter};
use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use rulespec_events::{FaultKind, Item, Position, read_bytes};
use rulespec_testing::files::ROOT;
use rulespec_testing::reader::collect_items;
use ruzstd::encoding::{CompressionLevel, compress_to_vec};

use crate::mutations::{damage, damaged};

pub(crate) type Pack = fn(&[u8]) -> Vec<u8>;

/// Every way to pack an input. A member of an archive is called `a`.
pub(crate) const PACKINGS: [Pack; 7] = [gz, bz2, xz, zst, tar, tar_gz, zip];

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(vec![], flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn bz2(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = BzEncoder::new(vec![], bzip2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn xz(bytes: &[u8]) -> Vec<u8> {
    let mut writer = XzWriter::new(vec![], XzOptions::with_preset(0)).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn zst(bytes: &[u8]) -> Vec<u8> {
    compress_to_vec(bytes, CompressionLevel::Fastest)
}

fn tar(bytes: &[u8]) -> Vec<u8> {
    let mut builder = tar::Builder::new(vec![]);
    let mut header = tar::Header::new_ustar();
    header.set_size(bytes.len() as u64);
    builder.append_data(&mut header, "a", bytes).unwrap();
    builder.into_inner().unwrap()
}

fn tar_gz(bytes: &[u8]) -> Vec<u8> {
    gz(&tar(bytes))
}

fn zip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(vec![]));
    writer.start_file("a", zip::write::SimpleFileOptions::default()).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap().into_inner()
}

pub(crate) fn utf_16(text: &str, encode: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(encode).collect()
}

/// The items of an input. A member of an archive has the name of the archive.
fn items(bytes: &[u8]) -> Vec<Item> {
    let read = |options: &_, sink: &mut rulespec_events::Sink<'_>| {
        read_bytes(bytes, &"f".into(), options, &mut |mut item| {
            if let Item::Event(event) = &mut item {
                event.place.file = "f".into();
            }
            if let Item::Fault(fault) = &mut item {
                fault.place.file = "f".into();
                fault.what = fault.what.replace("f!a: ", "f: ");
            }
            sink(item)
        })
    };
    collect_items(None, |_| true, read)
}

fn example(name: &str) -> Vec<u8> {
    fs::read(Path::new(ROOT).join("examples/events").join(name)).unwrap()
}

fn examples(names: &'static [&'static str]) -> impl Strategy<Value = Vec<u8>> {
    (prop::sample::select(names), prop::collection::vec(damage(), 0..4))
        .prop_map(|(name, damages)| damaged(example(name), &damages))
}

fn is_telemetry(items: &[Item]) -> bool {
    !items
        .iter()
        .any(|item| matches!(item, Item::Fault(fault) if matches!(fault.kind, FaultKind::NotTelemetry(_))))
}

/// Whether a fault is at a byte of the file, which the encoding moves.
fn is_at_byte(item: &Item) -> bool {
    match item {
        Item::Fault(fault) => matches!(fault.place.position, Position::Byte(_)),
        Item::Event(_) | Item::Filtered(_) | Item::Skipped(_) => false,
    }
}

/// The items of the same text in UTF-16, with and without a mark.
fn items_of_utf_16(text: &str) -> Vec<Vec<Item>> {
    // Without a mark, the first two characters show the encoding.
    let shows_encoding = text.chars().take(2).filter(|char| matches!(char, '\t'..='~')).count() == 2;
    let marks: &[&str] = if shows_encoding { &["", "\u{feff}"] } else { &["\u{feff}"] };
    let texts = marks.iter().map(|mark| format!("{mark}{text}"));
    texts
        .flat_map(|text| [utf_16(&text, u16::to_le_bytes), utf_16(&text, u16::to_be_bytes)])
        .map(|bytes| items(&bytes))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::Direct(
            "proptest-regressions/telemetry_packed.txt",
        ))),
        ..ProptestConfig::with_cases(64)
    })]

    #[test]
    fn tel_34_what_is_packed_gives_the_items_of_its_content(
        content in examples(&["defender.csv", "defender.jsonl", "sysmon.evtx", "sysmon.xml"]),
    ) {
        let expected = items(&content);
        for pack in PACKINGS {
            prop_assert_eq!(&items(&pack(&content)), &expected);
        }
    }

    #[test]
    fn tel_90_a_text_in_utf_16_gives_the_items_of_utf_8(
        text in examples(&["defender.csv", "defender.jsonl", "winlogbeat.jsonl"]),
    ) {
        let text = String::from_utf8_lossy(&text);
        let text = text.trim_start_matches('\u{feff}');
        let expected = items(text.as_bytes());
        // A mark and a NUL are the mark of UTF-32.
        prop_assume!(!text.starts_with('\0'));
        prop_assume!(is_telemetry(&expected) && !expected.iter().any(is_at_byte));
        for found in items_of_utf_16(text) {
            prop_assert_eq!(&found, &expected);
        }
    }

    #[test]
    fn tel_91_lone_carriage_returns_end_lines_as_line_feeds_do(
        text in examples(&["defender.csv", "defender.jsonl", "winlogbeat.jsonl"]),
    ) {
        let text = String::from_utf8_lossy(&text).replace('\r', "");
        // A carriage return at the end may be one half of a line ending.
        let text = text + "\n ";
        let expected = items(text.as_bytes());
        prop_assert_eq!(items(text.replace('\n', "\r").as_bytes()), expected);
    }
}

#[test]
fn tel_90_what_is_not_utf_16_is_one_fault_after_the_events() {
    let row = |name: &str| {
        format!(r#"{{"Timestamp":"2026-01-02T03:04:05Z","FileName":"{name}","ProcessCommandLine":"a"}}"#)
    };
    let mut bytes = utf_16(&format!("\u{feff}{}\n{}\n", row("\u{1}\u{1}"), row("b")), u16::to_le_bytes);
    let lone = u16::to_le_bytes(0xdc00);
    while let Some(at) = bytes.windows(2).position(|unit| unit == [1, 0]) {
        bytes[at..at + 2].copy_from_slice(&lone);
    }
    let found = items(&bytes);
    let [Item::Event(first), Item::Event(_), Item::Fault(fault)] = &found[..] else { panic!("{found:?}") };
    assert_eq!(first.cell("FileName").unwrap().as_str(), Some("\u{fffd}\u{fffd}"));
    assert_eq!(fault.what, "is not UTF-16 throughout; what is not was read as U+FFFD");
}

/// Descriptions of the items of a text.
fn found(text: &str) -> Vec<String> {
    let describe = |item: &Item| match item {
        Item::Event(event) => event.place.to_string(),
        Item::Fault(fault) => format!("{}: {}", fault.place, fault.what),
        Item::Filtered(_) | Item::Skipped(_) => format!("{item:?}"),
    };
    items(text.as_bytes()).iter().map(describe).collect()
}

const ROW: &str = r#"{"Timestamp":"2026-01-02T03:04:05Z","FileName":"a","ProcessCommandLine":"a"}"#;
const EVENT: &str = "<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID></System>\
                     <EventData><Data Name='Image'>a</Data></EventData></Event>";

#[test]
fn tel_92_the_lines_of_tools_around_the_data_are_skipped() {
    let table = "Timestamp,FileName,ProcessCommandLine\r\n2026-01-02T03:04:05Z,a,a\r\n";
    for before in ["#TYPE System.Object\r\n", "sep=,\r\n", "\r\n\r\n", "\u{feff}\"sep=,\"\n#TYPE x\n"] {
        let line = 2 + before.matches('\n').count();
        assert_eq!(found(&format!("{before}{table}")), [format!("f:{line}")]);
    }
    let xml =
        format!("Record 1\n<?xml version=\"1.0\"?>\n{EVENT}\nRecord 2\n<?xml version=\"1.0\"?>\n{EVENT}\n");
    assert_eq!(found(&xml), ["f: event 1", "f: event 2"]);
    let pretty = ROW.replace("{\"", "{\n  \"");
    assert_eq!(
        found(&format!("Record 1\n{pretty}\nRecord 2\n{ROW}\nRecord\n")),
        ["f:2", "f:5", "f:6: not a JSON object"]
    );
}

#[test]
fn tel_93_what_follows_a_syslog_header_is_read() {
    let lines = [
        format!("<14>Nov 24 18:20:55 ws31 {ROW}"),
        "<14>Nov 24 18:20:55 ws31 app: started".to_owned(),
        format!("<14>1 2026-11-24T18:20:55Z ws31 app - - - \u{feff}{ROW}"),
        "<14>Nov 24 18:20:55 ws31 {\"a\": [{".to_owned(),
        format!("Nov 24 18:20:55 ws31 app: {ROW}"),
        "<14>Nov 24 18:20:55 ws31 {\"records\": [{}, ".to_owned(),
        "<14>Nov 24 18:20:55 ws31 {\"a\": \"b".to_owned(),
        format!("2026-11-24T18:20:55+00:00 ws31 app: {{\"records\": [{ROW}]}}"),
        "<14>Nov 24 18:20:55 ws31 {\"a\": 1}".to_owned(),
        ROW.to_owned(),
    ];
    let expected = [
        "f:1",
        "f:2: not a JSON object",
        "f:3",
        "f:4: the line ends before the object does",
        "f:5",
        "Skipped(UnknownShape)",
        "f:6: the line ends before the array does",
        "f:7: a string is cut off by the end of the line",
        "f: event 2",
        "Skipped(UnknownShape)",
        "f:10",
        "f: objects not recognised: 2; the first has a",
    ];
    assert_eq!(found(&(lines.join("\n") + "\n")), expected);
    let events = format!("<14>Nov 24 18:20:55 ws31 {EVENT}\n<14>Nov 24 18:20:56 ws31 app: {EVENT}\n");
    assert_eq!(found(&events), ["f: event 1", "f: event 2"]);
    let long = format!("<14>Nov 24 18:20:55 ws31 {{\"a\": \"{}\"}}\n", "x".repeat(3 << 20));
    let note = "f: objects not recognised: 1; the first has a";
    let expected = ["Skipped(UnknownShape)", "f:2", note];
    assert_eq!(found(&format!("{long}<14>Nov 24 18:20:55 ws31 {ROW}\n")), expected);
}
