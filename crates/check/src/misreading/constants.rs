//! Misreadings of chapters 25 and 35: arguments that must be constants.

use rulespec::kql::pattern;

use super::definition::misreadings;

misreadings! {
    "countof-of-any-kind" misreads "STR-20":
        "`countof` of a kind that does not exist counts as usual",
        |engine| engine.semantics.unchecked.push("countof");
    "ill-formed-patterns-match-nothing" misreads "RGX-02":
        "a pattern that is ill-formed matches nothing",
        |engine| {
            engine.semantics.unchecked.push("matches regex");
            engine.semantics.replace("matches regex", |_, arguments| {
                let [text, lookup] = [0, 1].map(|index| arguments[index].value.as_str().unwrap_or_default());
                Ok(pattern(lookup).is_ok_and(|pattern| pattern.is_match(text)).into())
            });
        };
    "patterns-from-columns" misreads "RGX-03":
        "the pattern of `extract` need not be a constant",
        |engine| engine.semantics.unchecked.push("extract");
}
