//! Times that are one number.

use super::is_digits;
use rulespec::kql::Datetime;

/// The ticks of 100 ns from 1601, where Windows begins to count, to 1970.
const TICKS_TO_1970: i128 = 116_444_736_000_000_000;

/// The times that a number may mean: from 2000 to the end of 2099. Within them, no number is a time in
/// two units.
const RANGE: std::ops::Range<i128> = 9_466_848_000_000_000..41_024_448_000_000_000;

/// How many ticks one of a unit has, as a power of ten: seconds, milliseconds, microseconds and
/// nanoseconds since 1970.
const UNITS: [i32; 4] = [7, 4, 1, -2];

/// More digits than this are not needed in any unit.
const MAX_DIGITS: usize = 30;

/// Reads a number of seconds, milliseconds, microseconds or nanoseconds since 1970, or of ticks since
/// 1601, whichever gives a time of this century.
///
/// Spec: TEL-80
pub(super) fn instant(text: &str) -> Option<Datetime> {
    let number = Decimal::parse(text)?;
    let since_1970 = UNITS.iter().map(|unit| number.times_power_of_ten(*unit));
    let since_1601 = number.times_power_of_ten(0).map(|ticks| ticks - TICKS_TO_1970);
    let ticks = since_1970.chain([since_1601]).flatten().find(|ticks| RANGE.contains(ticks))?;
    Datetime::from_ticks_since_1970(i64::try_from(ticks).ok()?)
}

/// Reads `/Date(1795544455123)/` and `/Date(1795544455123+0100)/`: milliseconds since 1970 in UTC,
/// whatever the offset.
///
/// Spec: TEL-80
pub(super) fn dotnet(text: &str) -> Option<Datetime> {
    let inner = text.strip_prefix("/Date(")?.strip_suffix(")/")?;
    let sign_at = inner.char_indices().skip(1).find(|(_, c)| matches!(c, '+' | '-')).map(|(at, _)| at);
    let (milliseconds, offset) = inner.split_at_checked(sign_at.unwrap_or(inner.len()))?;
    let is_offset =
        offset.is_empty() || super::offset::parse(offset.as_bytes()).is_some_and(|(_, rest)| rest.is_empty());
    let milliseconds: i64 = milliseconds.parse().ok().filter(|_| is_offset)?;
    Datetime::from_ticks_since_1970(milliseconds.checked_mul(10_000)?)
}

/// A positive decimal number: its digits, and the power of ten that they are multiplied with.
struct Decimal {
    digits: i128,
    exponent: i32,
}

impl Decimal {
    /// Parses `12`, `1.5` and `1.5e9`.
    fn parse(text: &str) -> Option<Self> {
        let (number, exponent) = match text.split_once(['e', 'E']) {
            None => (text, 0),
            Some((number, exponent)) => (number, exponent.parse::<i16>().ok()?.into()),
        };
        let (whole, fraction) = number.split_once('.').unwrap_or((number, "0"));
        if !is_digits(whole) || !is_digits(fraction) || whole.len() > MAX_DIGITS {
            return None;
        }
        let fraction = fraction.get(..fraction.len().min(MAX_DIGITS - whole.len()))?;
        let digits = [whole, fraction].concat().parse().ok()?;
        Some(Self { digits, exponent: exponent - i32::try_from(fraction.len()).ok()? })
    }

    /// The number times 10^power, rounded down. `None` if it is too large.
    fn times_power_of_ten(&self, power: i32) -> Option<i128> {
        let power = self.exponent + power;
        let factor = 10_i128.checked_pow(power.unsigned_abs());
        if power < 0 {
            Some(factor.map_or(0, |factor| self.digits / factor))
        } else {
            self.digits.checked_mul(factor?)
        }
    }
}
