//! The number of threads or engine processes of `--jobs`.

use std::num::NonZero;
use std::ops::RangeInclusive;
use std::thread;

/// The accepted values of `--jobs`.
pub const RANGE: RangeInclusive<i64> = 1..=256;

/// The requested number of jobs, or the number of processors by default.
pub fn count(requested: Option<u16>) -> usize {
    requested.map_or_else(|| thread::available_parallelism().map_or(1, NonZero::get), usize::from)
}
