//! Chapter 20, clause by clause.

use rulespec::kql::profile::*;
use rulespec::kql::{Dynamic, Profile, Type, eq_ci, indexof, substring};

fn eq(a: &str, b: &str) -> bool {
    eq_ci(a, b, &Profile::default())
}

fn index(text: &str, lookup: &str) -> i64 {
    indexof(text, lookup, &Profile::default())
}

fn rest(text: &str, start: i64) -> String {
    substring(text, start, None, &Profile::default())
}

fn part(text: &str, start: i64, length: i64) -> String {
    substring(text, start, Some(length), &Profile::default())
}

#[test]
fn txt_01_letters_a_to_z_are_equal_but_for_case() {
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
fn txt_02_the_whole_string_is_compared() {
    for other in
        ["bitsadmin.ex", "bitsadmin.exe ", " bitsadmin.exe", "bitsadmin_exe", "", "*.exe", "bitsadmin%"]
    {
        assert!(!eq("bitsadmin.exe", other), "{other:?}");
        assert!(!eq(other, "bitsadmin.exe"), "{other:?}");
    }
    assert!(!eq("ab", "ba") && !eq("aab", "abb"));
}

#[test]
fn txt_03_beyond_ascii_the_open_point_decides() {
    let answers = |a, b| {
        [CaseFolding::default(), CaseFolding::Simple, CaseFolding::Lower]
            .map(|case_folding| eq_ci(a, b, &Profile { case_folding, ..Profile::default() }))
    };
    assert_eq!(answers("É", "é"), [false, true, true]);
    assert_eq!(answers("ς", "σ"), [false, true, false]);
    assert_eq!(answers("İ", "i\u{307}"), [false, false, true]);
    assert_eq!(answers("ß", "ss"), [false, false, false]);
    assert_eq!(answers("é", "é"), [true, true, true]);
    assert_eq!(answers("é", "è"), [false, false, false]);
    assert_eq!(answers("AÉ", "aÉ"), [true, true, true]);
}

#[test]
fn txt_04_where_there_is_nothing_a_string_is_empty() {
    assert_eq!(Type::String.empty(), Dynamic::from(""));
    assert_eq!(Type::String.cell(&serde_json::Value::Null), Some(Dynamic::from("")));
    assert!(!Type::String.admits(&Dynamic::Null));
    assert!(eq("", ""));
    for other in [" ", "\0", "null", "\"\""] {
        assert!(!eq("", other) && !eq(other, ""), "{other:?}");
    }
}

#[test]
fn txt_05_indexof_counts_what_precedes_the_first_occurrence() {
    assert_eq!(index("host.corp.example", "."), 4);
    assert_eq!(index("aaaab", "aab"), 2);
    assert_eq!(index("abcabc", "abc"), 0);
    assert_eq!(index("xabcabc", "abc"), 1);
    assert_eq!(index("a.*b", ".*"), 1);
}

#[test]
fn txt_06_indexof_is_minus_one_where_there_is_none() {
    assert_eq!(index("host", "."), -1);
    assert_eq!(index("", "a"), -1);
    assert_eq!(index("ab", "abc"), -1);
}

#[test]
fn txt_07_indexof_minds_case() {
    assert_eq!(index("Upload", "upload"), -1);
    assert_eq!(index("UPLOAD upload", "upload"), 7);
}

#[test]
fn txt_08_the_open_point_says_what_is_counted() {
    let units = [TextUnits::default(), TextUnits::Utf16, TextUnits::Bytes];
    let profiles = units.map(|text_units| Profile { text_units, ..Profile::default() });
    assert_eq!(profiles.map(|profile| indexof("é😀x", "x", &profile)), [2, 3, 6]);
    assert_eq!(profiles.map(|profile| indexof("x", "x", &profile)), [0, 0, 0]);
    let tails = profiles.map(|profile| substring("é😀abcdef", 6, None, &profile));
    assert_eq!(tails, ["ef", "def", "abcdef"]);
    let heads = profiles.map(|profile| substring("é😀abcdef", 0, Some(6), &profile));
    assert_eq!(heads, ["é😀abcd", "é😀abc", "é😀"]);
    let halves = profiles.map(|profile| substring("😀", 1, Some(1), &profile));
    assert_eq!(halves, ["", "\u{fffd}", "\u{fffd}"]);
}

#[test]
fn txt_09_the_empty_string_is_found_as_the_open_point_says() {
    let not_found = Profile { indexof_empty: IndexofEmpty::NotFound, ..Profile::default() };
    for text in ["", "a", "é"] {
        assert_eq!(index(text, ""), 0);
        assert_eq!(indexof(text, "", &not_found), -1);
    }
    assert_eq!(indexof("ab", "b", &not_found), 1);
}

#[test]
fn txt_10_without_a_length_the_rest_is_taken() {
    assert_eq!([0, 1, 2].map(|start| rest("abc", start)), ["abc", "bc", "c"]);
}

#[test]
fn txt_11_a_length_is_a_number_of_characters() {
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
fn txt_13_a_start_before_the_beginning_gives_nothing() {
    assert_eq!([-4, -10, i64::MIN].map(|start| rest("abc", start)), ["", "", ""]);
    assert_eq!(part("abc", -4, 3), "");
    assert_eq!(part("", -1, 1), "");
}

#[test]
fn txt_14_a_start_at_or_beyond_the_end_gives_nothing() {
    assert_eq!([3, 4, i64::MAX].map(|start| rest("abc", start)), ["", "", ""]);
    assert_eq!(part("abc", 3, 1), "");
    assert_eq!(part("abc", i64::MAX, i64::MAX), "");
    assert_eq!(rest("", 0), "");
}

#[test]
fn txt_15_no_length_gives_nothing() {
    for start in [-2, 0, 1, 2] {
        assert_eq!([0, -1, i64::MIN].map(|length| part("abc", start, length)), ["", "", ""]);
    }
}

#[test]
fn txt_16_nothing_is_normalised() {
    assert!(!eq("é", "e\u{301}"));
    assert!(!eq("e", "e\u{301}"));
    assert_eq!(index("e\u{301}", "é"), -1);
    assert_eq!(index("e\u{301}", "e"), 0);
    assert_eq!(rest("e\u{301}", 1), "\u{301}");
}
