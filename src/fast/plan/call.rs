//! Calls of functions.

use std::borrow::Cow;
use std::ops::RangeInclusive;
use std::rc::Rc;

use super::expr::{Comparison, Expr};
use super::input::Input;
use super::state::State;
use super::value::Value;
use crate::fast::{command_line, text};
use crate::kql::{Argument, Dynamic, Error, TICKS_TO_1970, Type};
use crate::query::Function;

/// A call of a function.
#[derive(Debug, Clone)]
pub(super) struct Call {
    function: &'static Function,
    fast: Option<Fast>,
    arguments: Vec<(Expr, Type)>,
    r#type: Type,
}

/// The fast form of a function of up to three arguments. It returns `None` for arguments that it leaves
/// to the reference, and then does not change them.
type Fast = for<'a> fn(&mut [Value<'a>]) -> Option<Value<'a>>;

const MAX_FAST: usize = 3;

impl Call {
    pub(super) fn new(function: &'static Function, arguments: Vec<(Expr, Type)>, r#type: Type) -> Self {
        let fast = fast(function.name).filter(|_| arguments.len() <= MAX_FAST);
        Self { function, fast, arguments, r#type }
    }

    pub(super) fn operands(&self) -> impl Iterator<Item = &Expr> {
        self.arguments.iter().map(|(argument, _)| argument)
    }

    pub(super) fn value<'a, I: Input>(
        &'a self,
        state: &State<'a, I>,
        position: usize,
    ) -> Result<Value<'a>, Error> {
        let value = match self.fast {
            Some(fast) => {
                let mut values: [Value<'a>; MAX_FAST] = Default::default();
                for (value, (argument, _)) in values.iter_mut().zip(&self.arguments) {
                    *value = argument.value(state, position)?;
                }
                let values = values.get_mut(..self.arguments.len()).unwrap_or_default();
                match fast(values) {
                    Some(value) => value,
                    None => {
                        self.reference(state, values.iter_mut().map(|value| Ok(std::mem::take(value))))?
                    }
                }
            }
            None => self.reference(state, self.operands().map(|operand| operand.value(state, position)))?,
        };
        state.check_length(&value)?;
        // A string is never null.
        Ok(match value {
            Value::Null if self.r#type == Type::String => Value::Text(Cow::Borrowed("")),
            value => value,
        })
    }

    fn reference<'a, I: Input>(
        &self,
        state: &State<'a, I>,
        values: impl Iterator<Item = Result<Value<'a>, Error>>,
    ) -> Result<Value<'a>, Error> {
        let types = self.arguments.iter().map(|(_, r#type)| *r#type);
        let arguments = values
            .zip(types)
            .map(|(value, r#type)| value.map(|value| Argument { value: Dynamic::from(value), r#type }));
        let arguments = arguments.collect::<Result<Vec<_>, _>>()?;
        Ok(self.function.call(state.context(), &arguments)?.into())
    }
}

/// A call of a function of longs and times, whose arguments and result are numbers: longs, or ticks.
#[derive(Debug, Clone)]
pub(super) struct NumberCall {
    function: fn(i64, i64) -> Option<i64>,
    arguments: [Expr; 2],
    r#type: Type,
}

impl NumberCall {
    /// Returns `None` if the function has no such form.
    pub(super) fn new(name: &str, operands: &[Expr], types: &[Type], r#type: Type) -> Option<Self> {
        let is_long = |of: &Type| matches!(of, Type::Int | Type::Long);
        let function: fn(i64, i64) -> Option<i64> = match (name, types) {
            ("+", [a, b]) if is_long(a) && is_long(b) => |a, b| Some(a.wrapping_add(b)),
            ("-", [a, b]) if is_long(a) && is_long(b) => |a, b| Some(a.wrapping_sub(b)),
            ("+", [Type::Datetime, Type::Timespan]) => moved,
            ("-", [Type::Datetime, Type::Timespan]) => |time, span| moved(time, span.checked_neg()?),
            ("-", [Type::Datetime, Type::Datetime]) => i64::checked_sub,
            ("bin", [Type::Datetime, Type::Timespan]) => floor,
            ("startofday", [Type::Datetime]) => |time, _| floor(time, TICKS_PER_DAY),
            ("hourofday", [Type::Datetime]) => {
                |time, _| Some(time.rem_euclid(TICKS_PER_DAY) / (TICKS_PER_DAY / 24))
            }
            _ => return None,
        };
        let zero = Expr::Constant(Dynamic::Long(0));
        let arguments = [operands.first()?.clone(), operands.get(1).unwrap_or(&zero).clone()];
        Some(Self { function, arguments, r#type })
    }

    pub(super) fn operands(&self) -> &[Expr; 2] {
        &self.arguments
    }

    /// The operands, if the result is the difference of two datetimes: no other result is a timespan.
    pub(super) fn difference(&self) -> Option<&[Expr; 2]> {
        (self.r#type == Type::Timespan).then_some(&self.arguments)
    }

    /// The results for the values of both operands.
    pub(super) fn of_all(&self, a: &[Option<i64>], b: &[Option<i64>]) -> Vec<Option<i64>> {
        let of_one = |(a, b): (&Option<i64>, &Option<i64>)| (self.function)((*a)?, (*b)?);
        a.iter().zip(b).map(of_one).collect()
    }

    /// The result; none if it is null.
    pub(super) fn number<'a, I: Input>(
        &'a self,
        state: &State<'a, I>,
        position: usize,
    ) -> Result<Option<i64>, Error> {
        let [a, b] = &self.arguments;
        let arguments = a.number(state, position)?.zip(b.number(state, position)?);
        Ok(arguments.and_then(|(a, b)| (self.function)(a, b)))
    }

    pub(super) fn value<'a, I: Input>(
        &'a self,
        state: &State<'a, I>,
        position: usize,
    ) -> Result<Value<'static>, Error> {
        Ok(match (self.number(state, position)?, self.r#type) {
            (None, _) => Value::Null,
            (Some(ticks), Type::Datetime) => Value::Datetime(ticks),
            (Some(ticks), Type::Timespan) => Value::Timespan(ticks),
            (Some(number), _) => Value::Long(number),
        })
    }
}

/// The fast form of a function, if it has one.
fn fast(name: &str) -> Option<Fast> {
    Some(match name {
        "not" => |values| values[0].truth().map(|value| Value::Bool(!value)),
        "==" => |values| compare(Comparison::Equal, values),
        "!=" => |values| compare(Comparison::NotEqual, values),
        "<" => |values| compare(Comparison::Less, values),
        "<=" => |values| compare(Comparison::LessOrEqual, values),
        ">" => |values| compare(Comparison::Greater, values),
        ">=" => |values| compare(Comparison::GreaterOrEqual, values),
        "between" => between,
        "tostring" => |values| match &mut values[0] {
            Value::Text(text) => Some(Value::Text(std::mem::take(text))),
            _ => None,
        },
        "tolower" => |values| cased(values, u8::is_ascii_uppercase, str::make_ascii_lowercase),
        "toupper" => |values| cased(values, u8::is_ascii_lowercase, str::make_ascii_uppercase),
        "strlen" => |values| match &values[0] {
            Value::Text(text) => Some(Value::Long(text.chars().count() as i64)),
            _ => None,
        },
        "substring" => substring,
        "indexof" => |values| match values {
            [Value::Text(source), Value::Text(lookup)] => {
                Some(text::indexof(source, lookup).map_or(Value::Null, Value::Long))
            }
            _ => None,
        },
        "parse_command_line" => |values| match values {
            [Value::Text(line), Value::Text(parser)] if parser == "windows" => {
                Some(Value::Texts(arguments(line)))
            }
            _ => None,
        },
        "[]" => element,
        _ => return None,
    })
}

const TICKS_PER_DAY: i64 = 864_000_000_000;
/// The datetimes: from year 1 to year 9999, in ticks since 1970.
pub(super) const DATETIMES: RangeInclusive<i64> = -TICKS_TO_1970..=2_932_897 * TICKS_PER_DAY - 1;

fn compare<'a>(comparison: Comparison, values: &[Value<'a>]) -> Option<Value<'a>> {
    match values {
        [Value::Dynamic(_) | Value::Texts(_), _] | [_, Value::Dynamic(_) | Value::Texts(_)] => None,
        [a, b] => Some(comparison.holds(a, b).map_or(Value::Null, Value::Bool)),
        _ => None,
    }
}

fn between<'a>(values: &mut [Value<'a>]) -> Option<Value<'a>> {
    let [value, low, high] = values else { return None };
    Some(Value::Bool(low.order(value)?.is_le() && value.order(high)?.is_le()))
}

fn moved(time: i64, by: i64) -> Option<i64> {
    time.checked_add(by).filter(|ticks| DATETIMES.contains(ticks))
}

/// A time rounded down to a multiple of a step since year 1. A step that is not positive gives null.
fn floor(time: i64, step: i64) -> Option<i64> {
    let ticks = time.checked_add(TICKS_TO_1970).filter(|_| step > 0)?;
    Some(ticks - ticks.rem_euclid(step) - TICKS_TO_1970)
}

/// An ASCII text in another case.
fn cased<'a>(values: &mut [Value<'a>], changes: fn(&u8) -> bool, change: fn(&mut str)) -> Option<Value<'a>> {
    let [Value::Text(text)] = values else { return None };
    if !text.is_ascii() {
        return None;
    }
    let mut text = std::mem::take(text);
    if text.bytes().any(|byte| changes(&byte)) {
        change(text.to_mut());
    }
    Some(Value::Text(text))
}

fn substring<'a>(values: &mut [Value<'a>]) -> Option<Value<'a>> {
    let (source, start, length) = match values {
        [Value::Text(source), Value::Long(start)] => (source, *start, None),
        [Value::Text(source), Value::Long(start), Value::Long(length)] => (source, *start, Some(*length)),
        _ => return None,
    };
    Some(Value::Text(match source {
        Cow::Borrowed(source) => Cow::Borrowed(text::substring(source, start, length)),
        Cow::Owned(source) => Cow::Owned(text::substring(source, start, length).to_owned()),
    }))
}

fn element<'a>(values: &mut [Value<'a>]) -> Option<Value<'a>> {
    let [array, Value::Long(index)] = values else { return None };
    let len = match array {
        Value::Texts(texts) => texts.len(),
        Value::Dynamic(array) => elements(array)?.len(),
        _ => return None,
    };
    let index = if *index < 0 { index.checked_add(len as i64)? } else { *index };
    let Some(index) = usize::try_from(index).ok().filter(|index| *index < len) else {
        return Some(Value::Null);
    };
    Some(match array {
        Value::Texts(texts) => Value::Text(texts.get(index)?.clone()),
        Value::Dynamic(Cow::Borrowed(array)) => elements(array)?.get(index)?.into(),
        Value::Dynamic(Cow::Owned(Dynamic::Array(elements))) => elements.swap_remove(index).into(),
        _ => return None,
    })
}

fn elements(array: &Dynamic) -> Option<&[Dynamic]> {
    match array {
        Dynamic::Array(elements) => Some(elements),
        _ => None,
    }
}

/// The arguments of a command line, borrowed from it if possible.
fn arguments<'a>(line: &mut Cow<'a, str>) -> Rc<[Cow<'a, str>]> {
    match line {
        Cow::Borrowed(line) => command_line::split(line).collect(),
        Cow::Owned(line) => command_line::split_to_owned(line).into_iter().map(Cow::Owned).collect(),
    }
}
