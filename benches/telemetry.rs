//! Reading events of which none matches, compared with only decoding them.
//!
//! The JSON Lines are generated. The event log is the largest file of `events/*.evtx` in the
//! directory `RULESPEC_DATA`. If that is not set, the event log benchmark is skipped.

#[path = "data/events.rs"]
mod events;
#[path = "common/turns.rs"]
mod turns;

use std::hint::black_box;
use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::PathBuf;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use evtx::{EvtxParser, ParserSettings};
use rulespec_events::{Item, Options, evtx as log, json};

const EVENTS: usize = 20_000;

/// The number of items that a reader emits. None of them may be an event or a fault.
fn count_items(read: impl FnOnce(&Options, &mut dyn FnMut(Item) -> ControlFlow<()>)) -> usize {
    let mut count = 0;
    read(&events::options(), &mut |item| {
        assert!(matches!(item, Item::Filtered(_) | Item::Skipped(_)), "{item:?}");
        count += 1;
        ControlFlow::Continue(())
    });
    count
}

fn json_lines(c: &mut Criterion) {
    let mut group = c.benchmark_group("json_lines");
    for (name, line) in [
        ("winlogbeat", events::winlogbeat as fn(usize) -> String),
        ("tree", events::tree),
        ("defender", events::defender),
    ] {
        let lines: String = (0..EVENTS).map(|number| line(number) + "\n").collect();
        let read = |text: &str| {
            count_items(|options, sink| {
                let _ = json::read(text.as_bytes(), &"lines".into(), options, sink);
            })
        };
        assert_eq!(read(&lines), EVENTS);
        group.throughput(Throughput::Bytes(lines.len() as u64));
        group.bench_function(name, |b| b.iter(|| read(black_box(&lines))));
    }
    group.finish();
}

fn largest_log() -> Option<Vec<u8>> {
    let directory = PathBuf::from(std::env::var_os("RULESPEC_DATA")?).join("events");
    let files = std::fs::read_dir(directory).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let logs = files.filter(|file| file.extension().is_some_and(|extension| extension == "evtx"));
    std::fs::read(logs.max_by_key(|log| log.metadata().map_or(0, |metadata| metadata.len()))?).ok()
}

/// Decodes all records and returns their number.
fn decode(log: &[u8]) -> usize {
    let parser = EvtxParser::from_read_seek(Cursor::new(log)).unwrap();
    let mut parser = parser.with_configuration(ParserSettings::new().indent(false));
    parser.records_json_bytes().map(|record| usize::from(!black_box(record.unwrap().data).is_empty())).sum()
}

fn event_logs(c: &mut Criterion) {
    let Some(log) = largest_log() else {
        eprintln!("skipped: RULESPEC_DATA is not a directory with events/*.evtx");
        return;
    };
    let read = |bytes: &[u8]| {
        count_items(|options, sink| {
            let _ = log::read(Cursor::new(bytes), &"log".into(), options, sink);
        })
    };
    assert_eq!(read(&log), decode(&log));
    let mut group = c.benchmark_group("evtx");
    group.throughput(Throughput::Bytes(log.len() as u64));
    group.bench_function("read", |b| b.iter(|| read(black_box(&log))));
    group.bench_function("decoder", |b| b.iter(|| decode(black_box(&log))));
    group.finish();
    let (read, decode) = (|| read(black_box(&log)), || decode(black_box(&log)));
    turns::compare("evtx: reader by decoder", &read, &decode);
}

criterion_group!(all, json_lines, event_logs);
criterion_main!(all);
