//! Everything in `rulespec::fast` is held to the reference: over every text of a small
//! scope, and by properties.

use std::borrow::Cow;
use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use unicode_general_category::{GeneralCategory, get_general_category};

use rulespec::fast::command_line::{Arguments, split};
use rulespec::fast::{rule as fast_rule, terms::Term, terms::Terms, text};
use rulespec::kql::{self, Column, Dynamic, Profile, Table, Type};
use rulespec::rule::{bitsadmin_activity, selects};
use rulespec_testing::held::parses_as_the_reference;

/// Every string over an alphabet up to a length, the empty one first.
fn every_string(alphabet: &[char], length: usize) -> Vec<String> {
    let mut all = vec![String::new()];
    let mut last = 0;
    for _ in 0..length {
        let next = all.len();
        for at in last..next {
            for &c in alphabet {
                let longer = format!("{}{c}", all[at]);
                all.push(longer);
            }
        }
        last = next;
    }
    all
}

const MARKS: [char; 5] = ['a', ' ', '\t', '"', '\\'];

#[test]
fn every_short_command_line_is_parsed_as_by_the_reference() {
    let lines = every_string(&MARKS, 6);
    assert_eq!(lines.len(), 19_531);
    let mut arguments = Arguments::default();
    lines.iter().for_each(|line| parses_as_the_reference(line, &mut arguments));
}

/// The same to length 8: `cargo test --profile thorough --lib -- --ignored to_length_8`.
#[test]
#[ignore = "takes half a minute where it is not optimised"]
fn every_command_line_to_length_8_is_parsed_as_by_the_reference() {
    let mut arguments = Arguments::default();
    every_string(&MARKS, 8).iter().for_each(|line| parses_as_the_reference(line, &mut arguments));
}

#[test]
fn every_short_term_is_found_as_by_the_reference() {
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

/// Asserts that fast is the reference for a text that is nearly a literal of the rule.
fn is_reference_for(literal: &str, text: &str) {
    let profile = Profile::default();
    assert_eq!(text::eq_ci(text, literal), kql::eq_ci(text, literal, &profile), "{text:?} =~ {literal:?}");
    for (text, lookup) in [(text, literal), (literal, text)] {
        let reference = kql::has(text, lookup, &profile);
        assert_eq!(Term::new(lookup).found_in(text), reference, "{text:?} has {lookup:?}");
    }
    let names = [("bitsadmin.exe", text), (text, "x /transfer")];
    for (name, line) in names {
        let reference = selects(name, None, line, &profile);
        assert_eq!(fast_rule::selects(name, None, line), reference, "{name:?} {line:?}");
    }
}

/// Characters whose case another has, and a part of the rest, before, after and in place of
/// each character of every literal.
#[test]
fn characters_stand_at_every_place_of_the_literals() {
    let profile = Profile::default();
    let fold = |c| kql::text::fold_character(c, &profile);
    let folded: BTreeSet<char> = ('\0'..=char::MAX).filter(|c| fold(*c) != *c).map(fold).collect();
    let has_case = |c: &char| fold(*c) != *c || folded.contains(c);
    let rest = ('\0'..=char::MAX).step_by(997);
    for c in ('\0'..='\u{2fff}').filter(has_case).chain(rest) {
        for literal in LITERALS {
            for at in 0..=literal.len() {
                let (before, after) = literal.split_at(at);
                is_reference_for(literal, &format!("{before}{c}{after}"));
                is_reference_for(literal, &format!("{before}{c}{}", after.get(1..).unwrap_or_default()));
            }
        }
    }
}

/// Every assigned character beside every literal, and in place of one of its characters:
/// `cargo test --profile thorough --lib -- --ignored every_character`.
#[test]
#[ignore = "takes minutes where it is not optimised: see .ci/run"]
fn every_character_stands_beside_the_literals_and_in_them() {
    let is_assigned = |c: &char| get_general_category(*c) != GeneralCategory::Unassigned;
    for c in ('\0'..=char::MAX).filter(is_assigned) {
        for literal in LITERALS {
            let at = literal.find(['s', 'S']).unwrap_or(1);
            for text in [
                format!("{c}{literal}"),
                format!("{literal}{c}"),
                format!("{}{c}{}", &literal[..at], &literal[at + 1..]),
            ] {
                is_reference_for(literal, &text);
            }
        }
    }
}

#[test]
fn terms_are_found_at_every_place_of_texts_of_every_length() {
    let switches = Terms::new(["/Transfer", "/AddFile"]);
    for length in (0..110).chain(500..530) {
        let blanks = " ".repeat(length);
        assert!(!switches.found_in(&blanks));
        for at in 0..=length {
            let (before, after) = blanks.split_at(at);
            assert!(switches.found_in(&format!("{before}/ADDfile{after}")), "{at} of {length}");
            assert!(!switches.found_in(&format!("{before}/addfile1{after}")), "{at} of {length}");
        }
    }
}

#[test]
fn arguments_are_built_only_where_quotes_or_backslashes_change_them() {
    let line = r#"x.exe "a b" c:\d\ "" \\host\x "e\\" f"g"#;
    let built = split(line).filter(|argument| matches!(argument, Cow::Owned(_)));
    assert_eq!(built.collect::<Vec<_>>(), ["e\\", "fg"]);
    assert_eq!(split(line).count(), 7);
}

fn text_of(characters: &'static [char], length: usize) -> impl Strategy<Value = String> {
    vec(select(characters), 0..length).prop_map(String::from_iter)
}

fn command_lines() -> impl Strategy<Value = String> {
    text_of(&['a', 'b', ' ', '\t', '"', '"', '\\', '\\', '\n', '\u{1}', '\0', '/', 'é', '\u{3000}', '😀'], 60)
}

/// Long enough for several steps of what looks at many places together.
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

fn tables() -> impl Strategy<Value = Table> {
    let names = select(&["bitsadmin.exe", "BITſADMIN.EXE", "x.exe", ""]);
    let devices = select(&["pc", "pc.corp.example", ".", ""]);
    let row = (names.clone(), names, command_lines(), texts(), devices);
    (any::<bool>(), any::<bool>(), vec(row, 0..5)).prop_map(|(original, complete, rows)| {
        let mut columns: Vec<Column> = ["FileName", "ProcessCommandLine", "DeviceName", "DeviceId"]
            .into_iter()
            .chain(["InitiatingProcessFolderPath", "InitiatingProcessAccountDomain"])
            .chain(["InitiatingProcessAccountName", "InitiatingProcessSHA256"])
            .map(|name| Column::new(name, Type::String))
            .collect();
        columns.push(Column::new("ProcessId", Type::Long));
        columns.extend(original.then(|| Column::new("ProcessVersionInfoOriginalFileName", Type::String)));
        columns.extend(complete.then(|| Column::new("TimeGenerated", Type::Datetime)));
        let mut table = Table::new(columns).unwrap();
        for (name, original_name, line, words, device) in rows {
            let mut cells = [name, &format!("{line} {words} {line}"), device, "", "", "", "", ""]
                .map(Dynamic::from)
                .to_vec();
            cells.push(Dynamic::Long(7));
            cells.extend(original.then(|| original_name.into()));
            cells.extend(complete.then_some(Dynamic::Null));
            table.push(cells).unwrap();
        }
        table
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn fast_is_reference_for_command_lines(line in command_lines(), before in any::<String>()) {
        let mut arguments = Arguments::default();
        parses_as_the_reference(&before, &mut arguments);
        parses_as_the_reference(&line, &mut arguments);
    }

    #[test]
    fn fast_is_reference_for_one_term(text in texts(), lookup in lookups()) {
        let reference = kql::has(&text, &lookup, &Profile::default());
        prop_assert_eq!(Term::new(&lookup).found_in(&text), reference);
    }

    #[test]
    fn fast_is_reference_for_any_text_and_any_part_of_it(text in any::<String>(), from in 0..9_usize, length in 0..9_usize) {
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
    fn fast_is_reference_for_equality(a in text_of(&['a', 'A', 'k', '\u{212a}', 'é', 'É', 'ß', 'ς'], 4), b in text_of(&['a', 'A', 'K', 'é', 'ẞ', 'σ'], 4)) {
        prop_assert_eq!(text::eq_ci(&a, &b), kql::eq_ci(&a, &b, &Profile::default()));
    }

    #[test]
    fn fast_is_reference_for_cutting_text(
        text in texts(), lookup in lookups(), start in -20..20_i64, length in proptest::option::of(-2..20_i64), far in any::<i64>(),
    ) {
        prop_assert_eq!(text::indexof(&text, &lookup), kql::indexof(&text, &lookup));
        for (start, length) in [(start, length), (far, length), (start, Some(far))] {
            let reference = kql::substring(&text, start, length);
            prop_assert_eq!(text::substring(&text, start, length), reference);
        }
    }

    #[test]
    fn fast_is_reference_for_the_rule(table in tables()) {
        let reference = bitsadmin_activity(&table, &Profile::default());
        prop_assert_eq!(fast_rule::bitsadmin_activity(&table), reference);
    }

    #[test]
    fn fast_is_reference_for_what_the_rule_selects(
        name in select(&["bitsadmin.exe", "BitſAdmin.exe", "x"]), original in proptest::option::of(select(&["BITSADMIN.EXE", "y"])), line in texts(),
    ) {
        let reference = selects(name, original, &line, &Profile::default());
        prop_assert_eq!(fast_rule::selects(name, original, &line), reference);
    }
}
