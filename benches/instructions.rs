//! How many instructions each hot function takes, counted by valgrind's callgrind:
//! the same on a busy machine as on an idle one.

#![allow(missing_docs, reason = "macros write public items")]

mod data;

use std::hint::black_box;

use gungraun::{library_benchmark, library_benchmark_group, main};
use rulespec::fast::command_line::{Arguments, last_two, split_to_owned};
use rulespec::fast::terms::Terms;
use rulespec::fast::{rule, text};

fn real() -> Vec<String> {
    data::real_lines(200)
}

fn quoted() -> Vec<String> {
    data::long_quoted_lines(5)
}

fn escaped() -> Vec<String> {
    data::adversarial_lines(4 << 10).into_iter().map(|(_, line)| line).collect()
}

#[library_benchmark]
#[bench::real(real())]
#[bench::quoted(quoted())]
#[bench::adversarial(escaped())]
fn to_owned(lines: Vec<String>) -> usize {
    lines.iter().map(|line| split_to_owned(black_box(line)).len()).sum()
}

#[library_benchmark]
#[bench::real(real())]
#[bench::quoted(quoted())]
#[bench::adversarial(escaped())]
fn in_a_buffer(lines: Vec<String>) -> usize {
    let mut arguments = Arguments::default();
    lines.iter().map(|line| arguments.parse(black_box(line)).len()).sum()
}

#[library_benchmark]
#[bench::real(real())]
fn last_two_arguments(lines: Vec<String>) -> usize {
    lines.iter().filter(|line| last_two(black_box(line))[0].is_some()).count()
}

#[library_benchmark]
#[bench::no_match(real())]
#[bench::all_match(data::matching_lines(200))]
fn has_any(lines: Vec<String>) -> usize {
    lines.iter().filter(|line| rule::has_switch(black_box(line))).count()
}

#[library_benchmark]
#[bench::switches(&["/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges"])]
fn preparing_terms(lookups: &[&str]) -> Terms {
    Terms::new(black_box(lookups))
}

#[library_benchmark]
#[bench::host("ws07.corp.example")]
fn cutting_text(host: &'static str) -> (i64, &'static str) {
    (text::indexof(black_box(host), "."), text::substring(black_box(host), 5, None))
}

library_benchmark_group!(
    name = fast,
    benchmarks = [to_owned, in_a_buffer, last_two_arguments, has_any, preparing_terms, cutting_text]
);

main!(library_benchmark_groups = fast);
