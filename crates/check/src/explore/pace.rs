//! How many cases an engine is asked at once.

use std::time::Duration;

/// How many cases are asked at once at first.
const FIRST: usize = 8;
/// How much more may be asked the next time.
const GROWTH: usize = 4;

/// How many cases an engine is asked at once: as many as it answers in a certain time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    size: usize,
    max: usize,
    time: Duration,
}

impl Pace {
    /// The pace at which an engine answers for this time, and at most `max` cases.
    pub(super) fn new(time: Duration, max: usize) -> Self {
        Self { size: FIRST.min(max), max, time }
    }

    /// How many cases to ask next.
    pub(super) fn size(self) -> usize {
        self.size
    }

    /// Adapts to the time that some cases took.
    pub(super) fn record(&mut self, asked: usize, took: Duration) {
        if asked == 0 {
            return;
        }
        let fitting = self.time.as_secs_f64() / took.as_secs_f64().max(1e-9) * asked as f64;
        self.size = (fitting as usize).clamp(1, self.max.min(self.size * GROWTH));
    }

    /// Asks at most this many the next time.
    pub(super) fn limit(&mut self, size: usize) {
        self.size = self.size.min(size);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_engine_is_asked_few_cases_and_a_fast_one_many() {
        let mut pace = Pace::new(Duration::from_millis(100), 512);
        pace.record(8, Duration::from_millis(200));
        assert_eq!(pace.size(), 4);
        pace.record(4, Duration::from_secs(20));
        assert_eq!(pace.size(), 1);
        for _ in 0..8 {
            pace.record(pace.size(), Duration::from_micros(3));
        }
        assert_eq!(pace.size(), 512);
        pace.record(0, Duration::ZERO);
        assert_eq!(pace.size(), 512);
    }
}
