//! Misreadings of chapters 30 and 35: the relatives of `has`, and regular expressions.

use rulespec::kql::{
    Argument, Case, Dynamic, Error, Part, Semantics, contains, ends_with, extract, extract_all, has_part,
    pattern, replace_regex, starts_with, trim_pattern,
};

use super::definition::misreadings;

misreadings! {
    "hasprefix-as-startswith" misreads "TRM-20":
        "`hasprefix` finds the lookup at the start of the text only",
        "hasprefix" => |by, arguments| found(arguments, starts_with, ignored(by));
    "hasprefix-as-has" misreads "TRM-20":
        "`hasprefix` finds whole terms only",
        "hasprefix" => |by, arguments| Ok(by.call_has(text(arguments, 0), text(arguments, 1)).into());
    "hassuffix-as-endswith" misreads "TRM-21":
        "`hassuffix` finds the lookup at the end of the text only",
        "hassuffix" => |by, arguments| found(arguments, ends_with, ignored(by));
    "hassuffix-as-contains" misreads "TRM-21":
        "`hassuffix` has no condition on either edge",
        "hassuffix" => |by, arguments| found(arguments, contains, ignored(by));
    "has-cs-ignores-case" misreads "TRM-22":
        "`has_cs` ignores case",
        "has_cs" => |by, arguments| Ok(by.call_has(text(arguments, 0), text(arguments, 1)).into());
    "has-cs-as-contains-cs" misreads "TRM-22":
        "`has_cs` finds parts of terms",
        "has_cs" => |_, arguments| found(arguments, contains, Case::Sensitive);
    "case-sensitive-hasprefix" misreads "TRM-22":
        "`hasprefix` is case-sensitive",
        "hasprefix" => |_, arguments| {
            found(arguments, |text, lookup, case| has_part(text, lookup, Part::Prefix, case), Case::Sensitive)
        };
    "has-all-as-has-any" misreads "TRM-23":
        "`has_all` needs one element only",
        "has_all" => |by, arguments| {
            let lookups = lookups(arguments);
            Ok((lookups.is_empty() || (by.has_any)(by, text(arguments, 0), &lookups)).into())
        };
    "has-all-of-nothing-is-false" misreads "TRM-23":
        "`has_all` of an empty list is false",
        "has_all" => |by, arguments| {
            let lookups = lookups(arguments);
            let found = |lookup| by.call_has(text(arguments, 0), &by.call_tostring(lookup));
            Ok((!lookups.is_empty() && lookups.iter().all(found)).into())
        };
    "classes-of-ascii" misreads "RGX-01":
        "`\\d` and `\\w` are ASCII digits and letters, as in RE2",
        "extract" => |_, arguments| {
            let ascii = text(arguments, 0).replace(r"\d", "[0-9]").replace(r"\w", "[0-9A-Za-z_]");
            Ok(extract(&pattern(&ascii)?, number(arguments), text(arguments, 2))?.into())
        };
    "dollar-before-a-line-feed" misreads "RGX-16":
        "`$` also matches before a final line feed",
        "matches regex" => |_, arguments| {
            let source = text(arguments, 0);
            Ok(pattern(text(arguments, 1))?.is_match(source.strip_suffix('\n').unwrap_or(source)).into())
        };
    "dots-match-line-feeds" misreads "RGX-16":
        "`.` matches a line feed",
        "matches regex" => |_, arguments| matched(arguments, |pattern| format!("(?s){pattern}"));
    "patterns-match-whole-texts" misreads "RGX-15":
        "`matches regex` must match the whole text",
        "matches regex" => |_, arguments| matched(arguments, |pattern| format!("^(?:{pattern})$"));
    "patterns-ignore-case" misreads "RGX-15":
        "`matches regex` ignores case",
        "matches regex" => |_, arguments| matched(arguments, |pattern| format!("(?i){pattern}"));
    "extract-gives-the-whole-match" misreads "RGX-05":
        "`extract` gives the whole match, whichever group is asked for",
        "extract" => |_, arguments| Ok(extract(&pattern(text(arguments, 0))?, 0, text(arguments, 2))?.into());
    "extract-from-the-last-match" misreads "RGX-05":
        "`extract` looks at the last match",
        "extract" => |_, arguments| {
            let (pattern, source) = (pattern(text(arguments, 0))?, text(arguments, 2));
            let start = pattern.find_iter(source).last().map_or(0, |found| found.start());
            Ok(extract(&pattern, number(arguments), &source[start..])?.into())
        };
    "extract-trims" misreads "RGX-04":
        "`extract` removes the blanks around what it captures",
        "extract" => |_, arguments| {
            Ok(extract(&pattern(text(arguments, 0))?, number(arguments), text(arguments, 2))?.trim().into())
        };
    "extract-without-a-match-is-the-text" misreads "RGX-06":
        "`extract` gives the text itself if there is no match",
        "extract" => |_, arguments| {
            let (pattern, source) = (pattern(text(arguments, 0))?, text(arguments, 2));
            match pattern.is_match(source) {
                true => Ok(extract(&pattern, number(arguments), source)?.into()),
                false => Ok(source.into()),
            }
        };
    "extract-all-gives-whole-matches" misreads "RGX-09":
        "`extract_all` gives the whole matches",
        "extract_all" => |_, arguments| {
            let pattern = pattern(text(arguments, 0))?;
            let found: Vec<&str> =
                pattern.find_iter(text(arguments, arguments.len() - 1)).map(|found| found.as_str()).collect();
            Ok(if found.is_empty() { Dynamic::Null } else { Dynamic::strings(found) })
        };
    "one-group-is-an-array-too" misreads "RGX-09":
        "`extract_all` of one group gives an array of arrays",
        "extract_all" => |_, arguments| all(arguments, selected(arguments)).map(|found| match found {
            Dynamic::Array(elements) => Dynamic::Array(elements.into_iter().map(|element| match element {
                Dynamic::String(text) => Dynamic::strings([text]),
                element => element,
            }).collect()),
            found => found,
        });
    "no-match-is-an-empty-array" misreads "RGX-10":
        "`extract_all` without a match is an empty array",
        "extract_all" => |_, arguments| all(arguments, selected(arguments)).map(|found| match found {
            Dynamic::Null => Dynamic::Array(vec![]),
            found => found,
        });
    "groups-in-the-order-of-the-pattern" misreads "RGX-11":
        "`extract_all` gives the selected groups in the order of the pattern",
        "extract_all" => |_, arguments| {
            let groups = selected(arguments).map(|groups| {
                let mut groups = groups.to_vec();
                groups.sort_by_key(Dynamic::as_long);
                groups
            });
            all(arguments, groups.as_deref())
        };
    "groups-are-selected-once" misreads "RGX-11":
        "a group that is selected twice counts once",
        "extract_all" => |_, arguments| {
            let groups = selected(arguments).map(|groups| {
                let mut groups = groups.to_vec();
                groups.dedup();
                groups
            });
            all(arguments, groups.as_deref())
        };
    "replace-regex-first-only" misreads "RGX-07":
        "`replace_regex` replaces the first match only",
        "replace_regex" => |_, arguments| {
            let (pattern, source) = (pattern(text(arguments, 1))?, text(arguments, 0));
            let end = pattern.find(source).map_or(source.len(), |found| found.end());
            Ok((replace_regex(&source[..end], &pattern, text(arguments, 2))? + &source[end..]).into())
        };
    "dollar-is-a-group" misreads "RGX-07":
        "`$1` is a group in what `replace_regex` inserts",
        "replace_regex" => |_, arguments| {
            let rewrite = text(arguments, 2).replace("$1", r"\1");
            Ok(replace_regex(text(arguments, 0), &pattern(text(arguments, 1))?, &rewrite)?.into())
        };
    "replace-regex-reads-what-it-writes" misreads "RGX-08":
        "`replace_regex` searches what it inserts",
        "replace_regex" => |_, arguments| {
            let pattern = pattern(text(arguments, 1))?;
            let mut replaced = text(arguments, 0).to_owned();
            for _ in 0..2 {
                replaced = replace_regex(&replaced, &pattern, text(arguments, 2))?;
            }
            Ok(replaced.into())
        };
    "matches-overlap" misreads "RGX-14":
        "matches of a pattern overlap for `countof`",
        "countof" => |_, arguments| {
            let (source, lookup) = (text(arguments, 0), text(arguments, 1));
            if text(arguments, 2) != "regex" {
                return Ok(rulespec::kql::countof(source, lookup).into());
            }
            let pattern = pattern(lookup)?;
            let begins = |at: usize| pattern.find_at(source, at).is_some_and(|found| found.start() == at);
            Ok((source.char_indices().filter(|(at, _)| begins(*at)).count() as i64).into())
        };
    "trim-removes-every-match" misreads "RGX-12":
        "`trim` removes matches at both ends until there are none",
        "trim" => |_, arguments| {
            let pattern = trim_pattern(text(arguments, 0), true, true)?;
            let mut left = text(arguments, 1).to_owned();
            while let shorter = pattern.replace_all(&left, "").into_owned() && shorter.len() < left.len() {
                left = shorter;
            }
            Ok(left.into())
        };
    "trim-removes-characters" misreads "RGX-12":
        "`trim` removes the characters of its first argument, in any order",
        "trim" => |_, arguments| {
            Ok(text(arguments, 1).trim_matches(|c| text(arguments, 0).contains(c)).into())
        };
    "trim-in-turn" misreads "RGX-13":
        "`trim` is `trim_end` of `trim_start`",
        "trim" => |_, arguments| {
            let left = trim_pattern(text(arguments, 0), true, false)?.replace_all(text(arguments, 1), "").into_owned();
            Ok(trim_pattern(text(arguments, 0), false, true)?.replace_all(&left, "").into_owned().into())
        };
    "only-the-first-alternative-is-anchored" misreads "RGX-13":
        "`trim_start` anchors only the first alternative of its pattern",
        "trim_start" => |_, arguments| {
            let pattern = pattern(&format!("^{}", text(arguments, 0)))?;
            Ok(pattern.replace(text(arguments, 1), "").into_owned().into())
        };
}

fn text(arguments: &[Argument], index: usize) -> &str {
    arguments.get(index).and_then(|argument| argument.value.as_str()).unwrap_or_default()
}

/// The group of `extract`.
fn number(arguments: &[Argument]) -> i64 {
    arguments.get(1).and_then(|argument| argument.value.as_long()).unwrap_or_default()
}

fn ignored(by: &Semantics) -> Case<'_> {
    Case::Ignored(&by.profile)
}

fn found<'a>(
    arguments: &[Argument],
    holds: impl Fn(&str, &str, Case<'a>) -> bool,
    case: Case<'a>,
) -> Result<Dynamic, Error> {
    Ok(holds(text(arguments, 0), text(arguments, 1), case).into())
}

/// Whether a changed pattern matches.
fn matched(arguments: &[Argument], change: fn(&str) -> String) -> Result<Dynamic, Error> {
    Ok(pattern(&change(text(arguments, 1)))?.is_match(text(arguments, 0)).into())
}

/// The elements of the list of `has_all`.
fn lookups(arguments: &[Argument]) -> Vec<Dynamic> {
    let elements = arguments[1..].iter().map(|argument| match &argument.value {
        Dynamic::Array(elements) => elements.clone(),
        value => vec![value.clone()],
    });
    elements.flatten().collect()
}

/// The groups that `extract_all` selects.
fn selected(arguments: &[Argument]) -> Option<&[Dynamic]> {
    match arguments {
        [_, Argument { value: Dynamic::Array(groups), .. }, _] => Some(groups),
        _ => None,
    }
}

fn all(arguments: &[Argument], groups: Option<&[Dynamic]>) -> Result<Dynamic, Error> {
    extract_all(&pattern(text(arguments, 0))?, groups, text(arguments, arguments.len() - 1))
}
