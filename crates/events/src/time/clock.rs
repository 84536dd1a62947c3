//! Times with a date and a time of day, as ISO 8601, RFC 2822, portals and systems write them.

use jiff::civil::{self, Weekday};

use super::offset;
use super::scanner::{Number, Scanner};
use super::stamp::{Date, DateOrder, Stamp};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("Monday", Weekday::Monday),
    ("Tuesday", Weekday::Tuesday),
    ("Wednesday", Weekday::Wednesday),
    ("Thursday", Weekday::Thursday),
    ("Friday", Weekday::Friday),
    ("Saturday", Weekday::Saturday),
    ("Sunday", Weekday::Sunday),
];

/// The zones that have a name of their own in RFC 2822, in hours east of UTC.
const ZONES: [(&str, i32); 12] = [
    ("Z", 0),
    ("UTC", 0),
    ("GMT", 0),
    ("UT", 0),
    ("EST", -5),
    ("EDT", -4),
    ("CST", -6),
    ("CDT", -5),
    ("MST", -7),
    ("MDT", -6),
    ("PST", -8),
    ("PDT", -7),
];

/// Spec: TEL-80
pub(super) fn parse(text: &[u8]) -> Option<Stamp> {
    let text = &mut Scanner(text);
    let weekday = weekday(text);
    let mut time = None;
    let mut offset = None;
    let date = match text.peek()? {
        b'0'..=b'9' => numeric_date(text)?,
        _ => {
            let (month, day) = month_and_day(text)?;
            if let Some(early) = time_before_year(text) {
                time = Some(early);
                offset = zone(text)?;
            }
            date_of(year_after_blanks(text)?, month, day)?
        }
    };
    if time.is_none() && !text.is_at_end() {
        skip_to_time(text)?;
        time = Some(time_of_day(text)?);
        offset = zone(text)?;
    }
    let date = weekday.map_or(Some(date), |weekday| on_weekday(date, weekday))?;
    text.is_at_end().then_some(Stamp::Clock { date, time: time.unwrap_or_default(), offset })
}

/// `Tue, ` and `Tuesday `, if the text begins so.
fn weekday(text: &mut Scanner<'_>) -> Option<Weekday> {
    let mut rest = *text;
    let word = Some(rest.word()).filter(|word| !word.is_empty())?;
    let (_, weekday) = WEEKDAYS.iter().find(|(name, _)| is_name(word, name))?;
    rest.skip(b'.');
    rest.skip(b',');
    rest.skip_blanks();
    *text = rest;
    Some(*weekday)
}

/// Whether a word is this name or its first three letters, in any case.
fn is_name(word: &[u8], name: &str) -> bool {
    word.eq_ignore_ascii_case(name.as_bytes())
        || name.as_bytes().first_chunk::<3>().is_some_and(|short| word.eq_ignore_ascii_case(short))
}

fn month(text: &mut Scanner<'_>) -> Option<i32> {
    let word = text.word();
    let at = MONTHS
        .iter()
        .position(|name| is_name(word, name) || *name == "September" && is_name(word, "Sept"))?;
    text.skip(b'.');
    i32::try_from(at).ok()?.checked_add(1)
}

/// `Nov 24` or `Nov 24,`.
fn month_and_day(text: &mut Scanner<'_>) -> Option<(i32, i32)> {
    let month = month(text)?;
    text.skip_blanks();
    let day = text.short_number()?;
    text.skip(b',');
    Some((month, day))
}

/// The time in `Nov 24 18:20:55 2026`, if it is before the year.
fn time_before_year(text: &mut Scanner<'_>) -> Option<civil::Time> {
    let mut rest = *text;
    rest.skip_blanks();
    let time = time_of_day(&mut rest)?;
    *text = rest;
    Some(time)
}

fn year_after_blanks(text: &mut Scanner<'_>) -> Option<i32> {
    text.skip_blanks();
    text.number_of(4)
}

/// A date that begins with a digit.
fn numeric_date(text: &mut Scanner<'_>) -> Option<Date> {
    let first = text.number()?;
    match first.len {
        8 => compact_date(&first).filter(|_| matches!(text.peek(), Some(b'T' | b't'))),
        4 => year_first(first.value, text),
        1 | 2 => year_last(first.value, text),
        _ => None,
    }
}

/// `20261124`.
fn compact_date(Number { value, .. }: &Number) -> Option<Date> {
    date_of(value / 10_000, value / 100 % 100, value % 100)
}

/// `2026-11-24`, `2026/11/24` or `2026. 11. 24.`, after the year.
fn year_first(year: i32, text: &mut Scanner<'_>) -> Option<Date> {
    let separator = separator(text)?;
    let month = text.short_number()?;
    skip_separator(text, separator)?;
    let day = text.short_number()?;
    if separator == b'.' {
        text.skip(b'.');
    }
    date_of(year, month, day)
}

/// `11/24/2026`, `24-11-2026`, `24.11.2026`, `24 Nov 2026` or `24-Nov-2026`, after the first number. With
/// points, the day is first in every country.
fn year_last(first: i32, text: &mut Scanner<'_>) -> Option<Date> {
    let has_blank = text.skip_blanks();
    if has_blank && text.peek()?.is_ascii_alphabetic() {
        let month = month(text)?;
        text.skip(b',');
        return date_of(year_after_blanks(text)?, month, first);
    }
    let separator = separator(text).filter(|_| !has_blank)?;
    if separator == b'-' && text.peek()?.is_ascii_alphabetic() {
        let month = month(text)?;
        skip_separator(text, separator)?;
        return date_of(text.number_of(4)?, month, first);
    }
    let second = text.short_number()?;
    skip_separator(text, separator)?;
    let year = text.number_of(4)?;
    if separator == b'.' {
        text.skip(b'.');
        return date_of(year, second, first);
    }
    match (civil_date(year, first, second), civil_date(year, second, first)) {
        (Some(date), Some(other)) if date == other => Some(Date::Certain(date)),
        (Some(month_first), Some(day_first)) => Some(Date::Either { month_first, day_first }),
        (Some(date), None) => Some(Date::Only(DateOrder::MonthFirst, date)),
        (None, Some(date)) => Some(Date::Only(DateOrder::DayFirst, date)),
        (None, None) => None,
    }
}

fn separator(text: &mut Scanner<'_>) -> Option<u8> {
    let separator = text.peek().filter(|byte| matches!(byte, b'-' | b'/' | b'.'))?;
    skip_separator(text, separator)?;
    Some(separator)
}

/// Skips a separator. Blanks may follow a point.
fn skip_separator(text: &mut Scanner<'_>, separator: u8) -> Option<()> {
    let is_there = text.skip(separator);
    if separator == b'.' {
        text.skip_blanks();
    }
    is_there.then_some(())
}

fn date_of(year: i32, month: i32, day: i32) -> Option<Date> {
    civil_date(year, month, day).map(Date::Certain)
}

fn civil_date(year: i32, month: i32, day: i32) -> Option<civil::Date> {
    civil::Date::new(year.try_into().ok()?, month.try_into().ok()?, day.try_into().ok()?).ok()
}

/// The date if it is on this day of the week. If only one order of day and month gives that, it is the
/// one that is meant.
fn on_weekday(date: Date, weekday: Weekday) -> Option<Date> {
    let is_right = |date: civil::Date| date.weekday() == weekday;
    match date {
        Date::Certain(day) | Date::Only(_, day) => is_right(day).then_some(date),
        Date::Either { month_first, day_first } => match (is_right(month_first), is_right(day_first)) {
            (true, true) => Some(date),
            (true, false) => Some(Date::Only(DateOrder::MonthFirst, month_first)),
            (false, true) => Some(Date::Only(DateOrder::DayFirst, day_first)),
            (false, false) => None,
        },
    }
}

/// Skips what is between the date and the time of day: `T`, a comma, blanks, `@` or `at`.
fn skip_to_time(text: &mut Scanner<'_>) -> Option<()> {
    if text.skip(b'T') || text.skip(b't') {
        return Some(());
    }
    text.skip(b',');
    let has_blank = text.skip_blanks();
    if text.skip(b'@') || text.skip_word("at") {
        text.skip_blanks();
    }
    has_blank.then_some(())
}

/// `18:20:55.123`, `6:20 PM`, `18.20.55` or `182055`.
fn time_of_day(text: &mut Scanner<'_>) -> Option<civil::Time> {
    let first = text.number()?;
    let (hour, minute, second) = match (first.len, text.peek()) {
        (6, _) => (first.value / 10_000, first.value / 100 % 100, Some(first.value % 100)),
        (1 | 2, Some(separator @ (b':' | b'.'))) => {
            text.skip(separator);
            let minute = text.number_of(2)?;
            let has_second = text.skip(separator);
            let second = if has_second { Some(text.number_of(2)?) } else { None };
            (first.value, minute, second)
        }
        _ => return None,
    };
    let nanosecond = if second.is_some() { fraction(text)? } else { 0 };
    let hour = half_day(text).map_or(Some(hour), |half| on_24_hours(hour, half))?;
    // A leap second is the second before it.
    let second = second.map_or(0, |second| if second == 60 { 59 } else { second });
    let time =
        civil::Time::new(hour.try_into().ok()?, minute.try_into().ok()?, second.try_into().ok()?, nanosecond);
    time.ok()
}

/// A fraction of a second in nanoseconds, in whole ticks of 100 ns. 0 if there is none.
fn fraction(text: &mut Scanner<'_>) -> Option<i32> {
    if !text.skip(b'.') && !text.skip(b',') {
        return Some(0);
    }
    let digits = text.take_while(u8::is_ascii_digit);
    let ticks = (0..7).fold(0, |ticks, at| {
        ticks * 10 + digits.get(at).map_or(0, |digit| i32::from(digit.wrapping_sub(b'0')))
    });
    (!digits.is_empty()).then_some(ticks * 100)
}

#[derive(Clone, Copy)]
enum Half {
    Am,
    Pm,
}

/// `AM`, `p.m.` or `p. m.`, with blanks before it, if the text continues so.
fn half_day(text: &mut Scanner<'_>) -> Option<Half> {
    let mut rest = *text;
    rest.skip_blanks();
    let half = match rest.take_one()? {
        b'a' | b'A' => Half::Am,
        b'p' | b'P' => Half::Pm,
        _ => return None,
    };
    if rest.skip(b'.') {
        rest.skip_blanks();
    }
    let is_m = rest.skip_word("m");
    rest.skip(b'.');
    *text = if is_m { rest } else { return None };
    Some(half)
}

fn on_24_hours(hour: i32, half: Half) -> Option<i32> {
    let hour = (1..=12).contains(&hour).then_some(hour % 12)?;
    Some(match half {
        Half::Am => hour,
        Half::Pm => hour + 12,
    })
}

/// The offset in seconds, if the text continues with one. Returns `None` if what follows is neither an
/// offset nor the year.
fn zone(text: &mut Scanner<'_>) -> Option<Option<i32>> {
    text.skip_blanks();
    let offset = match text.peek() {
        None | Some(b'0'..=b'9') => return Some(None),
        Some(b'+' | b'-') => offset_of(text, false)?,
        Some(_) => {
            let word = text.word();
            let (name, hours) = ZONES.iter().find(|(name, _)| word.eq_ignore_ascii_case(name.as_bytes()))?;
            match text.peek() {
                Some(b'+' | b'-') if matches!(*name, "UTC" | "GMT") => offset_of(text, true)?,
                _ => hours * 3600,
            }
        }
    };
    skip_zone_name(text)?;
    Some(Some(offset))
}

/// An offset. In `GMT+1`, the hour has one digit.
fn offset_of(text: &mut Scanner<'_>, is_short: bool) -> Option<i32> {
    if let ([sign, hour @ b'0'..=b'9'], true) = (text.0, is_short) {
        let seconds = i32::from(hour.wrapping_sub(b'0')) * 3600;
        let is_east = *sign == b'+';
        text.0 = &[];
        return Some(if is_east { seconds } else { -seconds });
    }
    let (seconds, rest) = offset::parse(text.0)?;
    text.0 = rest;
    Some(seconds)
}

/// Skips the name of a zone after its offset: `(CET)` or `[Europe/Berlin]`.
fn skip_zone_name(text: &mut Scanner<'_>) -> Option<()> {
    text.skip_blanks();
    match (text.0.first(), text.0.last()) {
        (Some(b'('), Some(b')')) | (Some(b'['), Some(b']')) => text.0 = &[],
        (None | Some(b'0'..=b'9'), _) => {}
        _ => return None,
    }
    Some(())
}
