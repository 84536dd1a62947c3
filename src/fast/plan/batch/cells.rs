//! The cells of Arrow columns.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Date64Type, DurationMicrosecondType, DurationMillisecondType,
    DurationNanosecondType, DurationSecondType, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type,
    Int64Type, TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType,
    TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
};
use arrow_array::{Array, BooleanArray, ListArray};
use arrow_schema::{DataType, TimeUnit};

use crate::fast::plan::call::DATETIMES;
use crate::fast::plan::value::Value;
use crate::fast::text_column::{TextColumn, is_text, packed};
use crate::kql::{Dynamic, Type};

/// The difference of two datetimes is smaller than this, in ticks or a longer unit.
const BEYOND_DIFFERENCES: i64 = *DATETIMES.end() - *DATETIMES.start() + 1;

/// The KQL type of a column.
pub(super) fn type_of(r#type: &DataType) -> Type {
    match r#type {
        text if is_text(text) => Type::String,
        DataType::Boolean => Type::Bool,
        integer if integer.is_integer() => Type::Long,
        real if real.is_floating() => Type::Real,
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 => Type::Datetime,
        DataType::Duration(_) => Type::Timespan,
        _ => Type::Dynamic,
    }
}

/// Whether expressions can read a column of this type.
pub(super) fn is_readable(r#type: &DataType) -> bool {
    match r#type {
        DataType::UInt64 | DataType::Float16 => false,
        DataType::List(element) => element.data_type() == &DataType::Utf8,
        other => type_of(other) != Type::Dynamic || other == &DataType::Null,
    }
}

/// A column whose cells can be read.
#[derive(Clone)]
pub(super) enum Cells<'a> {
    Text(TextColumn<'a>),
    Numbers(Numbers<'a>),
    Reals(Cow<'a, [f64]>, &'a dyn Array),
    Bools(&'a BooleanArray),
    Lists(&'a ListArray),
    /// Nulls, or a column of a type that no expression reads.
    Nulls,
}

/// Longs, or times as numbers of a unit.
#[derive(Clone)]
pub(super) struct Numbers<'a> {
    numbers: Cow<'a, [i64]>,
    array: &'a dyn Array,
    has_nulls: bool,
    r#type: Type,
    /// How many ticks one is.
    ticks: i64,
    /// How many a tick is.
    per_tick: i64,
}

impl<'a> Cells<'a> {
    pub(super) fn new(array: &'a dyn Array) -> Self {
        if let Some(texts) = TextColumn::new(array) {
            return Self::Text(texts);
        }
        let numbers = |numbers, ticks, per_tick| {
            let r#type = type_of(array.data_type());
            let has_nulls = array.null_count() > 0;
            Self::Numbers(Numbers { numbers, array, has_nulls, r#type, ticks, per_tick })
        };
        let longs = |longs| numbers(longs, 1, 1);
        match array.data_type() {
            DataType::Int64 => longs(values::<Int64Type>(array).into()),
            DataType::Int32 => longs(converted::<Int32Type, _>(array)),
            DataType::Int16 => longs(converted::<Int16Type, _>(array)),
            DataType::Int8 => longs(converted::<Int8Type, _>(array)),
            DataType::UInt32 => longs(converted::<UInt32Type, _>(array)),
            DataType::UInt16 => longs(converted::<UInt16Type, _>(array)),
            DataType::UInt8 => longs(converted::<UInt8Type, _>(array)),
            DataType::Float64 => Self::Reals(values::<Float64Type>(array).into(), array),
            DataType::Float32 => Self::Reals(converted::<Float32Type, _>(array), array),
            DataType::Boolean => array.as_boolean_opt().map_or(Self::Nulls, Self::Bools),
            DataType::Date32 => numbers(converted::<Date32Type, _>(array), 864_000_000_000, 1),
            DataType::Date64 => numbers(values::<Date64Type>(array).into(), 10_000, 1),
            DataType::Timestamp(unit, _) | DataType::Duration(unit) => {
                let is_time = matches!(array.data_type(), DataType::Timestamp(..));
                let (times, ticks, per_tick) = match (unit, is_time) {
                    (TimeUnit::Second, true) => (values::<TimestampSecondType>(array), 10_000_000, 1),
                    (TimeUnit::Second, false) => (values::<DurationSecondType>(array), 10_000_000, 1),
                    (TimeUnit::Millisecond, true) => (values::<TimestampMillisecondType>(array), 10_000, 1),
                    (TimeUnit::Millisecond, false) => (values::<DurationMillisecondType>(array), 10_000, 1),
                    (TimeUnit::Microsecond, true) => (values::<TimestampMicrosecondType>(array), 10, 1),
                    (TimeUnit::Microsecond, false) => (values::<DurationMicrosecondType>(array), 10, 1),
                    (TimeUnit::Nanosecond, true) => (values::<TimestampNanosecondType>(array), 1, 100),
                    (TimeUnit::Nanosecond, false) => (values::<DurationNanosecondType>(array), 1, 100),
                };
                numbers(times.into(), ticks, per_tick)
            }
            DataType::List(_) => array.as_list_opt().map_or(Self::Nulls, Self::Lists),
            _ => Self::Nulls,
        }
    }

    #[inline]
    pub(super) fn value(&self, row: usize) -> Value<'_> {
        match self {
            Self::Text(texts) => Value::Text(Cow::Borrowed(texts.text(row))),
            Self::Numbers(numbers) => numbers.value(row),
            Self::Reals(reals, array) => match reals.get(row) {
                Some(real) if array.is_valid(row) => Value::Real(*real),
                _ => Value::Null,
            },
            Self::Bools(bools) if row < bools.len() && bools.is_valid(row) => Value::Bool(bools.value(row)),
            Self::Lists(lists) if row < lists.len() && lists.is_valid(row) => {
                let elements = lists.value(row);
                let texts = elements.as_string_opt::<i32>().into_iter().flatten();
                let elements = texts.map(|text| text.map_or(Dynamic::Null, Dynamic::from));
                Value::Dynamic(Cow::Owned(Dynamic::Array(elements.collect())))
            }
            Self::Bools(_) | Self::Lists(_) | Self::Nulls => Value::Null,
        }
    }
}

fn values<T: ArrowPrimitiveType>(array: &dyn Array) -> &[T::Native] {
    array.as_primitive_opt::<T>().map_or(&[], |array| array.values())
}

/// The values of an array in a wider type.
fn converted<'a, T: ArrowPrimitiveType, N: Copy + From<T::Native>>(array: &dyn Array) -> Cow<'a, [N]> {
    values::<T>(array).iter().map(|value| N::from(*value)).collect()
}

impl Numbers<'_> {
    fn value(&self, row: usize) -> Value<'static> {
        match (self.number(row), self.r#type) {
            (None, _) => Value::Null,
            (Some(ticks), Type::Datetime) => Value::Datetime(ticks),
            (Some(ticks), Type::Timespan) => Value::Timespan(ticks),
            (Some(number), _) => Value::Long(number),
        }
    }

    /// The long or the ticks in a row; none if it is null.
    #[inline]
    pub(super) fn number(&self, row: usize) -> Option<i64> {
        let number = *self.numbers.get(row)?;
        if self.has_nulls && self.array.is_null(row) {
            return None;
        }
        let ticks = match self.per_tick {
            1 => number.checked_mul(self.ticks),
            per_tick => Some(number.div_euclid(per_tick)),
        };
        ticks.filter(|ticks| self.r#type != Type::Datetime || DATETIMES.contains(ticks))
    }

    /// The rows whose value is in a range, in ticks if it is a time; or those whose value is not, or null.
    pub(super) fn rows_in_range(&self, range: &RangeInclusive<i64>, expected: bool) -> Vec<u32> {
        let (first, last) = self.numbers_of(range);
        let chunks = self.numbers.chunks(64);
        let are_inside = chunks.map(|chunk| bits(chunk.iter().map(|n| (*n >= first) & (*n <= last))));
        self.rows(are_inside.zip(self.not_null()), expected)
    }

    /// The rows in which the difference from another column of datetimes is in a range of ticks; or those
    /// in which it is not, or null.
    pub(super) fn rows_with_difference(
        &self,
        other: &Self,
        range: &RangeInclusive<i64>,
        expected: bool,
    ) -> Vec<u32> {
        match (self.ticks, self.per_tick) == (other.ticks, 1) {
            true => {
                let range = numbers_of(range, self.ticks, 1);
                self.rows_with_pair(other, range, expected, |a, b| a.wrapping_sub(b))
            }
            false => {
                let range = (*range.start(), *range.end());
                let difference = |a, b| self.ticks_of(a).wrapping_sub(other.ticks_of(b));
                self.rows_with_pair(other, range, expected, difference)
            }
        }
    }

    /// The rows of two columns of datetimes for which the result of a function is in a range, or is not.
    fn rows_with_pair(
        &self,
        other: &Self,
        (first, last): (i64, i64),
        expected: bool,
        function: impl Fn(i64, i64) -> i64,
    ) -> Vec<u32> {
        let is_empty = first > last;
        // The ends come so close to the differences of datetimes that no subtraction below overflows.
        let [first, last] = [first, last].map(|end| end.clamp(-BEYOND_DIFFERENCES, BEYOND_DIFFERENCES));
        let is_outside = |(a, b): (&i64, &i64)| {
            let result = function(*a, *b);
            result.wrapping_sub(first) | last.wrapping_sub(result)
        };
        let chunks = self.numbers.chunks(64).zip(other.numbers.chunks(64));
        let are_inside = chunks.map(|(a, b)| {
            // Negative numbers are outside. Chunks without a row inside are the most.
            let outside = || a.iter().zip(b).map(is_outside);
            if outside().fold(-1, |all, row| all & row) < 0 { 0 } else { bits(outside().map(|row| row >= 0)) }
        });
        let are_valid = self.valid().zip(other.valid()).map(|(a, b)| if is_empty { 0 } else { a & b });
        self.rows(are_inside.zip(are_valid), expected)
    }

    /// The ticks of a number of a datetime.
    fn ticks_of(&self, number: i64) -> i64 {
        match self.per_tick {
            1 => number.wrapping_mul(self.ticks),
            per_tick => number.div_euclid(per_tick),
        }
    }

    /// The first and the last of the numbers whose ticks are in a range.
    fn numbers_of(&self, range: &RangeInclusive<i64>) -> (i64, i64) {
        let (mut first, mut last) = (*range.start(), *range.end());
        if self.r#type == Type::Datetime {
            (first, last) = (first.max(*DATETIMES.start()), last.min(*DATETIMES.end()));
        }
        numbers_of(&(first..=last), self.ticks, self.per_tick)
    }

    /// For each 64 rows, which are not null.
    fn not_null(&self) -> impl Iterator<Item = u64> {
        let rows = self.numbers.len();
        (0..rows).step_by(64).map(move |first| match self.has_nulls {
            true => bits((first..rows.min(first + 64)).map(|row| self.array.is_valid(row))),
            false => u64::MAX,
        })
    }

    /// For each 64 rows, which are datetimes.
    fn valid(&self) -> impl Iterator<Item = u64> {
        let (first, last) = self.numbers_of(&DATETIMES);
        // Bits that a number has if it is negative or too large.
        let unusual = !(i64::MAX >> last.max(1).leading_zeros());
        let in_range = self.numbers.chunks(64).map(move |numbers| {
            match numbers.iter().fold(0, |all, number| all | number) & unusual {
                0 => u64::MAX,
                _ => bits(numbers.iter().map(|number| (first..=last).contains(number))),
            }
        });
        in_range.zip(self.not_null()).map(|(in_range, not_null)| in_range & not_null)
    }

    /// The rows that are inside and valid, or the others, from the bits of each 64 rows.
    fn rows(&self, bits: impl Iterator<Item = (u64, u64)>, expected: bool) -> Vec<u32> {
        let mut rows = vec![];
        for ((are_inside, are_valid), first) in bits.zip((0..).step_by(64)) {
            let count = self.numbers.len().saturating_sub(first as usize).min(64);
            let mut left = are_inside & are_valid;
            if !expected {
                left ^= u64::MAX >> (64 - count);
            }
            while left != 0 {
                rows.push(first + left.trailing_zeros());
                left &= left - 1;
            }
        }
        rows
    }
}

/// The first and the last of the numbers of a unit whose ticks are in a range. The first is after the last
/// if there are none.
fn numbers_of(range: &RangeInclusive<i64>, ticks: i64, per_tick: i64) -> (i64, i64) {
    let [ticks, per_tick] = [ticks, per_tick].map(i128::from);
    let first = i128::from(*range.start()) * per_tick;
    let first = first.div_euclid(ticks) + i128::from(first.rem_euclid(ticks) != 0);
    let last = ((i128::from(*range.end()) + 1) * per_tick - 1).div_euclid(ticks);
    let clamped = |number: i128| number.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
    let is_empty = first > last || first > i64::MAX.into() || last < i64::MIN.into();
    if is_empty { (1, 0) } else { (clamped(first), clamped(last)) }
}

/// The bits of up to 64 rows. The first row is the lowest bit.
fn bits(rows: impl Iterator<Item = bool>) -> u64 {
    let mut bytes = [0; 64];
    bytes.iter_mut().zip(rows).for_each(|(byte, row)| *byte = u8::from(row));
    packed(&bytes)
}
