//! The clauses of chapter 20.

use rulespec::kql::profile::*;
use rulespec::kql::{Dynamic, Profile, Type, eq_ci, indexof, substring};

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
