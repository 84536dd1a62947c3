//! Misreadings of chapter 20: text functions.

use super::definition::misreadings;
use unicode_general_category::{GeneralCategory, get_general_category};

use rulespec::kql::{Dynamic, eq_ci, indexof, substring, tostring};

misreadings! {
    "case-sensitive-equality" misreads "TXT-01":
        "`=~` is case-sensitive",
        eq_ci = |_, a, b| a == b;
    "equality-as-prefix" misreads "TXT-02":
        "`=~` is true if one string is a prefix of the other",
        eq_ci = |by, a, b| {
            let count = a.chars().count().min(b.chars().count()) as i64;
            let front = |text| substring(text, 0, Some(count));
            (count > 0 || a == b) && eq_ci(&front(a), &front(b), &by.profile)
        };
    "trims-before-comparing" misreads "TXT-02":
        "`=~` ignores leading and trailing whitespace",
        eq_ci = |by, a, b| eq_ci(a.trim(), b.trim(), &by.profile);
    "equality-as-pattern" misreads "TXT-02":
        "`=~` matches a pattern in which a dot matches any character",
        eq_ci = |by, a, b| {
            let alike = |(a, b): (char, char)| b == '.' || eq_ci(&a.to_string(), &b.to_string(), &by.profile);
            a.chars().count() == b.chars().count() && a.chars().zip(b.chars()).all(alike)
        };
    "equality-folds-ascii-only" misreads "TXT-03":
        "`=~` ignores case only for the letters A to Z",
        eq_ci = |_, a, b| a.eq_ignore_ascii_case(b);
    "equality-folds-to-several-characters" misreads "TXT-03":
        "`=~` uses full case folding, which makes ß equal to ss",
        eq_ci = |by, a, b| eq_ci(&a.replace(['ß', 'ẞ'], "ss"), &b.replace(['ß', 'ẞ'], "ss"), &by.profile);
    "equality-ignores-accents" misreads "TXT-03":
        "`=~` ignores accents",
        eq_ci = |by, a, b| eq_ci(&without_accents(a), &without_accents(b), &by.profile);
    "empty-equals-nothing" misreads "TXT-04":
        "`\"\"` is not a value and does not equal anything, not even `\"\"`",
        eq_ci = |by, a, b| !a.is_empty() && eq_ci(a, b, &by.profile);
    "tostring-groups-digits" misreads "STR-21":
        "a number is converted with a comma after the thousands",
        tostring = |_, value, of_type| match value {
            Dynamic::Long(number @ 1000..) => format!("{},{:03}", number / 1000, number % 1000),
            value => tostring(value, of_type),
        };
    "one-based-indexof" misreads "TXT-05":
        "`indexof` counts from 1",
        indexof = |_, text, lookup| match indexof(text, lookup) {
            Some(at @ 0..) => Some(at + 1),
            other => other,
        };
    "indexof-from-the-end" misreads "TXT-05":
        "`indexof` finds the last occurrence",
        indexof = |_, text, lookup| match text.rfind(lookup) {
            Some(byte) if !lookup.is_empty() => Some(text[..byte].chars().count() as i64),
            _ => indexof(text, lookup),
        };
    "not-found-is-zero" misreads "TXT-06":
        "`indexof` returns 0 if there is no occurrence",
        indexof = |_, text, lookup| indexof(text, lookup).map(|at| at.max(0));
    "not-found-is-length" misreads "TXT-06":
        "`indexof` returns the length of the text if there is no occurrence",
        indexof = |_, text, lookup| match indexof(text, lookup) {
            Some(-1) => Some(text.chars().count() as i64),
            other => other,
        };
    "case-insensitive-indexof" misreads "TXT-07":
        "`indexof` ignores case",
        indexof = |_, text, lookup| {
            indexof(&text.to_ascii_lowercase(), &lookup.to_ascii_lowercase())
        };
    "indexof-counts-clusters" misreads "TXT-08":
        "`indexof` counts a letter and its combining marks as one",
        indexof = |_, text, lookup| match text.find(lookup) {
            Some(byte) if !lookup.is_empty() => Some(clusters(&text[..byte]).len() as i64),
            _ => indexof(text, lookup),
        };
    "substring-counts-clusters" misreads "TXT-08":
        "`substring` counts a letter and its combining marks as one",
        substring = |_, text, start, length| {
            // Each cluster is represented by one private-use character while cutting.
            let clusters = clusters(text);
            let placeholders: String = (0xF_0000..).filter_map(char::from_u32).take(clusters.len()).collect();
            let cut = substring(&placeholders, start, length);
            cut.chars().filter_map(|placeholder| clusters.get(placeholder as usize - 0xF_0000).map(String::as_str)).collect()
        };
    "empty-found-at-the-end" misreads "TXT-09":
        "`indexof` finds the empty string at the end",
        indexof = |_, text, lookup| match lookup {
            "" => Some(text.chars().count() as i64),
            lookup => indexof(text, lookup),
        };
    "empty-found-at-zero" misreads "TXT-09":
        "`indexof` finds the empty string at 0",
        indexof = |_, text, lookup| indexof(text, lookup).or(Some(0));
    "empty-found-nowhere" misreads "TXT-09":
        "`indexof` of the empty string is -1",
        indexof = |_, text, lookup| indexof(text, lookup).or(Some(-1));
    "one-based-substring" misreads "TXT-10":
        "`substring` counts from 1",
        substring = |_, text, start, length| {
            let start = if start > 0 { start - 1 } else { start };
            substring(text, start, length)
        };
    "substring-of-one-by-default" misreads "TXT-10":
        "`substring` without a length returns one character",
        substring = |_, text, start, length| substring(text, start, length.or(Some(1)));
    "end-instead-of-length" misreads "TXT-11":
        "the third argument of `substring` is the end position",
        substring = |_, text, start, end| {
            let count = text.chars().count() as i64;
            let from = if start < 0 { count.saturating_add(start) } else { start };
            substring(text, start, end.map(|end| end.saturating_sub(from)))
        };
    "overlong-substring-is-empty" misreads "TXT-11":
        "`substring` returns `\"\"` if the text has fewer characters than requested",
        substring = |_, text, start, length| {
            let cut = substring(text, start, length);
            let short = length.is_some_and(|length| (cut.chars().count() as i64) < length);
            if short { String::new() } else { cut }
        };
    "negative-start-clamped" misreads "TXT-12":
        "`substring` treats a negative start as 0",
        substring = |_, text, start, length| substring(text, start.max(0), length);
    "negative-start-from-minus-zero" misreads "TXT-12":
        "a negative start counts from 0 at the last character, so -1 is the second to last",
        substring = |_, text, start, length| {
            let start = if start < 0 { start.saturating_sub(1) } else { start };
            substring(text, start, length)
        };
    "far-negative-start-clamped" misreads "TXT-13":
        "a negative start before the beginning of the text is clamped to the beginning",
        substring = |_, text, start, length| {
            let count = text.chars().count() as i64;
            substring(text, start.max(-count), length)
        };
    "start-past-end-clamped" misreads "TXT-14":
        "a start at or beyond the end is clamped to the last character",
        substring = |_, text, start, length| {
            let last = text.chars().count() as i64 - 1;
            substring(text, start.min(last.max(0)), length)
        };
    "negative-length-from-the-end" misreads "TXT-15":
        "a negative length removes that many characters from the end",
        substring = |_, text, start, length| {
            let count = text.chars().count() as i64;
            let from = if start < 0 { count.saturating_add(start) } else { start };
            let length = length.map(|length| match length {
                ..0 => count.saturating_sub(from).saturating_add(length),
                length => length,
            });
            substring(text, start, length)
        };
    "length-zero-is-no-length" misreads "TXT-15":
        "a length of zero means to the end, as if no length were given",
        substring = |_, text, start, length| {
            substring(text, start, length.filter(|&length| length != 0))
        };
    "negative-length-is-no-length" misreads "TXT-15":
        "a negative length means to the end, as if no length were given",
        substring = |_, text, start, length| {
            substring(text, start, length.filter(|&length| length >= 0))
        };
    "equality-composes-accents" misreads "TXT-16":
        "`=~` treats an accented letter as equal to the letter with a combining accent",
        eq_ci = |by, a, b| eq_ci(&decomposed(a), &decomposed(b), &by.profile);
    "indexof-composes-accents" misreads "TXT-16":
        "`indexof` treats an accented letter as equal to the letter with a combining accent",
        indexof = |_, text, lookup| match indexof(text, lookup) {
            Some(-1) => indexof(&decomposed(text), &decomposed(lookup)),
            other => other,
        };
}

/// The accents of Latin-1 letters: the combining mark, then pairs of a plain and an
/// accented letter.
const ACCENTS: [(char, &str); 7] = [
    ('\u{300}', "AÀEÈIÌOÒUÙaàeèiìoòuù"),
    ('\u{301}', "AÁEÉIÍOÓUÚYÝaáeéiíoóuúyý"),
    ('\u{302}', "AÂEÊIÎOÔUÛaâeêiîoôuû"),
    ('\u{303}', "AÃNÑOÕaãnñoõ"),
    ('\u{308}', "AÄEËIÏOÖUÜaäeëiïoöuüyÿ"),
    ('\u{30A}', "AÅaå"),
    ('\u{327}', "CÇcç"),
];

/// The base letter and the combining mark of an accented letter.
fn parts(c: char) -> Option<[char; 2]> {
    ACCENTS.iter().find_map(|(mark, pairs)| {
        let letters: Vec<char> = pairs.chars().collect();
        letters.chunks_exact(2).find(|pair| pair[1] == c).map(|pair| [pair[0], *mark])
    })
}

/// The text with every accented Latin-1 letter decomposed.
pub(super) fn decomposed(text: &str) -> String {
    text.chars().flat_map(|c| parts(c).map_or_else(|| vec![c], Vec::from)).collect()
}

fn without_accents(text: &str) -> String {
    decomposed(text).chars().filter(|&c| !is_mark(c)).collect()
}

/// Whether a character is a combining mark.
pub(super) fn is_mark(c: char) -> bool {
    use GeneralCategory::{EnclosingMark, NonspacingMark, SpacingMark};
    matches!(get_general_category(c), EnclosingMark | NonspacingMark | SpacingMark)
}

/// The characters of a text, each with its combining marks.
pub(super) fn clusters(text: &str) -> Vec<String> {
    let mut clusters: Vec<String> = vec![];
    for c in text.chars() {
        match clusters.last_mut() {
            Some(cluster) if is_mark(c) => cluster.push(c),
            _ => clusters.push(c.into()),
        }
    }
    clusters
}
