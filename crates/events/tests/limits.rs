//! Limits that apply to every format.

use rulespec_events::{Item, Names, Position, read_bytes};
use rulespec_testing::reader::collect_items;
use serde_json::json;

/// The maximum length of a command line in Windows, in UTF-16 units.
const MAX_COMMAND_LINE_LEN: usize = 32_767;

fn items(text: &str, keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Vec<Item> {
    collect_items(None, keep, |options, sink| read_bytes(text.as_bytes(), &"text".into(), options, sink))
}

/// A process creation with this command line in several formats.
fn formats(line: &str) -> [(&'static str, String); 5] {
    let xml = format!(
        "<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID></System>\
         <EventData><Data Name='Image'>a</Data><Data Name='CommandLine'>{line}</Data></EventData></Event>"
    );
    let flat =
        json!({"SourceName": "Microsoft-Windows-Sysmon", "EventID": 1, "Image": "a", "CommandLine": line});
    let payload = json!({"EventData": {"Data": [{"@Name": "NewProcessName", "#text": "a"}, {"@Name": "CommandLine", "#text": line}]}}).to_string();
    let evtxecmd = json!({
        "EventId": 4688, "Provider": "Microsoft-Windows-Security-Auditing", "Payload": payload,
    });
    let row = json!({"Timestamp": "2026-01-02T03:04:05Z", "FileName": "a.exe", "ProcessCommandLine": line});
    let csv = format!("Timestamp,FileName,ProcessCommandLine\n2026-01-02T03:04:05Z,a.exe,\"{line}\"\n");
    [
        ("xml", xml),
        ("flat", flat.to_string()),
        ("evtxecmd", evtxecmd.to_string()),
        ("defender", row.to_string()),
        ("csv", csv),
    ]
}

#[test]
fn tel_70_a_command_line_that_is_too_long_is_a_fault() {
    let line = "a ".repeat(MAX_COMMAND_LINE_LEN / 2) + "ab";
    assert_eq!(line.len(), MAX_COMMAND_LINE_LEN + 1);
    for (format, text) in formats(&line) {
        for keep in [true, false] {
            let items = items(&text, move |_| keep);
            let [Item::Fault(fault)] = &items[..] else { panic!("{format}: {} items", items.len()) };
            assert_eq!(
                (&*fault.what, &*fault.remedy),
                (
                    "a command line of 32768 characters is longer than the 32767 Windows allows",
                    "the event is left out; find out what wrote it",
                ),
            );
            assert_ne!(fault.place.position, Position::Whole, "{format}");
        }
    }
}

#[test]
fn tel_70_the_length_is_counted_in_utf_16_units() {
    // Three bytes and one unit a character.
    for line in ["a".repeat(MAX_COMMAND_LINE_LEN), "語".repeat(MAX_COMMAND_LINE_LEN)] {
        for (format, text) in formats(&line) {
            assert!(matches!(&items(&text, |_| true)[..], [Item::Event(_)]), "{format}");
            assert!(matches!(&items(&text, |_| false)[..], [Item::Filtered(_)]), "{format}");
        }
    }
    // Two units a character.
    for (format, text) in formats(&"🚀".repeat(MAX_COMMAND_LINE_LEN / 2 + 1)) {
        assert!(matches!(&items(&text, |_| true)[..], [Item::Fault(_)]), "{format}");
    }
}

#[test]
fn tel_72_an_object_of_more_than_100_000_values_is_a_fault() {
    let row = |line: &str, more: &str| {
        let known = r#""Timestamp":"2026-01-02T03:04:05Z","FileName":"a.exe""#;
        format!(r#"{{{known},"ProcessCommandLine":"{line}","More":[{more}1]}}"#)
    };
    for keep in [true, false] {
        let at_limit = items(&row("a", &"[],".repeat(100_000 - 6)), move |_| keep);
        assert!(matches!(&at_limit[..], [Item::Event(_) | Item::Filtered(_)]));
        let items = items(&row("a", &"[],".repeat(100_000 - 5)), move |_| keep);
        let [Item::Fault(fault)] = &items[..] else { panic!("{} items", items.len()) };
        assert!(fault.what.starts_with("more than 100000 values in one object"), "{}", fault.what);
    }
}

#[test]
fn tel_72_a_text_of_more_than_256_kib_does_not_fit_a_dynamic_column() {
    for (length, faults) in [(256 << 10, 0), ((256 << 10) + 2, 1)] {
        let text = format!("[{}\"\"]", "1,".repeat((length - 4) / 2));
        assert_eq!(text.len(), length);
        let csv = "TimeGenerated,FileName,ProcessCommandLine,AdditionalFields\n2026-01-02T03:04:05Z,a.exe,a,";
        let items = items(&format!("{csv}\"{}\"\n", text.replace('"', "\"\"")), |_| true);
        assert!(matches!(&items[0], Item::Event(_)));
        assert_eq!(items.len(), 1 + faults);
    }
}
