//! Values as KQL writes them.

use serde_json::Value as Json;

use crate::kql::{Dynamic, Type};

/// A JSON value as a literal of a type.
///
/// ```
/// use rulespec::export::kql::literal;
/// use rulespec::kql::Type;
/// use serde_json::json;
///
/// assert_eq!(literal(&json!("a\"\\"), Type::String), r#""a\"\\""#);
/// assert_eq!(literal(&json!([1, null]), Type::Dynamic), "dynamic([1,null])");
/// assert_eq!(literal(&json!(null), Type::Bool), "bool(null)");
/// ```
pub fn literal(value: &Json, kind: Type) -> String {
    match (kind, value) {
        (Type::String, Json::String(text)) => string(text),
        (Type::String, Json::Null) => string(""),
        (Type::Dynamic, value) => format!("dynamic({})", ascii(&value.to_string())),
        (_, Json::Null) => format!("{kind}(null)"),
        (Type::Bool, value) => value.to_string(),
        (_, Json::String(text)) => format!("{kind}({text})"),
        (_, value) => format!("{kind}({value})"),
    }
}

/// The type that a literal of this value has.
pub fn type_of(value: &Json) -> Type {
    match Dynamic::from_json(value) {
        Dynamic::Bool(_) => Type::Bool,
        Dynamic::Long(_) => Type::Long,
        Dynamic::Real(_) => Type::Real,
        Dynamic::String(_) => Type::String,
        _ => Type::Dynamic,
    }
}

/// A KQL string literal, in ASCII.
pub fn string(text: &str) -> String {
    ascii(&Json::from(text).to_string())
}

/// JSON text with everything beyond ASCII, and DEL, written as `\u` escapes, so
/// that no editor or terminal on the way changes it.
fn ascii(json: &str) -> String {
    let mut text = String::new();
    for c in json.chars() {
        if matches!(c, ' '..='~') {
            text.push(c);
        } else {
            let mut units = [0; 2];
            let escapes = c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}"));
            text.extend(escapes);
        }
    }
    text
}

/// A column's name where KQL takes one: in brackets unless it is a plain word.
pub fn bracketed(name: &str) -> String {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    if plain { name.to_owned() } else { format!("[{}]", string(name)) }
}
