//! Chapter 30: terms, `has` and its relatives.

use unicode_general_category::{GeneralCategory as Category, get_general_category};

use super::text::Case;
use super::{Dynamic, Profile, Type, tostring};

/// Whether a character can be part of a term: whether it is a Unicode letter or number.
///
/// ```
/// use rulespec::kql::is_term_character;
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

/// `text has lookup`: whether `lookup` occurs in `text` as whole terms, ignoring case.
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

/// What a lookup must be to be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Whole terms, as for `has`.
    Whole,
    /// The start of terms, as for `hasprefix`.
    Prefix,
    /// The end of terms, as for `hassuffix`.
    Suffix,
}

/// `has`, `hasprefix`, `hassuffix` and their case-sensitive forms: whether `lookup` occurs in
/// `text` as whole terms, or at the start or the end of terms.
///
/// ```
/// use rulespec::kql::{Case, Part, Profile, has_part};
///
/// let ignored = Profile::default();
/// assert!(has_part("bitsadmin /TRANSFERRED", "transfer", Part::Prefix, Case::Ignored(&ignored)));
/// assert!(!has_part("bitsadmin /TRANSFERRED", "transfer", Part::Prefix, Case::Sensitive));
/// assert!(has_part("bitsadmin /transfer", "admin", Part::Suffix, Case::Sensitive));
/// ```
///
/// Spec: TRM-20, TRM-21, TRM-22
pub fn has_part(text: &str, lookup: &str, part: Part, case: Case<'_>) -> bool {
    occurrence(text, lookup, part, case).is_some()
}

/// The number of characters before the first occurrence of `lookup` in `text` that `has`
/// accepts.
///
/// ```
/// use rulespec::kql::{Profile, first_occurrence};
///
/// let profile = Profile::default();
/// assert_eq!(first_occurrence("/uploads /UPLOAD", "/upload", &profile), Some(9));
/// ```
///
/// Spec: TRM-02, TRM-06
pub fn first_occurrence(text: &str, lookup: &str, profile: &Profile) -> Option<usize> {
    occurrence(text, lookup, Part::Whole, Case::Ignored(profile))
}

fn occurrence(text: &str, lookup: &str, part: Part, case: Case<'_>) -> Option<usize> {
    occurrences(text, lookup, case).find(|found| found.is_bounded(part)).map(|found| found.at)
}

/// A place where a lookup occurs in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurrence {
    /// The number of characters before it.
    pub at: usize,
    /// Whether it begins inside a term of the text.
    pub begins_inside: bool,
    /// Whether it ends inside a term of the text.
    pub ends_inside: bool,
}

impl Occurrence {
    /// Whether it neither begins nor ends inside a term of the text. A prefix may end inside one, and a
    /// suffix may begin inside one.
    ///
    /// Spec: TRM-03, TRM-04, TRM-20, TRM-21
    pub fn is_bounded(&self, part: Part) -> bool {
        (part == Part::Suffix || !self.begins_inside) && (part == Part::Prefix || !self.ends_inside)
    }
}

/// Every occurrence of `lookup` in `text`, also inside terms.
///
/// ```
/// use rulespec::kql::{Case, Part, occurrences};
///
/// let found: Vec<_> = occurrences("/uploads /upload", "/upload", Case::Sensitive).collect();
/// assert_eq!(found.iter().map(|one| one.is_bounded(Part::Whole)).collect::<Vec<_>>(), [false, true]);
/// assert!(found[0].ends_inside && !found[0].begins_inside);
/// ```
///
/// Spec: TRM-06
pub fn occurrences(text: &str, lookup: &str, case: Case<'_>) -> impl Iterator<Item = Occurrence> + use<> {
    let (folded_text, folded_lookup) = (case.fold(text), case.fold(lookup));
    let text: Vec<char> = text.chars().collect();
    let lookup: Vec<char> = lookup.chars().collect();
    let places = (0..=text.len()).filter(move |&at| folded_text[at..].starts_with(&folded_lookup));
    places.map(move |at| edges(&text, at, &lookup))
}

/// Where the occurrence of `lookup` at `at` begins and ends.
///
/// Spec: TRM-03, TRM-04, TRM-05
fn edges(text: &[char], at: usize, lookup: &[char]) -> Occurrence {
    let in_term = |c: Option<&char>| c.is_some_and(|&c| is_term_character(c));
    let before = text[..at].last();
    let after = text.get(at + lookup.len());
    Occurrence {
        at,
        begins_inside: in_term(before) && in_term(lookup.first()),
        ends_inside: in_term(lookup.last()) && in_term(after),
    }
}

/// `text has_any (lookups)`: whether `has` is true for at least one element.
///
/// An element that is not a string is converted with [`tostring`].
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
    lookups.iter().any(|lookup| has(text, &tostring(lookup, Type::Dynamic), profile))
}
