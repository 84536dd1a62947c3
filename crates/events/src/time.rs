//! Times as exports write them: one reader for all formats.
//!
//! A text is first taken apart, without any context, to a `Stamp`. What the text does not tell comes
//! from its row and its input: the zone of a local time, and whether its day or its month is first.
//! `RowTimes` reads the times of a row, and `settle` settles what only other rows can tell.

mod clock;
mod number;
mod offset;
mod row;
mod scanner;
mod settle;
mod stamp;
#[cfg(test)]
mod tests;
mod zone;

pub(crate) use row::{RowTimes, TimeNotes, is_local_form, shown};
use rulespec::kql::Datetime;
pub(crate) use settle::settle;
pub use stamp::DateOrder;
pub(crate) use stamp::{Candidates, DateOrders, Reading, Stamp, Unzoned};
pub use zone::{TimeZone, TimeZoneError};

/// Which orders of day and month a text shows: one if it makes sense in that order only, otherwise none.
///
/// Spec: TEL-81
pub(crate) fn orders(text: &str) -> DateOrders {
    // Nearly all times begin with the year.
    let is_year_first =
        text.split_at_checked(4).is_some_and(|(year, rest)| rest.starts_with('-') && is_digits(year));
    match is_year_first {
        true => DateOrders::default(),
        false => Stamp::parse(text).map_or(DateOrders::default(), |stamp| stamp.orders()),
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Reads a time without its input: in this zone if it names none, or in UTC. For the fuzz target.
#[doc(hidden)]
pub fn read(text: &str, zone: Option<&TimeZone>) -> Option<Datetime> {
    let unzoned = zone.map_or(Unzoned::Utc, |zone| Unzoned::Local(Some(zone)));
    match Stamp::parse(text)?.reading(unzoned) {
        Reading::Known(time) => Some(time),
        Reading::Undecided(Candidates { month_first, .. }) => Some(month_first),
        Reading::NoZone | Reading::OutOfRange => None,
    }
}
