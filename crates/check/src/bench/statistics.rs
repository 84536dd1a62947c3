//! The median, and the interval in which it lies with 95 % confidence.
//!
//! Times are not normally distributed: now and then one is much longer, never one
//! much shorter. The interval therefore takes no distribution for granted. The true
//! median lies below the k-th smallest of n values as often as fewer than k of n
//! tosses of a coin come up heads, so the k-th smallest and the k-th largest enclose
//! it with a confidence that is counted, not estimated; k is the largest number for
//! which that is at least 95 %. Of 30 rounds these are the 10th and the 21st.

use serde::{Deserialize, Serialize};

/// The fewest values of which the smallest and the largest enclose the median with
/// 95 % confidence.
pub const FEWEST: usize = 6;

/// The most values; beyond some thousand the chances are too small for a double.
pub const MOST: usize = 1000;

/// The chance that the median lies below the interval, and that it lies above.
const TAIL: f64 = 0.025;

/// A median, and what encloses the true one with 95 % confidence.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The median of what was measured.
    pub median: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// The median of some values and its interval; `None` of fewer than [`FEWEST`].
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
        let at = |place: usize| sorted.get(place).copied();
        let median = (at((sorted.len() - 1) / 2)? + at(sorted.len() / 2)?) / 2.0;
        Some(Self { low: at(rank - 1)?, median, high: at(sorted.len() - rank)? })
    }

    /// Whether both intervals have a value in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.low <= other.high && other.low <= self.high
    }
}

/// Which of so many sorted values, counted from 1, is the lower end.
fn rank(count: usize) -> Option<usize> {
    if !(FEWEST..=MOST).contains(&count) {
        return None;
    }
    let (mut rank, mut chance) = (0, 0.5_f64.powi(i32::try_from(count).ok()?));
    let mut below = chance;
    while below <= TAIL {
        rank += 1;
        chance *= (count + 1 - rank) as f64 / rank as f64;
        below += chance;
    }
    Some(rank)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ranks of published tables of the sign test at 5 %.
    #[test]
    fn the_ranks_are_those_of_the_sign_test() {
        let known =
            [(6, 1), (8, 1), (9, 2), (12, 3), (15, 4), (20, 6), (25, 8), (30, 10), (50, 18), (100, 40)];
        for (count, wanted) in known {
            assert_eq!(rank(count), Some(wanted), "of {count}");
        }
        assert_eq!((rank(0), rank(5), rank(1001)), (None, None, None));
        assert_eq!(rank(1000), Some(469));
    }

    #[test]
    fn an_even_number_of_values_has_its_median_in_the_middle() {
        let values: Vec<f64> = (1..=10).rev().map(f64::from).collect();
        assert_eq!(Interval::of(&values), Some(Interval { low: 2.0, median: 5.5, high: 9.0 }));
    }

    #[test]
    fn intervals_that_touch_overlap() {
        let interval = |low, high| Interval { low, median: low, high };
        assert!(interval(1.0, 2.0).overlaps(&interval(2.0, 3.0)));
        assert!(!interval(1.0, 2.0).overlaps(&interval(2.1, 3.0)));
        assert!(!interval(2.1, 3.0).overlaps(&interval(1.0, 2.0)));
        assert!(interval(1.0, 9.0).overlaps(&interval(2.0, 3.0)));
    }
}
