use std::fmt;
use std::str::FromStr;

use jiff::fmt::temporal::Pieces;
use jiff::{SignedDuration, civil};

/// A tick is 100 ns, the unit of KQL's `datetime` and `timespan`.
const TICKS_PER_SECOND: i64 = 10_000_000;

/// The ticks from year 1 to 1970.
pub(crate) const TICKS_TO_1970: i64 = 621_355_968_000_000_000;

const EPOCH: civil::DateTime = civil::date(1970, 1, 1).at(0, 0, 0, 0);

/// KQL's `datetime`: a point in time in UTC, from year 1 to year 9999, in ticks of 100 ns.
///
/// ```
/// use rulespec::kql::Datetime;
///
/// let time: Datetime = "2026-01-02 03:04:05.67".parse().unwrap();
/// assert_eq!(time.to_string(), "2026-01-02T03:04:05.6700000Z");
/// assert_eq!("2026-01-02T04:04:05.67+01:00".parse(), Ok(time));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Datetime {
    /// Ticks since 1970-01-01T00:00:00Z.
    ticks: i64,
}

/// The error for a text that is not a `datetime` or not a `timespan`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a {0}")]
pub struct ParseTimeError(&'static str);

impl Datetime {
    /// 1970-01-01T00:00:00Z.
    pub const UNIX_EPOCH: Self = Self { ticks: 0 };

    /// The date and time of day.
    pub(super) fn civil(self) -> Option<civil::DateTime> {
        EPOCH.checked_add(SignedDuration::from_nanos_i128(i128::from(self.ticks) * 100)).ok()
    }

    /// Returns the time with this year, month and day, this hour and minute, and these ticks after the
    /// full minute, in UTC. Returns `None` if one of them is out of its range.
    pub(crate) fn from_parts(date: [i64; 3], [hour, minute]: [i64; 2], ticks: i64) -> Option<Self> {
        let [month, day, hour, minute, second] =
            [date[1], date[2], hour, minute, ticks.div_euclid(TICKS_PER_SECOND)].map(i8::try_from);
        let date = civil::Date::new(date[0].try_into().ok()?, month.ok()?, day.ok()?).ok()?;
        let nanoseconds = i32::try_from(ticks.rem_euclid(TICKS_PER_SECOND) * 100).ok()?;
        let time = civil::Time::new(hour.ok()?, minute.ok()?, second.ok()?, nanoseconds).ok()?;
        Self::from_civil(date.to_datetime(time))
    }

    /// The point in time with this date and time of day, in UTC.
    pub(super) fn from_civil(time: civil::DateTime) -> Option<Self> {
        let ticks = time.duration_since(EPOCH).as_nanos().div_euclid(100);
        Self::from_ticks_since_1970(i64::try_from(ticks).ok()?)
    }

    /// Returns the ticks of 100 ns since 1970-01-01T00:00:00Z.
    pub fn ticks_since_1970(self) -> i64 {
        self.ticks
    }

    /// Returns the time this many ticks of 100 ns after 1970-01-01T00:00:00Z, or `None` if it
    /// is before year 1 or after year 9999.
    pub fn from_ticks_since_1970(ticks: i64) -> Option<Self> {
        let time = Self { ticks };
        (1..=9999).contains(&time.civil()?.year()).then_some(time)
    }

    /// Returns the ticks of 100 ns since 0001-01-01T00:00:00Z.
    pub(super) fn ticks_since_year_1(self) -> i64 {
        self.ticks + TICKS_TO_1970
    }

    /// Returns the time this many ticks of 100 ns after 0001-01-01T00:00:00Z, or `None` if it is
    /// before year 1 or after year 9999.
    pub(super) fn from_ticks_since_year_1(ticks: i64) -> Option<Self> {
        Self::from_ticks_since_1970(ticks.checked_sub(TICKS_TO_1970)?)
    }

    /// Returns this time plus a span, or `None` if that is before year 1 or after year 9999.
    #[must_use]
    pub fn checked_add(self, span: Timespan) -> Option<Self> {
        Self::from_ticks_since_1970(self.ticks.checked_add(span.ticks)?)
    }
}

impl FromStr for Datetime {
    type Err = ParseTimeError;

    /// Parses ISO 8601, with `T` or a space between date and time, up to nine fractional digits,
    /// and an optional UTC offset, by default zero. Digits beyond 100 ns are truncated. There is no
    /// second 60.
    fn from_str(text: &str) -> Result<Self, ParseTimeError> {
        parse_datetime(text.trim()).ok_or(ParseTimeError("datetime"))
    }
}

fn parse_datetime(text: &str) -> Option<Datetime> {
    let pieces = Pieces::parse(text).ok().filter(|_| !has_leap_second(text))?;
    let civil = pieces.date().to_datetime(pieces.time().unwrap_or_default());
    let offset = pieces.to_numeric_offset().map_or(0, |offset| i64::from(offset.seconds()));
    Datetime::from_civil(civil.checked_sub(SignedDuration::from_secs(offset)).ok()?)
}

/// Whether the second is 60, which jiff takes for 59.
fn has_leap_second(text: &str) -> bool {
    let Some((_, time)) = text.split_once(['T', 't', ' ']) else { return false };
    let digits = time.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b':');
    digits.filter(u8::is_ascii_digit).skip(4).eq(*b"60")
}

impl fmt::Display for Datetime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(time) = self.civil() else {
            return write!(f, "{} ticks", self.ticks);
        };
        write!(
            f,
            "{}T{:02}:{:02}:{:02}.{:07}Z",
            time.date(),
            time.hour(),
            time.minute(),
            time.second(),
            self.ticks.rem_euclid(TICKS_PER_SECOND)
        )
    }
}

/// KQL's `timespan`: a length of time in ticks of 100 ns.
///
/// ```
/// use rulespec::kql::Timespan;
///
/// let span: Timespan = "1.02:03:04.5".parse().unwrap();
/// assert_eq!(span.to_string(), "1.02:03:04.5000000");
/// assert_eq!(Timespan::from_minutes(60).to_string(), "01:00:00");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timespan {
    ticks: i64,
}

impl Timespan {
    /// Creates a span of whole minutes, saturating at the limits of the type.
    pub const fn from_minutes(minutes: i64) -> Self {
        Self { ticks: minutes.saturating_mul(60 * TICKS_PER_SECOND) }
    }

    /// Returns the ticks of 100 ns.
    pub fn ticks(self) -> i64 {
        self.ticks
    }

    /// Creates a span of this many ticks of 100 ns.
    pub const fn from_ticks(ticks: i64) -> Self {
        Self { ticks }
    }

    /// Parses a number with a unit of time, such as `1.5h` or `-1d`. Returns `None` if there is no such
    /// unit, or the span is too long.
    ///
    /// Spec: QRY-08
    pub fn with_unit(text: &str) -> Option<Self> {
        let (number, unit) = text.split_at(text.find(|c: char| c.is_ascii_alphabetic())?);
        let unit = ticks_of(unit)?;
        let ticks = match number.parse::<i64>() {
            Ok(number) => number.checked_mul(unit)?,
            Err(_) => whole(number.parse::<f64>().ok()? * unit as f64)?,
        };
        Some(Self { ticks })
    }
}

/// A real as whole ticks, if they fit.
pub(super) fn whole(ticks: f64) -> Option<i64> {
    (ticks.abs() < i64::MAX as f64).then_some(ticks as i64)
}

/// The ticks of 100 ns in a unit of time.
fn ticks_of(unit: &str) -> Option<i64> {
    Some(match unit {
        "tick" | "ticks" => 1,
        "micro" | "micros" | "microsec" | "microsecond" | "microseconds" => 10,
        "ms" | "milli" | "millis" | "millisec" | "millisecond" | "milliseconds" => 10_000,
        "s" | "sec" | "second" | "seconds" => TICKS_PER_SECOND,
        "m" | "min" | "minute" | "minutes" => 60 * TICKS_PER_SECOND,
        "h" | "hr" | "hrs" | "hour" | "hours" => 3_600 * TICKS_PER_SECOND,
        "d" | "day" | "days" => 86_400 * TICKS_PER_SECOND,
        _ => return None,
    })
}

impl FromStr for Timespan {
    type Err = ParseTimeError;

    /// Parses `[-][d.]hh:mm:ss[.f]` with up to seven fractional digits.
    fn from_str(text: &str) -> Result<Self, ParseTimeError> {
        parse_timespan(text).ok_or(ParseTimeError("timespan"))
    }
}

fn parse_timespan(text: &str) -> Option<Timespan> {
    let (sign, text) = match text.strip_prefix('-') {
        Some(text) => (-1, text),
        None => (1, text),
    };
    let parts: Vec<&str> = text.split(':').collect();
    let [days_hours, minutes, seconds] = parts[..] else {
        return None;
    };
    let (days, hours) = days_hours.split_once('.').unwrap_or(("0", days_hours));
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let number = |text: &str, below: i64| -> Option<i64> {
        let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        text.parse::<i64>().ok().filter(|n| digits && *n < below)
    };
    let fraction = (fraction.len() <= 7).then(|| format!("{fraction:0<7}"))?;
    let seconds = (number(days, 10_675_200)? * 24 + number(hours, 24)?) * 3600
        + number(minutes, 60)? * 60
        + number(seconds, 60)?;
    let ticks =
        i128::from(seconds) * i128::from(TICKS_PER_SECOND) + i128::from(number(&fraction, TICKS_PER_SECOND)?);
    Some(Timespan { ticks: i64::try_from(sign * ticks).ok()? })
}

impl fmt::Display for Timespan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ticks = self.ticks.unsigned_abs();
        let (seconds, fraction) = (ticks / 10_000_000, ticks % 10_000_000);
        if self.ticks < 0 {
            f.write_str("-")?;
        }
        if seconds >= 86_400 {
            write!(f, "{}.", seconds / 86_400)?;
        }
        let (hours, minutes) = (seconds / 3600 % 24, seconds / 60 % 60);
        write!(f, "{hours:02}:{minutes:02}:{:02}", seconds % 60)?;
        match fraction {
            0 => Ok(()),
            fraction => write!(f, ".{fraction:07}"),
        }
    }
}
