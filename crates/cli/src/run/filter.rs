//! Which events the rule is run on.

use std::sync::Arc;

use rulespec::fast::plan::EarlyFilter;
use rulespec::kql::{Datetime, Dynamic};
use rulespec::query::BoundQuery;
use rulespec_events::{Event, Keep, Names};

use super::time_range::TimeRange;

/// Selects the events that the rule is run on.
#[derive(Debug, Clone)]
pub struct Filter {
    /// Whether events that do not match are shown.
    pub all: bool,
    /// The range of time.
    pub range: Option<TimeRange>,
    /// What the names of an event tell.
    pub names: NameFilter,
}

/// Whether an event is in the range of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// It is.
    Inside,
    /// It is not.
    Outside,
    /// It has no time. It is kept, because it may be in the range.
    Unknown,
}

impl Filter {
    /// The process creations that become rows. If there is a range, all of them do, since only a row
    /// has a time.
    pub fn keep(&self) -> Keep {
        let is_needed = self.all || self.range.is_some();
        let filter = self.names.clone();
        Arc::new(move |names| is_needed || filter.may_select(names))
    }

    /// Whether an event is in the range of time.
    pub fn position(&self, event: &Event) -> Position {
        let contains = |time: Datetime| self.range.is_none_or(|range| range.contains(time));
        let time = event.cell("TimeGenerated").and_then(Dynamic::as_datetime);
        match time.map(contains) {
            // Without a range, only some of the events have a row, and so a time.
            None if self.range.is_none() && !self.all => Position::Inside,
            Some(true) => Position::Inside,
            Some(false) => Position::Outside,
            None => Position::Unknown,
        }
    }
}

/// Tells from the names of an event that the rule does not select it.
#[derive(Debug, Clone)]
pub struct NameFilter {
    /// For events with an original file name.
    with_original: Arc<EarlyFilter>,
    /// For events without one. None if the rule cannot be bound to their columns.
    without_original: Option<Arc<EarlyFilter>>,
}

impl NameFilter {
    /// A filter for a rule that is bound to the columns of events that have an original file name, and
    /// to those of events that have none, if it can be.
    pub fn new(with_original: &BoundQuery, without_original: Option<&BoundQuery>) -> Self {
        let filter = |query| Arc::new(EarlyFilter::new(query, &Names::COLUMNS));
        Self { with_original: filter(with_original), without_original: without_original.map(filter) }
    }

    fn may_select(&self, names: Names<'_>) -> bool {
        let filter = match names.original_file_name {
            Some(_) => Some(&self.with_original),
            None => self.without_original.as_ref(),
        };
        let texts = [names.file_name, names.original_file_name.unwrap_or_default(), names.command_line];
        filter.is_none_or(|filter| filter.may_select(&texts))
    }
}
