//! Chapter 40: subscripts, `tostring`, and `iff`.

use serde_json::Value as Json;

use super::{Dynamic, Type};

/// `array[index]`: the element at `index`, counted from 0, or from the end if `index` is
/// negative. The result is null if there is no such element.
///
/// ```
/// use rulespec::kql::{Dynamic, element};
///
/// let array = Dynamic::strings(["bitsadmin", "url", "file"]);
/// assert_eq!(element(&array, -1), Dynamic::from("file"));
/// assert_eq!(element(&array, -4), Dynamic::Null);
/// ```
///
/// Spec: DYN-01, DYN-02, DYN-03, DYN-04, DYN-05, DYN-06
pub fn element(array: &Dynamic, index: i64) -> Dynamic {
    let Dynamic::Array(elements) = array else {
        return Dynamic::Null;
    };
    let count = elements.len() as i64;
    let index = if index < 0 { count.saturating_add(index) } else { index };
    match usize::try_from(index) {
        Ok(index) => elements.get(index).cloned().unwrap_or_default(),
        Err(_) => Dynamic::Null,
    }
}

/// `bag.name` and `bag["name"]`: the value of a member, or null if there is no such member.
///
/// ```
/// use rulespec::kql::{Dynamic, member};
///
/// let bag = Dynamic::Bag(vec![("a".to_owned(), Dynamic::from(1))]);
/// assert_eq!(member(&bag, "a"), Dynamic::from(1));
/// assert_eq!(member(&bag, "A"), Dynamic::Null);
/// ```
pub fn member(bag: &Dynamic, name: &str) -> Dynamic {
    let Dynamic::Bag(members) = bag else {
        return Dynamic::Null;
    };
    let found = members.iter().find(|(member, _)| member == name);
    found.map(|(_, value)| value.clone()).into()
}

/// `tostring(value)`: the value as text, which is never null.
///
/// `of_type` is the type of the expression: `dynamic` for an element of an array. Only for
/// a bool does the result depend on it.
///
/// ```
/// use rulespec::kql::{Dynamic, Type, tostring};
///
/// assert_eq!(tostring(&Dynamic::Null, Type::Dynamic), "");
/// assert_eq!(tostring(&Dynamic::from("a \\ b"), Type::String), "a \\ b");
/// assert_eq!(tostring(&Dynamic::from(true), Type::Bool), "True");
/// assert_eq!(tostring(&Dynamic::from(true), Type::Dynamic), "true");
/// assert_eq!(tostring(&Dynamic::strings(["a", "b"]), Type::Dynamic), r#"["a","b"]"#);
/// ```
///
/// Spec: DYN-07, DYN-08, DYN-09, DYN-10, DYN-11, DYN-16, DYN-23
pub fn tostring(value: &Dynamic, of_type: Type) -> String {
    match value {
        Dynamic::Null => String::new(),
        Dynamic::Bool(true) if of_type == Type::Bool => "True".to_owned(),
        Dynamic::Bool(false) if of_type == Type::Bool => "False".to_owned(),
        Dynamic::Real(value) if value.is_infinite() && of_type == Type::Real => value.to_string(),
        value => match value.to_json() {
            Json::String(text) => text,
            json => json.to_string(),
        },
    }
}

/// `iff(condition, then, otherwise)`: `then` if the condition is true, else `otherwise`.
///
/// ```
/// use rulespec::kql::{Dynamic, iff};
///
/// let (then, otherwise) = (Dynamic::from("Upload"), Dynamic::from("Download"));
/// assert_eq!(iff(Some(false), then, otherwise), Dynamic::from("Download"));
/// ```
///
/// Spec: DYN-12, DYN-13, DYN-14, DYN-15
pub fn iff(condition: Option<bool>, then: Dynamic, otherwise: Dynamic) -> Dynamic {
    match condition {
        Some(true) => then,
        Some(false) | None => otherwise,
    }
}

/// `parse_json(text)`: the value of a JSON text, or the text as a string if it is no JSON.
///
/// ```
/// use rulespec::kql::{Dynamic, parse_json};
///
/// assert_eq!(parse_json("[1, 2.5]"), Dynamic::Array(vec![Dynamic::from(1), Dynamic::Real(2.5)]));
/// assert_eq!(parse_json("{"), Dynamic::from("{"));
/// ```
///
/// Spec: DYN-17
pub fn parse_json(text: &str) -> Dynamic {
    match serde_json::from_str::<Json>(text) {
        Ok(json) => Dynamic::from_json(&json),
        Err(_) if text.trim().is_empty() => Dynamic::Null,
        Err(_) => Dynamic::from(text),
    }
}

/// `array_slice(array, start, end)`: the elements from `start` to `end`, both counted from the end
/// if they are negative.
///
/// Spec: DYN-21
pub fn slice(elements: &[Dynamic], start: i64, end: i64) -> &[Dynamic] {
    let count = elements.len() as i64;
    let place = |index: i64| if index < 0 { count.saturating_add(index) } else { index };
    let (start, end) = (place(start).max(0), place(end).saturating_add(1).min(count));
    let range = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    range.and_then(|(start, end)| elements.get(start..end)).unwrap_or_default()
}
