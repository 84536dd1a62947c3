//! Chapter 30: terms, `has` and `has_any`.

use unicode_general_category::{GeneralCategory as Category, get_general_category};

use super::text::fold;
use super::{Dynamic, Profile, Type, tostring};

/// Whether a character belongs to a term: a Unicode letter or number.
///
/// ```
/// use rulespec::kql::terms::is_term_character;
///
/// assert!(is_term_character('é') && is_term_character('7'));
/// assert!(!is_term_character('_') && !is_term_character('/'));
/// ```
///
/// Spec: TRM-01, TRM-07, TRM-08, TRM-14
pub fn is_term_character(c: char) -> bool {
    use Category::*;
    matches!(
        get_general_category(c),
        UppercaseLetter
            | LowercaseLetter
            | TitlecaseLetter
            | ModifierLetter
            | OtherLetter
            | DecimalNumber
            | LetterNumber
            | OtherNumber
    )
}

/// `text has lookup`: whether `lookup` occurs in `text`, ignoring case, as whole
/// terms.
///
/// ```
/// use rulespec::kql::{Profile, has};
///
/// let profile = Profile::default();
/// assert!(has("bitsadmin /TRANSFER job", "/Transfer", &profile));
/// assert!(has("host.corp", ".", &profile));
/// assert!(!has("bitsadmin /transferjob", "/Transfer", &profile));
/// ```
///
/// Spec: TRM-02, TRM-06, TRM-09, TRM-10, TRM-11, TRM-12, TRM-13, TRM-19
pub fn has(text: &str, lookup: &str, profile: &Profile) -> bool {
    first_occurrence(text, lookup, profile).is_some()
}

/// Where `lookup` first occurs in `text` as `has` understands it: the number of
/// characters before it.
///
/// ```
/// use rulespec::kql::{Profile, terms::first_occurrence};
///
/// let profile = Profile::default();
/// assert_eq!(first_occurrence("/uploads /UPLOAD", "/upload", &profile), Some(9));
/// ```
///
/// Spec: TRM-02, TRM-06
pub fn first_occurrence(text: &str, lookup: &str, profile: &Profile) -> Option<usize> {
    let (folded_text, folded_lookup) = (fold(text, profile), fold(lookup, profile));
    let text: Vec<char> = text.chars().collect();
    let lookup: Vec<char> = lookup.chars().collect();
    (0..=text.len()).find(|&at| folded_text[at..].starts_with(&folded_lookup) && bounded(&text, at, &lookup))
}

/// Whether the occurrence of `lookup` at `at` is cut out of no term of `text`.
///
/// Spec: TRM-03, TRM-04, TRM-05
fn bounded(text: &[char], at: usize, lookup: &[char]) -> bool {
    let in_term = |c: Option<&char>| c.is_some_and(|&c| is_term_character(c));
    let before = text[..at].last();
    let after = text.get(at + lookup.len());
    let cuts_before = in_term(lookup.first()) && in_term(before);
    let cuts_after = in_term(lookup.last()) && in_term(after);
    !cuts_before && !cuts_after
}

/// `text has_any (lookups)`: whether `has` is true for some element.
///
/// Elements that are not strings are taken as their text.
///
/// ```
/// use rulespec::kql::{Dynamic, Profile, has_any};
///
/// let switches = [Dynamic::from("/Transfer"), Dynamic::from("/AddFile")];
/// assert!(has_any("bitsadmin /addfile j u f", &switches, &Profile::default()));
/// assert!(!has_any("bitsadmin /addfiles", &switches, &Profile::default()));
/// ```
///
/// Spec: TRM-15, TRM-16, TRM-17, TRM-18
pub fn has_any(text: &str, lookups: &[Dynamic], profile: &Profile) -> bool {
    some(lookups, |lookup| has(text, &tostring(lookup, Type::Dynamic), profile))
}

/// Whether one element at least is found, by whatever `has` finds.
///
/// Spec: TRM-15, TRM-16
pub(super) fn some(lookups: &[Dynamic], has: impl Fn(&Dynamic) -> bool) -> bool {
    lookups.iter().any(has)
}
