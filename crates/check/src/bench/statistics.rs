//! The median and its 95 % confidence interval.
//!
//! Times are not normally distributed: some are much longer than the rest, but none is
//! much shorter. So the interval assumes no distribution. The true median is below the
//! k-th smallest of n values exactly as often as fewer than k of n coin tosses are heads.
//! The interval goes from the k-th smallest to the k-th largest value, where k is the
//! largest number that gives a confidence of at least 95 %. For 30 rounds these are the
//! 10th and the 21st value.

use serde::{Deserialize, Serialize};

/// The minimum number of values: with fewer, even the smallest and the largest do not
/// enclose the median with 95 % confidence.
pub const MIN_VALUES: usize = 6;

/// The maximum number of values: with more, the probabilities underflow.
pub const MAX_VALUES: usize = 1000;

/// The probability that the median is below the interval, and that it is above.
const TAIL: f64 = 0.025;

/// A median, and an interval that contains the true median with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower bound.
    pub low: f64,
    /// The median of the measured values.
    pub median: f64,
    /// The upper bound.
    pub high: f64,
}

impl Interval {
    /// The median of the values and its interval. `None` if there are fewer than
    /// [`MIN_VALUES`] or more than [`MAX_VALUES`].
    ///
    /// ```
    /// use rulespec_check::bench::Interval;
    ///
    /// let interval = Interval::of(&[7.0, 1.0, 3.0, 2.0, 9.0, 4.0, 90.0]).unwrap();
    /// assert_eq!(interval, Interval { low: 1.0, median: 4.0, high: 90.0 });
    /// assert_eq!(Interval::of(&[1.0; 5]), None);
    /// ```
    pub fn of(values: &[f64]) -> Option<Self> {
        let rank = rank(values.len())?;
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let at = |index: usize| sorted.get(index).copied();
        let median = (at((sorted.len() - 1) / 2)? + at(sorted.len() / 2)?) / 2.0;
        Some(Self { low: at(rank - 1)?, median, high: at(sorted.len() - rank)? })
    }

    /// Whether the intervals have a value in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }
}

/// The rank, from 1, of the lower bound among `count` sorted values.
fn rank(count: usize) -> Option<usize> {
    if !(MIN_VALUES..=MAX_VALUES).contains(&count) {
        return None;
    }
    let (mut rank, mut probability) = (0, 0.5_f64.powi(i32::try_from(count).ok()?));
    let mut below = probability;
    while below <= TAIL {
        rank += 1;
        probability *= (count + 1 - rank) as f64 / rank as f64;
        below += probability;
    }
    Some(rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From published tables of the sign test at 5 %.
    #[test]
    fn ranks_match_the_sign_test() {
        let known =
            [(6, 1), (8, 1), (9, 2), (12, 3), (15, 4), (20, 6), (25, 8), (30, 10), (50, 18), (100, 40)];
        for (count, wanted) in known {
            assert_eq!(rank(count), Some(wanted), "of {count}");
        }
        assert_eq!((rank(0), rank(5), rank(1001)), (None, None, None));
        assert_eq!(rank(1000), Some(469));
    }

    #[test]
    fn median_of_an_even_number_of_values_is_between_the_middle_two() {
        let values: Vec<f64> = (1..=10).rev().map(f64::from).collect();
        assert_eq!(Interval::of(&values), Some(Interval { low: 2.0, median: 5.5, high: 9.0 }));
    }

    #[test]
    fn touching_intervals_overlap() {
        let interval = |low, high| Interval { low, median: low, high };
        assert!(interval(1.0, 2.0).overlaps(&interval(2.0, 3.0)));
        assert!(!interval(1.0, 2.0).overlaps(&interval(2.1, 3.0)));
        assert!(!interval(2.1, 3.0).overlaps(&interval(1.0, 2.0)));
        assert!(interval(1.0, 9.0).overlaps(&interval(2.0, 3.0)));
    }
}
