//! Which expressions cannot return an error, so that they need not be evaluated for every row.

use std::collections::BTreeSet;

use super::text_predicate::TextPredicate;
use crate::kql::{Dynamic, Type};
use crate::query::bound::{Scalar, ScalarKind};

/// Functions that return no error, whatever their arguments are, if their result is no string and is not
/// one that [`may_not_fit`].
#[rustfmt::skip]
const INFALLIBLE: [&str; 52] = [
    "and", "or", "not", "==", "!=", "<", "<=", ">", ">=", "between", "!between", "+", "-", "*", "/", "%",
    "bin", "=~", "!~", "has", "!has", "has_cs", "!has_cs", "hasprefix", "!hasprefix", "hassuffix",
    "!hassuffix", "has_any", "has_all", "contains", "!contains", "contains_cs", "!contains_cs",
    "startswith", "!startswith", "startswith_cs", "!startswith_cs", "endswith", "!endswith", "endswith_cs",
    "!endswith_cs", "isempty", "isnotempty", "isnull", "isnotnull", "strlen", "now", "ago", "startofday",
    "hourofday", "array_length", "[]",
];

/// Functions that return no error for texts that are short. Nested in each other up to
/// [`MAX_NESTING`] times, each makes a text at most three times as long.
const INFALLIBLE_IF_SHORT: [&str; 6] = ["tolower", "toupper", "substring", "tostring", "iff", "iif"];

const MAX_NESTING: usize = 3;

/// Returns whether an expression cannot return an error if the texts of some columns are short, and
/// which columns those are.
pub(super) fn infallible(scalar: &Scalar) -> Option<BTreeSet<usize>> {
    let mut short = BTreeSet::new();
    is_infallible(scalar, 0, &mut short).then_some(short)
}

fn is_infallible(scalar: &Scalar, nesting: usize, short: &mut BTreeSet<usize>) -> bool {
    let ScalarKind::Call(function, arguments) = &scalar.kind else {
        if let (ScalarKind::Column(column), Type::String, 1..) = (&scalar.kind, scalar.r#type, nesting) {
            short.insert(*column);
        }
        return true;
    };
    let constants = || arguments.iter().skip(1).map(Scalar::constant).collect::<Option<Vec<_>>>();
    let is_text = |scalar: &Scalar| scalar.r#type == Type::String;
    let is_safe = match function.name {
        _ if is_text(scalar) => {
            let of_dynamic =
                function.name == "tostring" && arguments.iter().any(|a| a.r#type == Type::Dynamic);
            nesting < MAX_NESTING && !of_dynamic && INFALLIBLE_IF_SHORT.contains(&function.name)
        }
        "parse_command_line" => {
            matches!(constants().as_deref(), Some([Dynamic::String(parser)]) if parser == "windows")
        }
        "in" | "!in" | "in~" | "!in~" | "matches regex" => {
            let constants = constants().filter(|_| arguments.first().is_some_and(is_text));
            constants.is_some_and(|constants| TextPredicate::new(function.name, &constants).is_some())
        }
        "iff" | "iif" => true,
        name if may_not_fit(name, scalar.r#type, arguments) => false,
        name => INFALLIBLE.contains(&name),
    };
    let nesting = if is_text(scalar) { nesting + 1 } else { 0 };
    is_safe && arguments.iter().all(|argument| is_infallible(argument, nesting, short))
}

/// Whether the result of arithmetic may be a long or a timespan that does not fit, which is an error.
fn may_not_fit(name: &str, result: Type, arguments: &[Scalar]) -> bool {
    match (name, result) {
        ("/" | "bin", Type::Long) => true,
        // The difference of two datetimes always fits.
        ("+" | "-" | "*" | "/" | "bin", Type::Timespan) => {
            arguments.first().is_some_and(|first| first.r#type != Type::Datetime)
        }
        _ => false,
    }
}
