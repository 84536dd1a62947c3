//! The rule over tables in which no row, one row in a thousand, or every row matches, by
//! [`rulespec::fast::rule`] and by the reference.

#![allow(missing_docs, reason = "macros write public items")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rulespec::fast;
use rulespec::kql::{Column, Dynamic, Profile, Table, Type};
use rulespec_check::bench::data;
use rulespec_testing::rule::{ORIGINAL_FILE_NAME, PROGRAM, bitsadmin_activity, required_columns};

const ROWS: usize = 10_000;

/// A table in which one row matches per `interval` rows, or none if it is 0.
fn table(interval: usize) -> Table {
    let mut columns = required_columns();
    columns.push(Column::new(ORIGINAL_FILE_NAME, Type::String));
    let mut table = Table::new(columns.clone()).unwrap();
    let (others, matching) = (data::real_lines(ROWS), data::matching_lines(ROWS));
    for index in 0..ROWS {
        let (file_name, line) = match index.checked_rem(interval) {
            Some(0) => (PROGRAM, &matching[index]),
            _ => ("svchost.exe", &others[index]),
        };
        let cell = |column: &Column| match column.name.as_str() {
            "FileName" | ORIGINAL_FILE_NAME => file_name.into(),
            "ProcessCommandLine" => line.as_str().into(),
            "DeviceName" => "ws07.corp.example".into(),
            "ProcessId" => Dynamic::Long(7),
            _ => column.r#type.empty(),
        };
        table.push(columns.iter().map(cell).collect()).unwrap();
    }
    table
}

fn rule(c: &mut Criterion) {
    let profile = Profile::default();
    for (name, interval, matches) in
        [("no-match", 0, 0), ("one-in-1000", 1000, ROWS / 1000), ("all-match", 1, ROWS)]
    {
        let table = table(interval);
        let found = bitsadmin_activity(&table, &profile).unwrap();
        assert_eq!(found.rows().len(), matches);
        assert_eq!(fast::rule::bitsadmin_activity(&table).unwrap(), found);

        let mut group = c.benchmark_group(format!("rule/{name}"));
        group.sample_size(10).throughput(Throughput::Elements(ROWS as u64));
        group.bench_function("fast", |b| b.iter(|| fast::rule::bitsadmin_activity(&table)));
        group.bench_function("reference", |b| b.iter(|| bitsadmin_activity(&table, &profile)));
        group.finish();
    }
}

criterion_group!(all, rule);
criterion_main!(all);
