//! The functions and operators of chapters 10, 20 and 30.

use super::Parameter::{Any, Long, String, Text};
use super::{Function, text};
use crate::kql::{Argument, Dynamic, Error, Type};
use crate::query::run::Context;

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("parse_command_line", |context, arguments| {
        let kql = context.kql;
        (kql.parse_command_line)(kql, text(&arguments[0]), text(&arguments[1]))
    })
    .takes(&[String, String])
    .gives(Type::Dynamic),
    Function::new("=~", |context, arguments| Ok(eq_ci(context, arguments).into()))
        .takes(&[Text, String])
        .gives(Type::Bool),
    Function::new("!~", |context, arguments| Ok((!eq_ci(context, arguments)).into()))
        .takes(&[Text, String])
        .gives(Type::Bool),
    Function::new("has", |context, arguments| Ok(has(context, arguments).into()))
        .takes(&[Text, String])
        .gives(Type::Bool),
    Function::new("!has", |context, arguments| Ok((!has(context, arguments)).into()))
        .takes(&[Text, String])
        .gives(Type::Bool),
    Function::new("has_any", |context, arguments| {
        let kql = context.kql;
        let lookups = elements(&arguments[1..]);
        Ok((kql.has_any)(kql, text(&arguments[0]), &lookups).into())
    })
    .takes(&[Text])
    .takes_more(Any)
    .gives(Type::Bool),
    Function::new("indexof", |context, arguments| {
        let kql = context.kql;
        let index = (kql.indexof)(kql, text(&arguments[0]), text(&arguments[1]));
        Ok(index.map_or(Dynamic::Null, Dynamic::Long))
    })
    .takes(&[Text, Text])
    .gives(Type::Long),
    Function::new("substring", substring).takes(&[Text, Long]).may_take(&[Long]).gives(Type::String),
];

fn eq_ci(context: Context<'_>, arguments: &[Argument]) -> bool {
    (context.kql.eq_ci)(context.kql, text(&arguments[0]), text(&arguments[1]))
}

fn has(context: Context<'_>, arguments: &[Argument]) -> bool {
    (context.kql.has)(context.kql, text(&arguments[0]), text(&arguments[1]))
}

/// The elements of a list. The elements of an array are elements of the list.
///
/// Spec: QRY-42
fn elements(arguments: &[Argument]) -> Vec<Dynamic> {
    let elements = arguments.iter().map(|argument| match &argument.value {
        Dynamic::Array(elements) => elements.clone(),
        value => vec![value.clone()],
    });
    elements.flatten().collect()
}

fn substring(context: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
    let kql = context.kql;
    let text = text(&arguments[0]);
    Ok(match (arguments[1].value.as_long(), arguments.get(2).map(|length| length.value.as_long())) {
        (Some(start), None) => (kql.substring)(kql, text, start, None).into(),
        (Some(start), Some(Some(length))) => (kql.substring)(kql, text, start, Some(length)).into(),
        _ => Type::String.empty(),
    })
}
