//! The number of instructions that each hot function takes, counted by valgrind's callgrind.
//! Unlike times, the counts do not depend on the load of the machine.

#![allow(missing_docs, reason = "macros write public items")]

use std::hint::black_box;

use gungraun::{library_benchmark, library_benchmark_group, main};
use rulespec::fast::command_line::{Arguments, last_two, split, split_to_owned};
use rulespec::fast::terms::{Term, Terms};
use rulespec::fast::text;
use rulespec_check::bench::data;
use rulespec_testing::rule::{PROGRAM, SWITCHES, early_selects};

/// A result and the input. The input is returned so that its deallocation is not counted,
/// because that depends on all earlier allocations.
type Counted = (usize, Vec<String>);

fn real() -> Vec<String> {
    data::real_lines(200)
}

fn matching() -> Vec<String> {
    data::matching_lines(200)
}

/// Lines, once the rule has been prepared, which is not counted.
fn prepared(lines: Vec<String>) -> Vec<String> {
    early_selects("", Some(""), "");
    lines
}

fn quoted() -> Vec<String> {
    data::long_quoted_lines(5)
}

/// All lines that are slow to parse.
fn adversarial(bytes: usize) -> Vec<String> {
    data::adversarial_lines(bytes).into_iter().map(|(_, line)| line).collect()
}

/// Only the lines of quotes and backslashes.
fn marks(bytes: usize) -> Vec<String> {
    let of_marks = |(_, line): &(_, String)| !line[2..].contains([' ', 'a']);
    data::adversarial_lines(bytes).into_iter().filter(of_marks).map(|(_, line)| line).collect()
}

fn near_misses() -> Vec<String> {
    data::near_misses(4 << 10).into_iter().map(|(_, text)| text).collect()
}

#[library_benchmark]
#[bench::real(real())]
#[bench::all_match(matching())]
#[bench::quoted(quoted())]
#[bench::adversarial(adversarial(4 << 10))]
#[bench::marks_4_kib(marks(4 << 10))]
#[bench::marks_64_kib(marks(64 << 10))]
fn to_owned(lines: Vec<String>) -> Counted {
    let count = lines.iter().map(|line| split_to_owned(black_box(line)).len()).sum();
    (count, lines)
}

#[library_benchmark]
#[bench::real(real())]
#[bench::quoted(quoted())]
#[bench::adversarial(adversarial(4 << 10))]
fn borrowed(lines: Vec<String>) -> Counted {
    let count = lines.iter().map(|line| split(black_box(line)).count()).sum();
    (count, lines)
}

#[library_benchmark]
#[bench::real(real())]
#[bench::all_match(matching())]
#[bench::quoted(quoted())]
#[bench::adversarial(adversarial(4 << 10))]
#[bench::marks_4_kib(marks(4 << 10))]
#[bench::marks_64_kib(marks(64 << 10))]
fn in_a_buffer(lines: Vec<String>) -> Counted {
    let mut arguments = Arguments::default();
    let count = lines.iter().map(|line| arguments.parse(black_box(line)).len()).sum();
    (count, lines)
}

#[library_benchmark]
#[bench::real(real())]
#[bench::all_match(matching())]
fn last_two_arguments(lines: Vec<String>) -> Counted {
    let count = lines.iter().filter(|line| last_two(black_box(line))[0].is_some()).count();
    (count, lines)
}

#[library_benchmark]
#[bench::no_match(real())]
#[bench::all_match(matching())]
#[bench::quoted(quoted())]
#[bench::near_misses(near_misses())]
fn has_any(lines: Vec<String>) -> Counted {
    let terms = Terms::new(SWITCHES);
    let count = lines.iter().filter(|line| terms.found_in(black_box(line))).count();
    (count, lines)
}

#[library_benchmark]
#[bench::upload(real(), Term::new("/Upload"))]
#[bench::dot(real(), Term::new("."))]
fn has(lines: Vec<String>, term: Term) -> (Counted, Term) {
    let count = lines.iter().filter(|line| term.found_in(black_box(line))).count();
    ((count, lines), term)
}

#[library_benchmark]
#[bench::switches(&SWITCHES)]
fn preparing_terms(lookups: &[&str]) -> Terms {
    Terms::new(black_box(lookups))
}

#[library_benchmark]
#[bench::another("powershell.ex")]
#[bench::equal("BitsAdmin.exe")]
fn equality(name: &'static str) -> bool {
    text::eq_ci(black_box(name), PROGRAM)
}

#[library_benchmark]
#[bench::host("ws07.corp.example")]
#[bench::not_ascii("zürich-07.corp.example")]
fn cutting_text(host: &'static str) -> (Option<i64>, &'static str) {
    (text::indexof(black_box(host), "."), text::substring(black_box(host), 5, None))
}

#[library_benchmark]
#[bench::no_match(prepared(real()))]
#[bench::all_match(prepared(matching()))]
fn selecting(lines: Vec<String>) -> Counted {
    let selects = |line: &&String| early_selects(black_box("x.exe"), Some("bitsadmin.exe"), line);
    let count = lines.iter().filter(selects).count();
    (count, lines)
}

library_benchmark_group!(
    name = fast,
    benchmarks = [
        to_owned,
        borrowed,
        in_a_buffer,
        last_two_arguments,
        has_any,
        has,
        preparing_terms,
        equality,
        cutting_text,
        selecting
    ]
);

main!(library_benchmark_groups = fast);
