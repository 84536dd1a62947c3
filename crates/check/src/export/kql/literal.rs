//! KQL literals.

use serde_json::Value as Json;

use rulespec::kql::{Dynamic, Type, is_guid, tostring};

/// A JSON value as a literal of a type; `None` if it is not of that type.
///
/// Text of a vector is untrusted: it is only written inside the quotes of a string, or after a
/// check that it has the form of the type.
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

/// The type of the literal of a JSON value.
pub fn type_of(value: &Json) -> Type {
    match Dynamic::from_json(value) {
        Dynamic::Bool(_) => Type::Bool,
        Dynamic::Long(_) => Type::Long,
        Dynamic::Real(_) => Type::Real,
        Dynamic::String(_) => Type::String,
        Dynamic::Null | Dynamic::Datetime(_) | Dynamic::Timespan(_) | Dynamic::Array(_) | Dynamic::Bag(_) => {
            Type::Dynamic
        }
    }
}

/// A KQL string literal, in ASCII.
pub fn string(text: &str) -> String {
    ascii(&Json::from(text).to_string())
}

/// JSON or KQL text with DEL and all non-ASCII characters as `\u` escapes, so that no editor or
/// terminal changes it. In both, they are only in quotes.
pub fn ascii(json: &str) -> String {
    let mut text = String::new();
    for c in json.chars() {
        if matches!(c, ' '..='~' | '\n') {
            text.push(c);
        } else {
            let mut units = [0; 2];
            let escapes = c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}"));
            text.extend(escapes);
        }
    }
    text
}

/// A column name, in brackets unless it is a plain identifier.
pub fn bracketed(name: &str) -> String {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    if plain { name.to_owned() } else { format!("[{}]", string(name)) }
}
