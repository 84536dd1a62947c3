//! Texts, and terms that occur in them or almost do.

use arbitrary::{Result, Unstructured};
use serde_json::{Value as Json, json};

use super::style::{Style, once_in};
use super::text::{NEIGHBORS, almost, part, text, word};
use super::{command_line, value};

/// Two texts that are equal or almost equal.
pub(super) fn similar<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[String; 2]> {
    let left = match once_in(8, bytes)? {
        true => word(bytes)?.to_owned(),
        false => text::<S>(4, bytes)?,
    };
    let right = almost(&left, bytes)?;
    Ok(if once_in(2, bytes)? { [left, right] } else { [right, left] })
}

/// A text, and a part of it, perhaps changed.
pub(super) fn text_and_part<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[String; 2]> {
    let text = text::<S>(8, bytes)?;
    let part = part(&text, 3, bytes)?;
    let part = if once_in(2, bytes)? { almost(&part, bytes)? } else { part };
    Ok([text, part])
}

/// A text, and a term that occurs in it or almost does.
pub(super) fn text_and_term<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[String; 2]> {
    match bytes.int_in_range(0..=7_u8)? {
        0..=3 => text_and_part::<S>(bytes),
        4 => several_terms(bytes),
        5 => overlapping(bytes),
        6 => Ok([command_line::line::<S>(bytes)?, word(bytes)?.to_owned()]),
        _ => {
            let term = word(bytes)?;
            let text = [*bytes.choose(NEIGHBORS)?, &almost(term, bytes)?, *bytes.choose(NEIGHBORS)?].concat();
            Ok([text, term.to_string()])
        }
    }
}

/// A text of two terms, and the same terms, perhaps in another order or with another
/// separator.
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

/// A text in which occurrences of a term overlap, and the term.
fn overlapping(bytes: &mut Unstructured<'_>) -> Result<[String; 2]> {
    let link = *bytes.choose(&["a", "b", "1"])?;
    let separator = *bytes.choose(&["-", " ", ".", ""])?;
    let times = bytes.int_in_range(2..=4)?;
    let term = [link, separator, link].concat();
    let text =
        [*bytes.choose(NEIGHBORS)?, &vec![link; times].join(separator), *bytes.choose(NEIGHBORS)?].concat();
    Ok([text, term])
}

/// A text, and an array of terms, some of which occur in it or almost do. The array may
/// include numbers and nulls.
pub(super) fn text_and_terms<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[Json; 2]> {
    let [mut text, first] = text_and_term::<S>(bytes)?;
    let mut terms = vec![];
    for _ in 0..bytes.int_in_range(0..=3_u8)? {
        terms.push(match bytes.int_in_range(0..=8_u8)? {
            0..=2 => json!(first),
            3 => json!(almost(&first, bytes)?),
            4 => json!(part(&text, 3, bytes)?),
            5 => json!(word(bytes)?),
            6 => Json::Null,
            _ => value::element::<S>(bytes)?,
        });
    }
    if let (Some(last), true) = (terms.last(), once_in(4, bytes)?) {
        // An element that is not a string is searched for as its text.
        text = [*bytes.choose(NEIGHBORS)?, &last.to_string(), *bytes.choose(NEIGHBORS)?].concat();
    }
    Ok([json!(text), json!(terms)])
}
