//! Benchmarks of several implementations over the same lines.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkGroup, Criterion, Throughput, measurement::WallTime};

/// A benchmark group in which each implementation processes the same texts.
pub struct Comparison<'a> {
    group: BenchmarkGroup<'a, WallTime>,
    texts: &'a [String],
}

impl<'a> Comparison<'a> {
    pub fn new(c: &'a mut Criterion, name: &str, texts: &'a [String]) -> Self {
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(texts.iter().map(|text| text.len() as u64).sum()));
        Self { group, texts }
    }

    /// Adds an implementation.
    pub fn bench<T>(&mut self, name: &str, mut function: impl FnMut(&str) -> T) {
        self.group.bench_function(name, |b| {
            b.iter(|| self.texts.iter().for_each(|text| _ = black_box(function(black_box(text)))));
        });
    }

    /// Adds `memcpy`, the lower bound for a pass over the texts, and finishes the group.
    pub fn finish(mut self) {
        let mut copy = vec![0; 1 << 17];
        self.bench("memcpy", |text| {
            copy[..text.len()].copy_from_slice(text.as_bytes());
            black_box(&mut copy);
        });
        self.group.finish();
    }
}

/// Short measurements, because there are many benchmarks. Only their medians are used.
pub fn criterion() -> Criterion {
    Criterion::default().warm_up_time(Duration::from_millis(100)).measurement_time(Duration::from_millis(400))
}
