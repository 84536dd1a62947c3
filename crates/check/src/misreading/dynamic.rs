//! Misreadings of chapter 40: dynamic values.

use super::definition::misreadings;
use rulespec::kql::{Dynamic, Type, element, iff, tostring};

misreadings! {
    "one-based-subscript" misreads "DYN-01":
        "the first element has index 1",
        element = |_, array, index| match index {
            0 => Dynamic::Null,
            1.. => element(array, index - 1),
            _ => element(array, index),
        };
    "negative-index-is-null" misreads "DYN-02":
        "a negative index gives null",
        element = |_, array, index| if index < 0 { Dynamic::Null } else { element(array, index) };
    "negative-index-from-minus-zero" misreads "DYN-02":
        "a negative index counts from 0 at the last element, so -1 is the second to last",
        element = |_, array, index| {
            element(array, if index < 0 { index.saturating_sub(1) } else { index })
        };
    "missing-element-is-empty-text" misreads "DYN-03":
        "an index past the last element gives `\"\"`",
        element = |_, array, index| match length(array) {
            Some(length) if index >= length => Dynamic::from(""),
            _ => element(array, index),
        };
    "index-past-end-clamped" misreads "DYN-03":
        "an index past the last element gives the last",
        element = |_, array, index| match length(array) {
            Some(length) => element(array, index.min((length - 1).max(0))),
            None => Dynamic::Null,
        };
    "far-negative-index-clamped" misreads "DYN-04":
        "a negative index before the first element gives the first",
        element = |_, array, index| match length(array) {
            Some(length) => element(array, index.max(-length)),
            None => Dynamic::Null,
        };
    "far-negative-index-is-empty-text" misreads "DYN-04":
        "a negative index before the first element gives `\"\"`",
        element = |_, array, index| match length(array) {
            Some(length) if index < -length => Dynamic::from(""),
            _ => element(array, index),
        };
    "negative-index-wraps" misreads "DYN-04":
        "a negative index wraps around the array as often as needed",
        element = |_, array, index| match length(array) {
            Some(length @ 1..) if index < 0 => element(array, index.rem_euclid(length)),
            _ => element(array, index),
        };
    "subscript-on-null-is-empty-text" misreads "DYN-05":
        "a subscript on null gives `\"\"`",
        element = |_, array, index| if array.is_null() { Dynamic::from("") } else { element(array, index) };
    "elements-as-text" misreads "DYN-06":
        "every element except null is converted to a string",
        element = |_, array, index| match element(array, index) {
            Dynamic::Null => Dynamic::Null,
            other => tostring(&other, Type::Dynamic).into(),
        };
    "elements-through-doubles" misreads "DYN-06":
        "an element that is a whole number is a floating-point number, exact only up to 2^53",
        element = |_, array, index| match element(array, index) {
            Dynamic::Long(number) => rounded(number),
            other => other,
        };
    "whole-elements-as-reals" misreads "DYN-06":
        "an element that is a whole number becomes a real: 1 becomes 1.0",
        element = |_, array, index| match element(array, index) {
            Dynamic::Long(number) => Dynamic::Real(number as f64),
            other => other,
        };
    "null-as-null-text" misreads "DYN-07":
        "`tostring` of null is the word null",
        tostring = |_, value, of_type| if value.is_null() { "null".to_owned() } else { tostring(value, of_type) };
    "tostring-quotes-strings" misreads "DYN-08":
        "`tostring` of a string is its JSON, with quotes",
        tostring = |_, value, of_type| match value {
            Dynamic::String(_) => value.to_json().to_string(),
            value => tostring(value, of_type),
        };
    "tostring-trims" misreads "DYN-08":
        "`tostring` trims leading and trailing whitespace",
        tostring = |_, value, of_type| match value {
            Dynamic::String(text) => text.trim().to_owned(),
            value => tostring(value, of_type),
        };
    "whole-numbers-with-decimals" misreads "DYN-09":
        "`tostring` writes a whole number with `.0`",
        tostring = |_, value, of_type| match value {
            Dynamic::Long(number) => format!("{number}.0"),
            value => tostring(value, of_type),
        };
    "numbers-through-doubles" misreads "DYN-09":
        "whole numbers are floating-point numbers, exact only up to 2^53",
        tostring = |_, value, of_type| match value {
            Dynamic::Long(number) => format!("{:.0}", *number as f64),
            value => tostring(value, of_type),
        };
    "numbers-with-separators" misreads "DYN-09":
        "`tostring` separates thousands with commas",
        tostring = |_, value, of_type| match value {
            Dynamic::Long(number) => with_separators(*number),
            value => tostring(value, of_type),
        };
    "truth-as-digit" misreads "DYN-10":
        "`tostring` of a bool is 1 or 0",
        tostring = |_, value, of_type| match value {
            Dynamic::Bool(value) => i32::from(*value).to_string(),
            value => tostring(value, of_type),
        };
    "truth-in-capitals" misreads "DYN-10":
        "`tostring` of a bool is TRUE or FALSE",
        tostring = |_, value, of_type| match value {
            Dynamic::Bool(value) => value.to_string().to_uppercase(),
            value => tostring(value, of_type),
        };
    "plain-bool-as-json" misreads "DYN-10":
        "`tostring` of a plain bool is its JSON, as for a bool in a dynamic",
        tostring = |_, value, _| tostring(value, Type::Dynamic);
    "bool-capitalised-everywhere" misreads "DYN-16":
        "`tostring` of a bool in a dynamic is capitalised, as for a plain bool",
        tostring = |_, value, of_type| match value {
            Dynamic::Bool(_) => tostring(value, Type::Bool),
            value => tostring(value, of_type),
        };
    "blanks-in-array-text" misreads "DYN-11":
        "the JSON of an array has a space after each comma",
        tostring = |_, value, of_type| match value {
            Dynamic::Array(_) => spaced(value),
            value => tostring(value, of_type),
        };
    "array-text-without-brackets" misreads "DYN-11":
        "`tostring` of an array joins the text of its elements with commas",
        tostring = |_, value, of_type| match value {
            Dynamic::Array(elements) => {
                elements.iter().map(|element| tostring(element, Type::Dynamic)).collect::<Vec<_>>().join(",")
            }
            value => tostring(value, of_type),
        };
    "iff-swapped" misreads "DYN-12":
        "`iff` returns its third argument if the condition is true, and its second if it is false",
        iff = |_, condition, then, otherwise| iff(condition.map(|c| !c), then, otherwise);
    "iff-false-is-null" misreads "DYN-13":
        "`iff` returns null if the condition is false",
        iff = |_, condition, then, otherwise| match condition {
            Some(false) => Dynamic::Null,
            condition => iff(condition, then, otherwise),
        };
    "null-condition-holds" misreads "DYN-14":
        "`iff` returns its second argument if the condition is null",
        iff = |_, condition, then, otherwise| iff(condition.or(Some(true)), then, otherwise);
    "empty-branch-falls-through" misreads "DYN-15":
        "if the chosen argument is null or `\"\"`, `iff` returns the other",
        iff = |_, condition, then, otherwise| {
            let both = [then.clone(), otherwise.clone()];
            let chosen = iff(condition, then, otherwise);
            let is_empty = |value: &Dynamic| value.is_null() || value.as_str() == Some("");
            let other = both.into_iter().find(|value| !is_empty(value));
            if is_empty(&chosen) && condition.is_some() { other.unwrap_or(chosen) } else { chosen }
        };
    "iff-answers-text" misreads "DYN-15":
        "`iff` converts its result to a string unless it is null",
        iff = |_, condition, then, otherwise| match iff(condition, then, otherwise) {
            Dynamic::Null => Dynamic::Null,
            chosen => tostring(&chosen, Type::Dynamic).into(),
        };
    "iff-through-doubles" misreads "DYN-15":
        "if the chosen argument is a whole number, it is rounded to 53 bits",
        iff = |_, condition, then, otherwise| match iff(condition, then, otherwise) {
            Dynamic::Long(number) => rounded(number),
            other => other,
        };
    "iff-empty-is-null" misreads "DYN-15":
        "`iff` returns null instead of `\"\"`",
        iff = |_, condition, then, otherwise| match iff(condition, then, otherwise) {
            chosen if chosen.as_str() == Some("") => Dynamic::Null,
            chosen => chosen,
        };
}

/// A long as it comes out of an engine that has only doubles.
pub(super) fn rounded(number: i64) -> Dynamic {
    Dynamic::Long(number as f64 as i64)
}

/// The length of an array, or `None` if the value is not an array.
fn length(array: &Dynamic) -> Option<i64> {
    match array {
        Dynamic::Array(elements) => i64::try_from(elements.len()).ok(),
        _ => None,
    }
}

fn with_separators(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let first = digits.len() % 3;
    let (front, rest) = digits.split_at(first);
    let groups = rest.as_bytes().chunks(3).map(|group| String::from_utf8_lossy(group).into_owned());
    let groups: Vec<String> = std::iter::once(front.to_owned()).chain(groups).collect();
    let written = groups.join(",");
    format!("{}{}", if number < 0 { "-" } else { "" }, written.trim_start_matches(','))
}

/// The JSON of an array with a space after each comma.
fn spaced(value: &Dynamic) -> String {
    match value {
        Dynamic::Array(elements) => {
            format!("[{}]", elements.iter().map(spaced).collect::<Vec<_>>().join(", "))
        }
        value => value.to_json().to_string(),
    }
}
