//! Misreadings of chapters 20 and 25: operators and functions of strings that only queries have.

use rulespec::kql::{
    Argument, Case, Dynamic, Error, Part, Profile, Semantics, Type, base64_decode, base64_encode, contains,
    countof, ends_with, has_part, pattern, places, starts_with,
};

use super::definition::misreadings;
use super::text::clusters;

misreadings! {
    "contains-as-term" misreads "TXT-17":
        "`contains` finds whole terms only",
        "contains" => |by, arguments| found(arguments, by, |by, text, lookup| by.call_has(text, lookup));
    "contains-at-the-start" misreads "TXT-17":
        "`contains` finds the lookup at the start only",
        "contains" => |by, arguments| found(arguments, by, |by, text, lookup| starts_with(text, lookup, ignored(by)));
    "startswith-as-hasprefix" misreads "TXT-18":
        "`startswith` finds the start of any term",
        "startswith" => |by, arguments| found(arguments, by, |by, text, lookup| has_part(text, lookup, Part::Prefix, ignored(by)));
    "endswith-as-hassuffix" misreads "TXT-18":
        "`endswith` finds the end of any term",
        "endswith" => |by, arguments| found(arguments, by, |by, text, lookup| has_part(text, lookup, Part::Suffix, ignored(by)));
    "empty-string-is-no-part" misreads "TXT-19":
        "the empty string is not a part of any string",
        "contains" => |by, arguments| found(arguments, by, |by, text, lookup| !lookup.is_empty() && contains(text, lookup, ignored(by)));
    "empty-string-is-no-start" misreads "TXT-19":
        "no string starts with the empty string",
        "startswith" => |by, arguments| found(arguments, by, |by, text, lookup| !lookup.is_empty() && starts_with(text, lookup, ignored(by)));
    "case-sensitive-contains" misreads "TXT-20":
        "`contains` is case-sensitive",
        "contains" => |by, arguments| found(arguments, by, |_, text, lookup| text.contains(lookup));
    "startswith-folds-ascii-only" misreads "TXT-20":
        "`startswith` ignores case only for the letters A to Z",
        "startswith" => |by, arguments| {
            found(arguments, by, |_, text, lookup| text.to_ascii_lowercase().starts_with(&lookup.to_ascii_lowercase()))
        };
    "endswith-cs-ignores-case" misreads "TXT-20":
        "`endswith_cs` ignores case",
        "endswith_cs" => |by, arguments| found(arguments, by, |by, text, lookup| ends_with(text, lookup, ignored(by)));
    "negated-contains-is-case-sensitive" misreads "TXT-21":
        "`!contains` is case-sensitive",
        "!contains" => |by, arguments| found(arguments, by, |_, text, lookup| !text.contains(lookup));
    "negated-has-as-negated-contains" misreads "TXT-21":
        "`!has` is true if the lookup is not even a part of a term",
        "!has" => |by, arguments| found(arguments, by, |by, text, lookup| !contains(text, lookup, ignored(by)));
    "contains-sees-json" misreads "TXT-26":
        "`contains` searches a text with the quotes that JSON puts around it",
        "contains" => |by, arguments| {
            found(arguments, by, |by, text, lookup| contains(&format!("\"{text}\""), lookup, ignored(by)))
        };
    "tolower-ascii-only" misreads "TXT-22":
        "`tolower` changes only the letters A to Z",
        "tolower" => |_, arguments| made(arguments, |text| text.to_ascii_lowercase());
    "toupper-ascii-only" misreads "TXT-22":
        "`toupper` changes only the letters a to z",
        "toupper" => |_, arguments| made(arguments, |text| text.to_ascii_uppercase());
    "tolower-with-final-sigma" misreads "TXT-23":
        "`tolower` writes a sigma at the end of a word as ς",
        "tolower" => |_, arguments| made(arguments, |text| text.to_lowercase());
    "indexof-counts-from-its-start" misreads "TXT-30":
        "`indexof` with a start counts from there",
        "indexof" => |_, arguments| place(arguments, |places, start, _| places.first().map(|place| place - start));
    "indexof-ignores-its-start" misreads "TXT-30":
        "`indexof` searches the whole text, whatever its start is",
        "indexof" => |_, arguments| {
            let from_0 = [&arguments[..2], &arguments[2..].iter().map(|argument| Argument {
                value: Dynamic::Long(argument.value.as_long().unwrap_or_default().min(0)),
                r#type: Type::Long,
            }).collect::<Vec<_>>()].concat();
            place(&from_0, |places, _, _| places.first().copied())
        };
    "indexof-ends-beyond-its-length" misreads "TXT-31":
        "only the start of the occurrence must lie in the length of `indexof`",
        "indexof" => |_, arguments| {
            let (start, length) = (number(arguments, 2).unwrap_or(0), number(arguments, 3).unwrap_or(-1));
            place(&arguments[..arguments.len().min(3)], |places, _, _| places.first().copied()).map(|found| match found {
                Dynamic::Long(at) if length >= 0 && at >= start + length => Dynamic::Long(-1),
                found => found,
            })
        };
    "indexof-without-negative-lengths" misreads "TXT-31":
        "a negative length of `indexof` is 0, even -1",
        "indexof" => |_, arguments| match number(arguments, 3) {
            Some(..0) => Ok(Dynamic::Long(-1)),
            _ => place(arguments, |places, _, _| places.first().copied()),
        };
    "indexof-finds-the-first-always" misreads "TXT-32":
        "`indexof` finds the first occurrence, whichever is asked for",
        "indexof" => |_, arguments| place(arguments, |places, _, _| places.first().copied());
    "occurrences-count-from-0" misreads "TXT-32":
        "the first occurrence of `indexof` is 0",
        "indexof" => |_, arguments| match arguments.get(4) {
            Some(_) => place(arguments, |places, _, occurrence| places.get(occurrence).copied()),
            None => place(arguments, |places, _, _| places.first().copied()),
        };
    "strlen-counts-bytes" misreads "STR-01":
        "`strlen` counts bytes",
        "strlen" => |_, arguments| Ok((text(arguments, 0).len() as i64).into());
    "strlen-counts-utf-16" misreads "STR-01":
        "`strlen` counts units of UTF-16",
        "strlen" => |_, arguments| Ok((text(arguments, 0).encode_utf16().count() as i64).into());
    "string-size-counts-characters" misreads "STR-01":
        "`string_size` counts code points",
        "string_size" => |_, arguments| Ok((text(arguments, 0).chars().count() as i64).into());
    "blanks-are-empty" misreads "STR-13":
        "a text of blanks is empty",
        "isempty" => |_, arguments| Ok(text(arguments, 0).trim().is_empty().into());
    "empty-arrays-are-empty" misreads "STR-13":
        "an array without elements is empty",
        "isempty" => |_, arguments| Ok(matches!(text(arguments, 0), "" | "[]" | "{}").into());
    "countof-without-overlap" misreads "STR-08":
        "occurrences do not overlap for `countof`",
        "countof" => |_, arguments| counted(arguments, |text, lookup| match lookup {
            "" => 0,
            lookup => text.matches(lookup).count() as i64,
        });
    "countof-ignores-case" misreads "STR-08":
        "`countof` ignores case",
        "countof" => |_, arguments| {
            counted(arguments, |text, lookup| countof(&text.to_ascii_lowercase(), &lookup.to_ascii_lowercase()))
        };
    "countof-empty-between-characters" misreads "STR-09":
        "the empty string occurs before and after every character",
        "countof" => |_, arguments| counted(arguments, |text, lookup| match lookup {
            "" => text.chars().count() as i64 + 1,
            lookup => countof(text, lookup),
        });
    "strcat-puts-blanks-between" misreads "STR-02":
        "`strcat` puts a blank between the texts",
        "strcat" => |_, arguments| Ok(texts(arguments).join(" ").into());
    "strcat-truth-in-lower-case" misreads "STR-02":
        "`strcat` writes true and false in lower case",
        "strcat" => |_, arguments| Ok(texts(arguments).concat().replace("True", "true").replace("False", "false").into());
    "strcat-delim-at-the-end" misreads "STR-03":
        "`strcat_delim` puts the delimiter after the last text too",
        "strcat_delim" => |_, arguments| {
            let delimiter = text(arguments, 0);
            Ok((texts(&arguments[1..]).join(delimiter) + delimiter).into())
        };
    "strcat-delim-skips-empty-texts" misreads "STR-04":
        "`strcat_delim` leaves out a text that is empty",
        "strcat_delim" => |_, arguments| {
            let mut left = texts(&arguments[1..]);
            left.retain(|text| !text.is_empty());
            Ok(left.join(text(arguments, 0)).into())
        };
    "strcat-array-skips-null" misreads "STR-19":
        "`strcat_array` leaves out a null",
        "strcat_array" => |by, arguments| Ok(match &arguments[0].value {
            Dynamic::Array(elements) => {
                let left = elements.iter().filter(|element| !element.is_null());
                left.map(|element| by.call_tostring(element)).collect::<Vec<_>>().join(text(arguments, 1)).into()
            }
            value => by.call_tostring(value).into(),
        });
    "strrep-delimiter-at-the-end" misreads "STR-07":
        "`strrep` puts the delimiter after the last copy too",
        "strrep" => |_, arguments| {
            let delimiter = arguments.get(2).and_then(|argument| argument.value.as_str()).unwrap_or_default();
            Ok((text(arguments, 0).to_owned() + delimiter).repeat(copies(arguments)).into())
        };
    "strrep-adds-copies" misreads "STR-07":
        "`strrep` adds so many copies to the text",
        "strrep" => |_, arguments| Ok(text(arguments, 0).repeat(copies(arguments) + 1).into());
    "replaces-the-first-only" misreads "STR-05":
        "`replace_string` replaces the first occurrence only",
        "replace_string" => |_, arguments| replaced(arguments, |text, lookup, rewrite| text.replacen(lookup, rewrite, 1));
    "replaces-a-pattern" misreads "STR-05":
        "the lookup of `replace_string` is a regular expression",
        "replace_string" => |_, arguments| {
            replaced(arguments, |text, lookup, rewrite| match pattern(lookup) {
                Ok(pattern) => pattern.replace_all(text, rewrite).into_owned(),
                Err(_) => text.to_owned(),
            })
        };
    "replaces-the-empty-string" misreads "STR-06":
        "`replace_string` of the empty string inserts between all characters",
        "replace_string" => |_, arguments| {
            Ok(text(arguments, 0).replace(text(arguments, 1), text(arguments, 2)).into())
        };
    "reverse-keeps-clusters" misreads "STR-14":
        "`reverse` keeps a combining accent on its letter",
        "reverse" => |_, arguments| made(arguments, |text| clusters(text).into_iter().rev().collect());
    "reverse-of-words" misreads "STR-14":
        "`reverse` changes the order of words",
        "reverse" => |_, arguments| made(arguments, |text| text.split(' ').rev().collect::<Vec<_>>().join(" "));
    "replace-has-the-text-first" misreads "STR-22":
        "`replace` has its arguments in the order of `replace_string`",
        "replace" => |_, arguments| {
            Ok(text(arguments, 0).replace(text(arguments, 1), text(arguments, 2)).into())
        };
    "split-drops-empty-parts" misreads "STR-10":
        "`split` leaves out empty parts",
        "split" => |_, arguments| parts(arguments, |text, delimiter| {
            match text.split(delimiter).filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>() {
                left if left.is_empty() => vec![String::new()],
                left => left,
            }
        });
    "split-at-each-character" misreads "STR-10":
        "each character of the delimiter of `split` separates",
        "split" => |_, arguments| parts(arguments, |text, delimiter| {
            text.split(|c| delimiter.contains(c)).map(str::to_owned).collect()
        });
    "split-of-nothing-is-nothing" misreads "STR-11":
        "`split` of the empty text has no part",
        "split" => |_, arguments| parts(arguments, |text, delimiter| match text {
            "" => vec![],
            text => text.split(delimiter).map(str::to_owned).collect(),
        });
    "split-index-gives-the-part" misreads "STR-12":
        "`split` with an index is the part itself",
        "split" => |_, arguments| parts(arguments, plain_parts).map(|parts| match (parts, arguments.get(2)) {
            (Dynamic::Array(mut parts), Some(_)) if parts.len() == 1 => parts.remove(0),
            (parts, _) => parts,
        });
    "split-index-beyond-is-empty" misreads "STR-12":
        "`split` with an index beyond the parts is an empty array",
        "split" => |_, arguments| parts(arguments, plain_parts).map(|parts| match parts {
            Dynamic::Null => Dynamic::Array(vec![]),
            parts => parts,
        });
    "base64-without-padding" misreads "STR-16":
        "base64 is written without padding",
        "base64_encode_tostring" => |_, arguments| made(arguments, |text| base64_encode(text).trim_end_matches('=').to_owned());
    "base64-for-addresses" misreads "STR-16":
        "base64 has a hyphen and an underscore instead of a plus sign and a slash",
        "base64_encode_tostring" => |_, arguments| made(arguments, |text| base64_encode(text).replace('+', "-").replace('/', "_"));
    "zero-bytes-end-decoded-texts" misreads "STR-16":
        "a zero byte ends the text that `base64_decode_tostring` gives",
        "base64_decode_tostring" => |_, arguments| {
            made(arguments, |text| decoded(text).split('\0').next().unwrap_or_default().to_owned())
        };
    "invalid-bytes-are-replaced" misreads "STR-17":
        "`base64_decode_tostring` writes U+FFFD for what is no UTF-8",
        "base64_decode_tostring" => |_, arguments| made(arguments, |text| match decoded(text) {
            none if none.is_empty() && !text.is_empty() => "\u{FFFD}".to_owned(),
            decoded => decoded,
        });
    "base64-up-to-other-characters" misreads "STR-18":
        "`base64_decode_tostring` decodes what comes before a character that is not in the alphabet",
        "base64_decode_tostring" => |_, arguments| made(arguments, |text| {
            let is_other = |c: char| !c.is_ascii_alphanumeric() && !"+/=".contains(c);
            let end = text.find(is_other).unwrap_or(text.len());
            decoded(&text[..end - end % 4])
        });
}

fn text(arguments: &[Argument], index: usize) -> &str {
    arguments.get(index).and_then(|argument| argument.value.as_str()).unwrap_or_default()
}

fn texts(arguments: &[Argument]) -> Vec<&str> {
    (0..arguments.len()).map(|index| text(arguments, index)).collect()
}

fn number(arguments: &[Argument], index: usize) -> Option<i64> {
    arguments.get(index).and_then(|argument| argument.value.as_long())
}

fn copies(arguments: &[Argument]) -> usize {
    number(arguments, 1).and_then(|count| usize::try_from(count).ok()).unwrap_or_default().min(1024)
}

fn ignored(by: &Semantics) -> Case<'_> {
    Case::Ignored(&by.profile)
}

fn found(
    arguments: &[Argument],
    by: &Semantics,
    holds: fn(&Semantics, &str, &str) -> bool,
) -> Result<Dynamic, Error> {
    Ok(holds(by, text(arguments, 0), text(arguments, 1)).into())
}

fn made(arguments: &[Argument], make: fn(&str) -> String) -> Result<Dynamic, Error> {
    Ok(make(text(arguments, 0)).into())
}

fn counted(arguments: &[Argument], count: fn(&str, &str) -> i64) -> Result<Dynamic, Error> {
    let (source, lookup) = (text(arguments, 0), text(arguments, 1));
    Ok(match text(arguments, 2) {
        "regex" => (pattern(lookup)?.find_iter(source).count() as i64).into(),
        _ => count(source, lookup).into(),
    })
}

fn replaced(arguments: &[Argument], replace: fn(&str, &str, &str) -> String) -> Result<Dynamic, Error> {
    let [source, lookup, rewrite] = [0, 1, 2].map(|index| text(arguments, index));
    Ok(if lookup.is_empty() { source.into() } else { replace(source, lookup, rewrite).into() })
}

fn decoded(text: &str) -> String {
    base64_decode(text, &Profile::default())
}

fn plain_parts(text: &str, delimiter: &str) -> Vec<String> {
    text.split(delimiter).map(str::to_owned).collect()
}

/// The parts that a way of splitting gives, or an array of the one with the index.
fn parts(arguments: &[Argument], split: fn(&str, &str) -> Vec<String>) -> Result<Dynamic, Error> {
    let mut parts = split(text(arguments, 0), text(arguments, 1)).into_iter();
    Ok(match number(arguments, 2).map(usize::try_from) {
        Some(Ok(index)) => parts.nth(index).map_or(Dynamic::Null, |part| Dynamic::strings([part])),
        _ => Dynamic::strings(parts),
    })
}

/// The answer of `indexof` if this chooses one of the places, given the start and the occurrence.
fn place(
    arguments: &[Argument],
    choose: impl Fn(&[usize], usize, usize) -> Option<usize>,
) -> Result<Dynamic, Error> {
    let (source, lookup) = (text(arguments, 0), text(arguments, 1));
    let [start, length, occurrence] =
        [(2, 0), (3, -1), (4, 1)].map(|(index, default)| number(arguments, index).unwrap_or(default));
    if lookup.is_empty() || length < -1 || occurrence < 0 {
        return Ok(Dynamic::Null);
    }
    let start = usize::try_from(start).unwrap_or_default();
    let places = places(source, lookup, start, usize::try_from(length).ok());
    let chosen = choose(&places, start, usize::try_from(occurrence).unwrap_or_default());
    Ok(chosen.map_or(-1, |place| place as i64).into())
}
