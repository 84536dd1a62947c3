//! `parse_command_line` by each way of [`rulespec::fast::command_line`], by the
//! reference, and by its peers.

#![allow(missing_docs, reason = "macros write public items")]

use rulespec_check::bench::data;

use std::hint::black_box;
use std::time::Duration;

use criterion::{
    BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main, measurement::WallTime,
};
use rulespec::fast::command_line::{Arguments, last_two, split, split_to_owned};
use rulespec::kql::{Dynamic, Profile, parse_command_line};

fn assert_answers(lines: &[String]) {
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

/// Whether the peers, which have other rules, give the right answer too.
fn assert_peers(lines: &[String]) {
    for line in lines {
        assert_eq!(winsplit::split(line), split_to_owned(line));
        assert_eq!(windows_args::Args::parse_cmd(line).collect::<Vec<_>>(), split_to_owned(line));
    }
}

fn way(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, lines: &[String], mut each: impl FnMut(&str)) {
    group.bench_function(name, |b| b.iter(|| lines.iter().for_each(|line| each(black_box(line)))));
}

fn compare(c: &mut Criterion, name: &str, lines: &[String]) {
    assert_answers(lines);
    let mut group = c.benchmark_group(format!("command_line/{name}"));
    group.throughput(Throughput::Bytes(lines.iter().map(|line| line.len() as u64).sum()));
    let (mut arguments, mut copy) = (Arguments::default(), vec![0; 1 << 17]);
    way(&mut group, "to-owned", lines, |line| _ = black_box(split_to_owned(line)));
    way(&mut group, "borrowed", lines, |line| _ = black_box(split(line).collect::<Vec<_>>()));
    way(&mut group, "in-a-buffer", lines, |line| _ = black_box(arguments.parse(line).len()));
    way(&mut group, "last-two", lines, |line| _ = black_box(last_two(line)));
    let profile = Profile::default();
    way(&mut group, "reference", lines, |line| _ = black_box(parse_command_line(line, "windows", &profile)));
    way(&mut group, "winsplit", lines, |line| _ = black_box(winsplit::split(line)));
    way(&mut group, "windows-args", lines, |line| {
        _ = black_box(windows_args::Args::parse_cmd(line).collect::<Vec<_>>());
    });
    way(&mut group, "memcpy", lines, |line| {
        copy[..line.len()].copy_from_slice(line.as_bytes());
        black_box(&mut copy);
    });
    group.finish();
}

fn benches(c: &mut Criterion) {
    assert_peers(&data::real_lines(1000));
    assert_peers(&data::long_quoted_lines(20));
    compare(c, "real", &data::real_lines(1000));
    compare(c, "all-match", &data::matching_lines(1000));
    compare(c, "quoted-4KiB", &data::long_quoted_lines(20));
    for (name, line) in data::adversarial_lines(4 << 10) {
        compare(c, &format!("{name}-4KiB"), &[line]);
    }
    for (name, line) in data::adversarial_lines(64 << 10) {
        compare(c, &format!("{name}-64KiB"), &[line]);
    }
}

/// Short, as there are many: medians are what counts.
fn brief() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(400))
}

criterion_group! { name = all; config = brief(); targets = benches }
criterion_main!(all);
