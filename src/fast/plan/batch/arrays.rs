//! Arrow arrays of computed values.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::{
    ArrayRef, BooleanArray, DurationNanosecondArray, Float64Array, Int32Array, Int64Array, StringArray,
    TimestampNanosecondArray,
};
use arrow_schema::{DataType, Field, FieldRef, TimeUnit};

use crate::fast::plan::value::Value;
use crate::kql::{Column, Dynamic, Error, ErrorKind, Type};

/// The field of a computed column. `is_list` says that its values are arrays of strings.
pub(super) fn field(column: &Column, is_list: bool) -> FieldRef {
    let r#type = match column.r#type {
        Type::Dynamic if is_list => DataType::List(Arc::new(Field::new_list_field(DataType::Utf8, true))),
        Type::String | Type::Guid | Type::Dynamic => DataType::Utf8,
        Type::Bool => DataType::Boolean,
        Type::Int => DataType::Int32,
        Type::Long => DataType::Int64,
        Type::Real => DataType::Float64,
        Type::Datetime => DataType::Timestamp(TimeUnit::Nanosecond, Some("UTC".into())),
        Type::Timespan => DataType::Duration(TimeUnit::Nanosecond),
    };
    Arc::new(Field::new(&column.name, r#type, column.r#type != Type::String && !is_list))
}

/// The values of a computed column as an array of the type of its field. `is_guid` tells a nullable
/// Utf8 column of GUIDs from one of JSON.
pub(super) fn array<'a>(
    field: &Field,
    is_guid: bool,
    values: impl Iterator<Item = Value<'a>>,
) -> Result<ArrayRef, Error> {
    let long = |value| match value {
        Value::Long(value) => Some(value),
        _ => None,
    };
    Ok(match field.data_type() {
        DataType::List(_) => lists(values),
        DataType::Boolean => Arc::new(values.map(|value| value.truth()).collect::<BooleanArray>()),
        DataType::Int32 => {
            let ints = values.map(|value| long(value).and_then(|value| value.try_into().ok()));
            Arc::new(ints.collect::<Int32Array>())
        }
        DataType::Int64 => Arc::new(values.map(long).collect::<Int64Array>()),
        DataType::Float64 => {
            let real = |value| match value {
                Value::Real(value) => Some(value),
                _ => None,
            };
            Arc::new(values.map(real).collect::<Float64Array>())
        }
        DataType::Timestamp(..) => {
            let times = values.map(nanoseconds).collect::<Result<TimestampNanosecondArray, _>>()?;
            Arc::new(times.with_timezone("UTC"))
        }
        DataType::Duration(_) => {
            Arc::new(values.map(nanoseconds).collect::<Result<DurationNanosecondArray, _>>()?)
        }
        _ if field.is_nullable() => {
            // A GUID is a string, and any other value a dynamic.
            let text = |value| match Dynamic::from(value) {
                Dynamic::Null => None,
                Dynamic::String(text) if is_guid => Some(text),
                value => Some(value.to_json().to_string()),
            };
            Arc::new(values.map(text).collect::<StringArray>())
        }
        _ => {
            let mut texts = StringBuilder::new();
            values.for_each(|value| texts.append_value(value.text()));
            Arc::new(texts.finish())
        }
    })
}

fn lists<'a>(values: impl Iterator<Item = Value<'a>>) -> ArrayRef {
    let mut lists = ListBuilder::new(StringBuilder::new());
    for value in values {
        match &value {
            Value::Texts(texts) => texts.iter().for_each(|text| lists.values().append_value(text)),
            Value::Dynamic(array) => {
                let Dynamic::Array(elements) = &**array else { continue };
                elements.iter().for_each(|element| lists.values().append_option(element.as_str()));
            }
            _ => {}
        }
        lists.append(true);
    }
    Arc::new(lists.finish())
}

fn nanoseconds(value: Value<'_>) -> Result<Option<i64>, Error> {
    match value {
        Value::Datetime(ticks) | Value::Timespan(ticks) => match ticks.checked_mul(100) {
            Some(nanoseconds) => Ok(Some(nanoseconds)),
            None => {
                let detail =
                    format!("{} does not fit in Arrow's nanoseconds", Dynamic::from(value).to_json());
                Err(Error::new(ErrorKind::Unsupported, detail))
            }
        },
        _ => Ok(None),
    }
}
