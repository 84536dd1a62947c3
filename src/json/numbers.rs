//! JSON text whose numbers keep their kind and value when `serde_json` parses it.

use std::borrow::Cow;
use std::fmt;

use memchr::memchr2;
use serde::de::{DeserializeOwned, Error as _};

/// How many characters of a number an error shows.
const MAX_SHOWN: usize = 30;

/// Deserializes JSON text in which a number written as digits is a long, and any other number is
/// a real. `-0` is the long 0.
///
/// A text with more than `max_values` values is refused before memory is allocated for them. The
/// values are estimated: each `[`, `{`, `,` and `:` outside strings counts as one.
///
/// # Errors
///
/// Returns an error, with line and column, if the text is not JSON of type `T`, has more values,
/// or has a number that is written as digits and is outside signed 64 bits.
///
/// ```
/// use rulespec::json::from_slice;
///
/// let numbers: Vec<serde_json::Value> = from_slice(b"[-0, -0.0]", usize::MAX)?;
/// assert_eq!(serde_json::to_string(&numbers)?, "[0,-0.0]");
/// let error = from_slice::<f64>(b"9223372036854775808", usize::MAX).unwrap_err();
/// assert!(error.to_string().starts_with("9223372036854775808 is outside signed 64 bits"));
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// Spec: PRO-19, PRO-20
pub fn from_slice<T: DeserializeOwned>(text: &[u8], max_values: usize) -> serde_json::Result<T> {
    let text = exact(text, max_values).map_err(serde_json::Error::custom)?;
    serde_json::from_slice(&text)
}

/// The text as `serde_json` must get it: the minus of each `-0` is replaced by a space, because
/// `serde_json` parses `-0` as a real.
fn exact(text: &[u8], max_values: usize) -> Result<Cow<'_, [u8]>, Refusal> {
    let mut exact = Cow::Borrowed(text);
    let mut values_left = max_values;
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at = match byte {
            b'"' => string_end(text, at + 1),
            b'-' | b'0'..=b'9' => {
                let end = number_end(text, at);
                match &text[at..end] {
                    b"-0" => exact.to_mut()[at] = b' ',
                    number if is_too_large(number) => return Err(Refusal::too_large(text, at, end)),
                    _ => {}
                }
                end
            }
            b'[' | b'{' | b',' | b':' => {
                let left = values_left.checked_sub(1);
                values_left = left.ok_or_else(|| Refusal::too_many(text, at, max_values))?;
                at + 1
            }
            _ => at + 1,
        };
    }
    Ok(exact)
}

/// The place after the quote that closes a string, or after the text if there is none.
fn string_end(text: &[u8], mut at: usize) -> usize {
    while let Some(next) = text.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        match text[at + next] {
            b'"' => return at + next + 1,
            _ => at += next + 2,
        }
    }
    text.len()
}

/// The place after the number that begins at `at`.
fn number_end(text: &[u8], at: usize) -> usize {
    let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    let rest = text.get(at..).unwrap_or_default();
    at + rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len())
}

/// Whether a number is written as digits and does not fit signed 64 bits.
fn is_too_large(number: &[u8]) -> bool {
    /// Any number of so many characters fits.
    const MAX_SAFE_LEN: usize = 18;
    let is_whole = || number.strip_prefix(b"-").unwrap_or(number).iter().all(u8::is_ascii_digit);
    let fits = || std::str::from_utf8(number).is_ok_and(|number| number.parse::<i64>().is_ok());
    number.len() > MAX_SAFE_LEN && is_whole() && !fits()
}

/// Why a text is refused, and where.
#[derive(Debug, PartialEq, Eq)]
struct Refusal {
    what: String,
    line: usize,
    column: usize,
}

impl Refusal {
    fn new(text: &[u8], at: usize, what: String) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |line_feed| line_feed + 1);
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        Self { what, line, column: at - line_start + 1 }
    }

    fn too_large(text: &[u8], at: usize, end: usize) -> Self {
        let shown = &text[at..end.min(at + MAX_SHOWN)];
        let ellipsis = if end - at > MAX_SHOWN { "…" } else { "" };
        let number = String::from_utf8_lossy(shown);
        let what = format!(
            "{number}{ellipsis} is outside signed 64 bits; write a real with a fraction or an exponent"
        );
        Self::new(text, at, what)
    }

    fn too_many(text: &[u8], at: usize, max_values: usize) -> Self {
        let what = format!("more than {max_values} values (`[`, `{{`, `,` and `:` outside strings)");
        Self::new(text, at, what)
    }
}

impl fmt::Display for Refusal {
    /// In the form of `serde_json`, which takes line and column from this text.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at line {} column {}", self.what, self.line, self.column)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::*;

    fn parse(text: &str) -> serde_json::Result<Json> {
        from_slice(text.as_bytes(), usize::MAX)
    }

    #[test]
    fn pro_19_digits_are_a_long_and_anything_else_is_a_real() {
        for (text, number) in [
            ("0", json!(0)),
            ("-0", json!(0)),
            ("-7", json!(-7)),
            ("9007199254740993", json!(9_007_199_254_740_993_i64)),
            ("9223372036854775807", json!(i64::MAX)),
            ("-9223372036854775808", json!(i64::MIN)),
            ("1.0", json!(1.0)),
            ("1e2", json!(100.0)),
            ("-1E+2", json!(-100.0)),
            ("9007199254740993.0", json!(9_007_199_254_740_992.0)),
            ("9223372036854775808e0", json!(9_223_372_036_854_775_808.0)),
            ("123456789012345678901234567890.5", json!(1.234_567_890_123_456_8e29)),
        ] {
            for text in [text.to_owned(), format!("[{text}]"), format!(r#"{{"a":{text} }}"#)] {
                let parsed = parse(&text).unwrap();
                let part = [&parsed[0], &parsed["a"]].into_iter().find(|part| part.is_number());
                assert_eq!(part.unwrap_or(&parsed), &number, "{text}");
            }
        }
        let zeros = parse("[-0.0,0.0,-0e0,-0]").unwrap();
        assert_eq!(zeros.to_string(), "[-0.0,0.0,-0.0,0]");
    }

    #[test]
    fn pro_19_digits_outside_64_bits_are_refused_with_their_place() {
        for number in [
            "9223372036854775808",
            "-9223372036854775809",
            "18446744073709551615",
            "18446744073709551616",
            "100000000000000000000",
        ] {
            for text in [number.to_owned(), format!("[{number}]"), format!(r#"{{"a":[1,{number}]}}"#)] {
                let column = text.find(number).unwrap() + 1;
                let error = parse(&text).unwrap_err();
                let place = (error.line(), error.column());
                assert_eq!(place, (1, column), "{text}");
                assert!(error.to_string().starts_with(&format!("{number} is outside signed 64 bits")));
            }
        }
        let error = parse(&format!("[\n\n \"a\", {}]", "9".repeat(400))).unwrap_err();
        assert_eq!((error.line(), error.column()), (3, 7));
        let shown = "9".repeat(30);
        assert!(error.to_string().starts_with(&format!("{shown}… is outside signed 64 bits; write a real")));
    }

    #[test]
    fn pro_19_digits_in_strings_are_text() {
        for text in [
            r#""-0 9223372036854775808""#,
            r#"["\"", "\\", "\\\"-0", "[18446744073709551616,-0]"]"#,
            r#"{"18446744073709551616":"-0"}"#,
        ] {
            assert_eq!(parse(text).unwrap(), serde_json::from_str::<Json>(text).unwrap());
        }
    }

    #[test]
    fn pro_19_text_that_is_not_json_stays_so() {
        for text in ["-", "-00", "1-0", "00", "--0", "[1 -0]", "true-0", "\"\\", "\"a", "0x-0", "1.-0", "+1"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn pro_20_the_number_of_values_is_limited() {
        let parse = |text: &str| from_slice::<Json>(text.as_bytes(), 6);
        for text in ["[1,2,3,4,5,6]", "[[],[],[]]", r#"{"a":{"b":1},"c":2}"#, r#"["[,:{[,:{[,:{"]"#] {
            assert!(parse(text).is_ok(), "{text}");
        }
        for text in ["[1,2,3,4,5,6,7]", "[[],[],[],[]]", r#"{"a":{"b":1},"c":[]}"#, ",,,,,,,"] {
            let error = parse(text).unwrap_err().to_string();
            assert!(error.starts_with("more than 6 values"), "{text}: {error}");
        }
    }
}
