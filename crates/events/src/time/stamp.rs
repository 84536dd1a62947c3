//! What a text says about a time, and the instant that it means.

use std::borrow::Cow;

use jiff::civil;
use jiff::tz::Offset;

use super::zone::TimeZone;
use super::{clock, number};
use rulespec::kql::Datetime;

/// No time is written with more bytes.
const MAX_LEN: usize = 128;

/// A time as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stamp {
    /// An instant, whatever the context.
    Instant(Datetime),
    Clock {
        date: Date,
        time: civil::Time,
        /// The offset from UTC in seconds, if the text has one.
        offset: Option<i32>,
    },
}

/// A date whose day and month may be in either order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Date {
    /// The form of the date tells the order, or both orders give the same date.
    Certain(civil::Date),
    /// Only this order gives a date.
    Only(DateOrder, civil::Date),
    Either {
        month_first: civil::Date,
        day_first: civil::Date,
    },
}

/// The order of day and month in a date such as `6/3/2026`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// The month, then the day.
    MonthFirst,
    /// The day, then the month.
    DayFirst,
}

/// The orders of day and month that times show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub(crate) struct DateOrders {
    pub(crate) month_first: bool,
    pub(crate) day_first: bool,
}

impl DateOrders {
    pub(crate) fn union(self, other: Self) -> Self {
        Self {
            month_first: self.month_first || other.month_first,
            day_first: self.day_first || other.day_first,
        }
    }
}

impl From<Option<DateOrder>> for DateOrders {
    fn from(order: Option<DateOrder>) -> Self {
        Self {
            month_first: order == Some(DateOrder::MonthFirst),
            day_first: order == Some(DateOrder::DayFirst),
        }
    }
}

/// How a time that names no zone is meant.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Unzoned<'z> {
    Utc,
    /// In local time, of this zone if it is known.
    Local(Option<&'z TimeZone>),
}

/// What a text means in its context.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    Known(Datetime),
    /// Day and month can be swapped.
    Undecided(Candidates),
    /// A local time whose zone is not known.
    NoZone,
    /// No time that the type can hold.
    OutOfRange,
}

/// The two instants that a text can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Candidates {
    pub(crate) month_first: Datetime,
    pub(crate) day_first: Datetime,
}

impl Stamp {
    /// Takes a text apart. Returns `None` if it is not understood.
    ///
    /// Spec: TEL-80
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = normalize(text)?;
        let text = text.trim_ascii();
        if text.len() > MAX_LEN {
            return None;
        }
        match text.bytes().find(|byte| !byte.is_ascii_digit()) {
            Some(b'/') if text.starts_with('/') => number::dotnet(text).map(Self::Instant),
            None | Some(b'.' | b'e' | b'E') => {
                number::instant(text).map(Self::Instant).or_else(|| clock::parse(text.as_bytes()))
            }
            Some(_) => clock::parse(text.as_bytes()),
        }
    }

    pub(crate) fn orders(&self) -> DateOrders {
        DateOrders::from(match self {
            Self::Clock { date: Date::Only(order, _), .. } => Some(*order),
            Self::Instant(_) | Self::Clock { .. } => None,
        })
    }

    /// Whether the text itself tells the instant, but for the order of day and month.
    pub(crate) fn has_zone(&self) -> bool {
        match self {
            Self::Instant(_) => true,
            Self::Clock { offset, .. } => offset.is_some(),
        }
    }

    /// The instant that the text means if a time without a zone is meant so.
    pub(crate) fn reading(&self, unzoned: Unzoned<'_>) -> Reading {
        let (date, time, offset) = match self {
            Self::Instant(instant) => return Reading::Known(*instant),
            Self::Clock { date, time, offset } => (date, *time, *offset),
        };
        let instant = |date: civil::Date| match (offset, unzoned) {
            (Some(seconds), _) => at_offset(date.to_datetime(time), seconds),
            (None, Unzoned::Utc) => at_offset(date.to_datetime(time), 0),
            (None, Unzoned::Local(zone)) => zone?.instant(date.to_datetime(time)),
        };
        if offset.is_none() && matches!(unzoned, Unzoned::Local(None)) {
            return Reading::NoZone;
        }
        match date {
            Date::Certain(date) | Date::Only(_, date) => {
                instant(*date).map_or(Reading::OutOfRange, Reading::Known)
            }
            Date::Either { month_first, day_first } => match (instant(*month_first), instant(*day_first)) {
                (Some(month_first), Some(day_first)) => {
                    Reading::Undecided(Candidates { month_first, day_first })
                }
                (None, _) | (_, None) => Reading::OutOfRange,
            },
        }
    }
}

fn at_offset(local: civil::DateTime, seconds: i32) -> Option<Datetime> {
    let instant = Offset::from_seconds(seconds).ok()?.to_timestamp(local).ok()?;
    Datetime::from_ticks_since_1970(i64::try_from(instant.as_nanosecond().div_euclid(100)).ok()?)
}

/// The text in ASCII: with spaces in place of other blanks, and without marks of the writing direction.
/// `None` if other characters are left.
///
/// Spec: TEL-80
fn normalize(text: &str) -> Option<Cow<'_, str>> {
    if text.is_ascii() {
        return Some(Cow::Borrowed(text));
    }
    let is_mark = |c: &char| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    let ascii = |c: char| match c {
        '\u{2212}' => Some('-'),
        c if c.is_whitespace() => Some(' '),
        c => c.is_ascii().then_some(c),
    };
    text.chars().filter(|c| !is_mark(c)).map(ascii).collect::<Option<String>>().map(Cow::Owned)
}
