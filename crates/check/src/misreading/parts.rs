//! Misreadings of chapter 40: making dynamic values and taking them apart.

use super::definition::misreadings;
use super::values::value;
use rulespec::kql::{Dynamic, Type, member, parse_json, slice, tostring};

misreadings! {
    "bad-json-is-null" misreads "DYN-17":
        "`parse_json` of what is no JSON is null",
        |engine| engine.semantics.replace("parse_json", |_, arguments| Ok(match value(arguments, 0) {
            Dynamic::String(text) if arguments[0].r#type == Type::String => match parse_json(text) {
                Dynamic::String(parsed) if parsed == *text => Dynamic::Null,
                parsed => parsed,
            },
            other => other.clone(),
        }));
    "dynamic-text-is-parsed" misreads "DYN-18":
        "`parse_json` parses a dynamic string",
        |engine| engine.semantics.replace("parse_json", |_, arguments| Ok(match value(arguments, 0) {
            Dynamic::String(text) => parse_json(text),
            other => other.clone(),
        }));
    "length-of-null-is-zero" misreads "DYN-19":
        "`array_length` of what is no array is 0",
        |engine| engine.semantics.replace("array_length", |_, arguments| Ok(match value(arguments, 0) {
            Dynamic::Array(elements) => elements.len() as i64,
            _ => 0,
        }
        .into()));
    "pack-array-drops-nulls" misreads "DYN-20":
        "`pack_array` ignores nulls",
        |engine| engine.semantics.replace("pack_array", |_, arguments| {
            let given = arguments.iter().map(|argument| argument.value.clone());
            Ok(Dynamic::Array(given.filter(|value| !value.is_null()).collect()))
        });
    "slice-excludes-its-end" misreads "DYN-21":
        "`array_slice` ends before its end",
        |engine| engine.semantics.replace("array_slice", |_, arguments| {
            let [start, end] = [1, 2].map(|index| value(arguments, index).as_long());
            Ok(match (value(arguments, 0), start, end) {
                (Dynamic::Array(elements), Some(start), Some(end)) => {
                    Dynamic::Array(slice(elements, start, end.saturating_sub(1)).to_vec())
                }
                _ => Dynamic::Null,
            })
        });
    "members-ignore-case" misreads "DYN-22":
        "the case of the name of a member does not count",
        |engine| engine.semantics.replace("[]", |kql, arguments| {
            Ok(match [value(arguments, 0), value(arguments, 1)] {
                [Dynamic::Bag(members), Dynamic::String(name)] => {
                    let found = members.iter().find(|(member, _)| member.eq_ignore_ascii_case(name));
                    found.map_or(Dynamic::Null, |(_, value)| value.clone())
                }
                [array, Dynamic::Long(index)] => (kql.element)(kql, array, *index),
                [other, name] => member(other, name.as_str().unwrap_or_default()),
            })
        });
    "infinity-is-spelled-out" misreads "DYN-23":
        "`tostring` of an infinite real is `Infinity`",
        |engine| engine.semantics.tostring = |_, value, of_type| match value {
            Dynamic::Real(value) if value.is_infinite() => tostring(&Dynamic::Real(*value), Type::Dynamic),
            value => tostring(value, of_type),
        };
}
