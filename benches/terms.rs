//! `has` and `has_any` by [`rulespec::fast::terms`], by the reference, and by search
//! engines that it could have been based on.

#![allow(missing_docs, reason = "macros write public items")]

#[path = "common/comparison.rs"]
mod comparison;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use comparison::Comparison;
use criterion::{Criterion, criterion_group, criterion_main};
use regex::Regex;
use rulespec::fast::terms::{Term, Terms};
use rulespec::kql::{Dynamic, Profile, has, has_any};
use rulespec_check::bench::data;
use rulespec_testing::rule::{SWITCHES, UPLOAD};

const PATTERN: &str = r"(?i-u:/Transfer|/AddFile(?:Set|WithRanges)?)(?:[^\p{L}\p{N}]|$)";

fn compare(c: &mut Criterion, name: &str, lines: &[String], matching: bool) {
    let (terms, upload) = (Terms::new(SWITCHES), Term::new(UPLOAD));
    let mut builder = AhoCorasick::builder();
    builder.ascii_case_insensitive(true).kind(Some(AhoCorasickKind::DFA));
    let automaton = builder.build(SWITCHES).unwrap();
    let regex = Regex::new(PATTERN).unwrap();
    let switches = SWITCHES.map(Dynamic::from);
    let profile = Profile::default();
    for line in lines {
        assert_eq!((has_any(line, &switches, &profile), terms.found_in(line)), (matching, matching));
        assert_eq!(upload.found_in(line), has(line, UPLOAD, &profile));
        assert_eq!(regex.is_match(line), matching);
    }

    let mut comparison = Comparison::new(c, &format!("terms/{name}"), lines);
    comparison.bench("has_any", |line| terms.found_in(line));
    comparison.bench("has", |line| upload.found_in(line));
    comparison.bench("reference", |line| has_any(line, &switches, &profile));
    comparison.bench("aho-corasick", |line| automaton.find_overlapping_iter(line).count());
    comparison.bench("regex", |line| regex.is_match(line));
    comparison.finish();
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

criterion_group! { name = all; config = comparison::criterion(); targets = benches }
criterion_main!(all);
