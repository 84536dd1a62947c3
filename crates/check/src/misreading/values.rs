//! Misreadings of chapter 45: comparison, logic, arithmetic, conversion.

use super::definition::misreadings;
use rulespec::kql::{
    self, Argument, Dynamic, Type, as_real, equals, gettype, order, tobool, todouble, tolong,
};
use rulespec::kql::{add, between, divide, iff, multiply, negative, subtract, totimespan};

type Answer = Result<Dynamic, kql::Error>;

misreadings! {
    "equality-ignores-case" misreads "VAL-01":
        "`==` ignores the case of strings",
        |engine| engine.semantics.replace("==", |kql, arguments| match [value(arguments, 0), value(arguments, 1)] {
            [Dynamic::String(a), Dynamic::String(b)] => Ok((kql.eq_ci)(kql, a, b).into()),
            [a, b] => truth(equals(a, b)),
        });
    "dynamic-equals-its-text" misreads "VAL-02":
        "a dynamic number equals its text",
        |engine| engine.semantics.replace("==", |kql, arguments| match [value(arguments, 0), value(arguments, 1)] {
            [a, b @ Dynamic::Long(_)] | [b @ Dynamic::Long(_), a] => {
                Ok((kql.call_tostring(a) == kql.call_tostring(b)).into())
            }
            [a, b] => truth(equals(a, b)),
        });
    "null-equals-null" misreads "VAL-03":
        "two nulls are equal",
        |engine| engine.semantics.replace("==", |_, arguments| {
            let [a, b] = [value(arguments, 0), value(arguments, 1)];
            Ok(equals(a, b).unwrap_or(true).into())
        });
    "null-differs-from-nothing" misreads "VAL-03":
        "`!=` with a null is null",
        |engine| engine.semantics.replace("!=", |_, arguments| match [value(arguments, 0), value(arguments, 1)] {
            [Dynamic::Null, _] | [_, Dynamic::Null] => Ok(Dynamic::Null),
            [a, b] => truth(equals(a, b).map(|equal| !equal)),
        });
    "order-of-null-is-false" misreads "VAL-04":
        "a comparison with null is false",
        |engine| engine.semantics.replace(">=", |_, arguments| {
            Ok(order(value(arguments, 0), value(arguments, 1)).is_some_and(|order| order.is_ge()).into())
        });
    "nan-is-the-largest" misreads "VAL-05":
        "NaN is greater than every real",
        |engine| engine.semantics.replace(">=", |_, arguments| match [value(arguments, 0), value(arguments, 1)] {
            [Dynamic::Null, _] | [_, Dynamic::Null] => Ok(Dynamic::Null),
            [Dynamic::Real(a), _] if a.is_nan() => Ok(true.into()),
            [a, b] => Ok(order(a, b).is_some_and(|order| order.is_ge()).into()),
        });
    "null-is-false-in-and" misreads "VAL-06":
        "`and` with a null is false",
        |engine| engine.semantics.replace("and", |_, arguments| {
            Ok(arguments.iter().all(|argument| argument.value.as_bool() == Some(true)).into())
        });
    "not-of-null-is-true" misreads "VAL-06":
        "`not` of null is true",
        |engine| engine.semantics.replace("not", |_, arguments| {
            Ok((value(arguments, 0).as_bool() != Some(true)).into())
        });
    "between-excludes-the-end" misreads "VAL-07":
        "the upper end does not belong to the range",
        |engine| engine.semantics.replace("between", |_, arguments| {
            let [of, low, high] = [0, 1, 2].map(|index| value(arguments, index));
            let is_end = equals(of, high) == Some(true);
            truth(between(of, low, high).map(|inside| inside && !is_end))
        });
    "case-takes-the-last" misreads "VAL-08":
        "the value after the last true condition counts",
        |engine| engine.semantics.replace("case", |_, arguments| {
            let pairs = arguments.chunks_exact(2).rev();
            let found = pairs.clone().find(|pair| value(pair, 0).as_bool() == Some(true));
            Ok(found.map_or_else(|| value(arguments, arguments.len() - 1), |pair| value(pair, 1)).clone())
        });
    "coalesce-keeps-empty-text" misreads "VAL-09":
        "an empty string is a value",
        |engine| engine.semantics.replace("coalesce", |_, arguments| {
            let found = arguments.iter().find(|argument| !argument.value.is_null());
            Ok(found.map(|argument| argument.value.clone()).unwrap_or_default())
        });
    "empty-text-is-null" misreads "VAL-34":
        "an empty string is null",
        |engine| engine.semantics.replace("isnull", |_, arguments| {
            let of = value(arguments, 0);
            Ok((of.is_null() || of.as_str() == Some("")).into())
        });
    "common-type-is-long" misreads "VAL-35":
        "a long and a real have the common type long",
        |engine| engine.semantics.iff = |_, condition, then, otherwise| {
            match iff(condition, then, otherwise) {
                Dynamic::Real(value) => Dynamic::Real(value.trunc()),
                value => value,
            }
        };
    "sums-saturate" misreads "VAL-10":
        "a sum that does not fit is the largest long",
        |engine| engine.semantics.replace("+", |_, arguments| match [value(arguments, 0), value(arguments, 1)] {
            [Dynamic::Long(a), Dynamic::Long(b)] => Ok(a.saturating_add(*b).into()),
            [a, b] => add(a, b),
        });
    "int-sums-wrap-at-32-bits" misreads "VAL-11":
        "the sum of two ints is an int",
        |engine| engine.semantics.replace("+", |_, arguments| {
            let are_ints = arguments.iter().all(|argument| argument.r#type == Type::Int);
            Ok(match add(value(arguments, 0), value(arguments, 1))? {
                Dynamic::Long(sum) if are_ints => i64::from(sum as i32).into(),
                sum => sum,
            })
        });
    "null-counts-as-zero" misreads "VAL-12":
        "a null operand is zero",
        |engine| engine.semantics.replace("-", |_, arguments| {
            let operand = |index: usize| arguments.get(index).map(|argument: &Argument| match &argument.value {
                Dynamic::Null => Dynamic::Long(0),
                value => value.clone(),
            });
            match (operand(0), operand(1)) {
                (Some(a), Some(b)) => subtract(&a, &b),
                (Some(a), None) => negative(&a),
                (None, _) => Ok(Dynamic::Null),
            }
        });
    "quotients-are-rounded-down" misreads "VAL-13":
        "a quotient of longs is rounded down",
        |engine| engine.semantics.replace("/", |_, arguments| match [value(arguments, 0), value(arguments, 1)] {
            [Dynamic::Long(a), Dynamic::Long(b @ 1..)] => Ok(a.div_euclid(*b).into()),
            [Dynamic::Long(a), Dynamic::Long(b @ ..=-1)] => Ok(a.wrapping_neg().div_euclid(b.wrapping_neg()).into()),
            [a, b] => divide(a, b),
        });
    "division-by-zero-is-zero" misreads "VAL-14":
        "a long divided by zero is zero",
        |engine| engine.semantics.replace("/", |_, arguments| match [value(arguments, 0), value(arguments, 1)] {
            [Dynamic::Long(_), Dynamic::Long(0)] => Ok(0.into()),
            [a, b] => divide(a, b),
        });
    "remainder-has-the-sign-of-the-dividend" misreads "VAL-15":
        "a remainder has the sign of the dividend, as in C",
        |engine| engine.semantics.replace("%", |_, arguments| match [value(arguments, 0), value(arguments, 1)] {
            [Dynamic::Long(a), Dynamic::Long(b)] => {
                Ok(a.checked_rem(*b).map_or(Dynamic::Null, Dynamic::Long))
            }
            [a, b] => Ok(as_real(a).zip(as_real(b)).map_or(Dynamic::Null, |(a, b)| Dynamic::Real(a % b))),
        });
    "negative-of-an-int-wraps" misreads "VAL-16":
        "the negative of the least int is itself",
        |engine| engine.semantics.replace("-", |_, arguments| match arguments {
            [Argument { value: Dynamic::Long(value), r#type: Type::Int }] => {
                Ok(i64::from((*value as i32).wrapping_neg()).into())
            }
            [only] => negative(&only.value),
            both => subtract(value(both, 0), value(both, 1)),
        });
    "dynamic-text-is-no-number" misreads "VAL-17":
        "arithmetic with a dynamic string is null",
        |engine| engine.semantics.replace("+", |_, arguments| add(value(arguments, 0), value(arguments, 1)));
    "log-of-a-negative-is-nan" misreads "VAL-30":
        "`log` of a negative number is NaN",
        |engine| engine.semantics.replace("log", |_, arguments| {
            Ok(as_real(value(arguments, 0)).map_or(Dynamic::Null, |value| Dynamic::Real(value.ln())))
        });
    "max-of-null-is-null" misreads "VAL-31":
        "`max_of` is null if an argument is",
        |engine| engine.semantics.replace("max_of", |_, arguments| match [value(arguments, 0), value(arguments, 1)] {
            [Dynamic::Null, _] | [_, Dynamic::Null] => Ok(Dynamic::Null),
            [a, b] => Ok(if order(a, b).is_some_and(|order| order.is_ge()) { a } else { b }.clone()),
        });
    "isnan-of-null-is-false" misreads "VAL-32":
        "`isnan` of null is false",
        |engine| engine.semantics.replace("isnan", |_, arguments| {
            Ok(as_real(value(arguments, 0)).is_some_and(f64::is_nan).into())
        });
    "round-half-to-even" misreads "VAL-33":
        "`round` rounds half to the even digit",
        |engine| engine.semantics.replace("round", |_, arguments| {
            let scale = 10_f64.powi(arguments.get(1).and_then(|digits| digits.value.as_long()).unwrap_or(0) as i32);
            let rounded = |value: f64| Dynamic::Real((value * scale).round_ties_even() / scale);
            Ok(as_real(value(arguments, 0)).map_or(Dynamic::Null, rounded))
        });
    "hexadecimal-text-is-no-integer" misreads "VAL-20":
        "only decimal digits are an integer",
        |engine| engine.semantics.replace("tolong", |_, arguments| Ok(match value(arguments, 0) {
            Dynamic::String(text) => text.trim().parse().map_or(Dynamic::Null, Dynamic::Long),
            other => optional(tolong(other, 64)),
        }));
    "tolong-rounds" misreads "VAL-21":
        "`tolong` rounds a real",
        |engine| engine.semantics.replace("tolong", |_, arguments| Ok(match value(arguments, 0) {
            Dynamic::Real(value) => optional(tolong(&Dynamic::Real(value.round()), 64)),
            other => optional(tolong(other, 64)),
        }));
    "toint-of-a-large-long-is-null" misreads "VAL-22":
        "`toint` of a long that does not fit is null",
        |engine| engine.semantics.replace("toint", |_, arguments| Ok(match value(arguments, 0) {
            Dynamic::Long(value) => optional(i32::try_from(*value).ok().map(i64::from)),
            other => optional(tolong(other, 32)),
        }));
    "todouble-reads-hexadecimal" misreads "VAL-23":
        "`todouble` reads hexadecimal digits",
        |engine| engine.semantics.replace("todouble", |_, arguments| {
            let of = value(arguments, 0);
            let number = todouble(of).or_else(|| tolong(of, 64).map(|value| value as f64));
            Ok(number.map_or(Dynamic::Null, Dynamic::Real))
        });
    "only-true-and-false-are-bools" misreads "VAL-24":
        "the text of a number is no bool",
        |engine| engine.semantics.replace("tobool", |_, arguments| Ok(match value(arguments, 0) {
            Dynamic::String(text) if text.parse::<i64>().is_ok() => Dynamic::Null,
            other => tobool(other).map_or(Dynamic::Null, Dynamic::Bool),
        }));
    "ticks-since-1970" misreads "VAL-25":
        "`tolong` of a datetime counts from 1970",
        |engine| engine.semantics.replace("tolong", |_, arguments| Ok(match value(arguments, 0) {
            Dynamic::Datetime(time) => time.ticks_since_1970().into(),
            other => optional(tolong(other, 64)),
        }));
    "spans-in-text-have-no-unit" misreads "VAL-26":
        "`totimespan` reads no unit",
        |engine| engine.semantics.replace("totimespan", |_, arguments| Ok(match value(arguments, 0) {
            Dynamic::String(text) => text.parse().map_or(Dynamic::Null, Dynamic::Timespan),
            other => totimespan(other).map_or(Dynamic::Null, Dynamic::Timespan),
        }));
    "gettype-of-a-dynamic-real-is-real" misreads "VAL-27":
        "a dynamic real has the type `real`",
        |engine| engine.semantics.replace("gettype", |_, arguments| {
            let of_type = arguments.first().map_or(Type::Dynamic, |argument| argument.r#type);
            Ok(match gettype(value(arguments, 0), of_type) {
                "double" => "real",
                other => other,
            }
            .into())
        });
    "null-converts-to-zero" misreads "VAL-28":
        "`tolong` of null is zero",
        |engine| engine.semantics.replace("tolong", |_, arguments| Ok(match value(arguments, 0) {
            Dynamic::Null => 0.into(),
            other => optional(tolong(other, 64)),
        }));
    "products-of-reals-are-whole" misreads "VAL-11":
        "the product of a long and a real is a whole number",
        |engine| engine.semantics.replace("*", |_, arguments| {
            Ok(match multiply(value(arguments, 0), value(arguments, 1))? {
                Dynamic::Real(product) => Dynamic::Real(product.trunc()),
                product => product,
            })
        });
}

/// The value of an argument.
pub(super) fn value(arguments: &[Argument], index: usize) -> &Dynamic {
    arguments.get(index).map_or(&Dynamic::Null, |argument| &argument.value)
}

fn truth(value: Option<bool>) -> Answer {
    Ok(value.map_or(Dynamic::Null, Dynamic::Bool))
}

fn optional(value: Option<i64>) -> Dynamic {
    value.map_or(Dynamic::Null, Dynamic::Long)
}
