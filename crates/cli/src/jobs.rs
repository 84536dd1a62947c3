//! How many threads a command has.

use std::num::NonZero;
use std::ops::RangeInclusive;
use std::thread;

/// How many may be asked for: more would only wait for each other.
pub const ALLOWED: RangeInclusive<i64> = 1..=256;

/// As many as are asked for, else as there are processors.
pub fn of(asked: Option<u16>) -> usize {
    asked.map_or_else(|| thread::available_parallelism().map_or(1, NonZero::get), usize::from)
}
