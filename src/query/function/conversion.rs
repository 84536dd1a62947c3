//! Conversions, and the functions of dynamic values: chapters 40 and 45.
//!
//! Spec: DYN-19, DYN-20, DYN-21, DYN-22, VAL-28

use super::Parameter::{Any, Dynamic as AnyDynamic, Long};
use super::{Evaluation, Function, Naming, text};
use crate::kql::{Argument, Dynamic, Error, ErrorKind, Type, member, order, slice};
use crate::kql::{parse_json, tobool, todatetime, todouble, tolong, totimespan};
use crate::query::run::Context;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("tostring", |context, arguments| {
        Ok((context.kql.tostring)(context.kql, &arguments[0].value, arguments[0].r#type).into())
    })
    .takes(&[Any])
    .gives(Type::String)
    .named(Naming::First),
    conversion("tolong", Type::Long, |value| tolong(value, 64).map(Dynamic::Long)),
    conversion("toint", Type::Int, |value| tolong(value, 32).map(Dynamic::Long)),
    conversion("todouble", Type::Real, |value| todouble(value).map(Dynamic::Real)),
    conversion("toreal", Type::Real, |value| todouble(value).map(Dynamic::Real)),
    conversion("tobool", Type::Bool, |value| tobool(value).map(Dynamic::Bool)),
    conversion("toboolean", Type::Bool, |value| tobool(value).map(Dynamic::Bool)),
    conversion("todatetime", Type::Datetime, |value| todatetime(value).map(Dynamic::Datetime)),
    conversion("totimespan", Type::Timespan, |value| totimespan(value).map(Dynamic::Timespan)),
    conversion("totime", Type::Timespan, |value| totimespan(value).map(Dynamic::Timespan)),
    Function::new("parse_json", to_dynamic).takes(&[Any]).gives(Type::Dynamic).named(Naming::First),
    Function::new("todynamic", to_dynamic).takes(&[Any]).gives(Type::Dynamic).named(Naming::First),
    Function::new("[]", |context, arguments| {
        Ok(match &arguments[1].value {
            Dynamic::Long(index) => (context.kql.element)(context.kql, &arguments[0].value, *index),
            Dynamic::String(name) => member(&arguments[0].value, name),
            _ => Dynamic::Null,
        })
    })
    .takes(&[AnyDynamic, Any])
    .gives(Type::Dynamic),
    Function::new("array_length", |_, arguments| {
        Ok(array(&arguments[0]).map(|elements| elements.len() as i64).into())
    })
    .takes(&[AnyDynamic])
    .gives(Type::Long),
    Function::new("pack_array", |_, arguments| {
        Ok(Dynamic::Array(arguments.iter().map(|argument| argument.value.clone()).collect()))
    })
    .takes(&[Any])
    .takes_more(Any)
    .gives(Type::Dynamic),
    Function::new("pack", pack).takes(&[Any, Any]).takes_more(Any).gives(Type::Dynamic).checked(in_pairs),
    Function::new("bag_pack", pack).takes(&[Any, Any]).takes_more(Any).gives(Type::Dynamic).checked(in_pairs),
    Function::new("bag_keys", |_, arguments| {
        Ok(match &arguments[0].value {
            Dynamic::Bag(members) => Dynamic::strings(members.iter().map(|(name, _)| name.as_str())),
            _ => Dynamic::Null,
        })
    })
    .takes(&[AnyDynamic])
    .gives(Type::Dynamic),
    Function::new("array_concat", |_, arguments| {
        // What is no array has no elements.
        Ok(Dynamic::Array(arguments.iter().filter_map(array).collect::<Vec<_>>().concat()))
    })
    .takes(&[AnyDynamic])
    .takes_more(AnyDynamic)
    .gives(Type::Dynamic),
    Function::new("array_slice", |_, arguments| {
        let [start, end] = [1, 2].map(|index| arguments[index].value.as_long());
        let parts = array(&arguments[0]).zip(start).zip(end);
        let sliced = |((elements, start), end)| Dynamic::Array(slice(elements, start, end).to_vec());
        Ok(parts.map(sliced).into())
    })
    .takes(&[AnyDynamic, Long, Long])
    .gives(Type::Dynamic),
    Function::new("array_reverse", |_, arguments| {
        let reversed = |elements: &[Dynamic]| Dynamic::Array(elements.iter().rev().cloned().collect());
        Ok(array(&arguments[0]).map(reversed).into())
    })
    .takes(&[AnyDynamic])
    .gives(Type::Dynamic),
    Function::new("set_has_element", |_, arguments| {
        let index = array(&arguments[0]).map(|elements| index_of(elements, &arguments[1].value));
        Ok(index.map(|index| index.is_some()).into())
    })
    .takes(&[AnyDynamic, Any])
    .gives(Type::Bool),
    Function::new("array_index_of", |_, arguments| {
        let index = array(&arguments[0]).map(|elements| index_of(elements, &arguments[1].value));
        Ok(index.map(|index| index.map_or(-1, |index| index as i64)).into())
    })
    .takes(&[AnyDynamic, Any])
    .gives(Type::Long),
];

/// A conversion to a type. It is null if the value cannot be converted.
///
/// Spec: VAL-20
const fn conversion(name: &'static str, to: Type, convert: fn(&Dynamic) -> Option<Dynamic>) -> Function {
    Function::with(name, Evaluation::Conversion(convert)).takes(&[Any]).gives(to).named(Naming::First)
}

fn array(argument: &Argument) -> Option<&[Dynamic]> {
    match &argument.value {
        Dynamic::Array(elements) => Some(elements),
        _ => None,
    }
}

/// The index of the first element that equals a value.
fn index_of(elements: &[Dynamic], value: &Dynamic) -> Option<usize> {
    elements.iter().position(|element| order(element, value).is_some_and(|order| order.is_eq()))
}

/// Spec: DYN-17, DYN-18
fn to_dynamic(_: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
    Ok(match &arguments[0] {
        Argument { value: Dynamic::String(text), r#type: Type::String } => parse_json(text),
        argument => argument.value.clone(),
    })
}

/// Spec: DYN-20
fn pack(_: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
    if arguments.len() % 2 == 1 {
        return Err(Error::new(ErrorKind::WrongCount, "pack takes names and values in turn"));
    }
    let mut members: Vec<(String, Dynamic)> = vec![];
    for pair in arguments.chunks_exact(2) {
        let name = text(&pair[0]).to_owned();
        members.retain(|(other, _)| *other != name);
        members.push((name, pair[1].value.clone()));
    }
    Ok(Dynamic::Bag(members))
}

/// Whether the arguments are names, each with a value.
fn in_pairs(arguments: &[Option<Dynamic>]) -> Result<(), Error> {
    if arguments.len().is_multiple_of(2) {
        return Ok(());
    }
    Err(Error::new(ErrorKind::WrongCount, "each name in a bag needs a value"))
}
