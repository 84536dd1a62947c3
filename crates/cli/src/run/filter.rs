//! Which events the rule is run on.

use std::sync::Arc;

use rulespec::fast::plan::EarlyFilter;
use rulespec::kql::{Datetime, Dynamic};
use rulespec_events::{Event, Keep, Names};

use super::time_range::TimeRange;

/// The column with the original file name of the program.
pub const ORIGINAL_FILE_NAME: &str = "ProcessVersionInfoOriginalFileName";
/// The columns that [`Names`] has.
pub const NAMES: [&str; 3] = ["FileName", ORIGINAL_FILE_NAME, "ProcessCommandLine"];

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

/// Tells from the names of an event that the rule does not select it. Without a filter, nothing tells:
/// the rule cannot be bound to the columns of such events.
#[derive(Debug, Clone)]
pub struct NameFilter {
    /// For events with an original file name.
    pub with_original: Option<Arc<EarlyFilter>>,
    /// For events without one.
    pub without_original: Option<Arc<EarlyFilter>>,
}

impl NameFilter {
    fn may_select(&self, names: Names<'_>) -> bool {
        let filter = match names.original_file_name {
            Some(_) => &self.with_original,
            None => &self.without_original,
        };
        let texts = [names.file_name, names.original_file_name.unwrap_or_default(), names.command_line];
        filter.as_ref().is_none_or(|filter| filter.may_select(&texts))
    }
}
