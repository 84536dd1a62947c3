//! Misreadings of chapter 20: the operators of lists.

use rulespec::kql::{Argument, Dynamic, Error, Type, eq_ci, order};

use super::definition::misreadings;

misreadings! {
    "in-ignores-case" misreads "TXT-24":
        "`in` ignores case",
        "in" => |by, arguments| {
            is_in(arguments, |value, element| match (value, element) {
                (Dynamic::String(a), Dynamic::String(b)) => eq_ci(a, b, &by.profile),
                (value, element) => equals(value, element),
            })
        };
    "in-as-contains" misreads "TXT-24":
        "`in` is true if the value has an element as a part",
        "in" => |_, arguments| {
            is_in(arguments, |value, element| match (value, element) {
                (Dynamic::String(a), Dynamic::String(b)) => a.contains(b.as_str()),
                (value, element) => equals(value, element),
            })
        };
    "case-sensitive-in" misreads "TXT-25":
        "`in~` is case-sensitive",
        "in~" => |_, arguments| is_in(arguments, equals);
    "in-folds-ascii-only" misreads "TXT-25":
        "`in~` ignores case only for the letters A to Z",
        "in~" => |_, arguments| {
            is_in(arguments, |value, element| match (value, element) {
                (Dynamic::String(a), Dynamic::String(b)) => a.eq_ignore_ascii_case(b),
                (value, element) => equals(value, element),
            })
        };
    "arrays-are-elements" misreads "TXT-27":
        "an array in the list of `in` is an element, which no string equals",
        "in" => |_, arguments| {
            Ok(arguments[1..].iter().any(|element| equals(&arguments[0].value, &element.value)).into())
        };
    "arrays-are-flattened-once" misreads "TXT-27":
        "an array in an array is an element, which no value equals",
        "in" => |_, arguments| {
            let elements = arguments[1..].iter().flat_map(|argument| match &argument.value {
                Dynamic::Array(elements) => elements.as_slice(),
                value => std::slice::from_ref(value),
            });
            Ok(elements.into_iter().any(|element| equals(&arguments[0].value, element)).into())
        };
    "null-in-a-list-is-null" misreads "TXT-28":
        "`in` of a null is null",
        "in" => |_, arguments| match arguments[0].value.is_null() && arguments[0].r#type != Type::Dynamic {
            true => Ok(Dynamic::Null),
            false => is_in(arguments, equals),
        };
    "null-is-outside-no-list" misreads "TXT-28":
        "`!in` of a null is null",
        "!in" => |_, arguments| match (&arguments[0].value, is_in(arguments, equals)?) {
            (Dynamic::Null, _) => Ok(Dynamic::Null),
            (_, found) => Ok((found != Dynamic::Bool(true)).into()),
        };
    "strings-are-no-numbers" misreads "TXT-33":
        "a string in a list equals no value of another type",
        "in" => |_, arguments| match arguments[0].r#type {
            Type::String | Type::Dynamic => is_in(arguments, equals),
            _ => Ok(false.into()),
        };
    "dynamic-is-compared-by-kind" misreads "TXT-29":
        "a dynamic that is no string equals no string of a list",
        "in" => |_, arguments| is_in(arguments, |value, element| match (value, element) {
            (Dynamic::String(a), Dynamic::String(b)) => a == b,
            (value, element) => order(value, element).is_some_and(|ordering| ordering.is_eq()),
        });
}

/// Whether a value equals an element of a list.
fn equals(value: &Dynamic, element: &Dynamic) -> bool {
    match (value, element) {
        (Dynamic::String(_), _) | (_, Dynamic::String(_)) => {
            let text = |value| rulespec::kql::tostring(value, Type::Dynamic);
            text(value) == text(element)
        }
        (value, element) => order(value, element).is_some_and(|ordering| ordering.is_eq()),
    }
}

fn is_in(arguments: &[Argument], equal: impl Fn(&Dynamic, &Dynamic) -> bool) -> Result<Dynamic, Error> {
    fn any(value: &Dynamic, holds: &impl Fn(&Dynamic) -> bool) -> bool {
        match value {
            Dynamic::Array(elements) => elements.iter().any(|element| any(element, holds)),
            value => holds(value),
        }
    }
    let holds = |element: &Dynamic| equal(&arguments[0].value, element);
    Ok(arguments[1..].iter().any(|argument| any(&argument.value, &holds)).into())
}
