//! The cells of Arrow columns as values.

use std::borrow::Cow;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type,
    UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType};
use arrow_schema::{DataType, TimeUnit};
use serde_json::{Map, Value as Json};

use crate::value::Value;
use rulespec::fast::text_column::{TextColumn, is_text};
use rulespec::kql::Datetime;

/// The maximum depth of nested types.
const MAX_DEPTH: usize = 16;
/// The maximum number of values in a row.
///
/// Spec: TEL-72
pub(super) const MAX_VALUES: usize = 100_000;

/// Whether cells of this type can be read.
pub(super) fn is_supported(of_type: &DataType) -> bool {
    is_supported_within(of_type, MAX_DEPTH)
}

fn is_supported_within(of_type: &DataType, depth: usize) -> bool {
    let Some(depth) = depth.checked_sub(1) else {
        return false;
    };
    match of_type {
        DataType::Null | DataType::Boolean | DataType::Timestamp(..) => true,
        DataType::Float32 | DataType::Float64 => true,
        DataType::List(field) | DataType::LargeList(field) => is_supported_within(field.data_type(), depth),
        DataType::Struct(fields) => fields.iter().all(|field| is_supported_within(field.data_type(), depth)),
        other => other.is_integer() || is_text(other),
    }
}

/// The cell of a row. It is null if its type is not supported. Subtracts the number of its values
/// from the budget, and returns `None` if the budget does not suffice.
///
/// Spec: TEL-74
pub(super) fn value<'a>(column: &'a ArrayRef, row: usize, budget: &mut usize) -> Option<Value<'a>> {
    Some(match TextColumn::new(column) {
        Some(_) if column.is_null(row) => Value::from(Json::Null),
        Some(texts) => Value::Text(Cow::Borrowed(texts.text(row))),
        None if is_supported(column.data_type()) => Value::from(json(column, row, budget)?),
        None => Value::from(Json::Null),
    })
}

fn json(column: &ArrayRef, row: usize, budget: &mut usize) -> Option<Json> {
    *budget = budget.checked_sub(1)?;
    if row >= column.len() || column.is_null(row) {
        return Some(Json::Null);
    }
    Some(match column.data_type() {
        DataType::Boolean => column.as_boolean().value(row).into(),
        DataType::Int8 => number::<Int8Type>(column, row),
        DataType::Int16 => number::<Int16Type>(column, row),
        DataType::Int32 => number::<Int32Type>(column, row),
        DataType::Int64 => number::<Int64Type>(column, row),
        DataType::UInt8 => number::<UInt8Type>(column, row),
        DataType::UInt16 => number::<UInt16Type>(column, row),
        DataType::UInt32 => number::<UInt32Type>(column, row),
        DataType::UInt64 => number::<UInt64Type>(column, row),
        DataType::Float32 => number::<Float32Type>(column, row),
        DataType::Float64 => number::<Float64Type>(column, row),
        DataType::Timestamp(unit, _) => ticks(column, row, *unit)
            .and_then(Datetime::from_ticks_since_1970)
            .map_or(Json::Null, |time| Json::String(time.to_string())),
        DataType::List(_) => elements(&column.as_list::<i32>().value(row), budget)?,
        DataType::LargeList(_) => elements(&column.as_list::<i64>().value(row), budget)?,
        DataType::Struct(fields) => {
            let columns = column.as_struct().columns();
            let pairs = fields.iter().zip(columns);
            let pairs = pairs.map(|(field, column)| Some((field.name().clone(), json(column, row, budget)?)));
            Json::Object(pairs.collect::<Option<Map<_, _>>>()?)
        }
        _ => TextColumn::new(column).map_or(Json::Null, |texts| texts.text(row).into()),
    })
}

fn number<T: ArrowPrimitiveType<Native: Into<Json>>>(column: &ArrayRef, row: usize) -> Json {
    column.as_primitive::<T>().value(row).into()
}

fn elements(list: &ArrayRef, budget: &mut usize) -> Option<Json> {
    (0..list.len()).map(|row| json(list, row, budget)).collect()
}

fn ticks(column: &ArrayRef, row: usize, unit: TimeUnit) -> Option<i64> {
    match unit {
        TimeUnit::Second => column.as_primitive::<TimestampSecondType>().value(row).checked_mul(10_000_000),
        TimeUnit::Millisecond => {
            column.as_primitive::<TimestampMillisecondType>().value(row).checked_mul(10_000)
        }
        TimeUnit::Microsecond => column.as_primitive::<TimestampMicrosecondType>().value(row).checked_mul(10),
        TimeUnit::Nanosecond => {
            Some(column.as_primitive::<TimestampNanosecondType>().value(row).div_euclid(100))
        }
    }
}
