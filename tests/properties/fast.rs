//! `rulespec::fast` gives the same results as the reference: exhaustively for short texts, and
//! by properties.

use std::borrow::Cow;
use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use unicode_general_category::{GeneralCategory, get_general_category};

use rulespec::fast::command_line::{Arguments, split};
use rulespec::fast::{rule as fast_rule, terms::Term, terms::Terms, text};
use rulespec::kql::{self, Dynamic, Profile, Table};
use rulespec_testing::command_line::assert_parses_like_reference;
use rulespec_testing::rule::{bitsadmin_activity, early_selects, selects};

use super::rule::tables;

/// Returns every string over an alphabet up to a length, the empty one first.
pub(super) fn every_string(alphabet: &[char], max_length: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut longest = all.clone();
    for _ in 0..max_length {
        longest =
            longest.iter().flat_map(|text| alphabet.iter().map(move |c| format!("{text}{c}"))).collect();
        all.extend_from_slice(&longest);
    }
    all
}

/// The characters with a special meaning in a command line, and one without.
pub(super) const MARKS: [char; 5] = ['a', ' ', '\t', '"', '\\'];

#[test]
fn every_short_command_line_is_parsed_like_the_reference() {
    let lines = every_string(&MARKS, 6);
    assert_eq!(lines.len(), 19_531);
    let mut arguments = Arguments::default();
    lines.iter().for_each(|line| assert_parses_like_reference(line, &mut arguments));
}

/// The same to length 8: `cargo test --profile thorough --test integration -- --ignored to_length_8`.
#[test]
#[ignore = "takes half a minute without optimization"]
fn every_command_line_to_length_8_is_parsed_like_the_reference() {
    let mut arguments = Arguments::default();
    every_string(&MARKS, 8).iter().for_each(|line| assert_parses_like_reference(line, &mut arguments));
}

#[test]
fn every_short_term_is_found_like_the_reference() {
    let alphabet = ['a', 'S', '/', 'ſ', 'É', ' '];
    let texts = every_string(&alphabet, 5);
    for lookup in every_string(&['A', 's', '/', '_', 'ſ'], 2).iter().chain(&every_string(&['s', '/', 'é'], 3))
    {
        let term = Term::new(lookup);
        for text in &texts {
            let reference = kql::has(text, lookup, &Profile::default());
            assert_eq!(term.found_in(text), reference, "{text:?} has {lookup:?}");
        }
    }
}

const LITERALS: [&str; 6] =
    ["bitsadmin.exe", "/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges", "/Upload"];

/// Asserts that `fast` agrees with the reference for a text that resembles a literal of the rule.
fn assert_agrees_on(literal: &str, text: &str) {
    let profile = Profile::default();
    assert_eq!(text::eq_ci(text, literal), kql::eq_ci(text, literal, &profile), "{text:?} =~ {literal:?}");
    for (text, lookup) in [(text, literal), (literal, text)] {
        let reference = kql::has(text, lookup, &profile);
        assert_eq!(Term::new(lookup).found_in(text), reference, "{text:?} has {lookup:?}");
    }
    let names = [("bitsadmin.exe", text), (text, "x /transfer")];
    for (name, line) in names {
        let reference = selects(name, None, line, &profile);
        assert_eq!(early_selects(name, None, line), reference, "{name:?} {line:?}");
    }
}

/// Inserts each character at every position of every literal, and replaces a character with it.
fn insert_into_the_literals(characters: impl Iterator<Item = char>) {
    for c in characters {
        for literal in LITERALS {
            for at in 0..=literal.len() {
                let (before, after) = literal.split_at(at);
                assert_agrees_on(literal, &format!("{before}{c}{after}"));
                assert_agrees_on(literal, &format!("{before}{c}{}", after.get(1..).unwrap_or_default()));
            }
        }
    }
}

/// The characters with a case mapping.
fn cased() -> impl Iterator<Item = char> {
    let profile = Profile::default();
    let fold = move |c| kql::fold_character(c, &profile);
    let folded: BTreeSet<char> = ('\0'..=char::MAX).filter(|c| fold(*c) != *c).map(&fold).collect();
    ('\0'..='\u{2fff}').filter(move |c| fold(*c) != *c || folded.contains(c))
}

/// The characters whose case mapping stays near ASCII or leads to it, and a sample of the rest.
#[test]
fn any_character_is_inserted_into_the_literals() {
    let near = cased().filter(|c| *c < '\u{180}' || c.to_lowercase().any(|c| c.is_ascii()));
    insert_into_the_literals(near.chain(('\0'..=char::MAX).step_by(9973)));
}

/// All characters with a case mapping, and more of the rest.
#[test]
#[ignore = "takes minutes without optimization: see .ci/nightly"]
fn every_cased_character_is_inserted_into_the_literals() {
    insert_into_the_literals(cased().chain(('\0'..=char::MAX).step_by(997)));
}

/// Adds every assigned character to both ends of every literal, and replaces one character with
/// it: `cargo test --profile thorough --test integration -- --ignored every_character`.
#[test]
#[ignore = "takes minutes without optimization: see .ci/nightly"]
fn every_character_is_combined_with_the_literals() {
    let is_assigned = |c: &char| get_general_category(*c) != GeneralCategory::Unassigned;
    for c in ('\0'..=char::MAX).filter(is_assigned) {
        for literal in LITERALS {
            let at = literal.find(['s', 'S']).unwrap_or(1);
            for text in [
                format!("{c}{literal}"),
                format!("{literal}{c}"),
                format!("{}{c}{}", &literal[..at], &literal[at + 1..]),
            ] {
                assert_agrees_on(literal, &text);
            }
        }
    }
}

#[test]
fn terms_are_found_at_every_offset_of_texts_of_many_lengths() {
    let switches = Terms::new(["/Transfer", "/AddFile"]);
    let lengths = || (0..110).chain(500..530).chain(600..602);
    for (filler, length) in
        [" ", "/", "."].into_iter().flat_map(|filler| lengths().map(move |length| (filler, length)))
    {
        let others = filler.repeat(length);
        assert!(!switches.found_in(&others));
        for at in 0..=length {
            let (before, after) = others.split_at(at);
            assert!(switches.found_in(&format!("{before}/ADDfile{after}")), "{at} of {length}");
            assert!(!switches.found_in(&format!("{before}/addfile1{after}")), "{at} of {length}");
        }
    }
}

#[test]
fn arguments_are_allocated_only_if_quotes_or_backslashes_change_them() {
    let line = r#"x.exe "a b" c:\d\ "" \\host\x "e\\" f"g"#;
    let allocated = split(line).filter(|argument| matches!(argument, Cow::Owned(_)));
    assert_eq!(allocated.collect::<Vec<_>>(), ["e\\", "fg"]);
    assert_eq!(split(line).count(), 7);
}

fn text_of(characters: &'static [char], length: usize) -> impl Strategy<Value = String> {
    vec(select(characters), 0..length).prop_map(String::from_iter)
}

fn command_lines() -> impl Strategy<Value = String> {
    text_of(&['a', 'b', ' ', '\t', '"', '"', '\\', '\\', '\n', '\u{1}', '\0', '/', 'é', '\u{3000}', '😀'], 60)
}

/// Texts that are long enough for several steps of a search that checks many bytes at a time.
fn texts() -> impl Strategy<Value = String> {
    let words = [
        "/Transfer",
        "/ADDFILE",
        "/addfileſet",
        "/AddFileWithRanges",
        "x",
        "é",
        "_",
        " ",
        "/",
        "ſ",
        "\u{212a}",
        "\u{345}",
    ];
    vec(select(words.to_vec()), 0..14).prop_map(|words| words.concat())
}

fn lookups() -> impl Strategy<Value = String> {
    let known =
        ["/Transfer", "/AddFile", "/AddFileſet", "x", "_", "", ".", "É/", "xx", "x x", "\u{212a}", "sk", "ι"];
    prop_oneof![
        select(known.to_vec()).prop_map(str::to_owned),
        text_of(&['a', 'X', '/', 'é', ' ', 'ſ', 'K'], 4)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn fast_is_reference_for_command_lines(line in command_lines(), before in any::<String>()) {
        let mut arguments = Arguments::default();
        assert_parses_like_reference(&before, &mut arguments);
        assert_parses_like_reference(&line, &mut arguments);
    }

    #[test]
    fn fast_is_reference_for_one_term(text in texts(), lookup in lookups()) {
        let reference = kql::has(&text, &lookup, &Profile::default());
        prop_assert_eq!(Term::new(&lookup).found_in(&text), reference);
    }

    #[test]
    fn fast_is_reference_for_any_text_and_any_part_of_it(
        text in any::<String>(), from in 0..9_usize, length in 0..9_usize,
    ) {
        let lookup: String = text.chars().skip(from).take(length).collect();
        let reference = kql::has(&text, &lookup, &Profile::default());
        prop_assert_eq!(Term::new(&lookup).found_in(&text), reference);
    }

    #[test]
    fn fast_is_reference_for_several_terms(text in texts(), terms in vec(lookups(), 0..5)) {
        let elements: Vec<Dynamic> = terms.iter().map(|term| Dynamic::from(term.as_str())).collect();
        let reference = kql::has_any(&text, &elements, &Profile::default());
        prop_assert_eq!(Terms::new(&terms).found_in(&text), reference);
    }

    #[test]
    fn fast_is_reference_for_equality(
        a in text_of(&['a', 'A', 'k', '\u{212a}', 'é', 'É', 'ß', 'ς'], 4),
        b in text_of(&['a', 'A', 'K', 'é', 'ẞ', 'σ'], 4),
    ) {
        prop_assert_eq!(text::eq_ci(&a, &b), kql::eq_ci(&a, &b, &Profile::default()));
    }

    #[test]
    fn fast_is_reference_for_indexof_and_substring(
        text in texts(), lookup in lookups(), start in -20..20_i64,
        length in proptest::option::of(-2..20_i64), far in any::<i64>(),
    ) {
        prop_assert_eq!(text::indexof(&text, &lookup), kql::indexof(&text, &lookup));
        for (start, length) in [(start, length), (far, length), (start, Some(far))] {
            let reference = kql::substring(&text, start, length);
            prop_assert_eq!(text::substring(&text, start, length), reference);
        }
    }

    #[test]
    fn fast_is_reference_for_the_rule(table in tables(), missing in 0_usize..10) {
        let reference = bitsadmin_activity(&table, &Profile::default());
        prop_assert_eq!(fast_rule::bitsadmin_activity(&table), reference);
        let kind = |result: Result<Table, kql::Error>| result.map_err(|error| error.kind());
        let mut columns = table.columns().to_vec();
        columns.remove(missing);
        let table = Table::new(columns).unwrap();
        let reference = kind(bitsadmin_activity(&table, &Profile::default()));
        prop_assert_eq!(kind(fast_rule::bitsadmin_activity(&table)), reference);
    }

    #[test]
    fn fast_is_reference_for_selecting_events(
        name in select(&["bitsadmin.exe", "BitſAdmin.exe", "x"]),
        original in proptest::option::of(select(&["BITSADMIN.EXE", "y"])), line in texts(),
    ) {
        let reference = selects(name, original, &line, &Profile::default());
        prop_assert_eq!(early_selects(name, original, &line), reference);
    }
}

/// Texts of occurrences of lookups, which may have other cases and neighbours, or be cut short.
fn lookups_and_text() -> impl Strategy<Value = (Vec<String>, String)> {
    let lookup = vec(select(&['s', 'K', 'a', '/', '.']), 3..7).prop_map(String::from_iter);
    vec(lookup, 1..5).prop_flat_map(|lookups: Vec<String>| {
        let form = |text: &str, form: usize| match form {
            0 => text.to_uppercase(),
            1 => text.replace(['s', 'S'], "ſ"),
            2 => text.replace(['k', 'K'], "\u{212a}"),
            3 => text[1..].to_owned(),
            4 => text[..text.len() - 1].to_owned(),
            _ => text.to_owned(),
        };
        let forms = lookups.iter().flat_map(|text| (0..6).map(move |number| form(text, number)));
        let pieces: Vec<String> = forms.chain(["a", " ", "é", "sKa"].map(str::to_owned)).collect();
        let text = vec(select(pieces), 0..12).prop_map(|pieces| pieces.concat());
        (Just(lookups), text)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    #[test]
    fn fast_is_reference_for_many_long_lookups((lookups, text) in lookups_and_text()) {
        let values: Vec<Dynamic> = lookups.iter().map(|lookup| lookup.as_str().into()).collect();
        let reference = kql::has_any(&text, &values, &Profile::default());
        prop_assert_eq!(Terms::new(&lookups).found_in(&text), reference);
        // Without a prefilter, whatever the lookups are.
        let more = lookups.iter().map(String::as_str).chain(["qqq", "xyz"]);
        prop_assert_eq!(Terms::new(more).found_in(&text), reference);
    }
}
