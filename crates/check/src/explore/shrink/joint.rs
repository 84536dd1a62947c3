//! Two arguments made simpler together, where one alone would show something else.

use serde_json::{Value as Json, json};

use super::text::in_all_texts;
use super::value::simpler_value;

/// One character taken out of two texts, and these exchanged.
pub(super) fn exchanged_without_one(args: &[Json]) -> impl Iterator<Item = Vec<Json>> {
    let count = characters(args);
    let fewer = in_all_texts(args).filter(move |args| characters(args) < count);
    fewer.map(|args| args.into_iter().rev().collect())
}

/// Two texts cut into equally many parts, and the first part of each.
pub(super) fn first_parts(args: &[Json]) -> impl Iterator<Item = Vec<Json>> {
    let first_part = move |text: &Json, parts: usize| {
        let characters: Vec<char> = text.as_str()?.chars().collect();
        let (length, rest) = (characters.len() / parts, characters.len() % parts);
        (length > 0 && rest == 0).then(|| json!(String::from_iter(&characters[..length])))
    };
    (2..=4).rev().filter_map(move |parts| args.iter().map(|text| first_part(text, parts)).collect())
}

fn characters(args: &[Json]) -> usize {
    args.iter().filter_map(Json::as_str).map(|text| text.chars().count()).sum()
}

/// An element that is no string made simpler, and its text with it where that stands.
pub(super) fn in_text_and_element(args: &[Json]) -> impl Iterator<Item = Vec<Json>> {
    let (text, elements) = match args {
        [Json::String(text), Json::Array(elements)] => (text.as_str(), elements.as_slice()),
        _ => ("", [].as_slice()),
    };
    let others =
        elements.iter().enumerate().filter(|(_, element)| !element.is_string() && !element.is_null());
    others.flat_map(move |(at, element)| {
        simpler_value(element).map(move |simpler| {
            let text = text.replace(&written(element), &written(&simpler));
            let mut elements = elements.to_vec();
            elements[at] = simpler;
            vec![json!(text), json!(elements)]
        })
    })
}

/// A truth value that stands in the text, in any case, made the first letter of its
/// word, and the word too.
pub(super) fn in_text_and_truth(args: &[Json]) -> impl Iterator<Item = Vec<Json>> {
    let (text, elements) = match args {
        [Json::String(text), Json::Array(elements)] => (text.as_str(), elements.as_slice()),
        _ => ("", [].as_slice()),
    };
    let words = elements.iter().enumerate().filter(|(_, element)| element.is_boolean());
    words.flat_map(move |(at, element)| {
        let word = element.to_string();
        let place = text.to_ascii_lowercase().find(&word);
        let cut = place.map(|from| [&text[..=from], &text[from + word.len()..]].concat());
        let letters = [word[..1].to_owned(), word[..1].to_ascii_uppercase()];
        cut.into_iter().flat_map(move |text| {
            letters.clone().map(|letter| {
                let mut elements = elements.to_vec();
                elements[at] = json!(letter);
                vec![json!(text), json!(elements)]
            })
        })
    })
}

/// A value as it is looked for.
fn written(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// One element or character taken out, and one or all of the numbers beside it nearer
/// to zero.
pub(super) fn in_part_and_place(args: &[Json]) -> impl Iterator<Item = Vec<Json>> {
    let (first, numbers) = args.split_first().map_or((Json::Null, [].as_slice()), |(a, b)| (a.clone(), b));
    let nearer = |number: &Json| number.as_i64().map(|number| json!(number - number.signum()));
    let one = (0..numbers.len()).filter_map(move |at| {
        let mut changed = numbers.to_vec();
        changed[at] = nearer(&numbers[at])?;
        Some(changed)
    });
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
            let places = text.char_indices();
            places.map(|(at, c)| json!([&text[..at], &text[at + c.len_utf8()..]].concat())).collect()
        }
        _ => vec![],
    }
}
