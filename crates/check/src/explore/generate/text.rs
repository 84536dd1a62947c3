//! Short texts.

use std::sync::LazyLock;

use arbitrary::{Arbitrary, Result, Unstructured};
use rulespec::kql::Dynamic;
use rulespec::rule::Rule;

use super::style::{Style, once_in};
use crate::rule_columns::RuleColumns;

/// Small alphabets, so that equal characters are likely: letters in both cases,
/// characters that separate terms and that do not, composed and decomposed accents,
/// letters with non-ASCII case, and one whose uppercase form is two letters.
const ALPHABETS: &[&str] = &[
    "ab ",
    "aA.",
    "ab-",
    "ab_",
    "a1 ",
    "ab/",
    "a, ",
    "a.b",
    "abA",
    "ab\t",
    "aéÉ",
    "eé\u{301}",
    "eé\u{301}",
    "eé\u{301}a",
    "AÄ\u{308}",
    "kK\u{212a}",
    "sſS",
    "sSß",
    "sSß",
    "жЖ/",
    "σςΣ",
    "iİı",
    "a😀.",
    "a中 ",
    "a\u{3000}\u{a0}",
    "7²Ⅷ",
    "\"\\\n",
];

/// What is next to a term.
pub(super) const NEIGHBORS: &[&str] =
    &["", "", " ", "a", "1", "_", "-", "é", "\u{301}", "/", ".", "\t", "中", "😀"];

/// The words that the rule compares columns with, and for a file name its stem too.
static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut words = vec![];
    for comparison in RuleColumns::of(Rule::bitsadmin_activity()).comparisons {
        for word in comparison.values.iter().filter_map(Dynamic::as_str) {
            for word in [word, stem_of(word)] {
                if word.chars().any(char::is_alphanumeric) && !words.iter().any(|known| known == word) {
                    words.push(word.to_owned());
                }
            }
        }
    }
    words
});

fn stem_of(word: &str) -> &str {
    word.split_once('.').map_or(word, |(stem, _)| stem)
}

/// A word that the rule compares a column with.
pub(super) fn word(bytes: &mut Unstructured<'_>) -> Result<&'static str> {
    bytes.choose(&WORDS).map(String::as_str)
}

/// The stem of a file name that the rule compares a column with.
pub(super) fn stem(bytes: &mut Unstructured<'_>) -> Result<&'static str> {
    static STEMS: LazyLock<Vec<&str>> = LazyLock::new(|| {
        let files = WORDS.iter().filter(|word| word.contains('.'));
        files.map(|word| stem_of(word)).collect()
    });
    if STEMS.is_empty() { Ok("x") } else { bytes.choose(&STEMS).copied() }
}

/// A text of at most `max` characters from one small alphabet.
pub(super) fn text<S: Style>(max: usize, bytes: &mut Unstructured<'_>) -> Result<String> {
    let alphabet = *bytes.choose(ALPHABETS)?;
    let length = bytes.int_in_range(0..=max)?;
    let any = S::IS_WILD && once_in(4, bytes)?;
    (0..length).map(|_| if any { char::arbitrary(bytes) } else { character(alphabet, bytes) }).collect()
}

fn character(alphabet: &str, bytes: &mut Unstructured<'_>) -> Result<char> {
    let number = bytes.int_in_range(0..=alphabet.chars().count().saturating_sub(1))?;
    Ok(alphabet.chars().nth(number).unwrap_or('a'))
}

/// A part of a text, at most `max` characters long.
pub(super) fn part(text: &str, max: usize, bytes: &mut Unstructured<'_>) -> Result<String> {
    let from = bytes.int_in_range(0..=text.chars().count().saturating_sub(1))?;
    let length = bytes.int_in_range(0..=max)?;
    Ok(text.chars().skip(from).take(length).collect())
}

/// The text, perhaps changed a little: to another case, with accents composed or
/// decomposed, with a character added or removed.
pub(super) fn almost(text: &str, bytes: &mut Unstructured<'_>) -> Result<String> {
    let special = text.contains(['é', 'É', 'Ä', 'ß', '\u{301}', '\u{308}']) && once_in(2, bytes)?;
    Ok(match if special { *bytes.choose(&[0, 0, 1, 3, 4, 5])? } else { bytes.int_in_range(0..=11_u8)? } {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        2 | 10 => replaced(text, bytes)?,
        3 => text.replace('é', "e\u{301}").replace('Ä', "A\u{308}"),
        4 => text.replace("e\u{301}", "é").replace("A\u{308}", "Ä"),
        5 => text.replace(['é', 'É'], "e").replace('Ä', "A").replace(['\u{301}', '\u{308}'], ""),
        6 => part(text, text.len(), bytes)?,
        7 => bytes.choose(NEIGHBORS)?.to_string() + text,
        8 => text.to_owned() + bytes.choose(NEIGHBORS)?,
        _ => text.to_owned(),
    })
}

/// The text with letters of another alphabet that are equal to its own in another case, with white
/// space after it, or with an accent.
pub(super) fn other_case(text: &str, bytes: &mut Unstructured<'_>) -> Result<String> {
    Ok(match bytes.int_in_range(0..=4_u8)? {
        0 => text.replace(['s', 'S'], "\u{17f}"),
        1 => text.replace(['k', 'K'], "\u{212a}"),
        2 => text.replace(['i', 'I'], "\u{130}"),
        3 => text.to_owned() + " ",
        _ => text.replacen(['a', 'A'], "\u{e4}", 1),
    })
}

/// The text with one of its characters replaced.
fn replaced(text: &str, bytes: &mut Unstructured<'_>) -> Result<String> {
    let place = bytes.int_in_range(0..=text.chars().count().saturating_sub(1))?;
    let other = *bytes.choose(&['.', '.', ' ', 'a', 'A', 'é'])?;
    Ok(text.chars().enumerate().map(|(at, c)| if at == place { other } else { c }).collect())
}

/// A text that the rule searches for, or almost one.
pub(super) fn known(bytes: &mut Unstructured<'_>) -> Result<String> {
    let word = word(bytes)?;
    if once_in(2, bytes)? { almost(word, bytes) } else { Ok(word.to_owned()) }
}
