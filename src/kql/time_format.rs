//! Chapter 47: times as text in a given format.

use std::fmt::Display;

use super::{Datetime, Timespan};

/// The characters that stand for themselves in a format.
const DELIMITERS: &str = " /-:,._[]";

/// How many letters a number of days may have in the format of a timespan.
const MAX_DAYS: usize = 8;

/// `format_datetime(time, format)`. Returns `None` if the format has something that is not specified.
///
/// ```
/// use rulespec::kql::format_datetime;
///
/// let time = "2020-06-15T13:45:09.5".parse().unwrap();
/// assert_eq!(format_datetime(time, "yyyy-MM-dd h:mm tt").as_deref(), Some("2020-06-15 1:45 PM"));
/// ```
///
/// Spec: TIM-13
pub fn format_datetime(time: Datetime, format: &str) -> Option<String> {
    let civil = time.civil()?;
    let hour = i64::from(civil.hour());
    let ticks = time.ticks_since_1970().rem_euclid(10_000_000);
    formatted(format, |letter, count| {
        let (value, most) = match letter {
            'y' if count == 4 => return Some(format!("{:04}", civil.year())),
            'y' => (i64::from(civil.year() % 100), 2),
            'M' => (i64::from(civil.month()), 2),
            'd' => (i64::from(civil.day()), 2),
            'h' => ((hour + 11) % 12 + 1, 2),
            'H' => (hour, 2),
            'm' => (i64::from(civil.minute()), 2),
            's' => (i64::from(civil.second()), 2),
            'f' | 'F' => return fraction(ticks, letter, count),
            't' => return (count == 2).then(|| if hour < 12 { "AM" } else { "PM" }.to_owned()),
            _ => return None,
        };
        Some(repeated(value, count, most))
    })
}

/// `format_timespan(span, format)`. Returns `None` if the format has something that is not specified.
///
/// Spec: TIM-14
pub fn format_timespan(span: Timespan, format: &str) -> Option<String> {
    let ticks = span.ticks().unsigned_abs();
    let seconds = ticks / 10_000_000;
    let text = formatted(format, |letter, count| {
        let (value, most) = match letter {
            'd' if count <= MAX_DAYS => return Some(format!("{:0count$}", seconds / 86_400)),
            'h' | 'H' => (seconds / 3_600 % 24, 2),
            'm' => (seconds / 60 % 60, 2),
            's' => (seconds % 60, 2),
            'f' | 'F' => return fraction(ticks % 10_000_000, letter, count),
            _ => return None,
        };
        Some(repeated(value, count, most))
    })?;
    Some(if span.ticks() < 0 { format!("-{text}") } else { text })
}

/// Replaces each run of a letter.
fn formatted(format: &str, part: impl Fn(char, usize) -> Option<String>) -> Option<String> {
    let mut text = String::new();
    let mut rest = format;
    while let Some(letter) = rest.chars().next() {
        let run = rest.len() - rest.trim_start_matches(letter).len();
        let count = run / letter.len_utf8();
        match DELIMITERS.contains(letter) {
            true => text += &rest[..run],
            false => text += &part(letter, count)?,
        }
        rest = &rest[run..];
    }
    Some(text)
}

/// A number with at least one or two digits. A longer run of its letter is that of several numbers.
fn repeated(value: impl Display, count: usize, most: usize) -> String {
    let (whole, rest) = (count / most, count % most);
    let mut text = format!("{value:02}").repeat(whole);
    if rest > 0 {
        text += &value.to_string();
    }
    text
}

/// The first digits of the fraction of a second. Those of `F` have no zeros at the end.
fn fraction(ticks: impl Display, letter: char, count: usize) -> Option<String> {
    let digits = format!("{ticks:07}");
    let digits = digits.get(..count)?;
    Some(if letter == 'F' { digits.trim_end_matches('0') } else { digits }.to_owned())
}
