//! Functions and operators that no clause describes, as far as queries need them around
//! those that a clause does describe.

use rulespec::kql::terms::is_term_character;
use rulespec::kql::{Dynamic, Type};

use super::value::Value;

/// The answer, or `None` if it is not covered.
pub fn glue(name: &str, values: &[Value]) -> Option<Value> {
    match values {
        [value] => of_one(name, value),
        [left, right] => arithmetic(name, left, right)
            .or_else(|| comparison(name, left, right))
            .or_else(|| of_strings(name, left, right))
            .or_else(|| membership(name, left, right)),
        _ => None,
    }
    .or_else(|| strcat(name, values))
}

/// A function of one argument.
fn of_one(name: &str, value: &Value) -> Option<Value> {
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

/// Arithmetic of whole numbers.
fn arithmetic(name: &str, left: &Value, right: &Value) -> Option<Value> {
    if !is_whole(left) || !is_whole(right) || !matches!(name, "+" | "-" | "*" | "%") {
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

fn is_whole(value: &Value) -> bool {
    matches!(value.of_type, Type::Int | Type::Long)
}

/// A comparison of two whole numbers, strings or points in time.
fn comparison(name: &str, left: &Value, right: &Value) -> Option<Value> {
    let order = match (&left.dynamic, &right.dynamic) {
        (Dynamic::Long(left), Dynamic::Long(right)) => left.cmp(right),
        (Dynamic::String(left), Dynamic::String(right)) => left.cmp(right),
        (Dynamic::Datetime(left), Dynamic::Datetime(right)) => left.cmp(right),
        _ if is_whole(left) && is_whole(right) => return with_null(name, left, right),
        _ => return None,
    };
    Some(Value::bool(match name {
        "==" => order.is_eq(),
        "!=" => order.is_ne(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        _ => return None,
    }))
}

/// A comparison of two whole numbers, of which one at least is null.
fn with_null(name: &str, left: &Value, right: &Value) -> Option<Value> {
    let is_one = left.dynamic.is_null() != right.dynamic.is_null();
    match name {
        "==" | "!=" if is_one => Some(Value::bool(name == "!=")),
        "==" | "!=" | "<" | "<=" | ">" | ">=" => Some(Value::new(Dynamic::Null, Type::Bool)),
        _ => None,
    }
}

/// A function of two strings, or the member of a property bag.
fn of_strings(name: &str, left: &Value, right: &Value) -> Option<Value> {
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
            let member = members.iter().find(|(its, _)| its == name);
            Some(Value::new(member.map_or(Dynamic::Null, |(_, value)| value.clone()), Type::Dynamic))
        }
        ("[]", _, Dynamic::String(_)) if left.of_type == Type::Dynamic => {
            Some(Value::new(Dynamic::Null, Type::Dynamic))
        }
        _ => None,
    }
}

/// `in` and its relatives, of a string.
fn membership(name: &str, value: &Value, list: &Value) -> Option<Value> {
    let elements = match &list.dynamic {
        Dynamic::Array(elements) => elements.clone(),
        one => vec![one.clone()],
    };
    let is_same = |a: &str, b: &str| match name {
        "in~" | "!in~" => a.eq_ignore_ascii_case(b),
        _ => a == b,
    };
    let value = value.dynamic.as_str().filter(|value| value.is_ascii())?;
    let elements: Option<Vec<&str>> = elements.iter().map(Dynamic::as_str).collect();
    let is_among = elements?.into_iter().any(|element| is_same(value, element));
    match name {
        "in" | "in~" => Some(Value::bool(is_among)),
        "!in" | "!in~" => Some(Value::bool(!is_among)),
        _ => None,
    }
}

/// The terms of a text.
fn terms(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_term_character(c))
}

/// Whether a text is a single term.
fn is_term(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_term_character)
}

fn strcat(name: &str, values: &[Value]) -> Option<Value> {
    let texts: Option<Vec<&str>> = values.iter().map(|value| value.dynamic.as_str()).collect();
    (name == "strcat").then_some(Value::string(texts?.concat()))
}
