//! The clauses of chapter 20.

use super::{assert_values, value};
use rulespec::kql::profile::*;
use rulespec::kql::{Dynamic, Profile, Type, eq_ci, indexof, substring};
use serde_json::json;

fn eq(a: &str, b: &str) -> bool {
    eq_ci(a, b, &Profile::default())
}

fn rest(text: &str, start: i64) -> String {
    substring(text, start, None)
}

fn part(text: &str, start: i64, length: i64) -> String {
    substring(text, start, Some(length))
}

#[test]
fn txt_01_the_case_of_ascii_letters_is_ignored() {
    for (small, capital) in ('a'..='z').zip('A'..='Z') {
        assert!(eq(&small.to_string(), &capital.to_string()));
        assert!(eq(&format!("x{capital}"), &format!("X{small}")));
    }
    for a in '\0'..='\u{7f}' {
        let same = ('\0'..='\u{7f}').filter(|b| eq(&a.to_string(), &b.to_string())).count();
        assert_eq!(same, 1 + usize::from(a.is_ascii_alphabetic()), "{a:?}");
    }
}

#[test]
fn txt_02_whole_strings_are_compared() {
    for other in
        ["bitsadmin.ex", "bitsadmin.exe ", " bitsadmin.exe", "bitsadmin_exe", "", "*.exe", "bitsadmin%"]
    {
        assert!(!eq("bitsadmin.exe", other), "{other:?}");
        assert!(!eq(other, "bitsadmin.exe"), "{other:?}");
    }
    assert!(!eq("ab", "ba") && !eq("aab", "abb"));
}

/// Returns the results with simple folding, lower case and upper case.
fn by_each_folding(a: &str, b: &str) -> [bool; 3] {
    [CaseFolding::Simple, CaseFolding::Lower, CaseFolding::Upper].map(|case_folding| {
        let profile = Profile { case_folding, ..Profile::default() };
        assert_eq!(eq_ci(a, b, &profile), eq_ci(b, a, &profile), "{a} {b}");
        eq_ci(a, b, &profile)
    })
}

#[test]
fn txt_03_non_ascii_case_is_ignored_one_character_at_a_time() {
    for (a, b) in [("É", "é"), ("Ж", "ж"), ("Σ", "σ"), ("Ａ", "ａ"), ("𐐀", "𐐨"), ("AÉ", "aé"), ("é", "é")]
    {
        assert_eq!(by_each_folding(a, b), [true; 3], "{a} {b}");
    }
    for (a, b) in [("ß", "ss"), ("ẞ", "SS"), ("é", "è"), ("İ", "i\u{307}"), ("ﬁ", "fi"), ("Ａ", "A")]
    {
        assert_eq!(by_each_folding(a, b), [false; 3], "{a} {b}");
    }
}

#[test]
fn txt_03_if_case_mappings_disagree_the_open_point_decides() {
    assert_eq!(by_each_folding("ς", "σ"), [true, false, true]);
    assert_eq!(by_each_folding("ſ", "s"), [true, false, true]);
    assert_eq!(by_each_folding("\u{212a}", "k"), [true, true, false]);
    assert_eq!(by_each_folding("İ", "i"), [false, true, false]);
    assert_eq!(by_each_folding("ı", "i"), [false, false, true]);
    assert_eq!(by_each_folding("ẞ", "ß"), [true, true, false]);
    assert_eq!(by_each_folding("ᾀ", "ᾈ"), [true, true, true]);
    assert_eq!(by_each_folding("Ǆ", "ǅ"), [true, true, true]);
}

#[test]
fn txt_04_a_string_is_empty_instead_of_null() {
    assert_eq!(Type::String.empty(), Dynamic::from(""));
    assert_eq!(Type::String.cell(&serde_json::Value::Null), Some(Dynamic::from("")));
    assert!(!Type::String.admits(&Dynamic::Null));
    assert!(eq("", ""));
    for other in [" ", "\0", "null", "\"\""] {
        assert!(!eq("", other) && !eq(other, ""), "{other:?}");
    }
}

#[test]
fn txt_05_indexof_counts_the_characters_before_the_first_occurrence() {
    assert_eq!(indexof("host.corp.example", "."), Some(4));
    assert_eq!(indexof("aaaab", "aab"), Some(2));
    assert_eq!(indexof("abcabc", "abc"), Some(0));
    assert_eq!(indexof("xabcabc", "abc"), Some(1));
    assert_eq!(indexof("a.*b", ".*"), Some(1));
}

#[test]
fn txt_06_indexof_is_minus_one_if_there_is_no_occurrence() {
    assert_eq!(indexof("host", "."), Some(-1));
    assert_eq!(indexof("", "a"), Some(-1));
    assert_eq!(indexof("ab", "abc"), Some(-1));
}

#[test]
fn txt_07_indexof_is_case_sensitive() {
    assert_eq!(indexof("Upload", "upload"), Some(-1));
    assert_eq!(indexof("UPLOAD upload", "upload"), Some(7));
}

#[test]
fn txt_08_code_points_are_counted() {
    assert_eq!(indexof("é😀x", "x"), Some(2));
    assert_eq!(indexof("e\u{301}x", "x"), Some(2));
    assert_eq!(rest("é😀abcdef", 6), "ef");
    assert_eq!(part("é😀abcdef", 0, 6), "é😀abcd");
    assert_eq!(part("👨‍👩‍👧", 0, 1), "👨");
    assert_eq!(part("😀", 1, 1), "");
}

#[test]
fn txt_09_indexof_the_empty_string_is_null() {
    for text in ["", "a", "é", "host.corp"] {
        assert_eq!(indexof(text, ""), None);
    }
}

#[test]
fn txt_10_without_a_length_substring_returns_the_rest() {
    assert_eq!([0, 1, 2].map(|start| rest("abc", start)), ["abc", "bc", "c"]);
}

#[test]
fn txt_11_the_length_is_a_number_of_characters() {
    assert_eq!([1, 2, 3, 4].map(|length| part("abcde", 2, length)), ["c", "cd", "cde", "cde"]);
    assert_eq!(part("abcde", 4, 1), "e");
    assert_eq!(part("abcde", 1, i64::MAX), "bcde");
}

#[test]
fn txt_12_a_negative_start_counts_from_the_end() {
    assert_eq!([-1, -2, -3].map(|start| rest("abc", start)), ["c", "bc", "abc"]);
    assert_eq!(part("abcdefg", -3, 2), "ef");
    assert_eq!(part("abc", -1, 9), "c");
}

#[test]
fn txt_13_a_start_before_the_beginning_gives_an_empty_string() {
    assert_eq!([-4, -10, i64::MIN].map(|start| rest("abc", start)), ["", "", ""]);
    assert_eq!(part("abc", -4, 3), "");
    assert_eq!(part("", -1, 1), "");
}

#[test]
fn txt_14_a_start_at_or_beyond_the_end_gives_an_empty_string() {
    assert_eq!([3, 4, i64::MAX].map(|start| rest("abc", start)), ["", "", ""]);
    assert_eq!(part("abc", 3, 1), "");
    assert_eq!(part("abc", i64::MAX, i64::MAX), "");
    assert_eq!(rest("", 0), "");
}

#[test]
fn txt_15_a_length_of_zero_or_less_gives_an_empty_string() {
    for start in [-2, 0, 1, 2] {
        assert_eq!([0, -1, i64::MIN].map(|length| part("abc", start, length)), ["", "", ""]);
    }
}

#[test]
fn txt_16_strings_are_not_normalized() {
    assert!(!eq("é", "e\u{301}"));
    assert!(!eq("e", "e\u{301}"));
    assert_eq!(indexof("e\u{301}", "é"), Some(-1));
    assert_eq!(indexof("e\u{301}", "e"), Some(0));
    assert_eq!(rest("e\u{301}", 1), "\u{301}");
}

#[test]
fn txt_17_contains_finds_any_part() {
    assert_values([
        ("'bitsadmin' contains 'sadm'", json!(true)),
        ("'bits admin' contains 'sadm'", json!(false)),
        ("'abc' contains 'a.c'", json!(false)),
    ]);
}

#[test]
fn txt_18_startswith_and_endswith_find_the_ends() {
    assert_values([
        ("'testing' startswith 'test' and 'contest' endswith 'test'", json!(true)),
        ("'a test' startswith 'test' or 'test word' endswith 'test'", json!(false)),
        ("'te' startswith 'test' or 'st' endswith 'test'", json!(false)),
    ]);
}

#[test]
fn txt_19_the_empty_string_is_found_everywhere() {
    for operator in ["contains", "contains_cs", "startswith", "startswith_cs", "endswith", "endswith_cs"] {
        assert_values([
            (&format!("'' {operator} ''"), json!(true)),
            (&format!("'a' {operator} ''"), json!(true)),
            (&format!("'' {operator} 'a'"), json!(false)),
        ]);
    }
}

#[test]
fn txt_20_the_forms_with_cs_compare_case() {
    for operator in ["contains", "startswith", "endswith"] {
        assert_values([
            (&format!("'É' {operator} 'é'"), json!(true)),
            (&format!("'É' {operator}_cs 'é'"), json!(false)),
            (&format!("'é' {operator}_cs 'é'"), json!(true)),
        ]);
    }
}

#[test]
fn txt_21_a_negated_operator_is_the_opposite() {
    let names = ["has", "hasprefix", "hassuffix", "contains", "startswith", "endswith"];
    for operator in names.into_iter().flat_map(|name| [name.to_owned(), format!("{name}_cs")]) {
        for (text, lookup) in [("'a b'", "'A'"), ("'a b'", "'b'"), ("''", "'a'"), ("dynamic(null)", "'a'")] {
            let opposite = value(&format!("not({text} {operator} {lookup})"));
            assert_eq!(
                value(&format!("{text} !{operator} {lookup}")),
                opposite,
                "{text} !{operator} {lookup}"
            );
        }
    }
    assert_values([
        ("'a' !~ 'A'", json!(false)),
        ("'a' !in~ ('A')", json!(false)),
        ("'a' !in ('A')", json!(true)),
    ]);
}

#[test]
fn txt_22_tolower_and_toupper_change_all_letters() {
    assert_values([("tolower('CAFÉ Ж1')", json!("café ж1")), ("toupper('naïve ж1')", json!("NAÏVE Ж1"))]);
}

#[test]
fn txt_23_each_character_is_mapped_by_itself() {
    assert_values([("tolower('ΟΔΟΣ')", json!("οδοσ")), ("toupper('ß')", json!("ß"))]);
    let mut profile = Profile::default();
    assert!(profile.choose("OPEN-CASE-MAPPING", "full"));
    assert_eq!(rulespec::kql::toupper("ß", &profile), "SS");
    assert_eq!(rulespec::kql::tolower("ΟΔΟΣ", &profile), "οδοσ");
}

#[test]
fn txt_24_in_compares_whole_strings_and_their_case() {
    assert_values([
        ("'b' in ('a', 'b')", json!(true)),
        ("'B' in ('a', 'b')", json!(false)),
        ("'b' in ('ab', 'bc')", json!(false)),
        ("2 in (1, 2.0)", json!(true)),
    ]);
}

#[test]
fn txt_25_in_with_a_tilde_ignores_case() {
    assert_values([("'МИР' in~ ('a', 'мир')", json!(true)), ("'straße' in~ ('STRASSE')", json!(false))]);
}

#[test]
fn txt_26_a_dynamic_stands_for_its_text() {
    assert_values([
        ("dynamic('x') contains '\"'", json!(false)),
        ("'a12' contains dynamic(12)", json!(true)),
        ("'a' =~ dynamic('A')", json!(true)),
        ("'a' has dynamic('a')", json!("wrong-type")),
        ("1 contains '1'", json!("wrong-type")),
    ]);
}

#[test]
fn txt_27_arrays_in_a_list_are_flattened() {
    assert_values([
        ("'c' in ('a', dynamic(['b', ['c']]))", json!(true)),
        ("'a' in~ (dynamic(['A']), 'b')", json!(true)),
        ("'a' in (dynamic([]))", json!(false)),
    ]);
}

#[test]
fn txt_28_a_null_equals_no_value() {
    assert_values([
        ("long(null) in (1, 2)", json!(false)),
        ("long(null) !in (1, 2)", json!(true)),
        ("1 in (long(null))", json!(false)),
        ("long(null) in (long(null))", json!("unsupported")),
    ]);
}

#[test]
fn txt_29_a_dynamic_is_found_by_its_text() {
    assert_values([
        ("dynamic(12) in ('12')", json!(true)),
        ("dynamic('x') in~ ('X')", json!(true)),
        ("dynamic('x') in (1)", json!(false)),
        ("dynamic('1') in (1)", json!("unsupported")),
    ]);
}

#[test]
fn txt_33_a_string_is_converted_to_the_type_of_the_value() {
    assert_values([
        ("1 in ('1')", json!(true)),
        ("real(1.5) in~ ('1.5')", json!("wrong-type")),
        ("1d !in ('1.00:00:00')", json!(false)),
        ("1 in ('x')", json!(false)),
        ("1 in (true)", json!("unsupported")),
    ]);
}

#[test]
fn txt_30_a_search_can_begin_later() {
    assert_values([
        ("indexof('abcabc', 'a', 1)", json!(3)),
        ("indexof('aaa', 'a', 9)", json!(-1)),
        ("indexof('aaa', 'a', -1)", json!("unsupported")),
        ("indexof('aaa', 'a', long(null))", json!("unsupported")),
    ]);
}

#[test]
fn txt_31_an_occurrence_lies_in_the_length() {
    let huge = format!("indexof('abcdefg', 'cde', 1, {})", i64::MAX);
    assert_values([
        ("indexof('abcdefg', 'cde', 1, 4)", json!(2)),
        ("indexof('abcdefg', 'cde', 1, 3)", json!(-1)),
        ("indexof('abcdefg', 'cde', 1, -1)", json!(2)),
        ("indexof('abcdefg', 'cde', 1, -2)", json!(null)),
        (&huge, json!(2)),
    ]);
}

#[test]
fn txt_32_a_later_occurrence_can_be_found() {
    assert_values([
        ("indexof('xaxa', 'a', 0, -1, 2)", json!(3)),
        ("indexof('xaxa', 'a', 0, -1, 3)", json!(-1)),
        ("indexof('xaxa', 'a', 0, -1, -1)", json!(null)),
        ("indexof('xaxa', 'a', 0, -1, 0)", json!("unsupported")),
        ("indexof('aaa', 'aa', 0, -1, 2)", json!("unsupported")),
        ("indexof('xaxa', 'a', 0, 4, 2)", json!("unsupported")),
    ]);
}
