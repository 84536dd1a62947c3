//! Values as KQL writes them.

use serde_json::Value as Json;

use rulespec::kql::{Dynamic, Type, tostring};

/// A JSON value as a literal of a type; `None` if it is not of that type. Nothing of an
/// untrusted text is written as it is, outside the quotes of a string.
///
/// ```
/// use rulespec_check::export::kql::literal;
/// use rulespec::kql::Type;
/// use serde_json::json;
///
/// assert_eq!(literal(&json!("a\"\\"), Type::String).as_deref(), Some(r#""a\"\\""#));
/// assert_eq!(literal(&json!(null), Type::Bool).as_deref(), Some("bool(null)"));
/// assert_eq!(literal(&json!("null) | take 1 //"), Type::Guid), None);
/// ```
pub fn literal(value: &Json, kind: Type) -> Option<String> {
    if kind == Type::Dynamic {
        return Some(dynamic(value));
    }
    Some(match kind.cell(value)? {
        Dynamic::String(text) if kind == Type::String => string(&text),
        Dynamic::String(text) if is_guid(&text) => format!("{kind}({text})"),
        Dynamic::String(_) | Dynamic::Array(_) | Dynamic::Bag(_) => return None,
        Dynamic::Bool(value) => value.to_string(),
        Dynamic::Null => format!("{kind}(null)"),
        Dynamic::Real(value) if !value.is_finite() => format!("{kind}({})", not_finite(value)),
        number_or_time => format!("{kind}({})", tostring(&number_or_time, kind)),
    })
}

/// A JSON value as a dynamic literal.
pub fn dynamic(value: &Json) -> String {
    format!("dynamic({})", ascii(&value.to_string()))
}

fn not_finite(value: f64) -> &'static str {
    match value {
        value if value.is_nan() => "nan",
        f64::INFINITY => "+inf",
        _ => "-inf",
    }
}

fn is_guid(text: &str) -> bool {
    let groups = text.split('-').map(str::len);
    groups.eq([8, 4, 4, 4, 12]) && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
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
