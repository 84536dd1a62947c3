//! The cells of typed columns from exported values.

use crate::time::RowTimes;
use crate::value::Value;
use crate::windows_event::long;
use rulespec::kql::{Dynamic, Type};

/// Integers of a smaller magnitude are exact as floating-point numbers.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// The maximum length of a text that is parsed as JSON. Its values can take many times the memory
/// of the text.
const MAX_JSON_LEN: usize = 256 << 10;

/// The cell of a column with this index in its row, or `None` if the value does not fit its type.
///
/// Spec: TEL-46, TEL-47, TEL-48, TEL-49, TEL-50
pub(super) fn cell(
    index: usize,
    of_type: Type,
    value: &Value<'_>,
    times: &mut RowTimes<'_>,
) -> Option<Dynamic> {
    if of_type == Type::String {
        return Some(Dynamic::String(value.text().into_owned()));
    }
    if value.is_empty() {
        return Some(Dynamic::Null);
    }
    match of_type {
        Type::Dynamic => dynamic(value),
        Type::Long | Type::Int => integer(value).map(Dynamic::Long),
        Type::Bool => boolean(&value.text()).map(Dynamic::Bool),
        Type::Datetime => times.cell(index, &value.text(), matches!(value, Value::LocalTime(_))),
        Type::Real => value.text().trim().parse().ok().map(Dynamic::Real),
        Type::String | Type::Guid | Type::Timespan => None,
    }
}

/// Spec: TEL-50, TEL-72
fn dynamic(value: &Value<'_>) -> Option<Dynamic> {
    Some(match value {
        Value::Other(json) => Dynamic::from_json(json),
        Value::LocalTime(text) => Dynamic::from(text.as_ref()),
        Value::Text(text) if text.starts_with(['{', '[']) && text.len() > MAX_JSON_LEN => return None,
        Value::Text(text) if text.starts_with(['{', '[']) => match serde_json::from_str(text) {
            Ok(json) => Dynamic::from_json(&json),
            Err(_) => Dynamic::from(text.as_ref()),
        },
        Value::Text(text) => Dynamic::from(text.as_ref()),
    })
}

/// Spec: TEL-47
fn integer(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Text(text) | Value::LocalTime(text) => long(text).as_long(),
        Value::Other(json) => json.as_i64().or_else(|| {
            let real = json.as_f64()?;
            (real.fract() == 0.0 && real.abs() < MAX_EXACT).then_some(real as i64)
        }),
    }
}

/// Spec: TEL-48
fn boolean(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Options;
    use serde_json::{Value as Json, json};

    fn cell_of(of_type: Type, json: Json) -> Option<Json> {
        let options = Options::default();
        cell(0, of_type, &Value::from(json), &mut RowTimes::new(&options)).map(|cell| cell.to_json())
    }

    #[test]
    fn tel_46_any_value_is_text_in_a_string_column() {
        assert_eq!(cell_of(Type::String, json!("a ")), Some(json!("a ")));
        assert_eq!(cell_of(Type::String, json!(null)), Some(json!("")));
        assert_eq!(cell_of(Type::String, json!(4412)), Some(json!("4412")));
        assert_eq!(cell_of(Type::String, json!(true)), Some(json!("true")));
        assert_eq!(cell_of(Type::String, json!({"a": [1]})), Some(json!(r#"{"a":[1]}"#)));
    }

    #[test]
    fn tel_47_an_integer_may_be_a_number_or_a_text() {
        for value in [json!(4412), json!("4412"), json!("0x113c"), json!(4412.0)] {
            assert_eq!(cell_of(Type::Long, value), Some(json!(4412)));
        }
        assert_eq!(cell_of(Type::Long, json!("")), Some(json!(null)));
        for value in [json!(4412.5), json!("many"), json!(true), json!([1]), json!(1e300)] {
            assert_eq!(cell_of(Type::Long, value), None);
        }
    }

    #[test]
    fn tel_48_a_boolean_may_be_a_word_or_a_digit() {
        for value in [json!(true), json!("True"), json!("true"), json!(1), json!("1")] {
            assert_eq!(cell_of(Type::Bool, value), Some(json!(true)));
        }
        for value in [json!(false), json!("FALSE"), json!(0)] {
            assert_eq!(cell_of(Type::Bool, value), Some(json!(false)));
        }
        assert_eq!(cell_of(Type::Bool, json!("yes")), None);
    }

    #[test]
    fn tel_49_a_time_is_read_as_utc_if_it_names_no_zone() {
        let evening = Some(json!("2026-11-24T18:20:55.0000000Z"));
        for text in [
            "2026-11-24T18:20:55Z",
            "2026-11-24 18:20:55",
            "2026-11-24T19:20:55+01:00",
            "1795544455",
            "Nov 24, 2026 6:20:55 PM",
            "11/24/2026, 6:20:55 PM",
            "24/11/2026, 6:20:55.000 PM",
        ] {
            assert_eq!(cell_of(Type::Datetime, json!(text)), evening, "{text}");
        }
        assert_eq!(
            cell_of(Type::Datetime, json!("4/4/2026, 6:20:55 AM")),
            Some(json!("2026-04-04T06:20:55.0000000Z"))
        );
        assert_eq!(cell_of(Type::Datetime, json!(1_795_544_455)), evening);
        for value in [json!("yesterday"), json!(true), json!(7)] {
            assert_eq!(cell_of(Type::Datetime, value), None);
        }
        // Day and month can be swapped: another row may tell.
        for text in ["", " ", "3/4/2026, 6:20:55 PM"] {
            assert_eq!(cell_of(Type::Datetime, json!(text)), Some(json!(null)));
        }
    }

    #[test]
    fn tel_50_a_text_that_is_json_is_parsed_in_a_dynamic_column() {
        let bag = json!({"ProcessIntegrityLevel": "High"});
        assert_eq!(cell_of(Type::Dynamic, bag.clone()), Some(bag.clone()));
        assert_eq!(cell_of(Type::Dynamic, json!(bag.to_string())), Some(bag));
        assert_eq!(cell_of(Type::Dynamic, json!("{not json")), Some(json!("{not json")));
        assert_eq!(cell_of(Type::Dynamic, json!("12")), Some(json!("12")));
    }

    #[test]
    fn a_real_may_be_a_number_or_a_text() {
        assert_eq!(cell_of(Type::Real, json!(1.5)), Some(json!(1.5)));
        assert_eq!(cell_of(Type::Real, json!("1.5")), Some(json!(1.5)));
        assert_eq!(cell_of(Type::Real, json!("much")), None);
    }
}
