//! Real event logs, whole and broken.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::Path;

use rulespec_events::{Event, Item, Names, Source, evtx, read, xml};
use rulespec_testing::evtx_oracle::is_about_times;
use rulespec_testing::reader::{collect_items, with_names};

fn logs(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut logs: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "evtx"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
        .collect();
    logs.sort();
    assert!(!logs.is_empty(), "there are no event logs in {}", folder.display());
    logs
}

fn all(_: Names<'_>) -> bool {
    true
}

fn of_log(log: &[u8], keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Vec<Item> {
    collect_items(None, keep, |options, sink| evtx::read(Cursor::new(log), &"log".into(), options, sink))
}

fn of_file(path: &Path) -> Vec<Item> {
    collect_items(None, all, |options, sink| read(path, options, sink))
}

fn events(items: Vec<Item>) -> Vec<Event> {
    let event = |item| if let Item::Event(event) = item { Some(*event) } else { None };
    items.into_iter().filter_map(event).collect()
}

fn count(items: &[Item], source: Source) -> u64 {
    items.iter().filter(|item| matches!(item, Item::Event(event) if event.source == source)).count() as u64
}

pub fn every_log_has_the_events_in_its_manifest(folder: &Path) {
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    for entry in manifest.as_array().unwrap() {
        let file = entry["file"].as_str().unwrap();
        let items = of_file(&folder.join(file));
        let faults: Vec<_> = items
            .iter()
            .filter(|item| matches!(item, Item::Fault(fault) if !is_about_times(fault)))
            .collect();
        assert!(faults.is_empty(), "{file}: {faults:?}");
        let counts = (count(&items, Source::Sysmon), count(&items, Source::Security));
        let expected = (entry["sysmon1"].as_u64().unwrap(), entry["sec4688"].as_u64().unwrap());
        assert_eq!(counts, expected, "{file}");
    }
}

pub fn a_log_and_its_xml_have_the_same_rows(folder: &Path) {
    for (name, log) in logs(folder) {
        let mut text = String::new();
        for record in ::evtx::EvtxParser::from_buffer(log.clone()).unwrap().records() {
            text.push_str(&record.unwrap().data);
        }
        let from_xml = events(collect_items(None, all, |options, sink| {
            xml::read(text.as_bytes(), &"log".into(), options, sink)
        }));
        let from_log = events(of_log(&log, all));
        let rows = |events: &[Event]| events.iter().map(|event| event.row.clone()).collect::<Vec<_>>();
        assert_eq!(rows(&from_xml), rows(&from_log), "{name}");
        assert!(!from_log.is_empty(), "{name}");
    }
}

pub fn filtering_while_reading_keeps_the_same_events_as_filtering_afterwards(folder: &Path) {
    let keep = |names: Names<'_>| names.command_line.len().is_multiple_of(2) && names.file_name.contains('e');
    for (name, log) in logs(folder) {
        let from_log = events(of_log(&log, keep)).len();
        let whole = events(of_log(&log, all));
        assert_eq!(from_log, whole.iter().filter(|event| with_names(event, keep)).count(), "{name}");
    }
}

/// Counts the events by their contents, to identify those that are still readable.
fn count_by_row(items: Vec<Item>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for event in events(items) {
        *counts.entry(format!("{:?}", event.row)).or_default() += 1;
    }
    counts
}

pub fn a_truncated_log_has_every_record_before_the_cut(folder: &Path) {
    for (name, log) in logs(folder) {
        let whole = count_by_row(of_log(&log, all));
        let step = log.len() / 41 + 1;
        let mut before = 0;
        for end in (0..log.len()).step_by(step) {
            let items = of_log(&log[..end], all);
            assert!(
                items.iter().any(|item| matches!(item, Item::Fault(_))) || (end - 4096) % 65536 == 0,
                "{name}: {end}"
            );
            let kept = count_by_row(items);
            assert!(kept.keys().all(|event| whole.contains_key(event)), "{name}: {end}");
            let count = kept.values().sum();
            assert!(count >= before, "{name}: {end}: {count} after {before}");
            before = count;
        }
    }
}

pub fn tel_39_corrupt_bytes_cause_no_panic_and_lose_only_their_chunk(folder: &Path) {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % below as u64) as usize
    };
    for (name, log) in logs(folder) {
        let whole = events(of_log(&log, all)).len();
        for _ in 0..(10_000_000 / log.len()).min(300) {
            let mut broken = log.clone();
            let chunk = 4096 + 65536 * next((log.len() - 4096) / 65536);
            for _ in 0..=next(8) {
                broken[chunk + next(65536)] = next(256) as u8;
            }
            let kept = events(of_log(&broken, all)).len();
            let in_chunk = 65536 / 200;
            assert!(kept + in_chunk >= whole, "{name}: {kept} of {whole}");
        }
    }
}
