//! Chapter 25: measuring, making and taking apart strings.

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::profile::{Base64, Profile};
use super::{Error, ErrorKind};

/// How many bytes a string may have that a function makes.
const MAX_TEXT: usize = 4 << 20;

/// Checks the length of a string that a function makes, in bytes.
///
/// # Errors
///
/// Returns [`ErrorKind::Unsupported`] if it is more than 4 MiB.
///
/// Spec: STR-15
pub fn limited(length: usize) -> Result<(), Error> {
    match length {
        0..=MAX_TEXT => Ok(()),
        _ => Err(Error::new(ErrorKind::Unsupported, "a string of more than 4 MiB")),
    }
}

/// `replace_string(text, lookup, rewrite)`: the text with every occurrence replaced.
///
/// # Errors
///
/// Returns an error as [`limited`] does.
///
/// ```
/// use rulespec::kql::replace_string;
///
/// assert_eq!(replace_string("aaa", "aa", "b")?, "ba");
/// assert_eq!(replace_string("aaa", "", "b")?, "aaa");
/// # Ok::<(), rulespec::kql::Error>(())
/// ```
///
/// Spec: STR-05, STR-06
pub fn replace_string(text: &str, lookup: &str, rewrite: &str) -> Result<String, Error> {
    if lookup.is_empty() {
        return Ok(text.to_owned());
    }
    limited(text.len() + text.matches(lookup).count().saturating_mul(rewrite.len()))?;
    Ok(text.replace(lookup, rewrite))
}

/// `countof(text, lookup)`: the number of occurrences, which may overlap.
///
/// ```
/// use rulespec::kql::countof;
///
/// assert_eq!(countof("aaaa", "aa"), 3);
/// assert_eq!(countof("aaaa", ""), 0);
/// ```
///
/// Spec: STR-08, STR-09
pub fn countof(text: &str, lookup: &str) -> i64 {
    if lookup.is_empty() {
        return 0;
    }
    text.char_indices().filter(|(at, _)| text[*at..].starts_with(lookup)).count() as i64
}

/// The places where `indexof(text, lookup, start, length)` finds the lookup, which must lie in
/// this part of the text.
///
/// Spec: STR-13, STR-14
pub fn places(text: &str, lookup: &str, start: usize, length: Option<usize>) -> Vec<usize> {
    let (text, lookup): (Vec<char>, Vec<char>) = (text.chars().collect(), lookup.chars().collect());
    let end = length.and_then(|length| start.checked_add(length)).unwrap_or(text.len()).min(text.len());
    (start..end).filter(|&at| text[at..end].starts_with(&lookup)).collect()
}

/// `base64_decode_tostring(text)`: what the text encodes, or `""` if that is not UTF-8.
///
/// ```
/// use rulespec::kql::{Profile, base64_decode};
///
/// assert_eq!(base64_decode("S3VzdG8=", &Profile::default()), "Kusto");
/// assert_eq!(base64_decode("/w==", &Profile::default()), "");
/// ```
///
/// Spec: STR-16, STR-17, STR-18
pub fn base64_decode(text: &str, profile: &Profile) -> String {
    let config = GeneralPurposeConfig::new().with_decode_allow_trailing_bits(true);
    let bytes = match profile.base64 {
        Base64::Empty => GeneralPurpose::new(&STANDARD, config).decode(text),
        Base64::Lenient => {
            let config = config.with_decode_padding_mode(DecodePaddingMode::Indifferent);
            let compact: String = text.split_whitespace().collect();
            GeneralPurpose::new(&STANDARD, config).decode(compact)
        }
    };
    bytes.ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// `base64_encode_tostring(text)`: the UTF-8 of the text in base64, with padding.
///
/// Spec: STR-16
pub fn base64_encode(text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(text)
}
