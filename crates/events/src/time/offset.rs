//! Offsets from UTC.

/// No zone was ever further away from UTC, in hours.
const MAX_HOURS: i32 = 15;

/// Parses `+01:00`, `+0100` or `+01` at the start of a text. Returns the seconds east of
/// UTC, and the rest of the text.
pub(super) fn parse(text: &[u8]) -> Option<(i32, &[u8])> {
    let (sign, text) = match text.split_first()? {
        (b'+', rest) => (1, rest),
        (b'-', rest) => (-1, rest),
        _ => return None,
    };
    let (hours, mut rest) = two_digits(text)?;
    let mut minutes = 0;
    if let Some((value, after)) = two_digits(rest) {
        (minutes, rest) = (value, after);
    } else if let Some((value, after)) = rest.strip_prefix(b":").and_then(two_digits) {
        (minutes, rest) = (value, after);
    }
    let is_valid = hours <= MAX_HOURS && minutes < 60;
    is_valid.then_some((sign * (hours * 60 + minutes) * 60, rest))
}

fn two_digits(text: &[u8]) -> Option<(i32, &[u8])> {
    let (digits, rest) = text.split_first_chunk::<2>()?;
    let [tens, ones] = digits.map(|digit| digit.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| (i32::from(tens) * 10 + i32::from(ones), rest))
}
