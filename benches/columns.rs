//! The rule over a million rows of Arrow record batches, of which one in a thousand
//! matches, compared with reading both name columns once.

#[path = "data/table.rs"]
mod table;
#[path = "common/turns.rs"]
mod turns;

use std::hint::black_box;
use std::time::Duration;

use arrow_array::cast::AsArray;
use arrow_array::{ArrayRef, RecordBatch};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rulespec::fast::columns::Plan;
use rulespec_testing::rule::ORIGINAL_FILE_NAME;

const ROWS: usize = 1_000_000;

fn matches(plan: &Plan, batches: &[RecordBatch]) -> usize {
    batches.iter().map(|batch| plan.run(batch).unwrap().num_rows()).sum()
}

/// The sum of all offsets and bytes of a string column.
fn sum(column: &ArrayRef) -> u64 {
    let texts = column.as_string::<i32>();
    let offsets: u64 = texts.value_offsets().iter().map(|offset| *offset as u64).sum();
    let bytes: u64 = texts.value_data().iter().map(|byte| u64::from(*byte)).sum();
    offsets.wrapping_add(bytes)
}

fn floor(batches: &[RecordBatch]) -> u64 {
    let names = ["FileName", ORIGINAL_FILE_NAME];
    batches.iter().flat_map(|batch| names.map(|name| sum(&batch[name]))).fold(0, u64::wrapping_add)
}

fn columns(c: &mut Criterion) {
    let batches = table::batches(ROWS);
    let plan = Plan::new(batches[0].schema()).unwrap();
    assert_eq!(matches(&plan, &batches), ROWS / table::MATCH_INTERVAL);
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
