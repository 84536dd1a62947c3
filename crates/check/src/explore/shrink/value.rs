//! Simpler values.

use serde_json::{Map, Value as Json, json};

use super::list::{Steps, each, none, shorter};
use super::text::simpler_text;

/// Every value that is one step simpler, of any type.
pub(super) fn simpler_value(value: &Json) -> Steps<'_> {
    let plain = [Json::Null, json!(false), json!(0), json!("")].into_iter();
    let plainer = plain.filter(move |plain| rank(plain) < rank(value));
    let parts = value.as_array().into_iter().flatten().cloned();
    Box::new(plainer.chain(parts).chain(simpler_of_type(value)))
}

fn rank(value: &Json) -> u8 {
    match value {
        Json::Null => 0,
        Json::Bool(_) => 1,
        Json::Number(_) => 2,
        Json::String(_) => 3,
        Json::Array(_) => 4,
        Json::Object(_) => 5,
    }
}

/// Every value of the same type that is one step simpler. Its parts may change type.
pub(super) fn simpler_of_type(value: &Json) -> Steps<'_> {
    match value {
        Json::Null => none(),
        Json::Bool(value) => Box::new(value.then_some(json!(false)).into_iter()),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Box::new(nearer_zero(number).map(Json::from)),
            None => Box::new([json!(0.0), json!(0.5)].into_iter().filter(move |plain| plain != value)),
        },
        Json::String(text) => Box::new(simpler_text(text).map(Json::from)),
        Json::Array(elements) => {
            let each = each(elements, |_, element| simpler_value(element));
            Box::new(shorter(elements).chain(each).map(Json::from))
        }
        Json::Object(row) => simpler_object(row),
    }
}

/// Whole numbers nearer to zero, preferring positive numbers.
fn nearer_zero(number: i64) -> impl Iterator<Item = i64> {
    let sign = number.signum();
    let nearer = [0, sign, number / 2, number.saturating_sub(sign), number.checked_neg().unwrap_or(0)];
    let effort = |number: i64| (number.unsigned_abs(), number < 0);
    nearer.into_iter().filter(move |other| effort(*other) < effort(number))
}

/// The object with fewer members, or one of them simpler.
fn simpler_object(row: &Map<String, Json>) -> Steps<'_> {
    let members: Vec<(String, Json)> =
        row.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let fewer = shorter(&members).map(|members| Json::Object(members.into_iter().collect()));
    let steps = row.iter().flat_map(|(name, value)| simpler_value(value).map(move |step| (name, step)));
    let simpler = steps.map(|(name, step)| {
        let mut row = row.clone();
        row.insert(name.clone(), step);
        Json::Object(row)
    });
    Box::new(fewer.chain(simpler))
}
