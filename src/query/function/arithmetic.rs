//! Arithmetic, and the functions of numbers: chapter 45.

use super::Parameter::{Any, Long, Number};
use super::{Evaluation, Function, Naming, Returns, not_constant};
use crate::kql::{Argument, Dynamic, Error, ErrorKind, Type, as_real, floor, negative};
use crate::kql::{add, divide, multiply, remainder, subtract, todouble, tolong};

pub(super) const FUNCTIONS: &[Function] = &[
    operator("+", |_, arguments| converted(arguments, add), of_sum),
    operator(
        "-",
        |_, arguments| match arguments {
            [value] => negative(&value.value),
            arguments => converted(arguments, subtract),
        },
        of_difference,
    )
    .takes(&[Any])
    .may_take(&[Any]),
    operator("*", |_, arguments| converted(arguments, multiply), of_product),
    operator("/", |_, arguments| converted(arguments, divide), of_quotient),
    operator("%", |_, arguments| converted(arguments, |a, b| Ok(remainder(a, b))), of_remainder),
    Function::new("bin", |_, arguments| floor(&arguments[0].value, &arguments[1].value))
        .takes(&[Any, Any])
        .returns(Returns::Of(of_bin))
        .named(Naming::First),
    Function::new("floor", |_, arguments| floor(&arguments[0].value, &arguments[1].value))
        .takes(&[Any, Any])
        .returns(Returns::Of(of_bin))
        .named(Naming::First),
    Function::new("abs", |_, arguments| {
        Ok(match &arguments[0].value {
            Dynamic::Long(i64::MIN) => {
                return Err(Error::new(ErrorKind::Unsupported, "abs of the least long is not specified"));
            }
            Dynamic::Long(value) => Dynamic::Long(value.abs()),
            Dynamic::Real(value) => Dynamic::Real(value.abs()),
            _ => Dynamic::Null,
        })
    })
    .takes(&[Any])
    .returns(Returns::Of(of_abs))
    .named(Naming::First),
    Function::new("round", |_, arguments| Ok(round(arguments)))
        .takes(&[Number])
        .may_take(&[Long])
        .returns(Returns::Of(|types| match types {
            [Type::Real, ..] => Ok(Type::Real),
            _ => Err(ErrorKind::Unsupported),
        }))
        .named(Naming::First)
        .checked(|constants| match constants {
            [_, None] => Err(not_constant()),
            _ => Ok(()),
        }),
    Function::new("ceiling", |_, arguments| {
        Ok(match &arguments[0].value {
            Dynamic::Real(value) => Dynamic::Real(value.ceil()),
            value => value.clone(),
        })
    })
    .takes(&[Number])
    .returns(Returns::Of(|types| types.first().copied().ok_or(ErrorKind::WrongCount)))
    .named(Naming::First),
    of_real("sqrt", f64::sqrt),
    of_real("exp", f64::exp),
    of_real("exp2", f64::exp2),
    of_real("exp10", |value| 10_f64.powf(value)),
    Function::new("log", |_, arguments| {
        let value = as_real(&arguments[0].value).filter(|value| *value >= 0.0);
        Ok(value.map(f64::ln).into())
    })
    .takes(&[Number])
    .gives(Type::Real)
    .named(Naming::First),
    of_real("log10", f64::log10),
    of_real("log2", f64::log2),
    Function::new("pow", |_, arguments| {
        let [base, exponent] = [0, 1].map(|index| as_real(&arguments[index].value));
        Ok(base.zip(exponent).map(|(base, exponent)| base.powf(exponent)).into())
    })
    .takes(&[Number, Number])
    .gives(Type::Real)
    .named(Naming::First),
    Function::with(
        "sign",
        Evaluation::Real(|value| match value {
            value if value > 0.0 => 1.0,
            value if value < 0.0 => -1.0,
            _ => 0.0,
        }),
    )
    .takes(&[Number])
    .gives(Type::Real),
    Function::new("isnan", |_, arguments| Ok(property(arguments, f64::is_nan)))
        .takes(&[Number])
        .gives(Type::Bool),
    Function::new("isinf", |_, arguments| Ok(property(arguments, f64::is_infinite)))
        .takes(&[Number])
        .gives(Type::Bool),
    Function::new("isfinite", |_, arguments| Ok(property(arguments, f64::is_finite)))
        .takes(&[Number])
        .gives(Type::Bool),
];

/// An operator of two operands.
const fn operator(name: &'static str, evaluate: super::Evaluate, returns: super::ReturnsOf) -> Function {
    Function::new(name, evaluate).takes(&[Any, Any]).returns(Returns::Of(returns))
}

/// A function of a real.
///
/// Spec: VAL-30
const fn of_real(name: &'static str, function: fn(f64) -> f64) -> Function {
    Function::with(name, Evaluation::Real(function))
        .takes(&[Number])
        .returns(Returns::Of(|types| match types {
            [Type::Real | Type::Int | Type::Long] => Ok(Type::Real),
            _ => Err(ErrorKind::Unsupported),
        }))
        .named(Naming::First)
}

/// The result of an operator. A dynamic operand is converted to the type that the result has.
///
/// Spec: VAL-17
fn converted(
    arguments: &[Argument],
    operation: fn(&Dynamic, &Dynamic) -> Result<Dynamic, Error>,
) -> Result<Dynamic, Error> {
    let has_real = arguments.iter().any(|argument| argument.r#type == Type::Real);
    let operand = |argument: &Argument| match (argument.r#type, has_real) {
        (Type::Dynamic, true) => todouble(&argument.value).into(),
        (Type::Dynamic, false) => tolong(&argument.value, 64).into(),
        _ => argument.value.clone(),
    };
    operation(&operand(&arguments[0]), &operand(&arguments[1]))
}

/// Spec: VAL-32
fn property(arguments: &[Argument], has: fn(f64) -> bool) -> Dynamic {
    as_real(&arguments[0].value).map(has).into()
}

/// Rounds half away from zero.
///
/// Spec: VAL-33
fn round(arguments: &[Argument]) -> Dynamic {
    let digits = arguments.get(1).map_or(Some(0), |digits| digits.value.as_long());
    let scale = digits.and_then(|digits| i32::try_from(digits).ok()).map(|digits| 10_f64.powi(digits));
    let value = as_real(&arguments[0].value);
    value.zip(scale).map(|(value, scale)| (value * scale).round() / scale).into()
}

/// Spec: VAL-30
fn of_abs(types: &[Type]) -> Result<Type, ErrorKind> {
    match types {
        [Type::Int | Type::Long] => Ok(Type::Long),
        [Type::Real] => Ok(Type::Real),
        [Type::Timespan] => Err(ErrorKind::Unsupported),
        _ => Err(ErrorKind::WrongType),
    }
}

/// The type of the result for numbers.
///
/// Spec: VAL-11, VAL-17
fn of_number(types: &[Type]) -> Result<Type, ErrorKind> {
    match types {
        [Type::Dynamic] | [Type::Dynamic, Type::Dynamic] => Err(ErrorKind::Unsupported),
        types if types.iter().all(|of| matches!(of, Type::Int | Type::Long | Type::Dynamic)) => {
            Ok(Type::Long)
        }
        types if types.iter().all(|of| matches!(of, Type::Int | Type::Long | Type::Real | Type::Dynamic)) => {
            Ok(Type::Real)
        }
        _ => Err(ErrorKind::WrongType),
    }
}

/// Spec: TIM-03
fn of_sum(types: &[Type]) -> Result<Type, ErrorKind> {
    match types {
        [Type::Datetime, Type::Timespan] | [Type::Timespan, Type::Datetime] => Ok(Type::Datetime),
        [Type::Timespan, Type::Timespan] => Ok(Type::Timespan),
        [Type::Datetime, Type::Datetime] => Err(ErrorKind::Unsupported),
        [Type::Datetime | Type::Timespan, Type::Dynamic]
        | [Type::Dynamic, Type::Datetime | Type::Timespan] => Err(ErrorKind::Unsupported),
        types => of_number(types),
    }
}

/// Spec: TIM-03, VAL-16
fn of_difference(types: &[Type]) -> Result<Type, ErrorKind> {
    match types {
        [Type::Timespan] | [Type::Datetime, Type::Datetime] | [Type::Timespan, Type::Timespan] => {
            Ok(Type::Timespan)
        }
        [Type::Datetime, Type::Timespan] => Ok(Type::Datetime),
        [Type::Timespan, Type::Datetime] => Err(ErrorKind::Unsupported),
        types => of_sum(types),
    }
}

/// Spec: TIM-04
fn of_product(types: &[Type]) -> Result<Type, ErrorKind> {
    match types {
        [Type::Timespan, Type::Int | Type::Long | Type::Real]
        | [Type::Int | Type::Long | Type::Real, Type::Timespan] => Ok(Type::Timespan),
        [Type::Datetime | Type::Timespan, Type::Int | Type::Long | Type::Real | Type::Timespan]
        | [Type::Int | Type::Long | Type::Real, Type::Datetime] => Err(ErrorKind::Unsupported),
        types => of_number(types),
    }
}

/// Spec: TIM-04
fn of_quotient(types: &[Type]) -> Result<Type, ErrorKind> {
    match types {
        [Type::Timespan, Type::Timespan] => Ok(Type::Real),
        [Type::Timespan, Type::Int | Type::Long | Type::Real] => Ok(Type::Timespan),
        [Type::Datetime, Type::Datetime | Type::Timespan | Type::Int | Type::Long | Type::Real] => {
            Err(ErrorKind::Unsupported)
        }
        types => of_number(types),
    }
}

/// Spec: VAL-15
fn of_remainder(types: &[Type]) -> Result<Type, ErrorKind> {
    match types {
        [Type::Timespan, Type::Timespan] => Ok(Type::Timespan),
        [Type::Datetime | Type::Timespan, Type::Dynamic] => Err(ErrorKind::WrongType),
        [Type::Datetime | Type::Timespan, _] => Err(ErrorKind::Unsupported),
        types => of_number(types),
    }
}

/// Spec: TIM-05
fn of_bin(types: &[Type]) -> Result<Type, ErrorKind> {
    match types {
        [Type::Datetime | Type::Timespan, Type::Timespan] => Ok(types[0]),
        [Type::Dynamic, _] | [_, Type::Dynamic] => Err(ErrorKind::Unsupported),
        types => of_number(types),
    }
}
