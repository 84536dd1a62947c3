//! Exported values as cells of typed columns.

use jiff::{civil, tz::TimeZone};
use serde_json::Value as Json;

use super::super::value::Value;
use super::super::windows_event::long;
use rulespec::kql::{Datetime, Dynamic, Type};

/// Whole numbers below this are exact as floating-point numbers.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// A longer text is not read as JSON: its values could take many times its memory.
const LONGEST_JSON: usize = 256 << 10;

/// A value as a cell of a column of that type, or `None` where it does not fit.
///
/// Spec: TEL-46, TEL-47, TEL-48, TEL-49, TEL-50
pub(super) fn cell(of_type: Type, value: &Value<'_>) -> Option<Dynamic> {
    if of_type == Type::String {
        return Some(Dynamic::String(value.text().into_owned()));
    }
    if value.is_empty() {
        return Some(Dynamic::Null);
    }
    match of_type {
        Type::Dynamic => dynamic(value),
        Type::Long | Type::Int => whole(value).map(Dynamic::Long),
        Type::Bool => truth(&value.text()).map(Dynamic::Bool),
        Type::Datetime => time(&value.text()).map(Dynamic::Datetime),
        Type::Real => value.text().trim().parse().ok().map(Dynamic::Real),
        Type::String | Type::Guid | Type::Timespan => None,
    }
}

/// Spec: TEL-50, TEL-72
fn dynamic(value: &Value<'_>) -> Option<Dynamic> {
    Some(match value {
        Value::Other(json) => Dynamic::from_json(json),
        Value::Text(text) if text.starts_with(['{', '[']) && text.len() > LONGEST_JSON => return None,
        Value::Text(text) if text.starts_with(['{', '[']) => match serde_json::from_str(text) {
            Ok(json) => Dynamic::from_json(&json),
            Err(_) => Dynamic::from(text.as_ref()),
        },
        Value::Text(text) => Dynamic::from(text.as_ref()),
    })
}

/// Spec: TEL-47
fn whole(value: &Value<'_>) -> Option<i64> {
    match value {
        Value::Text(text) => long(text).as_long(),
        Value::Other(Json::Number(number)) => number.as_i64().or_else(|| {
            let real = number.as_f64()?;
            (real.fract() == 0.0 && real.abs() < EXACT).then_some(real as i64)
        }),
        Value::Other(_) => None,
    }
}

/// Spec: TEL-48
fn truth(text: &str) -> Option<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// Spec: TEL-49
fn time(text: &str) -> Option<Datetime> {
    let text = text.trim();
    text.parse().ok().or_else(|| in_words(text)).or_else(|| in_numbers(text))
}

fn in_words(text: &str) -> Option<Datetime> {
    utc(civil::DateTime::strptime("%b %d, %Y %I:%M:%S%.f %p", text).ok()?)
}

/// `11/24/2026, 6:20:55.123 PM`, where day and month cannot be taken for each other.
fn in_numbers(text: &str) -> Option<Datetime> {
    let read = |form| civil::DateTime::strptime(form, text).ok();
    let month_first = read("%m/%d/%Y, %I:%M:%S%.f %p");
    let day_first = read("%d/%m/%Y, %I:%M:%S%.f %p");
    match (month_first, day_first) {
        (Some(one), Some(other)) => utc(one).filter(|_| one == other),
        (one, other) => utc(one.or(other)?),
    }
}

fn utc(time: civil::DateTime) -> Option<Datetime> {
    let since = time.to_zoned(TimeZone::UTC).ok()?.timestamp();
    Datetime::from_ticks_since_1970(i64::try_from(since.as_nanosecond().div_euclid(100)).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn of(of_type: Type, json: Json) -> Option<Json> {
        cell(of_type, &Value::from(json)).map(|cell| cell.to_json())
    }

    #[test]
    fn tel_46_any_value_is_text_in_a_string_column() {
        assert_eq!(of(Type::String, json!("a ")), Some(json!("a ")));
        assert_eq!(of(Type::String, json!(null)), Some(json!("")));
        assert_eq!(of(Type::String, json!(4412)), Some(json!("4412")));
        assert_eq!(of(Type::String, json!(true)), Some(json!("true")));
        assert_eq!(of(Type::String, json!({"a": [1]})), Some(json!(r#"{"a":[1]}"#)));
    }

    #[test]
    fn tel_47_whole_numbers_come_as_numbers_or_as_text() {
        for value in [json!(4412), json!("4412"), json!("0x113c"), json!(4412.0)] {
            assert_eq!(of(Type::Long, value), Some(json!(4412)));
        }
        assert_eq!(of(Type::Long, json!("")), Some(json!(null)));
        for value in [json!(4412.5), json!("many"), json!(true), json!([1]), json!(1e300)] {
            assert_eq!(of(Type::Long, value), None);
        }
    }

    #[test]
    fn tel_48_truth_values_come_as_words_or_as_0_and_1() {
        for value in [json!(true), json!("True"), json!("true"), json!(1), json!("1")] {
            assert_eq!(of(Type::Bool, value), Some(json!(true)));
        }
        for value in [json!(false), json!("FALSE"), json!(0)] {
            assert_eq!(of(Type::Bool, value), Some(json!(false)));
        }
        assert_eq!(of(Type::Bool, json!("yes")), None);
    }

    #[test]
    fn tel_49_a_time_is_read_where_it_has_one_reading() {
        let evening = Some(json!("2026-11-24T18:20:55.0000000Z"));
        for text in [
            "2026-11-24T18:20:55Z",
            "2026-11-24 18:20:55",
            "2026-11-24T19:20:55+01:00",
            "Nov 24, 2026 6:20:55 PM",
            "11/24/2026, 6:20:55 PM",
            "24/11/2026, 6:20:55.000 PM",
        ] {
            assert_eq!(of(Type::Datetime, json!(text)), evening, "{text}");
        }
        assert_eq!(
            of(Type::Datetime, json!("4/4/2026, 6:20:55 AM")),
            Some(json!("2026-04-04T06:20:55.0000000Z"))
        );
        for text in ["3/4/2026, 6:20:55 PM", "yesterday", "24.11.2026 18:20"] {
            assert_eq!(of(Type::Datetime, json!(text)), None, "{text}");
        }
        assert_eq!(of(Type::Datetime, json!("")), Some(json!(null)));
    }

    #[test]
    fn tel_50_text_that_is_json_is_read_in_a_dynamic_column() {
        let bag = json!({"ProcessIntegrityLevel": "High"});
        assert_eq!(of(Type::Dynamic, bag.clone()), Some(bag.clone()));
        assert_eq!(of(Type::Dynamic, json!(bag.to_string())), Some(bag));
        assert_eq!(of(Type::Dynamic, json!("{not json")), Some(json!("{not json")));
        assert_eq!(of(Type::Dynamic, json!("12")), Some(json!("12")));
    }

    #[test]
    fn a_real_comes_as_a_number_or_as_text() {
        assert_eq!(of(Type::Real, json!(1.5)), Some(json!(1.5)));
        assert_eq!(of(Type::Real, json!("1.5")), Some(json!(1.5)));
        assert_eq!(of(Type::Real, json!("much")), None);
    }
}
