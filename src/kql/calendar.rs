//! Chapter 47: the calendar.

use jiff::civil::{DateTime, Weekday};
use jiff::{SignedDuration, Span};

use super::arithmetic::{long, span};
use super::{Datetime, Dynamic, Error, Timespan, as_real};

/// A tick is 100 ns.
const TICK: SignedDuration = SignedDuration::from_nanos(100);

/// `bin(value, step)`: the value rounded down to a multiple of the step. A datetime is a multiple if
/// the time since year 1 is one.
///
/// ```
/// use rulespec::kql::{Dynamic, floor};
///
/// assert_eq!(floor(&Dynamic::from(-7), &Dynamic::from(5))?, Dynamic::from(-10));
/// assert_eq!(floor(&Dynamic::Real(2.75), &Dynamic::Real(0.5))?, Dynamic::Real(2.5));
/// # Ok::<(), rulespec::kql::Error>(())
/// ```
///
/// # Errors
///
/// Returns [`ErrorKind::Unsupported`](super::ErrorKind::Unsupported) if the multiple is a long or a
/// timespan that does not fit.
///
/// Spec: TIM-05, TIM-06
pub fn floor(value: &Dynamic, step: &Dynamic) -> Result<Dynamic, Error> {
    let multiple = |value: i64, step: i64| value.checked_sub(value.rem_euclid(step));
    Ok(match (value, step) {
        (_, Dynamic::Long(..=0)) => Dynamic::Null,
        (Dynamic::Long(value), Dynamic::Long(step)) => long(multiple(*value, *step))?,
        (_, Dynamic::Timespan(step)) if step.ticks() <= 0 => Dynamic::Null,
        (Dynamic::Timespan(value), Dynamic::Timespan(step)) => span(multiple(value.ticks(), step.ticks()))?,
        (Dynamic::Datetime(time), Dynamic::Timespan(step)) => {
            let ticks = multiple(time.ticks_since_year_1(), step.ticks());
            ticks.and_then(Datetime::from_ticks_since_year_1).into()
        }
        _ => match (as_real(value), as_real(step)) {
            (Some(value), Some(step)) if step > 0.0 => Dynamic::Real((value / step).floor() * step),
            _ => Dynamic::Null,
        },
    })
}

/// A unit of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A year.
    Year,
    /// A quarter of a year.
    Quarter,
    /// A month.
    Month,
    /// A week, which begins on Sunday.
    Week,
    /// A day.
    Day,
    /// An hour.
    Hour,
    /// A minute.
    Minute,
    /// A second.
    Second,
    /// A thousandth of a second.
    Millisecond,
}

impl Unit {
    /// Returns the unit with this name.
    ///
    /// Spec: TIM-10
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "year" => Self::Year,
            "quarter" => Self::Quarter,
            "month" => Self::Month,
            "week" => Self::Week,
            "day" => Self::Day,
            "hour" => Self::Hour,
            "minute" => Self::Minute,
            "second" => Self::Second,
            "millisecond" => Self::Millisecond,
            _ => return None,
        })
    }

    /// This many of the unit. `None` if they are too many for any datetime.
    fn times(self, count: i64) -> Option<Span> {
        let span = Span::new();
        match self {
            Self::Year => span.try_years(count),
            Self::Quarter => span.try_months(count.checked_mul(3)?),
            Self::Month => span.try_months(count),
            Self::Week => span.try_weeks(count),
            Self::Day => span.try_days(count),
            Self::Hour => span.try_hours(count),
            Self::Minute => span.try_minutes(count),
            Self::Second => span.try_seconds(count),
            Self::Millisecond => span.try_milliseconds(count),
        }
        .ok()
    }

    /// The first moment of the unit that contains a time.
    fn first_moment(self, time: DateTime) -> Option<DateTime> {
        let date = time.date();
        let date = match self {
            Self::Year => date.first_of_year(),
            Self::Quarter => {
                date.first_of_month().checked_sub(Span::new().months((date.month() - 1) % 3)).ok()?
            }
            Self::Month => date.first_of_month(),
            Self::Week => {
                let days = date.weekday().since(Weekday::Sunday);
                date.checked_sub(Span::new().days(days)).ok()?
            }
            Self::Day => date,
            Self::Hour => return Some(date.at(time.hour(), 0, 0, 0)),
            Self::Minute => return Some(date.at(time.hour(), time.minute(), 0, 0)),
            Self::Second => return Some(date.at(time.hour(), time.minute(), time.second(), 0)),
            Self::Millisecond => {
                let nanoseconds = i32::from(time.millisecond()) * 1_000_000;
                return Some(date.at(time.hour(), time.minute(), time.second(), nanoseconds));
            }
        };
        Some(date.at(0, 0, 0, 0))
    }
}

/// `startofday(time, offset)` and so on: the first moment of the unit that contains a time, this many
/// units later.
///
/// Spec: TIM-07, TIM-08
pub fn start_of(unit: Unit, time: Datetime, offset: i64) -> Option<Datetime> {
    let first = unit.first_moment(time.civil()?)?;
    Datetime::from_civil(first.checked_add(unit.times(offset)?).ok()?)
}

/// `endofday(time, offset)` and so on: the last tick before the first moment of the next unit.
///
/// Spec: TIM-07, TIM-08
pub fn end_of(unit: Unit, time: Datetime, offset: i64) -> Option<Datetime> {
    let first = unit.first_moment(time.civil()?)?.checked_add(unit.times(offset)?).ok()?;
    // The end of year 9999 has no moment after it.
    let last = match first.checked_add(unit.times(1)?) {
        Ok(next) => next.checked_sub(TICK).ok()?,
        Err(_) => DateTime::MAX,
    };
    Datetime::from_civil(last)
}

/// `datetime_add(unit, count, time)`. A day that the month does not have becomes its last day.
///
/// Spec: TIM-09
pub fn datetime_add(unit: Unit, count: i64, time: Datetime) -> Option<Datetime> {
    Datetime::from_civil(time.civil()?.checked_add(unit.times(count)?).ok()?)
}

/// `datetime_diff(unit, a, b)`: how many units begin between `b` and `a`.
///
/// Spec: TIM-10
pub fn datetime_diff(unit: Unit, a: Datetime, b: Datetime) -> Option<i64> {
    let [a, b] = [unit.first_moment(a.civil()?)?, unit.first_moment(b.civil()?)?];
    let months = |time: DateTime| i64::from(time.year()) * 12 + i64::from(time.month()) - 1;
    let between = a.duration_since(b);
    Some(match unit {
        Unit::Year => months(a) / 12 - months(b) / 12,
        Unit::Quarter => (months(a) - months(b)) / 3,
        Unit::Month => months(a) - months(b),
        Unit::Week => between.as_hours() / (7 * 24),
        Unit::Day => between.as_hours() / 24,
        Unit::Hour => between.as_hours(),
        Unit::Minute => between.as_mins(),
        Unit::Second => between.as_secs(),
        Unit::Millisecond => i64::try_from(between.as_millis()).ok()?,
    })
}

/// A part of a date or time: its year, month, day of the year and so on.
///
/// Spec: TIM-11
pub fn part_of(name: &str, time: Datetime) -> Option<i64> {
    let time = time.civil()?;
    Some(match name.to_ascii_lowercase().as_str() {
        "year" => time.year().into(),
        "quarter" => i64::from(time.month() - 1) / 3 + 1,
        "month" => time.month().into(),
        "week_of_year" | "weekofyear" => time.date().iso_week_date().week().into(),
        "day" => time.day().into(),
        "dayofyear" => time.day_of_year().into(),
        "hour" => time.hour().into(),
        "minute" => time.minute().into(),
        "second" => time.second().into(),
        "millisecond" => time.millisecond().into(),
        _ => return None,
    })
}

/// `dayofweek(time)`: the time since Sunday, in whole days.
///
/// Spec: TIM-11
pub fn day_of_week(time: Datetime) -> Option<Timespan> {
    let days = time.civil()?.weekday().since(Weekday::Sunday);
    Some(Timespan::from_minutes(i64::from(days) * 24 * 60))
}
