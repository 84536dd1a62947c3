//! Texts, and terms that are in them or nearly.

use arbitrary::{Arbitrary, Result, Unstructured};
use serde_json::{Value as Json, json};

use super::{Style, command_line, once_in, value};

/// Small alphabets, so that what must coincide does: letters in either case, what
/// separates terms and what does not, accents in one piece and in two, letters whose
/// case is not ASCII's, one whose capital is two letters.
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

/// What stands beside a term.
const BESIDE: &[&str] = &["", "", " ", "a", "1", "_", "-", "é", "\u{301}", "/", ".", "\t", "中", "😀"];

/// What the rule looks for, and its like.
const KNOWN: &[&str] =
    &["/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges", "/Upload", "bitsadmin", "bitsadmin.exe"];

/// A text of at most so many characters, of few different ones.
pub(super) fn text<S: Style>(longest: usize, bytes: &mut Unstructured<'_>) -> Result<String> {
    let alphabet = alphabet(bytes)?;
    text_of::<S>(alphabet, longest, bytes)
}

fn alphabet(bytes: &mut Unstructured<'_>) -> Result<&'static str> {
    bytes.choose(ALPHABETS).copied()
}

fn text_of<S: Style>(alphabet: &str, longest: usize, bytes: &mut Unstructured<'_>) -> Result<String> {
    let length = bytes.int_in_range(0..=longest)?;
    let any = S::IS_WILD && once_in(4, bytes)?;
    (0..length).map(|_| if any { char::arbitrary(bytes) } else { character(alphabet, bytes) }).collect()
}

fn character(alphabet: &str, bytes: &mut Unstructured<'_>) -> Result<char> {
    let number = bytes.int_in_range(0..=alphabet.chars().count().saturating_sub(1))?;
    Ok(alphabet.chars().nth(number).unwrap_or('a'))
}

/// A part of a text, of at most so many characters.
fn part(text: &str, longest: usize, bytes: &mut Unstructured<'_>) -> Result<String> {
    let from = bytes.int_in_range(0..=text.chars().count().saturating_sub(1))?;
    let length = bytes.int_in_range(0..=longest)?;
    Ok(text.chars().skip(from).take(length).collect())
}

/// The text itself, or nearly: in another case, with accents put together or taken
/// apart, with a character more or less.
fn nearly(text: &str, bytes: &mut Unstructured<'_>) -> Result<String> {
    let special = text.contains(['é', 'É', 'Ä', 'ß', '\u{301}', '\u{308}']) && once_in(2, bytes)?;
    Ok(match if special { *bytes.choose(&[0, 0, 1, 3, 4, 5])? } else { bytes.int_in_range(0..=11_u8)? } {
        0 => text.to_uppercase(),
        1 => text.to_lowercase(),
        2 | 10 => swapped(text, bytes)?,
        3 => text.replace('é', "e\u{301}").replace('Ä', "A\u{308}"),
        4 => text.replace("e\u{301}", "é").replace("A\u{308}", "Ä"),
        5 => text.replace(['é', 'É'], "e").replace('Ä', "A").replace(['\u{301}', '\u{308}'], ""),
        6 => part(text, text.len(), bytes)?,
        7 => bytes.choose(BESIDE)?.to_string() + text,
        8 => text.to_owned() + bytes.choose(BESIDE)?,
        _ => text.to_owned(),
    })
}

/// The text with one of its characters in another's place.
fn swapped(text: &str, bytes: &mut Unstructured<'_>) -> Result<String> {
    let place = bytes.int_in_range(0..=text.chars().count().saturating_sub(1))?;
    let other = *bytes.choose(&['.', '.', ' ', 'a', 'A', 'é'])?;
    Ok(text.chars().enumerate().map(|(at, c)| if at == place { other } else { c }).collect())
}

/// Two texts that are equal or nearly.
pub(super) fn alike<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[String; 2]> {
    let left = match once_in(8, bytes)? {
        true => bytes.choose(KNOWN)?.to_string(),
        false => text::<S>(4, bytes)?,
    };
    let right = nearly(&left, bytes)?;
    Ok(if once_in(2, bytes)? { [left, right] } else { [right, left] })
}

/// A text, and a part of it or nearly.
pub(super) fn text_and_part<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[String; 2]> {
    let text = text::<S>(8, bytes)?;
    let part = part(&text, 3, bytes)?;
    let part = if once_in(2, bytes)? { nearly(&part, bytes)? } else { part };
    Ok([text, part])
}

/// A text, and a term that is in it or nearly.
pub(super) fn text_and_term<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[String; 2]> {
    match bytes.int_in_range(0..=7_u8)? {
        0..=3 => text_and_part::<S>(bytes),
        4 => several_terms(bytes),
        5 => overlapping(bytes),
        6 => Ok([command_line::line::<S>(bytes)?, bytes.choose(KNOWN)?.to_string()]),
        _ => {
            let term = bytes.choose(KNOWN)?;
            let text = [*bytes.choose(BESIDE)?, &nearly(term, bytes)?, *bytes.choose(BESIDE)?].concat();
            Ok([text, term.to_string()])
        }
    }
}

/// Two terms, and a text that has them, perhaps in another order or otherwise
/// separated.
fn several_terms(bytes: &mut Unstructured<'_>) -> Result<[String; 2]> {
    const SEPARATORS: &[&str] = &[" ", "  ", "-", ".", "/"];
    let (first, second) = (*bytes.choose(&["a", "b", "ab"])?, *bytes.choose(&["a", "b", "c"])?);
    let term = [first, bytes.choose(SEPARATORS)?, second].concat();
    let between = bytes.choose(SEPARATORS)?;
    let text = match once_in(2, bytes)? {
        true => [second, between, first].concat(),
        false => [first, between, second].concat(),
    };
    Ok([text, term])
}

/// A term that begins as it ends, and a text in which it overlaps itself.
fn overlapping(bytes: &mut Unstructured<'_>) -> Result<[String; 2]> {
    let link = *bytes.choose(&["a", "b", "1"])?;
    let separator = *bytes.choose(&["-", " ", ".", ""])?;
    let times = bytes.int_in_range(2..=4)?;
    let term = [link, separator, link].concat();
    let text = [*bytes.choose(BESIDE)?, &vec![link; times].join(separator), *bytes.choose(BESIDE)?].concat();
    Ok([text, term])
}

/// A text, and an array of terms of which some are in it or nearly; numbers and
/// nulls may be among them.
pub(super) fn text_and_terms<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[Json; 2]> {
    let [mut text, first] = text_and_term::<S>(bytes)?;
    let mut terms = vec![];
    for _ in 0..bytes.int_in_range(0..=3_u8)? {
        terms.push(match bytes.int_in_range(0..=8_u8)? {
            0..=2 => json!(first),
            3 => json!(nearly(&first, bytes)?),
            4 => json!(part(&text, 3, bytes)?),
            5 => json!(*bytes.choose(KNOWN)?),
            6 => Json::Null,
            _ => value::element::<S>(bytes)?,
        });
    }
    if let (Some(last), true) = (terms.last(), once_in(4, bytes)?) {
        // What is no string is looked for as its text.
        text = [*bytes.choose(BESIDE)?, &last.to_string(), *bytes.choose(BESIDE)?].concat();
    }
    Ok([json!(text), json!(terms)])
}

/// A text, where to cut it, and mostly how long.
pub(super) fn text_and_stretch<S: Style>(bytes: &mut Unstructured<'_>) -> Result<Vec<Json>> {
    let text = text::<S>(6, bytes)?;
    let count = text.chars().count();
    let mut args = vec![json!(text), value::near(count, bytes)?];
    if !once_in(3, bytes)? {
        args.push(value::near(count, bytes)?);
    }
    Ok(args)
}

/// A line of a few words that is nearly what the rule looks for.
pub(super) fn known(bytes: &mut Unstructured<'_>) -> Result<String> {
    let word = bytes.choose(KNOWN)?;
    if once_in(2, bytes)? { nearly(word, bytes) } else { Ok((*word).to_owned()) }
}
