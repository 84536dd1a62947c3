//! `=~`, `indexof` and `substring` by [`rulespec::fast::text`], by the reference, and
//! by the ways one would take without them.

#![allow(missing_docs, reason = "macros write public items")]

use rulespec_check::bench::data;

use std::hint::black_box;
use std::time::Duration;

use criterion::{
    BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};
use regex::Regex;
use rulespec::fast::text;
use rulespec::kql::{Profile, eq_ci, indexof, substring};

const PROGRAM: &str = "bitsadmin.exe";

fn group<'a>(c: &'a mut Criterion, name: &str, texts: &[String]) -> BenchmarkGroup<'a, WallTime> {
    let mut group = c.benchmark_group(format!("text/{name}"));
    group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
    group
}

fn way<T>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    texts: &[String],
    mut each: impl FnMut(&str) -> T,
) {
    group.bench_function(name, |b| {
        b.iter(|| texts.iter().for_each(|text| _ = black_box(each(black_box(text)))));
    });
}

fn memcpy(group: &mut BenchmarkGroup<'_, WallTime>, texts: &[String]) {
    let mut copy = vec![0; 1 << 17];
    way(group, "memcpy", texts, |text| {
        copy[..text.len()].copy_from_slice(text.as_bytes());
        black_box(&mut copy);
    });
}

fn names(of: &[&str]) -> Vec<String> {
    of.iter().cycle().take(1000).map(|&name| name.to_owned()).collect()
}

fn equality(c: &mut Criterion) {
    let profile = Profile::default();
    let regex = Regex::new(r"(?i-u)\A(?:bitsadmin\.exe)\z").unwrap();
    let sets = [
        (
            "real",
            names(&["svchost.exe", "browser.exe", "powershell.exe", "cmd.exe", "msiexec.exe", "curl.exe"]),
        ),
        ("all-match", names(&["bitsadmin.exe", "BitsAdmin.exe", "BITSADMIN.EXE"])),
        ("no-match-of-the-same-length", names(&["powershell.ex", "bitsadmin.ex_", "backgroundtas"])),
        ("lines", data::real_lines(1000)),
    ];
    for (name, names) in sets {
        for name in &names {
            let want = eq_ci(name, PROGRAM, &profile);
            assert_eq!((text::eq_ci(name, PROGRAM), regex.is_match(name)), (want, want));
        }
        let mut group = group(c, &format!("=~/{name}"), &names);
        way(&mut group, "fast", &names, |name| text::eq_ci(name, PROGRAM));
        way(&mut group, "reference", &names, |name| eq_ci(name, PROGRAM, &profile));
        way(&mut group, "regex", &names, |name| regex.is_match(name));
        memcpy(&mut group, &names);
        group.finish();
    }
}

/// Hosts, lines, and what makes a search or a count slow.
fn texts() -> Vec<(&'static str, Vec<String>)> {
    vec![
        ("hosts", names(&["ws07.corp.example", "dc1", "mail.example.com", "srv-ber-0042.ad.corp.example"])),
        ("hosts-not-ascii", names(&["zürich-07.corp.example", "münchen"])),
        ("real", data::real_lines(1000)),
        ("quoted-4KiB", data::long_quoted_lines(20)),
        ("no-match-4KiB", vec!["x".repeat(4 << 10)]),
        ("no-match-not-ascii-4KiB", vec!["é".repeat(2 << 10)]),
        ("all-match-at-the-end-4KiB", vec!["x".repeat((4 << 10) - 1) + "."]),
    ]
}

fn cutting(c: &mut Criterion) {
    for (name, texts) in texts() {
        for text in &texts {
            assert_eq!(text::indexof(text, "."), indexof(text, "."));
            assert_eq!(text::substring(text, 5, Some(9)), substring(text, 5, Some(9)));
        }
        let mut group = group(c, &format!("indexof/{name}"), &texts);
        way(&mut group, "fast", &texts, |text| text::indexof(text, "."));
        way(&mut group, "reference", &texts, |text| indexof(text, "."));
        way(&mut group, "find-and-count", &texts, |text| text.find('.').map(|at| text[..at].chars().count()));
        memcpy(&mut group, &texts);
        group.finish();
        let mut group = self::group(c, &format!("substring/{name}"), &texts);
        way(&mut group, "fast", &texts, |text| text::substring(text, 5, Some(9)).len());
        way(&mut group, "reference", &texts, |text| substring(text, 5, Some(9)));
        way(&mut group, "chars", &texts, |text| text.chars().skip(5).take(9).collect::<String>());
        memcpy(&mut group, &texts);
        group.finish();
    }
}

/// Short, as there are many: medians are what counts.
fn brief() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(400))
}

criterion_group! { name = all; config = brief(); targets = equality, cutting }
criterion_main!(all);
