//! Which events the rule is run on.

use std::sync::Arc;

use rulespec::fast;
use rulespec::kql::{Datetime, Dynamic, Type, tostring};
use rulespec_events::{Event, Keep, Names};

use super::time_range::TimeRange;

/// Selects the events that the rule is run on.
#[derive(Debug, Clone, Copy)]
pub struct Filter {
    /// Whether events that do not match are shown.
    pub all: bool,
    /// The range of time.
    pub range: Option<TimeRange>,
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
    pub fn keep(self) -> Keep {
        let is_needed = self.all || self.range.is_some();
        Arc::new(move |names| is_needed || may_match(names))
    }

    /// Whether an event is in the range of time.
    pub fn position(self, event: &Event) -> Position {
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

    /// Whether to run the rule on an event.
    pub fn selects(self, event: &Event) -> bool {
        let text = |column| event.cell(column).map(|cell| tostring(cell, Type::Dynamic));
        let original = text("ProcessVersionInfoOriginalFileName");
        let [file_name, command_line] =
            ["FileName", "ProcessCommandLine"].map(|column| text(column).unwrap_or_default());
        let names = Names::new(&file_name, original.as_deref(), &command_line);
        self.all || may_match(names)
    }
}

fn may_match(names: Names<'_>) -> bool {
    fast::rule::is_named(names.file_name, names.original_file_name)
        && fast::rule::has_switch(names.command_line)
}
