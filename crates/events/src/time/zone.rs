//! The time zone of times that do not name theirs.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use jiff::civil;
use jiff::tz::{self, TimeZoneDatabase};

use super::offset;
use rulespec::kql::Datetime;

/// The database that is compiled in: not every system has one, and the answer must not depend on it.
static DATABASE: LazyLock<TimeZoneDatabase> = LazyLock::new(TimeZoneDatabase::bundled);

/// A time zone. [`Options::time_zone`](crate::Options::time_zone) is the one of times that are local
/// and do not name theirs.
///
/// It is parsed from an IANA name in any case, from `UTC`, or from an offset such as `+02:00`.
///
/// ```
/// use rulespec_events::TimeZone;
///
/// for zone in ["Europe/Berlin", "UTC", "+02:00"] {
///     assert_eq!(zone.parse::<TimeZone>().unwrap().to_string(), zone);
/// }
/// let error = "Europe/Nowhere".parse::<TimeZone>().unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     "Europe/Nowhere is not a time zone; name one such as Europe/Berlin, UTC or +02:00"
/// );
/// ```
///
/// Spec: TEL-82
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeZone(tz::TimeZone);

/// The error for a text that does not name a time zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not a time zone; name one such as Europe/Berlin, UTC or +02:00")]
pub struct TimeZoneError(String);

impl FromStr for TimeZone {
    type Err = TimeZoneError;

    fn from_str(text: &str) -> Result<Self, TimeZoneError> {
        let name = text.trim();
        let fixed = offset::parse(name.as_bytes())
            .filter(|(_, rest)| rest.is_empty())
            .and_then(|(seconds, _)| tz::Offset::from_seconds(seconds).ok())
            .map(tz::TimeZone::fixed);
        let zone = fixed.or_else(|| DATABASE.get(name).ok().filter(|zone| !zone.is_unknown()));
        zone.map(Self).ok_or_else(|| TimeZoneError(text.to_owned()))
    }
}

impl fmt::Display for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Ok(offset) = self.0.to_fixed_offset() else {
            return f.write_str(self.0.iana_name().unwrap_or("unknown"));
        };
        let (sign, minutes) =
            (if offset.is_negative() { '-' } else { '+' }, offset.seconds().unsigned_abs() / 60);
        match self.0.iana_name() {
            Some(name) => f.write_str(name),
            None => write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60),
        }
    }
}

impl TimeZone {
    /// The instant of a local time in this zone. If clocks were set back, it is the earlier one of the
    /// two; if they were set forward over it, it is as much later as they were.
    ///
    /// Spec: TEL-82
    pub(super) fn instant(&self, local: civil::DateTime) -> Option<Datetime> {
        let instant = self.0.to_ambiguous_timestamp(local).compatible().ok()?;
        Datetime::from_ticks_since_1970(i64::try_from(instant.as_nanosecond().div_euclid(100)).ok()?)
    }
}
