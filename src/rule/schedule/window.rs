//! The time range of one run.

use super::DELAY;
use crate::kql::Datetime;

/// The time range of one run, from `start` (inclusive) to `end` (exclusive).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Window {
    pub start: Datetime,
    pub end: Datetime,
    pub runs_at: Datetime,
}

impl Window {
    pub(super) fn between(start: i64, end: i64) -> Option<Self> {
        let end = Datetime::from_ticks_since_1970(end)?;
        let start = Datetime::from_ticks_since_1970(start)?;
        Some(Self { start, end, runs_at: end.checked_add(DELAY)? })
    }
}
