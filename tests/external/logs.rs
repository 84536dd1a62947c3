//! Real event logs, whole and broken.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use rulespec_events::{Event, Item, Names, Options, Source, evtx, read, xml};

fn logs(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut logs: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "evtx"))
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
        .collect();
    logs.sort();
    logs
}

fn all(_: Names<'_>) -> bool {
    true
}

fn items(
    keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static,
    run: impl FnOnce(&Options, &mut dyn FnMut(Item) -> ControlFlow<()>),
) -> Vec<Item> {
    let options = Options { format: None, keep: Arc::new(keep), progress: Arc::default(), jobs: 1 };
    let mut items = Vec::new();
    run(&options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    items
}

fn of_log(log: &[u8], keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Vec<Item> {
    items(keep, |options, sink| {
        let _ = evtx::read(Cursor::new(log), &"log".into(), options, sink);
    })
}

fn of_file(path: &Path) -> Vec<Item> {
    items(all, |options, sink| {
        let _ = read(path, options, sink);
    })
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

pub fn every_real_log_holds_the_events_its_manifest_counts(folder: &Path) {
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.json")).unwrap();
    let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
    for entry in manifest.as_array().unwrap() {
        let file = entry["file"].as_str().unwrap();
        let items = of_file(&folder.join(file));
        let faults: Vec<_> = items.iter().filter(|item| matches!(item, Item::Fault(_))).collect();
        assert!(faults.is_empty(), "{file}: {faults:?}");
        let counts = (count(&items, Source::Sysmon), count(&items, Source::Security));
        let expected = (entry["sysmon1"].as_u64().unwrap(), entry["sec4688"].as_u64().unwrap());
        assert_eq!(counts, expected, "{file}");
    }
}

pub fn a_log_says_the_same_as_its_xml(folder: &Path) {
    for (name, log) in logs(folder) {
        let mut text = String::new();
        for record in ::evtx::EvtxParser::from_buffer(log.clone()).unwrap().records() {
            text.push_str(&record.unwrap().data);
        }
        let from_xml = events(items(all, |options, sink| {
            let _ = xml::read(text.as_bytes(), &"log".into(), options, sink);
        }));
        let from_log = events(of_log(&log, all));
        let rows = |events: &[Event]| events.iter().map(|event| event.row.clone()).collect::<Vec<_>>();
        assert_eq!(rows(&from_xml), rows(&from_log), "{name}");
        assert!(!from_log.is_empty(), "{name}");
    }
}

pub fn what_is_kept_does_not_depend_on_how_it_is_decided(folder: &Path) {
    let keep = |names: Names<'_>| names.command_line.len().is_multiple_of(2) && names.file_name.contains('e');
    for (name, log) in logs(folder) {
        let from_log = events(of_log(&log, keep)).len();
        let after = |event: &&Event| {
            keep(Names::new(&cell(event, "FileName"), None, &cell(event, "ProcessCommandLine")))
        };
        assert_eq!(from_log, events(of_log(&log, all)).iter().filter(after).count(), "{name}");
    }
}

/// The records by what they hold, to tell which of them are still there.
fn told(items: Vec<Item>) -> BTreeMap<String, usize> {
    let mut told = BTreeMap::new();
    for event in events(items) {
        *told.entry(format!("{:?}", event.row)).or_default() += 1;
    }
    told
}

pub fn a_cut_off_log_keeps_every_record_before_the_cut(folder: &Path) {
    for (name, log) in logs(folder) {
        let whole = told(of_log(&log, all));
        let step = log.len() / 41 + 1;
        let mut before = 0;
        for end in (0..log.len()).step_by(step) {
            let items = of_log(&log[..end], all);
            assert!(
                items.iter().any(|item| matches!(item, Item::Fault(_))) || (end - 4096) % 65536 == 0,
                "{name}: {end}"
            );
            let kept = told(items);
            assert!(kept.keys().all(|event| whole.contains_key(event)), "{name}: {end}");
            let count = kept.values().sum();
            assert!(count >= before, "{name}: {end}: {count} after {before}");
            before = count;
        }
    }
}

pub fn tel_39_a_log_with_wrong_bytes_neither_panics_nor_loses_the_other_chunks(folder: &Path) {
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
