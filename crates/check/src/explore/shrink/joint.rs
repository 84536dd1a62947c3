//! Several arguments simplified together, for when simplifying one alone would change
//! what the case shows.

use serde_json::{Value as Json, json};

use super::list::replaced;
use super::text::in_all_texts;
use super::value::simpler_value;

/// One character removed from both texts, and the texts swapped.
pub(super) fn swapped_without_one(args: &[Json]) -> impl Iterator<Item = Vec<Json>> {
    let count = characters(args);
    let fewer = in_all_texts(args).filter(move |args| characters(args) < count);
    fewer.map(|args| args.into_iter().rev().collect())
}

fn characters(args: &[Json]) -> usize {
    args.iter().filter_map(Json::as_str).map(|text| text.chars().count()).sum()
}

/// The first half, third or quarter of both texts, if their lengths allow it.
pub(super) fn first_parts(args: &[Json]) -> impl Iterator<Item = Vec<Json>> {
    let first_part = move |text: &Json, parts: usize| {
        let characters: Vec<char> = text.as_str()?.chars().collect();
        let (length, rest) = (characters.len() / parts, characters.len() % parts);
        (length > 0 && rest == 0).then(|| json!(String::from_iter(&characters[..length])))
    };
    (2..=4).rev().filter_map(move |parts| args.iter().map(|text| first_part(text, parts)).collect())
}

/// An element that is not a string simplified, both in the list and in the text. A bool
/// may become its first letter.
pub(super) fn in_text_and_element(args: &[Json]) -> impl Iterator<Item = Vec<Json>> {
    let (text, elements): (&str, &[Json]) = match args {
        [Json::String(text), Json::Array(elements)] => (text, elements),
        _ => ("", &[]),
    };
    let others =
        elements.iter().enumerate().filter(|(_, element)| !element.is_string() && !element.is_null());
    others.flat_map(move |(at, element)| {
        let word = to_text(element);
        let letter = (element.is_boolean() && text.contains(&word)).then(|| json!(word[..1]));
        simpler_value(element).chain(letter).map(move |simpler| {
            let text = text.replace(&word, &to_text(&simpler));
            vec![json!(text), json!(replaced(elements, at, simpler))]
        })
    })
}

/// A value as `has_any` searches for it.
fn to_text(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// One element or character removed, and one or all of the numbers after it nearer to
/// zero.
pub(super) fn in_sequence_and_index(args: &[Json]) -> impl Iterator<Item = Vec<Json>> {
    let (first, numbers) = args.split_first().map_or((Json::Null, [].as_slice()), |(a, b)| (a.clone(), b));
    let nearer = |number: &Json| number.as_i64().map(|number| json!(number - number.signum()));
    let one = (0..numbers.len()).filter_map(move |at| Some(replaced(numbers, at, nearer(&numbers[at])?)));
    let all = (numbers.len() > 1).then(|| numbers.iter().map(nearer).collect()).flatten();
    one.chain(all).flat_map(move |numbers: Vec<Json>| {
        without_one(&first).into_iter().map(move |first| [&[first], &numbers[..]].concat())
    })
}

fn without_one(value: &Json) -> Vec<Json> {
    match value {
        Json::Array(elements) => {
            (0..elements.len()).map(|at| json!([&elements[..at], &elements[at + 1..]].concat())).collect()
        }
        Json::String(text) => {
            let cuts = text.char_indices();
            cuts.map(|(at, c)| json!([&text[..at], &text[at + c.len_utf8()..]].concat())).collect()
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::Object(_) => vec![],
    }
}
