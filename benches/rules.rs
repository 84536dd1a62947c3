//! Twelve rules over a million rows of Arrow record batches, from their text. The rules are those of
//! `peers/rules.json`, where they are written for other engines too.

#[path = "data/table.rs"]
mod table;

use std::hint::black_box;
use std::sync::Arc;

use arrow_array::{ArrayRef, Int64Array, RecordBatch, StringArray, TimestampMicrosecondArray};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rulespec::fast::plan::{BatchPlan, columns_of};
use rulespec::kql::Semantics;
use rulespec::query::{Context, Query, Schemas};

const ROWS: usize = 1_000_000;
/// 2026-01-02.
const FIRST_SECOND: i64 = 1_767_312_000;
const PARENTS: [&str; 5] = ["explorer.exe", "services.exe", "svchost.exe", "outlook.exe", "cmd.exe"];

/// The rows of `table`, with times and parents.
fn batches() -> Vec<RecordBatch> {
    let mut first = 0;
    let batches = table::batches(ROWS).into_iter().map(|batch| {
        let rows = first..first + batch.num_rows() as i64;
        first = rows.end;
        let generated = |row: i64| (FIRST_SECOND + row / 2) * 1_000_000;
        let times = |time: &dyn Fn(i64) -> i64| {
            Arc::new(TimestampMicrosecondArray::from_iter_values(rows.clone().map(time))) as ArrayRef
        };
        let parents = rows.clone().map(|row| PARENTS[row as usize % 5]);
        let parents = Arc::new(StringArray::from_iter_values(parents)) as ArrayRef;
        RecordBatch::try_from_iter([
            ("TimeGenerated", times(&generated)),
            ("ProcessCreationTime", times(&|row| generated(row) - row * 7919 % 7200 * 1_000_000)),
            ("FileName", batch["FileName"].clone()),
            ("InitiatingProcessFileName", parents),
            ("ProcessCommandLine", batch["ProcessCommandLine"].clone()),
            ("ProcessId", Arc::new(Int64Array::from_iter_values(rows.clone()))),
        ])
        .unwrap()
    });
    batches.collect()
}

fn rules(c: &mut Criterion) {
    let batches = batches();
    let schema = batches[0].schema();
    let schemas = Schemas::from([("T".to_owned(), columns_of(&schema).unwrap())]);
    let (kql, now) = (Semantics::default(), "2026-01-10".parse().unwrap());
    let rules: serde_json::Value = serde_json::from_str(include_str!("peers/rules.json")).unwrap();
    let mut group = c.benchmark_group("rules");
    group.sample_size(10).throughput(Throughput::Elements(ROWS as u64));
    for rule in rules.as_array().unwrap() {
        let text = |name: &str| rule[name].as_str().unwrap();
        let query: Query = format!("T | {}", text("kql")).parse().unwrap();
        let bound = query.bind(&schemas, Context { kql: &kql, now }).unwrap();
        let plan = BatchPlan::new(&bound, schema.clone()).unwrap();
        let count = || batches.iter().map(|batch| plan.run(batch, now).unwrap().num_rows()).sum::<usize>();
        println!("{}: {} rows", text("name"), count());
        group.bench_function(text("name"), |b| b.iter(|| black_box(count())));
    }
    group.finish();
}

criterion_group!(all, rules);
criterion_main!(all);
