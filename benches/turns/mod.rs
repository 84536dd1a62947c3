//! How long one thing takes by another: a machine whose pace changes from minute to
//! minute shows it only where both take turns.

use std::hint::black_box;
use std::time::Instant;

/// How often each has its turn.
const ROUNDS: usize = 100;
/// How often it runs at a turn, so that what the other left in the caches counts for little.
const TIMES: usize = 20;

/// Prints how many times as long `this` takes as `that`: the median of all rounds, and
/// the quartiles.
pub fn compare<R>(name: &str, this: &dyn Fn() -> R, that: &dyn Fn() -> R) {
    let time = |run: &dyn Fn() -> R| {
        let start = Instant::now();
        (0..TIMES).for_each(|_| _ = black_box(run()));
        start.elapsed().as_secs_f64()
    };
    let mut ratios: Vec<f64> = (0..ROUNDS).map(|_| time(this) / time(that)).collect();
    ratios.sort_by(f64::total_cmp);
    let [low, median, high] = [ROUNDS / 4, ROUNDS / 2, ROUNDS * 3 / 4].map(|at| ratios[at]);
    println!("{name}: {median:.2} times ({low:.2} to {high:.2}) in {ROUNDS} turns of {TIMES}");
}
