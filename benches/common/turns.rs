//! Compares two functions by running them in turn.
//!
//! The speed of a machine may change from minute to minute, so only measurements in
//! immediate succession are comparable.

use std::hint::black_box;
use std::time::Instant;

/// The number of turns of each function.
const ROUNDS: usize = 100;
/// The runs per turn: enough for the caches left by the other function not to matter.
const RUNS: usize = 20;

/// Prints the time of `function` as a multiple of the time of `baseline`: the median and
/// the quartiles of all rounds.
pub fn compare<R>(name: &str, function: &dyn Fn() -> R, baseline: &dyn Fn() -> R) {
    let time = |run: &dyn Fn() -> R| {
        let start = Instant::now();
        (0..RUNS).for_each(|_| _ = black_box(run()));
        start.elapsed().as_secs_f64()
    };
    let mut ratios: Vec<f64> = (0..ROUNDS).map(|_| time(function) / time(baseline)).collect();
    ratios.sort_by(f64::total_cmp);
    let [low, median, high] = [ROUNDS / 4, ROUNDS / 2, ROUNDS * 3 / 4].map(|at| ratios[at]);
    println!("{name}: {median:.2} times ({low:.2} to {high:.2}) in {ROUNDS} turns of {RUNS}");
}
