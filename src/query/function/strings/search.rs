//! The operators that compare two strings, or search for one in the other.

use crate::kql::{Argument, Case, Part, Semantics, Type, contains, ends_with, has_part, starts_with};
use crate::query::function::Parameter::{String, Text};
use crate::query::function::{Function, text};

/// Declares operators, each with its negation and with what its right operand can be.
///
/// Spec: TXT-21, TXT-26
macro_rules! operators {
    ($($name:literal, $negated:literal, $right:ident, $holds:expr;)+) => {
        &[$(
            Function::new($name, |context, arguments| Ok(holds(context.kql, arguments, $holds).into()))
                .takes(&[Text, $right])
                .gives(Type::Bool),
            Function::new($negated, |context, arguments| Ok((!holds(context.kql, arguments, $holds)).into()))
                .takes(&[Text, $right])
                .gives(Type::Bool),
        )+]
    };
}

fn holds(kql: &Semantics, arguments: &[Argument], operator: fn(&Semantics, &str, &str) -> bool) -> bool {
    operator(kql, text(&arguments[0]), text(&arguments[1]))
}

fn ignored(kql: &Semantics) -> Case<'_> {
    Case::Ignored(&kql.profile)
}

pub(in crate::query::function) const FUNCTIONS: &[Function] = operators! {
    "=~", "!~", Text, |kql, a, b| (kql.eq_ci)(kql, a, b);
    "has", "!has", String, |kql, text, lookup| kql.call_has(text, lookup);
    "has_cs", "!has_cs", String, |_, text, lookup| has_part(text, lookup, Part::Whole, Case::Sensitive);
    "hasprefix", "!hasprefix", String, |kql, text, lookup| has_part(text, lookup, Part::Prefix, ignored(kql));
    "hasprefix_cs", "!hasprefix_cs", String,
        |_, text, lookup| has_part(text, lookup, Part::Prefix, Case::Sensitive);
    "hassuffix", "!hassuffix", String, |kql, text, lookup| has_part(text, lookup, Part::Suffix, ignored(kql));
    "hassuffix_cs", "!hassuffix_cs", String,
        |_, text, lookup| has_part(text, lookup, Part::Suffix, Case::Sensitive);
    "contains", "!contains", Text, |kql, text, lookup| contains(text, lookup, ignored(kql));
    "contains_cs", "!contains_cs", Text, |_, text, lookup| contains(text, lookup, Case::Sensitive);
    "startswith", "!startswith", Text, |kql, text, lookup| starts_with(text, lookup, ignored(kql));
    "startswith_cs", "!startswith_cs", Text, |_, text, lookup| starts_with(text, lookup, Case::Sensitive);
    "endswith", "!endswith", Text, |kql, text, lookup| ends_with(text, lookup, ignored(kql));
    "endswith_cs", "!endswith_cs", Text, |_, text, lookup| ends_with(text, lookup, Case::Sensitive);
};
