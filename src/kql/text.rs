//! Chapter 20: strings, and how they are compared, searched and cut.

use super::Profile;
use super::profile::{CaseFolding, IndexofEmpty, TextUnits};

/// `a =~ b`: whether two whole strings are equal but for case.
///
/// ```
/// use rulespec::kql::{Profile, eq_ci};
///
/// let profile = Profile::default();
/// assert!(eq_ci("BITSADMIN.EXE", "bitsadmin.exe", &profile));
/// assert!(!eq_ci("bitsadmin.exe ", "bitsadmin.exe", &profile));
/// ```
///
/// Spec: TXT-01, TXT-02, TXT-03, TXT-04, TXT-16
pub fn eq_ci(a: &str, b: &str, profile: &Profile) -> bool {
    fold(a, profile) == fold(b, profile)
}

/// The characters of a string with the differences of case taken out.
///
/// Spec: TXT-01, TXT-03
pub(super) fn fold(text: &str, profile: &Profile) -> Vec<char> {
    match profile.case_folding {
        CaseFolding::Ascii => text.chars().map(|c| c.to_ascii_lowercase()).collect(),
        CaseFolding::Simple => text.chars().map(simple_fold).collect(),
        CaseFolding::Lower => text.chars().flat_map(char::to_lowercase).collect(),
    }
}

fn simple_fold(c: char) -> char {
    unicode_case_mapping::case_folded(c).and_then(|folded| char::from_u32(folded.get())).unwrap_or(c)
}

/// `indexof(text, lookup)`: where `lookup` first occurs in `text`, counted from
/// 0 in the profile's units, or -1.
///
/// ```
/// use rulespec::kql::{Profile, indexof};
///
/// let profile = Profile::default();
/// assert_eq!(indexof("host.corp.example", ".", &profile), 4);
/// assert_eq!(indexof("host", ".", &profile), -1);
/// ```
///
/// Spec: TXT-05, TXT-06, TXT-07, TXT-08, TXT-09, TXT-16
pub fn indexof(text: &str, lookup: &str, profile: &Profile) -> i64 {
    if lookup.is_empty() && profile.indexof_empty == IndexofEmpty::NotFound {
        return -1;
    }
    match text.find(lookup) {
        Some(byte) => length_in_units(&text[..byte], profile) as i64,
        None => -1,
    }
}

/// `substring(text, start)` and `substring(text, start, length)`.
///
/// Returns a part of `text`, counted in the profile's units; all of it from
/// `start` on where `length` is `None`; `""` where there is nothing to return.
/// Where the profile's units cut a character in two, its halves come out as
/// U+FFFD.
///
/// ```
/// use rulespec::kql::{Profile, substring};
///
/// let profile = Profile::default();
/// assert_eq!(substring("host.corp", 5, None, &profile), "corp");
/// assert_eq!(substring("host.corp", -4, Some(2), &profile), "co");
/// ```
///
/// Spec: TXT-08, TXT-10, TXT-11, TXT-12, TXT-13, TXT-14, TXT-15
pub fn substring(text: &str, start: i64, length: Option<i64>, profile: &Profile) -> String {
    let count = length_in_units(text, profile) as i64;
    let start = if start < 0 { count.saturating_add(start) } else { start };
    let length = length.unwrap_or(count);
    if start < 0 || start >= count || length <= 0 {
        return String::new();
    }
    let end = start.saturating_add(length).min(count);
    cut(text, start as usize, end as usize, profile)
}

/// How many of the profile's units a string has.
///
/// Spec: TXT-08
fn length_in_units(text: &str, profile: &Profile) -> usize {
    match profile.text_units {
        TextUnits::CodePoints => text.chars().count(),
        TextUnits::Utf16 => text.encode_utf16().count(),
        TextUnits::Bytes => text.len(),
    }
}

/// The units from `start` up to, not including, `end`; both within the string.
///
/// Spec: TXT-08
fn cut(text: &str, start: usize, end: usize, profile: &Profile) -> String {
    match profile.text_units {
        TextUnits::CodePoints => text.chars().skip(start).take(end - start).collect(),
        TextUnits::Utf16 => {
            let units: Vec<u16> = text.encode_utf16().collect();
            String::from_utf16_lossy(&units[start..end])
        }
        TextUnits::Bytes => String::from_utf8_lossy(&text.as_bytes()[start..end]).into_owned(),
    }
}
