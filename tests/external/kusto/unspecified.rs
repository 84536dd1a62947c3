//! Functions and operators that no clause specifies, but that recorded queries combine with
//! specified ones.

use rulespec::kql::is_term_character;
use rulespec::kql::{Dynamic, Type};

use super::evaluate::elements;
use super::value::Value;

/// Calls a function or an operator, or returns `None` if the call is not supported.
pub fn call_unspecified(name: &str, values: &[Value]) -> Option<Value> {
    match (name, values) {
        ("strcat", values) => {
            let texts: Option<Vec<&str>> = values.iter().map(|value| value.dynamic.as_str()).collect();
            Some(Value::string(texts?.concat()))
        }
        (_, [value]) => unary(name, value),
        ("+" | "-" | "*" | "%", [left, right]) => arithmetic(name, left, right),
        ("==" | "!=" | "<" | "<=" | ">" | ">=", [left, right]) => comparison(name, left, right),
        ("in" | "!in" | "in~" | "!in~", [value, list]) => membership(name, value, list),
        (_, [left, right]) => binary(name, left, right),
        _ => None,
    }
}

/// A function of one argument.
fn unary(name: &str, value: &Value) -> Option<Value> {
    let is_empty = value.dynamic == value.of_type.empty();
    Some(match (name, &value.dynamic) {
        ("not", Dynamic::Bool(value)) => Value::bool(!value),
        ("not", Dynamic::Null) => value.clone(),
        ("negative", Dynamic::Long(value)) => Value::long(value.wrapping_neg()),
        ("tolong", Dynamic::Long(value)) => Value::long(*value),
        ("isnull", value) => Value::bool(value.is_null()),
        ("isnotnull", value) => Value::bool(!value.is_null()),
        ("isempty", _) => Value::bool(is_empty),
        ("isnotempty", _) => Value::bool(!is_empty),
        ("strlen", Dynamic::String(text)) => Value::long(text.chars().count() as i64),
        ("tolower", Dynamic::String(text)) if text.is_ascii() => Value::string(text.to_lowercase()),
        ("toupper", Dynamic::String(text)) if text.is_ascii() => Value::string(text.to_uppercase()),
        ("parse_json" | "todynamic", Dynamic::String(text)) => {
            let json = serde_json::from_str(text).ok()?;
            Value::new(Dynamic::from_json(&json), Type::Dynamic)
        }
        _ => return None,
    })
}

/// Arithmetic with integers.
fn arithmetic(name: &str, left: &Value, right: &Value) -> Option<Value> {
    if !is_integer(left) || !is_integer(right) {
        return None;
    }
    let (Some(left), Some(right)) = (left.dynamic.as_long(), right.dynamic.as_long()) else {
        return Some(Value::new(Dynamic::Null, Type::Long));
    };
    Some(Value::long(match name {
        "+" => left.wrapping_add(right),
        "-" => left.wrapping_sub(right),
        "*" => left.wrapping_mul(right),
        _ => left.checked_rem_euclid(right)?,
    }))
}

fn is_integer(value: &Value) -> bool {
    matches!(value.of_type, Type::Int | Type::Long)
}

/// A comparison of two integers, strings or points in time.
fn comparison(name: &str, left: &Value, right: &Value) -> Option<Value> {
    let order = match (&left.dynamic, &right.dynamic) {
        (Dynamic::Long(left), Dynamic::Long(right)) => left.cmp(right),
        (Dynamic::String(left), Dynamic::String(right)) => left.cmp(right),
        (Dynamic::Datetime(left), Dynamic::Datetime(right)) => left.cmp(right),
        _ if is_integer(left) && is_integer(right) => return Some(comparison_with_null(name, left, right)),
        _ => return None,
    };
    Some(Value::bool(match name {
        "==" => order.is_eq(),
        "!=" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        _ => order.is_ge(),
    }))
}

/// A comparison of two integers, of which at least one is null.
fn comparison_with_null(name: &str, left: &Value, right: &Value) -> Value {
    let is_one_null = left.dynamic.is_null() != right.dynamic.is_null();
    match name {
        "==" | "!=" if is_one_null => Value::bool(name == "!="),
        _ => Value::new(Dynamic::Null, Type::Bool),
    }
}

/// A function or operator of two strings, or the member of a property bag.
fn binary(name: &str, left: &Value, right: &Value) -> Option<Value> {
    match (name, &left.dynamic, &right.dynamic) {
        ("contains" | "!contains", Dynamic::String(text), Dynamic::String(lookup)) => {
            let is_ascii = text.is_ascii() && lookup.is_ascii();
            let found = text.to_lowercase().contains(&lookup.to_lowercase());
            is_ascii.then(|| Value::bool(found == (name == "contains")))
        }
        ("has_cs", Dynamic::String(text), Dynamic::String(lookup)) if is_term(lookup) => {
            Some(Value::bool(terms(text).any(|term| term == lookup)))
        }
        ("hassuffix", Dynamic::String(text), Dynamic::String(lookup)) if is_term(lookup) => {
            let (text, lookup) = (text.to_lowercase(), lookup.to_lowercase());
            Some(Value::bool(terms(&text).any(|term| term.ends_with(&lookup))))
        }
        ("split", Dynamic::String(text), Dynamic::String(separator)) if !separator.is_empty() => {
            Some(Value::new(Dynamic::strings(text.split(separator.as_str())), Type::Dynamic))
        }
        ("[]", Dynamic::Bag(members), Dynamic::String(name)) => {
            let member = members.iter().find(|(member, _)| member == name);
            Some(Value::new(member.map_or(Dynamic::Null, |(_, value)| value.clone()), Type::Dynamic))
        }
        ("[]", _, Dynamic::String(_)) if left.of_type == Type::Dynamic => {
            Some(Value::new(Dynamic::Null, Type::Dynamic))
        }
        _ => None,
    }
}

/// `in`, `!in`, `in~` or `!in~` of strings.
fn membership(name: &str, value: &Value, list: &Value) -> Option<Value> {
    let value = value.dynamic.as_str().filter(|value| value.is_ascii())?;
    let elements = elements(list);
    let elements: Option<Vec<&str>> = elements.iter().map(Dynamic::as_str).collect();
    let is_member = elements?.into_iter().any(|element| match name.ends_with('~') {
        true => value.eq_ignore_ascii_case(element),
        false => value == element,
    });
    Some(Value::bool(is_member != name.starts_with('!')))
}

/// Splits a text into its terms.
fn terms(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_term_character(c))
}

/// Whether a text is a single term.
fn is_term(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_term_character)
}
