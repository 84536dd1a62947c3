//! The rule over tables of which no row, one in a thousand, and every row matches, by
//! [`rulespec::fast::rule`] and by the reference.

#![allow(missing_docs, reason = "macros write public items")]

use rulespec_check::bench::data;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rulespec::fast;
use rulespec::kql::{Column, Dynamic, Profile, Table, Type};
use rulespec::rule;

const ROWS: usize = 10_000;
const STRINGS: [&str; 9] = [
    "FileName",
    "ProcessCommandLine",
    "ProcessVersionInfoOriginalFileName",
    "DeviceName",
    "DeviceId",
    "InitiatingProcessFolderPath",
    "InitiatingProcessAccountDomain",
    "InitiatingProcessAccountName",
    "InitiatingProcessSHA256",
];

/// Of every so many rows one matches; of 0, none.
fn table(every: usize) -> Table {
    let mut columns = STRINGS.map(|name| Column::new(name, Type::String)).to_vec();
    columns.push(Column::new("ProcessId", Type::Long));
    columns.push(Column::new("TimeGenerated", Type::Datetime));
    let mut table = Table::new(columns).unwrap();
    let (others, matching) = (data::real_lines(ROWS), data::matching_lines(ROWS));
    for number in 0..ROWS {
        let (name, line) = match number.checked_rem(every) {
            Some(0) => ("bitsadmin.exe", &matching[number]),
            _ => ("svchost.exe", &others[number]),
        };
        let mut row =
            [name, line, name, "ws07.corp.example", "id", "", "", "", ""].map(Dynamic::from).to_vec();
        row.extend([Dynamic::Long(7), Dynamic::Null]);
        table.push(row).unwrap();
    }
    table
}

fn rule(c: &mut Criterion) {
    let profile = Profile::default();
    for (name, every, matches) in
        [("no-match", 0, 0), ("one-in-1000", 1000, ROWS / 1000), ("all-match", 1, ROWS)]
    {
        let table = table(every);
        let found = rule::bitsadmin_activity(&table, &profile).unwrap();
        assert_eq!(found.rows().len(), matches);
        assert_eq!(fast::rule::bitsadmin_activity(&table).unwrap(), found);

        let mut group = c.benchmark_group(format!("rule/{name}"));
        group.sample_size(10).throughput(Throughput::Elements(ROWS as u64));
        group.bench_function("fast", |b| b.iter(|| fast::rule::bitsadmin_activity(&table)));
        group.bench_function("reference", |b| b.iter(|| rule::bitsadmin_activity(&table, &profile)));
        group.finish();
    }
}

criterion_group!(all, rule);
criterion_main!(all);
