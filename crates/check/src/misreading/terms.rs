//! Chapter 30 misread.

use super::text::{decomposed, is_mark};
use rulespec::kql::terms::is_term_character;
use rulespec::kql::text::fold;
use rulespec::kql::{Dynamic, Profile, has};

misreadings! {
    "has-as-substring" misreads "TRM-01":
        "`has` is a substring search",
        has = |_, text, lookup| has_where(text, lookup, |_| true);
    "edges-of-different-occurrences" misreads "TRM-02":
        "`has` is true where one occurrence is bounded at the left and another at the right",
        has = |_, text, lookup| {
            has_where(text, lookup, |site| !site.cuts_left(is_term_character))
                && has_where(text, lookup, |site| !site.cuts_right(is_term_character))
        };
    "one-edge-is-enough" misreads "TRM-02":
        "an occurrence needs to be bounded at one of its edges only",
        has = |_, text, lookup| {
            has_where(text, lookup, |site| {
                !site.cuts_left(is_term_character) || !site.cuts_right(is_term_character)
            })
        };
    "left-edge-unchecked" misreads "TRM-03":
        "a term may begin with something else: `has` is `hassuffix`",
        has = |_, text, lookup| has_where(text, lookup, |site| !site.cuts_right(is_term_character));
    "right-edge-unchecked" misreads "TRM-04":
        "a term may go on: `has` is `hasprefix`",
        has = |_, text, lookup| has_where(text, lookup, |site| !site.cuts_left(is_term_character));
    "regex-word-boundary" misreads "TRM-05":
        "the edges are a regular expression's `\\b`, at punctuation too, and `_` belongs to a word",
        has = |_, text, lookup| {
            let in_word = |c: Option<char>| c.is_some_and(|c| is_term_character(c) || c == '_');
            lookup.is_empty() || occurrences(text, lookup, folded).iter().any(|site| {
                in_word(site.before) != in_word(site.first) && in_word(site.last) != in_word(site.after)
            })
        };
    "boundary-at-punctuation" misreads "TRM-05":
        "no term character may stand beside an occurrence, also where its edge is punctuation",
        has = |by, text, lookup| {
            let in_term = |c: Option<char>| c.is_some_and(is_term_character);
            has_where(text, lookup, |site| !in_term(site.before) && !in_term(site.after))
                || lookup.is_empty() && has(text, lookup, &by.profile)
        };
    "edge-punctuation-ignored" misreads "TRM-11":
        "punctuation at the edges of what is looked for is left out of account",
        has = |by, text, lookup| {
            let trimmed = lookup.trim_matches(|c| !is_term_character(c));
            has(text, if trimmed.is_empty() { lookup } else { trimmed }, &by.profile)
        };
    "first-occurrence-only" misreads "TRM-06":
        "only the first occurrence counts",
        has = |_, text, lookup| {
            occurrences(text, lookup, folded).first().is_some_and(Site::is_bounded)
        };
    "no-overlapping-occurrences" misreads "TRM-06":
        "the next occurrence is looked for behind the one before",
        has = |_, text, lookup| {
            let mut from = 0;
            let length = lookup.chars().count().max(1);
            let counted = occurrences(text, lookup, folded).into_iter().filter(|site| {
                let counts = site.at >= from;
                from = if counts { site.at + length } else { from };
                counts
            });
            counted.into_iter().any(|site| site.is_bounded())
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
        "terms are words between white space",
        has = |_, text, lookup| has_by(text, lookup, |c| !c.is_whitespace());
    "empty-lookup-not-found" misreads "TRM-09":
        "the empty string is found nowhere",
        has = |by, text, lookup| !lookup.is_empty() && has(text, lookup, &by.profile);
    "separators-never-found" misreads "TRM-10":
        "what has no term character is found nowhere",
        has = |by, text, lookup| {
            (lookup.is_empty() || lookup.contains(is_term_character)) && has(text, lookup, &by.profile)
        };
    "terms-in-any-order" misreads "TRM-11":
        "of several terms each is looked for, wherever it stands",
        has = |by, text, lookup| match &terms(lookup)[..] {
            several @ [_, _, ..] => several.iter().all(|term| has(text, term, &by.profile)),
            _ => has(text, lookup, &by.profile),
        };
    "separators-are-alike" misreads "TRM-11":
        "between several terms any separators do, in any number",
        has = |by, text, lookup| match &terms(lookup)[..] {
            several @ [_, _, ..] => terms(text).windows(several.len()).any(|window| window == several),
            _ => has(text, lookup, &by.profile),
        };
    "blanks-are-alike" misreads "TRM-11":
        "blanks in a row count as one",
        has = |by, text, lookup| has(&single_blanks(text), &single_blanks(lookup), &by.profile);
    "case-sensitive-has" misreads "TRM-12":
        "`has` is case-sensitive",
        has = |_, text, lookup| {
            occurrences(text, lookup, |text| text.chars().collect()).iter().any(Site::is_bounded)
        };
    "has-folds-ascii-only" misreads "TRM-12":
        "`has` ignores the case of the letters A to Z only",
        has = |_, text, lookup| {
            occurrences(text, lookup, |text| text.to_ascii_lowercase().chars().collect()).iter().any(Site::is_bounded)
        };
    "has-composes-accents" misreads "TRM-12":
        "`has` takes a letter with an accent for the letter and a combining accent",
        has = |by, text, lookup| {
            has(text, lookup, &by.profile) || has(&decomposed(text), &decomposed(lookup), &by.profile)
        };
    "short-lookup-as-substring" misreads "TRM-13":
        "a lookup of one or two characters is found as a substring",
        has = |_, text, lookup| {
            let short = lookup.chars().count() < 3;
            if short { has_where(text, lookup, |_| true) } else { has_where(text, lookup, Site::is_bounded) }
        };
    "short-lookup-not-found" misreads "TRM-13":
        "a lookup of one or two letters is found nowhere",
        has = |by, text, lookup| {
            let short = (1..3).contains(&lookup.chars().count()) && lookup.chars().all(is_term_character);
            !short && has(text, lookup, &by.profile)
        };
    "digits-separate" misreads "TRM-14":
        "digits are no term characters",
        has = |_, text, lookup| has_by(text, lookup, |c| is_term_character(c) && !c.is_ascii_digit());
    "first-element-only" misreads "TRM-15":
        "`has_any` looks for its first element only",
        has_any = |by, text, lookups| {
            lookups.first().is_some_and(|lookup| by.call_has(text, &by.call_tostring(lookup)))
        };
    "has-any-as-has-all" misreads "TRM-15":
        "`has_any` demands every element",
        has_any = |by, text, lookups| {
            let found = |lookup| by.call_has(text, &by.call_tostring(lookup));
            !lookups.is_empty() && lookups.iter().all(found)
        };
    "has-any-as-substring" misreads "TRM-15":
        "`has_any` is a substring search, other than `has`",
        has_any = |by, text, lookups| {
            lookups.iter().any(|lookup| has_where(text, &by.call_tostring(lookup), |_| true))
        };
    "has-any-never-true" misreads "TRM-15":
        "`has_any` of an array finds nothing",
        has_any = |_, _, _| false;
    "empty-list-found" misreads "TRM-16":
        "an empty list is found in every string",
        has_any = |by, text, lookups| {
            lookups.is_empty() || lookups.iter().any(|lookup| by.call_has(text, &by.call_tostring(lookup)))
        };
    "only-strings-are-looked-for" misreads "TRM-17":
        "an element that is no string is found nowhere",
        has_any = |by, text, lookups| {
            let mut lookups = lookups.iter().filter(|lookup| lookup.as_str().is_some() || lookup.is_null());
            lookups.any(|lookup| by.call_has(text, &by.call_tostring(lookup)))
        };
    "null-element-not-found" misreads "TRM-18":
        "a null element is found nowhere",
        has_any = |by, text, lookups| {
            let mut lookups = lookups.iter().filter(|lookup| !lookup.is_null());
            lookups.any(|lookup| by.call_has(text, &by.call_tostring(lookup)))
        };
    "null-element-as-null-text" misreads "TRM-18":
        "a null element is looked for as the word null",
        has_any = |by, text, lookups| {
            let word = |lookup: &Dynamic| match lookup {
                Dynamic::Null => "null".to_owned(),
                lookup => by.call_tostring(lookup),
            };
            lookups.iter().any(|lookup| by.call_has(text, &word(lookup)))
        };
    "empty-text-has-everything" misreads "TRM-19":
        "an empty text has whatever is looked for",
        has = |by, text, lookup| text.is_empty() || has(text, lookup, &by.profile);
    "empty-text-has-nothing" misreads "TRM-09":
        "an empty text has nothing, not even the empty string",
        has = |by, text, lookup| !text.is_empty() && has(text, lookup, &by.profile);
}

/// One occurrence: its place, the characters at its edges and those beside it.
struct Site {
    at: usize,
    before: Option<char>,
    first: Option<char>,
    last: Option<char>,
    after: Option<char>,
}

impl Site {
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

/// Every occurrence in folded text, overlapping ones too.
fn occurrences(text: &str, lookup: &str, fold: fn(&str) -> Vec<char>) -> Vec<Site> {
    let (folded_text, folded_lookup) = (fold(text), fold(lookup));
    let places = (0..=folded_text.len()).filter(|&at| folded_text[at..].starts_with(&folded_lookup));
    let text: Vec<char> = text.chars().collect();
    let site = |at: usize| Site {
        at,
        before: text[..at].last().copied(),
        first: lookup.chars().next(),
        last: lookup.chars().next_back(),
        after: text.get(at + folded_lookup.len()).copied(),
    };
    places.map(site).collect()
}

/// Whether `lookup` occurs, but for case, where the site will do.
fn has_where(text: &str, lookup: &str, will_do: impl Fn(&Site) -> bool) -> bool {
    occurrences(text, lookup, folded).iter().any(will_do)
}

/// `has` with other term characters.
fn has_by(text: &str, lookup: &str, in_term: fn(char) -> bool) -> bool {
    has_where(text, lookup, |site| !site.cuts_left(in_term) && !site.cuts_right(in_term))
}

/// The terms of a text, without their case.
fn terms(text: &str) -> Vec<String> {
    let terms = text.split(|c| !is_term_character(c)).filter(|term| !term.is_empty());
    terms.map(|term| folded(term).iter().collect()).collect()
}

fn single_blanks(text: &str) -> String {
    let mut single = String::new();
    for c in text.chars() {
        if c != ' ' || !single.ends_with(' ') {
            single.push(c);
        }
    }
    single
}
