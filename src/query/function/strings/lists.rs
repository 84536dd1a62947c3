//! The operators whose right operand is a list.

use std::cmp::Ordering;

use super::unsupported;
use crate::kql::{Argument, Dynamic, Error, Semantics, Type, order};
use crate::query::function::Parameter::{Any, Text};
use crate::query::function::{Function, text};

pub(in crate::query::function) const FUNCTIONS: &[Function] = &[
    Function::new("in", |context, arguments| is_in(context.kql, arguments, ordinal))
        .takes(&[Any])
        .takes_more(Any)
        .gives(Type::Bool),
    Function::new("!in", |context, arguments| negated(is_in(context.kql, arguments, ordinal)))
        .takes(&[Any])
        .takes_more(Any)
        .gives(Type::Bool),
    Function::new("in~", |context, arguments| is_in(context.kql, arguments, context.kql.eq_ci))
        .takes(&[Text])
        .takes_more(Any)
        .gives(Type::Bool),
    Function::new("!in~", |context, arguments| negated(is_in(context.kql, arguments, context.kql.eq_ci)))
        .takes(&[Text])
        .takes_more(Any)
        .gives(Type::Bool),
    Function::new("has_any", |context, arguments| {
        let lookups = elements(&arguments[1..]);
        Ok((context.kql.has_any)(context.kql, text(&arguments[0]), &lookups).into())
    })
    .takes(&[Text])
    .takes_more(Any)
    .gives(Type::Bool),
    Function::new("has_all", |context, arguments| {
        let kql = context.kql;
        let found = |lookup| kql.call_has(text(&arguments[0]), &kql.call_tostring(lookup));
        Ok(elements(&arguments[1..]).iter().all(found).into())
    })
    .takes(&[Text])
    .takes_more(Any)
    .gives(Type::Bool),
];

/// The elements of a list. The elements of an array are elements of the list, also those of an
/// array in an array.
///
/// Spec: QRY-42, TRM-23, TXT-27
fn elements(arguments: &[Argument]) -> Vec<Dynamic> {
    let mut elements = vec![];
    arguments.iter().for_each(|argument| flatten(&argument.value, &mut elements));
    elements
}

fn flatten(value: &Dynamic, elements: &mut Vec<Dynamic>) {
    match value {
        Dynamic::Array(inner) => inner.iter().for_each(|value| flatten(value, elements)),
        value => elements.push(value.clone()),
    }
}

fn ordinal(_: &Semantics, a: &str, b: &str) -> bool {
    a == b
}

fn negated(value: Result<Dynamic, Error>) -> Result<Dynamic, Error> {
    Ok(match value? {
        Dynamic::Bool(value) => Dynamic::Bool(!value),
        value => value,
    })
}

/// Whether the first argument equals an element of the list that the others are.
///
/// Spec: TXT-24, TXT-25, TXT-28, TXT-29
fn is_in(
    kql: &Semantics,
    arguments: &[Argument],
    equal: fn(&Semantics, &str, &str) -> bool,
) -> Result<Dynamic, Error> {
    for element in elements(&arguments[1..]) {
        if equals(kql, &arguments[0], &element, equal)? {
            return Ok(true.into());
        }
    }
    Ok(false.into())
}

/// Whether a value equals an element. One null equals no value; for two nulls, and for values of
/// different kinds with the same text, no evidence decides.
fn equals(
    kql: &Semantics,
    value: &Argument,
    element: &Dynamic,
    equal: fn(&Semantics, &str, &str) -> bool,
) -> Result<bool, Error> {
    match (&value.value, element) {
        (Dynamic::String(value), Dynamic::String(element)) => Ok(equal(kql, value, element)),
        (other, Dynamic::String(element)) if value.r#type == Type::Dynamic => {
            Ok(equal(kql, &kql.call_tostring(other), element))
        }
        (other, element) => match order(other, element) {
            Some(ordering) => Ok(ordering == Ordering::Equal),
            None if equal(kql, &kql.call_tostring(other), &kql.call_tostring(element)) => {
                Err(unsupported("a value in a list of another type"))
            }
            None => Ok(false),
        },
    }
}
