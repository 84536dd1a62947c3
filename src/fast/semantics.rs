use super::{command_line, terms::Term, terms::Terms, text};
use crate::kql::{Dynamic, Profile, Semantics, Type, parse_command_line, tostring};

/// Every function and operator of chapters 10 to 50, by this module where it has
/// them and by the reference where it has not; under the default profile, which
/// is not to be changed.
///
/// ```
/// assert!(rulespec::fast::semantics().call_has("host.corp", "."));
/// ```
pub fn semantics() -> Semantics {
    Semantics {
        eq_ci: |_, a, b| text::eq_ci(a, b),
        has: |_, text, lookup| Term::new(lookup).found_in(text),
        has_any: |_, text, lookups| Terms::new(lookups.iter().map(as_text)).found_in(text),
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
