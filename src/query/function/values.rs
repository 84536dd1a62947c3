//! Arithmetic, conversions, and the functions and operators of chapter 40.

use super::Parameter::{Any, Dynamic as AnyDynamic, Number};
use super::{Function, Naming, Returns};
use crate::kql::{Dynamic, Type};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("tostring", |context, arguments| {
        let kql = context.kql;
        Ok((kql.tostring)(kql, &arguments[0].value, arguments[0].r#type).into())
    })
    .takes(&[Any])
    .gives(Type::String)
    .named(Naming::First),
    Function::new("[]", |context, arguments| {
        Ok(match &arguments[1].value {
            Dynamic::Long(index) => (context.kql.element)(context.kql, &arguments[0].value, *index),
            Dynamic::String(name) => crate::kql::member(&arguments[0].value, name),
            _ => Dynamic::Null,
        })
    })
    .takes(&[AnyDynamic, Any])
    .gives(Type::Dynamic),
    Function::new("-", |_, arguments| {
        let (a, b) = match arguments {
            [a] => (Some(0), a.value.as_long()),
            arguments => (arguments[0].value.as_long(), arguments[1].value.as_long()),
        };
        Ok(a.zip(b).map_or(Dynamic::Null, |(a, b)| Dynamic::Long(a.wrapping_sub(b))))
    })
    .takes(&[Number])
    .may_take(&[Number])
    .returns(Returns::Of(|_| Some(Type::Long))),
    Function::new("+", |_, arguments| {
        Ok(match (arguments[0].value.as_long(), arguments[1].value.as_long()) {
            (Some(a), Some(b)) => Dynamic::Long(a.wrapping_add(b)),
            _ => Dynamic::Null,
        })
    })
    .takes(&[Number, Number])
    .returns(Returns::Of(|_| Some(Type::Long))),
];
