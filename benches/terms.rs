//! `has` and `has_any` by [`rulespec::fast::terms`], by the reference, and by the
//! search engines that could have carried it.

#![allow(missing_docs, reason = "macros write public items")]

use rulespec_check::bench::data;

use std::hint::black_box;
use std::time::Duration;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use criterion::{
    BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};
use regex::Regex;
use rulespec::fast::terms::{Term, Terms};
use rulespec::kql::{Dynamic, Profile, has, has_any};

const SWITCHES: [&str; 4] = ["/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges"];
const PATTERN: &str = r"(?i-u:/Transfer|/AddFile(?:Set|WithRanges)?)(?:[^\p{L}\p{N}]|$)";

fn way(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, lines: &[String], mut each: impl FnMut(&str)) {
    group.bench_function(name, |b| b.iter(|| lines.iter().for_each(|line| each(black_box(line)))));
}

fn compare(c: &mut Criterion, name: &str, lines: &[String], matching: bool) {
    let (terms, upload) = (Terms::new(SWITCHES), Term::new("/Upload"));
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA));
    let automaton = builder.build(SWITCHES).unwrap();
    let regex = Regex::new(PATTERN).unwrap();
    let switches = SWITCHES.map(Dynamic::from);
    for line in lines {
        let profile = Profile::default();
        assert_eq!((has_any(line, &switches, &profile), terms.found_in(line)), (matching, matching));
        assert_eq!(upload.found_in(line), has(line, "/Upload", &profile));
        assert_eq!(regex.is_match(line), matching);
    }

    let mut group = c.benchmark_group(format!("terms/{name}"));
    group.throughput(Throughput::Bytes(lines.iter().map(|line| line.len() as u64).sum()));
    let mut copy = vec![0; 1 << 17];
    way(&mut group, "has_any", lines, |line| _ = black_box(terms.found_in(line)));
    way(&mut group, "has", lines, |line| _ = black_box(upload.found_in(line)));
    let profile = Profile::default();
    way(&mut group, "reference", lines, |line| _ = black_box(has_any(line, &switches, &profile)));
    way(&mut group, "aho-corasick", lines, |line| {
        _ = black_box(automaton.find_overlapping_iter(line).count())
    });
    way(&mut group, "regex", lines, |line| _ = black_box(regex.is_match(line)));
    way(&mut group, "memcpy", lines, |line| {
        copy[..line.len()].copy_from_slice(line.as_bytes());
        black_box(&mut copy);
    });
    group.finish();
}

fn benches(c: &mut Criterion) {
    compare(c, "no-match", &data::real_lines(1000), false);
    compare(c, "all-match", &data::matching_lines(1000), true);
    compare(c, "quoted-4KiB", &data::long_quoted_lines(20), false);
    let matching = data::long_quoted_lines(20).into_iter().map(|line| line + " /AddFile");
    compare(c, "quoted-all-match-4KiB", &matching.collect::<Vec<_>>(), true);
    for (name, line) in data::near_misses(4 << 10) {
        compare(c, &format!("{name}-4KiB"), &[line], false);
    }
}

/// Short, as there are many: medians are what counts.
fn brief() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(400))
}

criterion_group! { name = all; config = brief(); targets = benches }
criterion_main!(all);
