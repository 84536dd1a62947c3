//! The number of instructions that the readers of events and the rule over columns take,
//! counted as in `instructions.rs`.

#![allow(missing_docs, reason = "macros write public items")]

#[path = "data/events.rs"]
mod events;
#[path = "data/table.rs"]
mod table;

use std::hint::black_box;
use std::io::Cursor;
use std::ops::ControlFlow;

use arrow_array::RecordBatch;
use gungraun::{library_benchmark, library_benchmark_group, main};
use rulespec::fast::columns::Plan;
use rulespec_events::{Item, Options, evtx, json};
use rulespec_testing::event_log::{write_chunk_checksums, write_header_checksum};

fn lines(line: fn(usize) -> String) -> String {
    (0..200).map(|number| line(number) + "\n").collect()
}

#[library_benchmark]
#[bench::winlogbeat(lines(events::winlogbeat), events::options())]
#[bench::tree(lines(events::tree), events::options())]
#[bench::defender(lines(events::defender), events::options())]
fn json_lines(lines: String, options: Options) -> usize {
    let mut count = 0;
    let _ = json::read(lines.as_bytes(), &"lines".into(), &options, &mut |_| {
        count += 1;
        ControlFlow::Continue(())
    });
    count
}

/// A log of ten chunks, made from the log of the examples: its last record, which defines no
/// template, is repeated until the chunk is full, and the chunk is repeated ten times.
fn log() -> Vec<u8> {
    let log = include_bytes!("../examples/events/sysmon.evtx");
    let (header, chunk) = log.split_at(4096);
    let number = |at: usize| u32::from_le_bytes(*chunk[at..].first_chunk().unwrap()) as usize;
    let (last, end) = (number(44), number(48));
    let mut full = chunk[..end].to_vec();
    let mut id = 4_u64;
    while full.len() + (end - last) <= chunk.len() {
        id += 1;
        let start = full.len();
        full.extend(&chunk[last..end]);
        full[start + 8..start + 16].copy_from_slice(&id.to_le_bytes());
        full[44..48].copy_from_slice(&(start as u32).to_le_bytes());
    }
    let free = full.len() as u32;
    full[48..52].copy_from_slice(&free.to_le_bytes());
    for at in [16, 32] {
        full[at..at + 8].copy_from_slice(&id.to_le_bytes());
    }
    full.resize(chunk.len(), 0);
    write_chunk_checksums(&mut full);
    let mut log = header.to_vec();
    log[42..44].copy_from_slice(&10_u16.to_le_bytes());
    write_header_checksum(&mut log);
    (0..10).for_each(|_| log.extend(&full));
    log
}

#[library_benchmark]
#[bench::sysmon(log(), events::options())]
fn event_log(log: Vec<u8>, options: Options) -> usize {
    let mut count = 0;
    let _ = evtx::read(Cursor::new(log), &"log".into(), &options, &mut |item| {
        assert!(matches!(item, Item::Filtered(_) | Item::Skipped(_)), "{item:?}");
        count += 1;
        ControlFlow::Continue(())
    });
    count
}

fn plan() -> (Vec<RecordBatch>, Plan) {
    let batches = table::batches(10 * table::MATCH_INTERVAL);
    let plan = Plan::new(batches[0].schema()).unwrap();
    (batches, plan)
}

#[library_benchmark]
#[bench::one_in_1000(plan())]
fn columns((batches, plan): (Vec<RecordBatch>, Plan)) -> usize {
    batches.iter().map(|batch| plan.run(black_box(batch)).unwrap().num_rows()).sum()
}

library_benchmark_group!(name = readers, benchmarks = [json_lines, event_log, columns]);

main!(library_benchmark_groups = readers);
