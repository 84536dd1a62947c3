//! What no reader hands on, however it was written down.

use std::ops::ControlFlow;
use std::sync::Arc;

use rulespec_events::{Item, Names, Options, Position, read_bytes};
use serde_json::json;

/// The longest command line that Windows allows, in UTF-16 units.
const LONGEST: usize = 32_767;

fn items(text: &str, keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Vec<Item> {
    let options = Options { format: None, keep: Arc::new(keep), progress: Default::default(), jobs: 1 };
    let mut items = vec![];
    let _ = read_bytes(text.as_bytes(), &"text".into(), &options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    items
}

/// A process creation with that command line, in every shape that can hold it.
fn shapes(line: &str) -> [(&'static str, String); 5] {
    let xml = format!(
        "<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>1</EventID></System>\
         <EventData><Data Name='CommandLine'>{line}</Data></EventData></Event>"
    );
    let flat = json!({"SourceName": "Microsoft-Windows-Sysmon", "EventID": 1, "CommandLine": line});
    let payload = json!({"EventData": {"Data": [{"@Name": "CommandLine", "#text": line}]}}).to_string();
    let zimmerman = json!({
        "EventId": 4688, "Provider": "Microsoft-Windows-Security-Auditing", "Payload": payload,
    });
    let row = json!({"Timestamp": "2026-01-02T03:04:05Z", "FileName": "a.exe", "ProcessCommandLine": line});
    let csv = format!("Timestamp,FileName,ProcessCommandLine\n2026-01-02T03:04:05Z,a.exe,\"{line}\"\n");
    [
        ("xml", xml),
        ("flat", flat.to_string()),
        ("evtxecmd", zimmerman.to_string()),
        ("defender", row.to_string()),
        ("csv", csv),
    ]
}

#[test]
fn tel_70_a_longer_command_line_than_windows_allows_is_a_fault() {
    let line = "a ".repeat(LONGEST / 2) + "ab";
    assert_eq!(line.len(), LONGEST + 1);
    for (shape, text) in shapes(&line) {
        for keep in [true, false] {
            let items = items(&text, move |_| keep);
            let [Item::Fault(fault)] = &items[..] else { panic!("{shape}: {} items", items.len()) };
            assert_eq!(
                (&*fault.what, &*fault.remedy),
                (
                    "a command line of 32768 characters is longer than the 32767 Windows allows",
                    "the event is left out: find out what wrote it",
                ),
            );
            assert_ne!(fault.place.position, Position::Whole, "{shape}");
        }
    }
}

#[test]
fn tel_70_the_longest_command_line_is_an_event_whatever_its_bytes() {
    // Three bytes and one unit a character.
    for line in ["a".repeat(LONGEST), "語".repeat(LONGEST)] {
        for (shape, text) in shapes(&line) {
            assert!(matches!(&items(&text, |_| true)[..], [Item::Event(_)]), "{shape}");
            assert!(matches!(&items(&text, |_| false)[..], [Item::Passed(_)]), "{shape}");
        }
    }
    // Two units a character.
    for (shape, text) in shapes(&"🚀".repeat(LONGEST / 2 + 1)) {
        assert!(matches!(&items(&text, |_| true)[..], [Item::Fault(_)]), "{shape}");
    }
}

#[test]
fn tel_72_an_object_of_100_000_values_is_kept_and_one_of_more_is_a_fault() {
    let row = |line: &str, more: &str| {
        let known = r#""Timestamp":"2026-01-02T03:04:05Z","FileName":"a.exe""#;
        format!(r#"{{{known},"ProcessCommandLine":"{line}","More":[{more}1]}}"#)
    };
    for keep in [true, false] {
        let most = items(&row("a", &"[],".repeat(100_000 - 6)), move |_| keep);
        assert!(matches!(&most[..], [Item::Event(_) | Item::Passed(_)]));
        let items = items(&row("a", &"[],".repeat(100_000 - 5)), move |_| keep);
        let [Item::Fault(fault)] = &items[..] else { panic!("{} items", items.len()) };
        assert!(fault.what.starts_with("more than 100000 values in one object"), "{}", fault.what);
    }
}

#[test]
fn tel_72_a_text_of_more_than_256_kib_fits_no_dynamic_column() {
    for (length, faults) in [(256 << 10, 0), ((256 << 10) + 2, 1)] {
        let text = format!("[{}\"\"]", "1,".repeat((length - 4) / 2));
        assert_eq!(text.len(), length);
        let csv = "TimeGenerated,FileName,ProcessCommandLine,AdditionalFields\n2026-01-02T03:04:05Z,a.exe,a,";
        let items = items(&format!("{csv}\"{}\"\n", text.replace('"', "\"\"")), |_| true);
        assert!(matches!(&items[0], Item::Event(_)));
        assert_eq!(items.len(), 1 + faults);
    }
}
