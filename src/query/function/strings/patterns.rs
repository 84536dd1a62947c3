//! The functions and the operator that take regular expressions, and `countof`.
//!
//! Spec: RGX-15, STR-22

use super::{integer, unsupported};
use crate::kql::{Argument, Dynamic, Error, ErrorKind, Type};
use crate::kql::{countof, extract, extract_all, matches, pattern, pieces, replace_regex, trim_pattern};
use crate::query::function::Parameter::{Any, Long, String, Text};
use crate::query::function::{Function, Returns, constant, text};
use crate::query::run::Context;

pub(in crate::query::function) const FUNCTIONS: &[Function] = &[
    Function::new("matches regex", |_, arguments| {
        Ok(pattern(text(&arguments[1]))?.is_match(text(&arguments[0])).into())
    })
    .takes(&[Text, String])
    .gives(Type::Bool)
    .checked(|constants| match constant(constants, 1) {
        Ok(text) => pattern(text).map(|_| ()),
        Err(_) => Err(unsupported("a pattern that is no constant")),
    }),
    Function::new("extract", |_, arguments| {
        let group = integer(&arguments[1])?;
        Ok(extract(&pattern(text(&arguments[0]))?, group, text(&arguments[2]))?.into())
    })
    .takes(&[String, Long, String])
    .gives(Type::String)
    .checked(|constants| pattern(constant(constants, 0)?).map(|_| ())),
    Function::new("extract_all", |_, arguments| {
        let pattern = pattern(text(&arguments[0]))?;
        match arguments {
            [_, groups, source] => match &groups.value {
                Dynamic::Array(groups) => extract_all(&pattern, Some(groups), text(source)),
                _ => Err(unsupported("groups of extract_all that are no array")),
            },
            arguments => extract_all(&pattern, None, text(&arguments[1])),
        }
    })
    .takes(&[String, Any])
    .may_take(&[String])
    .returns(Returns::Of(|types| match types {
        [_, Type::String] | [_, Type::Dynamic, _] => Ok(Type::Dynamic),
        _ => Err(ErrorKind::WrongType),
    }))
    .checked(|constants| match pattern(constant(constants, 0)?)?.captures_len() {
        1 => Err(Error::new(ErrorKind::InvalidArgument, "extract_all needs a pattern with a group")),
        _ => Ok(()),
    }),
    Function::new("replace_regex", replaced)
        .takes(&[String, String, String])
        .gives(Type::String)
        .checked(|constants| pieces(&pattern(constant(constants, 1)?)?, constant(constants, 2)?).map(|_| ())),
    Function::new("replace", |context, arguments| {
        let [pattern, rewrite, source] = arguments else { return Ok(Dynamic::Null) };
        replaced(context, &[source.clone(), pattern.clone(), rewrite.clone()])
    })
    .takes(&[String, String, String])
    .gives(Type::String)
    .checked(|constants| pieces(&pattern(constant(constants, 0)?)?, constant(constants, 1)?).map(|_| ())),
    Function::new("trim", |_, arguments| trim(arguments, true, true))
        .takes(&[String, String])
        .gives(Type::String)
        .checked(|constants| trim_pattern(constant(constants, 0)?, true, true).map(|_| ())),
    Function::new("trim_start", |_, arguments| trim(arguments, true, false))
        .takes(&[String, String])
        .gives(Type::String)
        .checked(|constants| trim_pattern(constant(constants, 0)?, true, false).map(|_| ())),
    Function::new("trim_end", |_, arguments| trim(arguments, false, true))
        .takes(&[String, String])
        .gives(Type::String)
        .checked(|constants| trim_pattern(constant(constants, 0)?, false, true).map(|_| ())),
    Function::new("countof", count)
        .takes(&[String, String])
        .may_take(&[String])
        .gives(Type::Long)
        .checked(check_countof),
];

/// Spec: RGX-07, RGX-08
fn replaced(_: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
    let [source, rewrite] = [0, 2].map(|index| text(&arguments[index]));
    let pattern = pattern(text(&arguments[1]))?;
    Ok(replace_regex(source, &pattern, rewrite)?.into())
}

/// Spec: RGX-12, RGX-13
fn trim(arguments: &[Argument], start: bool, end: bool) -> Result<Dynamic, Error> {
    let pattern = trim_pattern(text(&arguments[0]), start, end)?;
    Ok(pattern.replace_all(text(&arguments[1]), "").into_owned().into())
}

/// Spec: STR-08, STR-09, RGX-14
fn count(_: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
    let (source, lookup) = (text(&arguments[0]), text(&arguments[1]));
    Ok(match arguments.get(2).map(text) {
        Some("regex") => (matches(&pattern(lookup)?, source)?.len() as i64).into(),
        _ => countof(source, lookup).into(),
    })
}

/// Spec: STR-20, RGX-14
fn check_countof(constants: &[Option<Dynamic>]) -> Result<(), Error> {
    let lookup = constant(constants, 1)?;
    match constants.get(2) {
        None => Ok(()),
        Some(_) => match constant(constants, 2)? {
            "normal" => Ok(()),
            "regex" => pattern(lookup).map(|_| ()),
            other => Err(Error::new(ErrorKind::InvalidArgument, format!("countof has no kind {other:?}"))),
        },
    }
}
