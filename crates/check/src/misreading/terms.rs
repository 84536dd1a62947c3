//! Misreadings of chapter 30: terms.

use super::definition::misreadings;
use super::text::{decomposed, is_mark};
use rulespec::kql::fold;
use rulespec::kql::is_term_character;
use rulespec::kql::{Dynamic, Profile, has};

misreadings! {
    "has-as-substring" misreads "TRM-01":
        "`has` is a substring search",
        has = |_, text, lookup| has_where(text, lookup, |_| true);
    "edges-of-different-occurrences" misreads "TRM-02":
        "`has` is true if one occurrence is bounded on the left and another on the right",
        has = |_, text, lookup| {
            has_where(text, lookup, |found| !found.cuts_left(is_term_character))
                && has_where(text, lookup, |found| !found.cuts_right(is_term_character))
        };
    "one-edge-is-enough" misreads "TRM-02":
        "an occurrence needs to be bounded on one side only",
        has = |_, text, lookup| {
            has_where(text, lookup, |found| {
                !found.cuts_left(is_term_character) || !found.cuts_right(is_term_character)
            })
        };
    "left-edge-unchecked" misreads "TRM-03":
        "only the right edge is checked: `has` is `hassuffix`",
        has = |_, text, lookup| has_where(text, lookup, |found| !found.cuts_right(is_term_character));
    "right-edge-unchecked" misreads "TRM-04":
        "only the left edge is checked: `has` is `hasprefix`",
        has = |_, text, lookup| has_where(text, lookup, |found| !found.cuts_left(is_term_character));
    "regex-word-boundary" misreads "TRM-05":
        "each edge must match `\\b` of a regular expression, even at punctuation, and `_` is a word character",
        has = |_, text, lookup| {
            let in_word = |c: Option<char>| c.is_some_and(|c| is_term_character(c) || c == '_');
            lookup.is_empty() || occurrences(text, lookup, folded).iter().any(|found| {
                in_word(found.before) != in_word(found.first) && in_word(found.last) != in_word(found.after)
            })
        };
    "boundary-at-punctuation" misreads "TRM-05":
        "no term character may be next to an occurrence, even if its edge is punctuation",
        has = |by, text, lookup| {
            let in_term = |c: Option<char>| c.is_some_and(is_term_character);
            has_where(text, lookup, |found| !in_term(found.before) && !in_term(found.after))
                || lookup.is_empty() && has(text, lookup, &by.profile)
        };
    "edge-punctuation-ignored" misreads "TRM-11":
        "leading and trailing punctuation of the lookup is ignored",
        has = |by, text, lookup| {
            let trimmed = lookup.trim_matches(|c| !is_term_character(c));
            has(text, if trimmed.is_empty() { lookup } else { trimmed }, &by.profile)
        };
    "first-occurrence-only" misreads "TRM-06":
        "only the first occurrence counts",
        has = |_, text, lookup| {
            occurrences(text, lookup, folded).first().is_some_and(Occurrence::is_bounded)
        };
    "no-overlapping-occurrences" misreads "TRM-06":
        "occurrences do not overlap: the search continues after the previous one",
        has = |_, text, lookup| {
            let mut from = 0;
            let length = lookup.chars().count().max(1);
            let counted = occurrences(text, lookup, folded).into_iter().filter(|found| {
                let counts = found.at >= from;
                from = if counts { found.at + length } else { from };
                counts
            });
            counted.into_iter().any(|found| found.is_bounded())
        };
    "underscore-joins" misreads "TRM-07":
        "the underscore is a term character",
        has = |_, text, lookup| has_by(text, lookup, |c| is_term_character(c) || c == '_');
    "ascii-terms" misreads "TRM-08":
        "only the letters A to Z and the digits are term characters",
        has = |_, text, lookup| has_by(text, lookup, |c| c.is_ascii_alphanumeric());
    "marks-belong-to-terms" misreads "TRM-08":
        "combining marks are term characters",
        has = |_, text, lookup| has_by(text, lookup, |c| is_term_character(c) || is_mark(c));
    "hyphen-joins" misreads "TRM-07":
        "the hyphen is a term character",
        has = |_, text, lookup| has_by(text, lookup, |c| is_term_character(c) || c == '-');
    "only-white-space-separates-terms" misreads "TRM-08":
        "terms are separated by whitespace only",
        has = |_, text, lookup| has_by(text, lookup, |c| !c.is_whitespace());
    "empty-lookup-not-found" misreads "TRM-09":
        "the empty string is never found",
        has = |by, text, lookup| !lookup.is_empty() && has(text, lookup, &by.profile);
    "separators-never-found" misreads "TRM-10":
        "a lookup without term characters is never found unless it is empty",
        has = |by, text, lookup| {
            (lookup.is_empty() || lookup.contains(is_term_character)) && has(text, lookup, &by.profile)
        };
    "terms-in-any-order" misreads "TRM-11":
        "the terms of the lookup may occur anywhere in the text, in any order",
        has = |by, text, lookup| match &terms(lookup)[..] {
            several @ [_, _, ..] => several.iter().all(|term| has(text, term, &by.profile)),
            _ => has(text, lookup, &by.profile),
        };
    "separators-are-alike" misreads "TRM-11":
        "any separators, in any number, match between the terms of the lookup",
        has = |by, text, lookup| match &terms(lookup)[..] {
            several @ [_, _, ..] => terms(text).windows(several.len()).any(|window| window == several),
            _ => has(text, lookup, &by.profile),
        };
    "blanks-are-alike" misreads "TRM-11":
        "consecutive spaces count as one",
        has = |by, text, lookup| has(&with_single_spaces(text), &with_single_spaces(lookup), &by.profile);
    "case-sensitive-has" misreads "TRM-12":
        "`has` is case-sensitive",
        has = |_, text, lookup| {
            occurrences(text, lookup, |text| text.chars().collect()).iter().any(Occurrence::is_bounded)
        };
    "has-folds-ascii-only" misreads "TRM-12":
        "`has` ignores case only for the letters A to Z",
        has = |_, text, lookup| {
            occurrences(text, lookup, |text| text.to_ascii_lowercase().chars().collect()).iter().any(Occurrence::is_bounded)
        };
    "has-composes-accents" misreads "TRM-12":
        "`has` treats an accented letter as equal to the letter with a combining accent",
        has = |by, text, lookup| {
            has(text, lookup, &by.profile) || has(&decomposed(text), &decomposed(lookup), &by.profile)
        };
    "short-lookup-as-substring" misreads "TRM-13":
        "a lookup of one or two characters is found as a substring",
        has = |_, text, lookup| {
            let short = lookup.chars().count() < 3;
            if short { has_where(text, lookup, |_| true) } else { has_where(text, lookup, Occurrence::is_bounded) }
        };
    "short-lookup-not-found" misreads "TRM-13":
        "a lookup of one or two letters is never found",
        has = |by, text, lookup| {
            let short = (1..3).contains(&lookup.chars().count()) && lookup.chars().all(is_term_character);
            !short && has(text, lookup, &by.profile)
        };
    "digits-separate" misreads "TRM-14":
        "digits are not term characters",
        has = |_, text, lookup| has_by(text, lookup, |c| is_term_character(c) && !c.is_ascii_digit());
    "first-element-only" misreads "TRM-15":
        "`has_any` searches for its first element only",
        has_any = |by, text, lookups| {
            lookups.first().is_some_and(|lookup| by.call_has(text, &by.call_tostring(lookup)))
        };
    "has-any-as-has-all" misreads "TRM-15":
        "`has_any` requires every element",
        has_any = |by, text, lookups| {
            let found = |lookup| by.call_has(text, &by.call_tostring(lookup));
            !lookups.is_empty() && lookups.iter().all(found)
        };
    "has-any-as-substring" misreads "TRM-15":
        "`has_any` is a substring search, unlike `has`",
        has_any = |by, text, lookups| {
            lookups.iter().any(|lookup| has_where(text, &by.call_tostring(lookup), |_| true))
        };
    "has-any-never-true" misreads "TRM-15":
        "`has_any` with an array is always false",
        has_any = |_, _, _| false;
    "empty-list-found" misreads "TRM-16":
        "an empty list is found in every string",
        has_any = |by, text, lookups| {
            lookups.is_empty() || lookups.iter().any(|lookup| by.call_has(text, &by.call_tostring(lookup)))
        };
    "only-strings-are-looked-for" misreads "TRM-17":
        "an element that is not a string is never found",
        has_any = |by, text, lookups| {
            let mut lookups = lookups.iter().filter(|lookup| lookup.as_str().is_some() || lookup.is_null());
            lookups.any(|lookup| by.call_has(text, &by.call_tostring(lookup)))
        };
    "null-element-not-found" misreads "TRM-18":
        "a null element is never found",
        has_any = |by, text, lookups| {
            let mut lookups = lookups.iter().filter(|lookup| !lookup.is_null());
            lookups.any(|lookup| by.call_has(text, &by.call_tostring(lookup)))
        };
    "null-element-as-null-text" misreads "TRM-18":
        "a null element is searched for as the word null",
        has_any = |by, text, lookups| {
            let word = |lookup: &Dynamic| match lookup {
                Dynamic::Null => "null".to_owned(),
                lookup => by.call_tostring(lookup),
            };
            lookups.iter().any(|lookup| by.call_has(text, &word(lookup)))
        };
    "empty-text-has-everything" misreads "TRM-19":
        "an empty text contains every lookup",
        has = |by, text, lookup| text.is_empty() || has(text, lookup, &by.profile);
    "empty-text-has-nothing" misreads "TRM-09":
        "an empty text contains nothing, not even the empty string",
        has = |by, text, lookup| !text.is_empty() && has(text, lookup, &by.profile);
}

/// One occurrence: its position, the characters at its edges, and its neighbors.
struct Occurrence {
    at: usize,
    before: Option<char>,
    first: Option<char>,
    last: Option<char>,
    after: Option<char>,
}

impl Occurrence {
    fn cuts_left(&self, in_term: fn(char) -> bool) -> bool {
        self.before.is_some_and(in_term) && self.first.is_some_and(in_term)
    }

    fn cuts_right(&self, in_term: fn(char) -> bool) -> bool {
        self.last.is_some_and(in_term) && self.after.is_some_and(in_term)
    }

    fn is_bounded(&self) -> bool {
        !self.cuts_left(is_term_character) && !self.cuts_right(is_term_character)
    }
}

fn folded(text: &str) -> Vec<char> {
    fold(text, &Profile::default())
}

/// Every occurrence in the folded text, including overlapping ones.
fn occurrences(text: &str, lookup: &str, fold: fn(&str) -> Vec<char>) -> Vec<Occurrence> {
    let (folded_text, folded_lookup) = (fold(text), fold(lookup));
    let places = (0..=folded_text.len()).filter(|&at| folded_text[at..].starts_with(&folded_lookup));
    let text: Vec<char> = text.chars().collect();
    let occurrence = |at: usize| Occurrence {
        at,
        before: text[..at].last().copied(),
        first: lookup.chars().next(),
        last: lookup.chars().next_back(),
        after: text.get(at + folded_lookup.len()).copied(),
    };
    places.map(occurrence).collect()
}

/// Whether `lookup` occurs, ignoring case, at a position that `accepts`.
fn has_where(text: &str, lookup: &str, accepts: impl Fn(&Occurrence) -> bool) -> bool {
    occurrences(text, lookup, folded).iter().any(accepts)
}

/// `has` with a different set of term characters.
fn has_by(text: &str, lookup: &str, in_term: fn(char) -> bool) -> bool {
    has_where(text, lookup, |found| !found.cuts_left(in_term) && !found.cuts_right(in_term))
}

/// The terms of a text, case-folded.
fn terms(text: &str) -> Vec<String> {
    let terms = text.split(|c| !is_term_character(c)).filter(|term| !term.is_empty());
    terms.map(|term| folded(term).iter().collect()).collect()
}

fn with_single_spaces(text: &str) -> String {
    let mut single = String::new();
    for c in text.chars() {
        if c != ' ' || !single.ends_with(' ') {
            single.push(c);
        }
    }
    single
}
