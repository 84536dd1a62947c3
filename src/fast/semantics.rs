//! The fast functions as a [`Semantics`].

use super::{command_line, terms::Bounds, terms::Term, terms::Terms, text};
use crate::kql::{Dynamic, Profile, Semantics, Type, parse_command_line, tostring};

/// The functions and operators of chapters 10 to 50, fast where this module has a fast
/// implementation and those of the reference otherwise.
///
/// The profile is the default one and must not be changed.
///
/// ```
/// assert!(rulespec::fast::semantics().call_has("host.corp", "."));
/// ```
pub fn semantics() -> Semantics {
    Semantics {
        eq_ci: |_, a, b| text::eq_ci(a, b),
        has: |_, text, lookup| Term::new(lookup).found_in(text),
        has_any: |_, text, lookups| {
            Terms::for_few_texts(lookups.iter().map(as_text), Bounds::BOTH).found_in(text)
        },
        parse_command_line: |_, line, parser| match parser {
            "windows" => Ok(Dynamic::strings(command_line::split(line))),
            other => parse_command_line(line, other, &Profile::default()),
        },
        indexof: |_, text, lookup| text::indexof(text, lookup),
        substring: |_, text, start, length| text::substring(text, start, length).to_owned(),
        ..Semantics::default()
    }
}

fn as_text(lookup: &Dynamic) -> String {
    tostring(lookup, Type::Dynamic)
}
