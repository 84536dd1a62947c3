//! Comparisons, and the functions and operators of truth.

use super::Parameter::{Any, Bool, Truth};
use super::{Function, Returns, truth};
use crate::kql::{Dynamic, Type, and, or};

pub(super) const FUNCTIONS: &[Function] = &[
    Function::new("and", |_, arguments| Ok(from_truth(arguments.iter().map(truth).fold(Some(true), and))))
        .takes(&[Truth, Truth])
        .takes_more(Truth)
        .gives(Type::Bool),
    Function::new("or", |_, arguments| Ok(from_truth(arguments.iter().map(truth).fold(Some(false), or))))
        .takes(&[Truth, Truth])
        .takes_more(Truth)
        .gives(Type::Bool),
    Function::new("not", |_, arguments| Ok(from_truth(truth(&arguments[0]).map(|value| !value))))
        .takes(&[Bool])
        .gives(Type::Bool),
    Function::new("iff", iff).takes(&[Bool, Any, Any]).returns(Returns::Common(|index, _| index > 0)),
    Function::new("iif", iff).takes(&[Bool, Any, Any]).returns(Returns::Common(|index, _| index > 0)),
];

fn iff(
    context: crate::query::run::Context<'_>,
    arguments: &[crate::kql::Argument],
) -> Result<Dynamic, crate::kql::Error> {
    let [condition, then, otherwise] = arguments else { return Ok(Dynamic::Null) };
    Ok((context.kql.iff)(context.kql, truth(condition), then.value.clone(), otherwise.value.clone()))
}

fn from_truth(value: Option<bool>) -> Dynamic {
    value.map_or(Dynamic::Null, Dynamic::Bool)
}
