//! The functions that make strings, and those that measure and take apart strings.
//!
//! Spec: STR-01, STR-13, STR-14, STR-21

use super::{integer, unsupported};
use crate::kql::{Argument, Dynamic, Error, ErrorKind, Type};
use crate::kql::{base64_decode, base64_encode, limited, places, replace_string, tolower, toupper};
use crate::query::function::Parameter::{AsText, Dynamic as AnyDynamic, Long, String, Text};
use crate::query::function::{Function, Naming, not_constant, text};
use crate::query::run::Context;

/// How many texts `strcat` and `strcat_delim` join at most.
const MAX_JOINED: usize = 64;

/// How often `strrep` repeats a text at most.
const MAX_REPEATS: usize = 1024;

pub(in crate::query::function) const FUNCTIONS: &[Function] = &[
    Function::new("parse_command_line", |context, arguments| {
        let kql = context.kql;
        (kql.parse_command_line)(kql, text(&arguments[0]), text(&arguments[1]))
    })
    .takes(&[String, String])
    .gives(Type::Dynamic),
    Function::new("strlen", |_, arguments| Ok((text(&arguments[0]).chars().count() as i64).into()))
        .takes(&[Text])
        .gives(Type::Long)
        .named(Naming::Prefixed("strlen")),
    Function::new("string_size", |_, arguments| Ok((text(&arguments[0]).len() as i64).into()))
        .takes(&[Text])
        .gives(Type::Long)
        .named(Naming::Prefixed("string_size")),
    Function::new("tolower", |context, arguments| {
        Ok(tolower(text(&arguments[0]), &context.kql.profile).into())
    })
    .takes(&[AsText])
    .gives(Type::String),
    Function::new("toupper", |context, arguments| {
        Ok(toupper(text(&arguments[0]), &context.kql.profile).into())
    })
    .takes(&[AsText])
    .gives(Type::String),
    Function::new("isempty", |_, arguments| Ok(text(&arguments[0]).is_empty().into()))
        .takes(&[AsText])
        .gives(Type::Bool),
    Function::new("isnotempty", is_not_empty).takes(&[AsText]).gives(Type::Bool),
    Function::new("notempty", is_not_empty).takes(&[AsText]).gives(Type::Bool),
    Function::new("reverse", |_, arguments| {
        Ok(text(&arguments[0]).chars().rev().collect::<std::string::String>().into())
    })
    .takes(&[AsText])
    .gives(Type::String),
    Function::new("strcat", |_, arguments| joined("", arguments))
        .takes(&[AsText])
        .takes_more(AsText)
        .gives(Type::String)
        .checked(|arguments| at_most(arguments.len())),
    Function::new("strcat_delim", |_, arguments| joined(text(&arguments[0]), &arguments[1..]))
        .takes(&[AsText, AsText, AsText])
        .takes_more(AsText)
        .gives(Type::String)
        .checked(|arguments| at_most(arguments.len() - 1)),
    Function::new("strcat_array", strcat_array).takes(&[AnyDynamic, AsText]).gives(Type::String),
    Function::new("strrep", strrep).takes(&[AsText, Long]).may_take(&[AsText]).gives(Type::String),
    Function::new("replace_string", replace).takes(&[String, String, String]).gives(Type::String),
    Function::new("indexof", indexof)
        .takes(&[AsText, AsText])
        .may_take(&[Long, Long, Long])
        .gives(Type::Long)
        .checked(|constants| match constants.get(4) {
            Some(None) => Err(not_constant()),
            _ => Ok(()),
        }),
    Function::new("substring", substring).takes(&[AsText, Long]).may_take(&[Long]).gives(Type::String),
    Function::new("split", split)
        .takes(&[AsText, Text])
        .may_take(&[Long])
        .gives(Type::Dynamic)
        .named(Naming::First),
    Function::new("base64_decode_tostring", decode).takes(&[String]).gives(Type::String),
    Function::new("base64_decodestring", decode).takes(&[String]).gives(Type::String),
    Function::new("base64_encode_tostring", |_, arguments| Ok(base64_encode(text(&arguments[0])).into()))
        .takes(&[String])
        .gives(Type::String),
];

/// Spec: STR-13, STR-22
fn is_not_empty(_: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
    Ok((!text(&arguments[0]).is_empty()).into())
}

/// Spec: STR-16, STR-22
fn decode(context: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
    Ok(base64_decode(text(&arguments[0]), &context.kql.profile).into())
}

/// Checks how many texts are joined.
///
/// Spec: STR-02
fn at_most(texts: usize) -> Result<(), Error> {
    match texts {
        0..=MAX_JOINED => Ok(()),
        _ => Err(Error::new(ErrorKind::WrongCount, format!("at most {MAX_JOINED} texts are joined"))),
    }
}

/// The texts of arguments with a delimiter between them.
///
/// Spec: STR-02, STR-03, STR-04
fn joined(delimiter: &str, arguments: &[Argument]) -> Result<Dynamic, Error> {
    let length = arguments.iter().map(|argument| text(argument).len() + delimiter.len()).sum();
    limited(length)?;
    Ok(arguments.iter().map(text).collect::<Vec<_>>().join(delimiter).into())
}

/// Spec: STR-19
fn strcat_array(context: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
    let elements = match &arguments[0].value {
        Dynamic::Array(elements) => elements.as_slice(),
        other => std::slice::from_ref(other),
    };
    let texts: Vec<_> = elements.iter().map(|element| context.kql.call_tostring(element)).collect();
    limited(texts.iter().map(|element| element.len() + text(&arguments[1]).len()).sum())?;
    Ok(texts.join(text(&arguments[1])).into())
}

/// Spec: STR-07
fn strrep(_: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
    let count = integer(&arguments[1])?;
    let count = usize::try_from(count).ok().filter(|count| (1..=MAX_REPEATS).contains(count));
    let count = count.ok_or_else(|| unsupported("strrep with less than 1 or more than 1024 repeats"))?;
    let delimiter = arguments.get(2).map(text).unwrap_or_default();
    limited((text(&arguments[0]).len() + delimiter.len()).saturating_mul(count))?;
    Ok(vec![text(&arguments[0]); count].join(delimiter).into())
}

/// Spec: STR-05, STR-06
fn replace(_: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
    let [source, lookup, rewrite] = [0, 1, 2].map(|index| text(&arguments[index]));
    Ok(replace_string(source, lookup, rewrite)?.into())
}

/// Spec: TXT-30, TXT-31, TXT-32
fn indexof(context: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
    let (source, lookup) = (text(&arguments[0]), text(&arguments[1]));
    let numbers = arguments[2..].iter().map(integer).collect::<Result<Vec<i64>, Error>>()?;
    let found = |index: Option<i64>| Ok(index.into());
    if numbers.is_empty() || lookup.is_empty() {
        return found((context.kql.indexof)(context.kql, source, lookup));
    }
    let (length, occurrence) = (numbers.get(1).copied().unwrap_or(-1), numbers.get(2).copied().unwrap_or(1));
    if length < -1 || occurrence < 0 {
        return found(None);
    }
    let start = usize::try_from(numbers[0]).map_err(|_| unsupported("indexof from a negative start"))?;
    let places = places(source, lookup, start, usize::try_from(length).ok());
    match usize::try_from(occurrence - 1).map_err(|_| unsupported("the occurrence 0 of indexof"))? {
        0 => found(Some(places.first().map_or(-1, |place| *place as i64))),
        _ if length >= 0 => Err(unsupported("a later occurrence of indexof in a part of the text")),
        number => {
            let length = lookup.chars().count();
            match places.windows(2).any(|pair| pair[0] + length > pair[1]) {
                true => Err(unsupported("overlapping occurrences of indexof")),
                false => found(Some(places.get(number).map_or(-1, |place| *place as i64))),
            }
        }
    }
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

/// Spec: STR-10, STR-11, STR-12
fn split(_: Context<'_>, arguments: &[Argument]) -> Result<Dynamic, Error> {
    let delimiter = text(&arguments[1]);
    if delimiter.is_empty() {
        return Err(unsupported("split with an empty delimiter"));
    }
    let mut parts = text(&arguments[0]).split(delimiter);
    let Some(index) = arguments.get(2) else { return Ok(Dynamic::strings(parts)) };
    let index = usize::try_from(integer(index)?).map_err(|_| unsupported("split with a negative index"))?;
    Ok(parts.nth(index).map(|part| Dynamic::strings([part])).into())
}
