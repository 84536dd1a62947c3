//! `=~`, `indexof` and `substring` by [`rulespec::fast::text`] and by the reference.

#![allow(missing_docs, reason = "macros write public items")]

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use rulespec::fast::text;
use rulespec::kql::{Profile, eq_ci, indexof, substring};

const PROGRAM: &str = "bitsadmin.exe";

fn equality(c: &mut Criterion) {
    let mut group = c.benchmark_group("text/=~");
    let profile = Profile::default();
    for (name, other) in
        [("other-length", "svchost.exe"), ("other-letters", "powershell.ex"), ("equal", "BitsAdmin.exe")]
    {
        assert_eq!(text::eq_ci(other, PROGRAM), eq_ci(other, PROGRAM, &profile));
        group.bench_function(name, |b| b.iter(|| text::eq_ci(black_box(other), PROGRAM)));
        group.bench_function(format!("{name}/reference"), |b| {
            b.iter(|| eq_ci(black_box(other), PROGRAM, &profile));
        });
    }
    group.finish();
}

fn cutting(c: &mut Criterion) {
    let profile = Profile::default();
    for (name, host) in [("ascii", "ws07.corp.example"), ("not-ascii", "zürich-07.corp.example")] {
        assert_eq!(text::indexof(host, "."), indexof(host, ".", &profile));
        assert_eq!(text::substring(host, 5, None), substring(host, 5, None, &profile));
        let mut group = c.benchmark_group(format!("text/{name}"));
        group.bench_function("indexof", |b| b.iter(|| text::indexof(black_box(host), ".")));
        group.bench_function("indexof/reference", |b| b.iter(|| indexof(black_box(host), ".", &profile)));
        group.bench_function("substring", |b| b.iter(|| text::substring(black_box(host), 5, None)));
        group.bench_function("substring/reference", |b| {
            b.iter(|| substring(black_box(host), 5, None, &profile));
        });
        group.finish();
    }
}

criterion_group!(all, equality, cutting);
criterion_main!(all);
