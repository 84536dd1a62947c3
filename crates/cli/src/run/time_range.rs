//! The range of time that `--since` and `--until` select, and what else is said about the times.

use std::fmt::Display;
use std::str::FromStr;

use clap::{Args, ValueEnum};
use rulespec::kql::{Datetime, Timespan};
use rulespec_events::TimeZone;

use crate::failure::Failure;

const DAY: Timespan = Timespan::from_minutes(24 * 60);

/// The arguments about the times of events.
#[derive(Debug, Clone, Args)]
pub struct TimeArguments {
    /// Ignore events before this date or time, in ISO 8601; UTC if it has no offset
    #[arg(long, value_name = "TIME", value_parser = since, help_heading = "Input")]
    since: Option<Datetime>,

    /// Ignore events at or after this time; a date without a time includes that day
    #[arg(long, value_name = "TIME", value_parser = until, help_heading = "Input")]
    until: Option<Datetime>,

    /// Time zone of local times that do not name theirs, such as Europe/Berlin or +02:00
    #[arg(long, value_name = "ZONE", allow_hyphen_values = true, help_heading = "Input")]
    pub time_zone: Option<TimeZone>,

    /// Order of day and month in times such as 6/3/2026; other times of the file tell it by default
    #[arg(long, value_name = "ORDER", help_heading = "Input")]
    pub date_order: Option<DateOrder>,
}

/// The order of day and month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DateOrder {
    /// The month, then the day
    MonthFirst,
    /// The day, then the month
    DayFirst,
}

impl From<DateOrder> for rulespec_events::DateOrder {
    fn from(order: DateOrder) -> Self {
        match order {
            DateOrder::MonthFirst => Self::MonthFirst,
            DateOrder::DayFirst => Self::DayFirst,
        }
    }
}

impl TimeArguments {
    /// The range that the arguments select; `None` if they select all events.
    ///
    /// # Errors
    ///
    /// Returns wrong usage if no time is in the range.
    pub fn range(&self) -> Result<Option<TimeRange>, Failure> {
        let &Self { since, until, .. } = self;
        match (since, until) {
            (None, None) => Ok(None),
            (Some(start), Some(end)) if start >= end => {
                let what = format!("no time is in the range: --since is {start}, and --until is {end}");
                Err(Failure::usage(&format!("{what}; exchange them, or drop one")))
            }
            (start, end) => Ok(Some(TimeRange { start, end })),
        }
    }
}

/// A range of time, from its start (inclusive) to its end (exclusive).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeRange {
    start: Option<Datetime>,
    end: Option<Datetime>,
}

impl TimeRange {
    /// Whether a time is in the range.
    pub fn contains(self, time: Datetime) -> bool {
        self.start.is_none_or(|start| start <= time) && self.end.is_none_or(|end| time < end)
    }
}

fn since(text: &str) -> Result<Datetime, String> {
    text.parse().map_err(|error| unreadable(&error))
}

/// The end of a range: the next midnight if the text is a date.
fn until(text: &str) -> Result<Datetime, String> {
    let time = Datetime::from_str(text).map_err(|error| unreadable(&error))?;
    let is_date = !text.trim().contains(['T', 't', ' ']);
    let end = if is_date { time.checked_add(DAY) } else { Some(time) };
    end.ok_or_else(|| "there is no day after it; leave it out".to_owned())
}

fn unreadable(error: &dyn Display) -> String {
    format!("{error}; write it as 2026-01-02, 2026-01-02T03:04:05 or 2026-01-02T03:04:05+01:00")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(since: Option<&str>, until: Option<&str>) -> Result<Option<TimeRange>, Failure> {
        let since = since.map(|text| super::since(text).unwrap());
        let until = until.map(|text| super::until(text).unwrap());
        TimeArguments { since, until, time_zone: None, date_order: None }.range()
    }

    #[test]
    fn a_range_has_its_start_and_not_its_end() {
        for (since, until, within, outside) in [
            (Some("2026-01-02"), None, vec!["2026-01-02", "9999-01-01"], vec!["2026-01-01T23:59:59.9999999"]),
            (None, Some("2026-01-02"), vec!["0001-01-01", "2026-01-02T23:59:59.9999999"], vec!["2026-01-03"]),
            (None, Some("2026-01-02T00:00"), vec!["2026-01-01T23:59"], vec!["2026-01-02"]),
            (Some("2026-01-02"), Some("2026-01-02"), vec!["2026-01-02T12:00"], vec!["2026-01-03"]),
            (
                Some("2026-01-02 01:00:00+01:00"),
                Some("2026-01-02T03:04:05.5-01:00"),
                vec!["2026-01-02T00:00:00Z", "2026-01-02T04:04:05.4"],
                vec!["2026-01-01T23:59:59", "2026-01-02T04:04:05.5"],
            ),
        ] {
            let range = range(since, until).unwrap().unwrap();
            assert!(within.iter().all(|time| range.contains(time.parse().unwrap())), "{range:?}");
            assert!(!outside.iter().any(|time| range.contains(time.parse().unwrap())), "{range:?}");
        }
        assert_eq!(range(None, None).unwrap(), None);
    }

    #[test]
    fn an_empty_range_and_text_that_is_no_time_are_errors() {
        let empty = range(Some("2026-01-03"), Some("2026-01-02")).unwrap_err().to_string();
        assert!(empty.contains("2026-01-03T00:00:00.0000000Z"), "{empty}");
        for text in ["", "yesterday", "2026-13-01", "02.01.2026", "2026-01-02T25:00"] {
            assert!(super::since(text).unwrap_err().contains("write it as"), "{text}");
            assert!(super::until(text).is_err(), "{text}");
        }
        assert!(super::until("9999-12-31").is_err());
    }
}
