//! Comparisons, and the functions and operators of truth: chapter 45.
//!
//! Spec: VAL-06, VAL-09, VAL-34

use super::Parameter::{Any, Bool, Ordered, Truth};
use super::{Function, Naming, Returns, truth};
use crate::kql::{Argument, Dynamic, Error, ErrorKind, Type, and, between, equals, or, order};
use crate::query::run::Context;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("and", |_, arguments| Ok(arguments.iter().map(truth).fold(Some(true), and).into()))
        .takes(&[Truth, Truth])
        .takes_more(Truth)
        .gives(Type::Bool),
    Function::new("or", |_, arguments| Ok(arguments.iter().map(truth).fold(Some(false), or).into()))
        .takes(&[Truth, Truth])
        .takes_more(Truth)
        .gives(Type::Bool),
    Function::new("not", |_, arguments| Ok(truth(&arguments[0]).map(|value| !value).into()))
        .takes(&[Bool])
        .gives(Type::Bool),
    Function::new("==", |_, arguments| Ok(equals(&arguments[0].value, &arguments[1].value).into()))
        .takes(&[Any, Any])
        .returns(Returns::Of(of_equal)),
    Function::new("!=", |_, arguments| {
        Ok(equals(&arguments[0].value, &arguments[1].value).map(|equal| !equal).into())
    })
    .takes(&[Any, Any])
    .returns(Returns::Of(of_equal)),
    Function::new("<", |_, arguments| ordered(arguments, |order| order.is_lt()))
        .takes(&[Any, Any])
        .returns(Returns::Of(of_ordered)),
    Function::new("<=", |_, arguments| ordered(arguments, |order| order.is_le()))
        .takes(&[Any, Any])
        .returns(Returns::Of(of_ordered)),
    Function::new(">", |_, arguments| ordered(arguments, |order| order.is_gt()))
        .takes(&[Any, Any])
        .returns(Returns::Of(of_ordered)),
    Function::new(">=", |_, arguments| ordered(arguments, |order| order.is_ge()))
        .takes(&[Any, Any])
        .returns(Returns::Of(of_ordered)),
    Function::new("between", |_, arguments| Ok(is_between(arguments).into()))
        .takes(&[Any, Any, Any])
        .returns(Returns::Of(of_between)),
    Function::new("!between", |_, arguments| Ok(is_between(arguments).map(|inside| !inside).into()))
        .takes(&[Any, Any, Any])
        .returns(Returns::Of(of_between)),
    Function::new("iff", iff).takes(&[Bool, Any, Any]).returns(Returns::Common(|index, _| index > 0)),
    Function::new("iif", iff).takes(&[Bool, Any, Any]).returns(Returns::Common(|index, _| index > 0)),
    Function::new("case", case)
        .takes(&[Bool, Any, Any])
        .takes_more(Any)
        .returns(Returns::Common(|index, count| index % 2 == 1 || index + 1 == count))
        .checked(|arguments| match arguments.len() % 2 {
            1 => Ok(()),
            _ => Err(Error::new(ErrorKind::WrongCount, "case needs an odd number of arguments")),
        }),
    Function::new("coalesce", |_, arguments| {
        let is_given = |argument: &&Argument| argument.value != argument.r#type.empty();
        Ok(arguments.iter().find(is_given).map(|argument| argument.value.clone()).unwrap_or_default())
    })
    .takes(&[Any, Any])
    .takes_more(Any)
    .returns(Returns::Common(|_, _| true)),
    Function::new("isnull", |_, arguments| Ok(arguments[0].value.is_null().into()))
        .takes(&[Any])
        .gives(Type::Bool),
    Function::new("isnotnull", |_, arguments| Ok((!arguments[0].value.is_null()).into()))
        .takes(&[Any])
        .gives(Type::Bool),
    Function::new("max_of", |_, arguments| Ok(extreme(arguments, |order| order.is_gt())))
        .takes(&[Ordered, Ordered])
        .takes_more(Ordered)
        .returns(Returns::Common(|_, _| true)),
    Function::new("min_of", |_, arguments| Ok(extreme(arguments, |order| order.is_lt())))
        .takes(&[Ordered, Ordered])
        .takes_more(Ordered)
        .returns(Returns::Common(|_, _| true)),
    Function::new("gettype", |_, arguments| {
        Ok(crate::kql::gettype(&arguments[0].value, arguments[0].r#type).into())
    })
    .takes(&[Any])
    .gives(Type::String)
    .named(Naming::Prefixed("type")),
];

fn is_number(of: Type) -> bool {
    matches!(of, Type::Int | Type::Long | Type::Real)
}

/// Spec: VAL-01, VAL-02
fn of_equal(types: &[Type]) -> Result<Type, ErrorKind> {
    match types {
        [a, b] if a == b && *a != Type::Dynamic => Ok(Type::Bool),
        [a, b] if is_number(*a) && is_number(*b) => Ok(Type::Bool),
        [a, Type::Dynamic] | [Type::Dynamic, a] if *a != Type::Dynamic => Ok(Type::Bool),
        _ => Err(ErrorKind::Unsupported),
    }
}

/// Spec: VAL-04, VAL-05
fn of_ordered(types: &[Type]) -> Result<Type, ErrorKind> {
    let is_time = |of: Type| matches!(of, Type::Datetime | Type::Timespan);
    match types {
        [a, b] if is_number(*a) && is_number(*b) || a == b && is_time(*a) => Ok(Type::Bool),
        [a, Type::Dynamic] | [Type::Dynamic, a] if is_number(*a) => Ok(Type::Bool),
        [a, b] if [*a, *b].iter().all(|of| is_number(*of) || matches!(of, Type::Bool | Type::Dynamic)) => {
            Err(ErrorKind::Unsupported)
        }
        _ => Err(ErrorKind::WrongType),
    }
}

/// Spec: VAL-07
fn of_between(types: &[Type]) -> Result<Type, ErrorKind> {
    match types {
        [Type::Datetime, Type::Datetime, Type::Timespan] => Ok(Type::Bool),
        [value, low, high] => of_ordered(&[*value, *low]).and(of_ordered(&[*value, *high])),
        _ => Err(ErrorKind::WrongType),
    }
}

/// Spec: VAL-04
fn ordered(arguments: &[Argument], holds: fn(std::cmp::Ordering) -> bool) -> Result<Dynamic, Error> {
    let [a, b] = [0, 1].map(|index| &arguments[index].value);
    if a.is_null() || b.is_null() {
        return Ok(Dynamic::Null);
    }
    Ok(order(a, b).is_some_and(holds).into())
}

/// Spec: VAL-07
fn is_between(arguments: &[Argument]) -> Option<bool> {
    let [value, low, high] = [0, 1, 2].map(|index| &arguments[index].value);
    match (low, high) {
        (Dynamic::Datetime(start), Dynamic::Timespan(length)) => {
            between(value, low, &start.checked_add(*length).into())
        }
        _ => between(value, low, high),
    }
}

fn iff(context: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
    let [condition, then, otherwise] = arguments else { return Ok(Dynamic::Null) };
    Ok((context.kql.iff)(context.kql, truth(condition), then.value.clone(), otherwise.value.clone()))
}

/// The value after the first condition that is true, or the last value.
///
/// Spec: VAL-08
fn case(context: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
    let (last, pairs) = arguments.split_last().map_or((None, arguments), |(last, pairs)| (Some(last), pairs));
    for pair in pairs.chunks_exact(2) {
        if (context.kql.iff)(context.kql, truth(&pair[0]), true.into(), false.into()) == Dynamic::Bool(true) {
            return Ok(pair[1].value.clone());
        }
    }
    Ok(last.map(|last| last.value.clone()).unwrap_or_default())
}

/// The largest or smallest value that is not null.
///
/// Spec: VAL-31
fn extreme(arguments: &[Argument], is_better: fn(std::cmp::Ordering) -> bool) -> Dynamic {
    let values = arguments.iter().map(|argument| &argument.value).filter(|value| !value.is_null());
    let best = values.reduce(|best, value| match order(value, best) {
        Some(order) if is_better(order) => value,
        _ => best,
    });
    best.cloned().unwrap_or_default()
}
