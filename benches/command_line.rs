//! `parse_command_line` by [`rulespec::fast::command_line`], by the reference, and by
//! other libraries.

#![allow(missing_docs, reason = "macros write public items")]

#[path = "common/comparison.rs"]
mod comparison;

use std::hint::black_box;

use comparison::Comparison;
use criterion::{Criterion, criterion_group, criterion_main};
use rulespec::fast::command_line::{Arguments, last_two, split, split_to_owned};
use rulespec::kql::{Dynamic, Profile, parse_command_line};
use rulespec_check::bench::data;

fn assert_equal_to_reference(lines: &[String]) {
    let mut arguments = Arguments::default();
    for line in lines {
        let reference = parse_command_line(line, "windows", &Profile::default()).unwrap();
        assert_eq!(Dynamic::strings(split(line)), reference);
        assert_eq!(Dynamic::strings(split_to_owned(line)), reference);
        assert_eq!(Dynamic::strings(arguments.parse(line).iter()), reference);
        let Dynamic::Array(all) = reference else { panic!("{reference:?}") };
        let last = last_two(line).map(|argument| Dynamic::from(argument.unwrap_or_default().as_ref()));
        assert_eq!(last[1], all[all.len() - 1]);
    }
}

/// Asserts that the peers, which implement other rules, give the right result for these lines.
fn assert_peers_equal(lines: &[String]) {
    for line in lines {
        assert_eq!(winsplit::split(line), split_to_owned(line));
        assert_eq!(windows_args::Args::parse_cmd(line).collect::<Vec<_>>(), split_to_owned(line));
    }
}

fn compare(c: &mut Criterion, name: &str, lines: &[String]) {
    assert_equal_to_reference(lines);
    let mut comparison = Comparison::new(c, &format!("command_line/{name}"), lines);
    let (mut arguments, profile) = (Arguments::default(), Profile::default());
    comparison.bench("to-owned", split_to_owned);
    comparison.bench("borrowed", |line| _ = black_box(split(line).collect::<Vec<_>>()));
    comparison.bench("in-a-buffer", |line| arguments.parse(line).len());
    comparison.bench("last-two", |line| _ = black_box(last_two(line)));
    comparison.bench("reference", |line| parse_command_line(line, "windows", &profile));
    comparison.bench("winsplit", winsplit::split);
    comparison.bench("windows-args", |line| windows_args::Args::parse_cmd(line).collect::<Vec<_>>());
    comparison.finish();
}

fn benches(c: &mut Criterion) {
    assert_peers_equal(&data::real_lines(1000));
    assert_peers_equal(&data::long_quoted_lines(20));
    compare(c, "real", &data::real_lines(1000));
    compare(c, "all-match", &data::matching_lines(1000));
    compare(c, "quoted-4KiB", &data::long_quoted_lines(20));
    for kib in [4, 64] {
        for (name, line) in data::adversarial_lines(kib << 10) {
            compare(c, &format!("{name}-{kib}KiB"), &[line]);
        }
    }
}

criterion_group! { name = all; config = comparison::criterion(); targets = benches }
criterion_main!(all);
