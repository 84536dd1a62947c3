//! Values of any type, arrays and indexes.

use arbitrary::{Arbitrary, Result, Unstructured};
use serde_json::{Value as Json, json};

use super::style::{Style, once_in};
use super::text;

/// Whole numbers at boundaries: of the number of digits, of what doubles represent
/// exactly, and of the type.
const WHOLE: &[i64] = &[
    0,
    1,
    -1,
    7,
    10,
    999,
    1000,
    -1_234_567,
    9_007_199_254_740_993,
    -9_007_199_254_740_993,
    i64::MAX,
    i64::MIN,
];

/// A value of any type.
pub(super) fn value<S: Style>(bytes: &mut Unstructured<'_>) -> Result<Json> {
    nested::<S>(2, bytes)
}

/// An element of a list for `has_any`, which well-formed cases do not nest.
pub(super) fn element<S: Style>(bytes: &mut Unstructured<'_>) -> Result<Json> {
    nested::<S>(if S::IS_WILD { 2 } else { 0 }, bytes)
}

/// A dynamic value, or a value of another type and the name of that type.
pub(super) fn value_and_type<S: Style>(bytes: &mut Unstructured<'_>) -> Result<Vec<Json>> {
    if !once_in(3, bytes)? {
        return Ok(vec![value::<S>(bytes)?]);
    }
    let of_type = *bytes.choose(&["bool", "bool", "long", "string"])?;
    let value = match of_type {
        "bool" => condition(bytes)?,
        "long" => json!(bytes.choose(WHOLE)?),
        _ => json!(text::text::<S>(4, bytes)?),
    };
    Ok(vec![value, json!(of_type)])
}

fn nested<S: Style>(max_depth: usize, bytes: &mut Unstructured<'_>) -> Result<Json> {
    Ok(match bytes.int_in_range(0..=if S::IS_WILD { 11 } else { 9_u8 })? {
        0 => Json::Null,
        1 => Json::Bool(bool::arbitrary(bytes)?),
        2 | 3 => json!(bytes.choose(WHOLE)?),
        4 => json!(bytes.choose(&["", " a", "a ", "x", "[1,2]", "null", "\"a\\"])?),
        5 | 6 => json!(text::text::<S>(4, bytes)?),
        10 => json!(f64::arbitrary(bytes)?),
        11 if max_depth > 0 => json!({text::text::<S>(2, bytes)?: nested::<S>(max_depth - 1, bytes)?}),
        _ if max_depth > 0 => array::<S>(max_depth - 1, bytes)?,
        _ => json!(i8::arbitrary(bytes)?),
    })
}

fn array<S: Style>(max_depth: usize, bytes: &mut Unstructured<'_>) -> Result<Json> {
    let length = bytes.int_in_range(0..=4_u8)?;
    (0..length).map(|_| nested::<S>(max_depth, bytes)).collect()
}

/// True, false or null.
pub(super) fn condition(bytes: &mut Unstructured<'_>) -> Result<Json> {
    bytes.choose(&[Json::Null, Json::Bool(false), Json::Bool(true)]).cloned()
}

/// An array or sometimes null, and an index near its edges.
pub(super) fn array_and_index<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[Json; 2]> {
    let array = match bytes.int_in_range(0..=15_u8)? {
        0 | 1 => Json::Null,
        2 if S::IS_WILD => value::<S>(bytes)?,
        _ => array::<S>(1, bytes)?,
    };
    let index = near_edges(array.as_array().map_or(0, Vec::len), bytes)?;
    Ok([array, index])
}

/// An index near either end of a sequence of this length, counted from the start or the
/// end; sometimes one far away.
pub(super) fn near_edges(count: usize, bytes: &mut Unstructured<'_>) -> Result<Json> {
    let count = count as i64;
    match once_in(12, bytes)? {
        true => Ok(json!(bytes.choose(WHOLE)?)),
        false => Ok(json!(bytes.int_in_range(-count - 2..=count + 2)?)),
    }
}

/// A text, a start, and usually a length.
pub(super) fn text_and_range<S: Style>(bytes: &mut Unstructured<'_>) -> Result<Vec<Json>> {
    let text = text::text::<S>(6, bytes)?;
    let count = text.chars().count();
    let mut args = vec![json!(text), near_edges(count, bytes)?];
    if !once_in(3, bytes)? {
        args.push(near_edges(count, bytes)?);
    }
    Ok(args)
}
