//! Chapter 20: comparing, searching and slicing strings.

use std::num::NonZeroU32;

use unicode_case_mapping::{case_folded, to_lowercase, to_titlecase, to_uppercase};

use super::Profile;
use super::profile::{CaseFolding, CaseMapping};

/// `a =~ b`: whether two strings are equal, ignoring case.
///
/// ```
/// use rulespec::kql::{Profile, eq_ci};
///
/// let profile = Profile::default();
/// assert!(eq_ci("CAFÉ.EXE", "café.exe", &profile));
/// assert!(!eq_ci("bitsadmin.exe ", "bitsadmin.exe", &profile));
/// ```
///
/// Spec: TXT-01, TXT-02, TXT-03, TXT-04, TXT-16
pub fn eq_ci(a: &str, b: &str, profile: &Profile) -> bool {
    fold(a, profile) == fold(b, profile)
}

/// Folds the case of each character of a string.
///
/// Spec: TXT-01, TXT-03
pub fn fold(text: &str, profile: &Profile) -> Vec<char> {
    text.chars().map(|c| fold_character(c, profile)).collect()
}

/// Whether the case of letters counts.
#[derive(Debug, Clone, Copy)]
pub enum Case<'a> {
    /// It counts.
    Sensitive,
    /// It is ignored, as the profile says.
    Ignored(&'a Profile),
}

impl Case<'_> {
    /// The characters that are compared.
    ///
    /// Spec: TXT-20, TRM-22
    pub fn fold(self, text: &str) -> Vec<char> {
        match self {
            Self::Sensitive => text.chars().collect(),
            Self::Ignored(profile) => fold(text, profile),
        }
    }
}

/// `text contains lookup` and `text contains_cs lookup`: whether `lookup` is a part of `text`.
///
/// ```
/// use rulespec::kql::{Case, Profile, contains};
///
/// assert!(contains("bitsadmin", "SADM", Case::Ignored(&Profile::default())));
/// assert!(!contains("bitsadmin", "SADM", Case::Sensitive));
/// ```
///
/// Spec: TXT-17, TXT-19
pub fn contains(text: &str, lookup: &str, case: Case<'_>) -> bool {
    let (text, lookup) = (case.fold(text), case.fold(lookup));
    (0..=text.len()).any(|at| text[at..].starts_with(&lookup))
}

/// `text startswith lookup` and `text startswith_cs lookup`.
///
/// Spec: TXT-18, TXT-19
pub fn starts_with(text: &str, lookup: &str, case: Case<'_>) -> bool {
    case.fold(text).starts_with(&case.fold(lookup))
}

/// `text endswith lookup` and `text endswith_cs lookup`.
///
/// Spec: TXT-18, TXT-19
pub fn ends_with(text: &str, lookup: &str, case: Case<'_>) -> bool {
    case.fold(text).ends_with(&case.fold(lookup))
}

/// Folds the case of a character with one of Unicode's simple mappings, which map a
/// character to a single character.
///
/// Spec: TXT-03
pub fn fold_character(c: char, profile: &Profile) -> char {
    let mapped = match profile.case_folding {
        CaseFolding::Simple => case_folded(c).map(NonZeroU32::get),
        CaseFolding::Lower => simple_lowercase(c),
        CaseFolding::Upper => simple_uppercase(c),
    };
    mapped.and_then(char::from_u32).unwrap_or(c)
}

/// Returns the simple lower-case mapping of a character.
///
/// The table has full mappings, which can be several characters. In lower case that is only
/// so for U+0130, whose simple mapping is the first of its two characters.
fn simple_lowercase(c: char) -> Option<u32> {
    let [first, _] = to_lowercase(c);
    (first != 0).then_some(first)
}

/// Returns the simple upper-case mapping of a character.
///
/// If the full mapping is several characters, the simple one is the title-case mapping,
/// provided that this is a single character.
fn simple_uppercase(c: char) -> Option<u32> {
    let mapping = match to_uppercase(c) {
        [_, 0, _] => to_uppercase(c),
        _ => to_titlecase(c),
    };
    (mapping[0] != 0 && mapping[1] == 0).then_some(mapping[0])
}

/// `tolower(text)`: the text in lower case.
///
/// ```
/// use rulespec::kql::{Profile, tolower};
///
/// assert_eq!(tolower("CAFÉ.EXE", &Profile::default()), "café.exe");
/// ```
///
/// Spec: TXT-22, TXT-23
pub fn tolower(text: &str, profile: &Profile) -> String {
    match profile.case_mapping {
        CaseMapping::Simple => map(text, simple_lowercase),
        CaseMapping::Full => text.chars().flat_map(char::to_lowercase).collect(),
    }
}

/// `toupper(text)`: the text in upper case.
///
/// Spec: TXT-22, TXT-23
pub fn toupper(text: &str, profile: &Profile) -> String {
    match profile.case_mapping {
        CaseMapping::Simple => map(text, simple_uppercase),
        CaseMapping::Full => text.chars().flat_map(char::to_uppercase).collect(),
    }
}

fn map(text: &str, mapping: fn(char) -> Option<u32>) -> String {
    text.chars().map(|c| mapping(c).and_then(char::from_u32).unwrap_or(c)).collect()
}

/// `indexof(text, lookup)`: the number of characters before the first occurrence of
/// `lookup` in `text`, or -1 if there is none.
///
/// Returns `None`, which is null, if `lookup` is empty.
///
/// ```
/// use rulespec::kql::indexof;
///
/// assert_eq!(indexof("host.corp.example", "."), Some(4));
/// assert_eq!(indexof("host", "."), Some(-1));
/// assert_eq!(indexof("host", ""), None);
/// ```
///
/// Spec: TXT-05, TXT-06, TXT-07, TXT-08, TXT-09, TXT-16
pub fn indexof(text: &str, lookup: &str) -> Option<i64> {
    if lookup.is_empty() {
        return None;
    }
    let before = text.find(lookup).map(|byte| text[..byte].chars().count() as i64);
    Some(before.unwrap_or(-1))
}

/// `substring(text, start)` and `substring(text, start, length)`.
///
/// Returns the part of `text` that begins at `start` and has `length` code points, or that
/// ends with `text` if `length` is `None`. A negative `start` counts from the end.
///
/// ```
/// use rulespec::kql::substring;
///
/// assert_eq!(substring("host.corp", 5, None), "corp");
/// assert_eq!(substring("host.corp", -4, Some(2)), "co");
/// ```
///
/// Spec: TXT-08, TXT-10, TXT-11, TXT-12, TXT-13, TXT-14, TXT-15
pub fn substring(text: &str, start: i64, length: Option<i64>) -> String {
    let count = text.chars().count() as i64;
    let start = if start < 0 { count.saturating_add(start) } else { start };
    let length = length.unwrap_or(count);
    if start < 0 || start >= count || length <= 0 {
        return String::new();
    }
    text.chars().skip(start as usize).take(length as usize).collect()
}
