//! Helpers for every JSON parser of this workspace.

mod numbers;

use std::borrow::Cow;

use serde::{Deserialize, Deserializer};

pub use numbers::from_slice;

/// Deserializes a member that is present as `Some`, even if it is null.
///
/// With `#[serde(default, deserialize_with = "present")]`, `None` means that the member is
/// missing.
///
/// # Errors
///
/// Returns the error of deserializing `T`.
pub fn present<'de, D: Deserializer<'de>, T: Deserialize<'de>>(member: D) -> Result<Option<T>, D::Error> {
    T::deserialize(member).map(Some)
}

/// Replaces every escape of a lone surrogate in JSON text by `\ufffd`. The length does not
/// change.
///
/// Windows allows lone surrogates in a command line, and JSON can escape them, but a Rust
/// string cannot contain them.
///
/// Spec: PRO-09, TEL-68
pub fn without_lone_surrogates(text: &[u8]) -> Cow<'_, [u8]> {
    let mut repaired = Cow::Borrowed(text);
    let mut at = 0;
    while let Some(escape) = next_escape(text, at) {
        at = match (code_unit(text, escape), code_unit(text, escape + 6)) {
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => escape + 12,
            (Some(0xD800..=0xDFFF), _) => {
                if let Some(digits) = repaired.to_mut().get_mut(escape + 2..escape + 6) {
                    digits.copy_from_slice(b"fffd");
                }
                escape + 6
            }
            _ => escape + 2,
        };
    }
    repaired
}

/// Finds the next backslash at or after `at`.
fn next_escape(text: &[u8], at: usize) -> Option<usize> {
    Some(at + memchr::memchr(b'\\', text.get(at..)?)?)
}

/// Parses the escape `\uXXXX` at `at`.
fn code_unit(text: &[u8], at: usize) -> Option<u16> {
    let digits = text.get(at..at + 6)?.strip_prefix(b"\\u")?;
    let digits = std::str::from_utf8(digits).ok().filter(|digits| !digits.starts_with('+'))?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tel_68_a_lone_surrogate_becomes_the_replacement_character() {
        for (text, repaired) in [
            (r#"{"a":"\ud83d\ude00"}"#, r#"{"a":"\ud83d\ude00"}"#),
            (r#"{"a":"\ud83d"}"#, r#"{"a":"\ufffd"}"#),
            (r#"{"a":"\ud83d\ud83d\ude00"}"#, r#"{"a":"\ufffd\ud83d\ude00"}"#),
            (r#"{"a":"\uDE00x\\ud83d\n"}"#, r#"{"a":"\ufffdx\\ud83d\n"}"#),
            (r#"{"a":"\"#, r#"{"a":"\"#),
            (r#"{"a":"\é\u00"}"#, r#"{"a":"\é\u00"}"#),
        ] {
            assert_eq!(without_lone_surrogates(text.as_bytes()), repaired.as_bytes());
        }
    }
}
