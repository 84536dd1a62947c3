//! The clauses of chapter 30.

use super::assert_values;
use rulespec::kql::profile::CaseFolding;
use rulespec::kql::{Dynamic, Profile};
use rulespec::kql::{first_occurrence, is_term_character};
use serde_json::json;

fn has(text: &str, lookup: &str) -> bool {
    rulespec::kql::has(text, lookup, &Profile::default())
}

fn has_any(text: &str, lookups: &[Dynamic]) -> bool {
    rulespec::kql::has_any(text, lookups, &Profile::default())
}

fn texts<const N: usize>(lookups: [&str; N]) -> [Dynamic; N] {
    lookups.map(Dynamic::from)
}

fn first(text: &str, lookup: &str) -> Option<usize> {
    first_occurrence(text, lookup, &Profile::default())
}

#[test]
fn trm_01_a_part_of_a_term_is_not_found() {
    for part in ["b", "bits", "admin", "its"] {
        assert!(!has("bitsadmin", part), "{part}");
    }
    for term in ["one", "two", "three"] {
        assert!(has("one,two three", term), "{term}");
    }
}

#[test]
fn trm_02_a_bounded_occurrence_is_sufficient_and_necessary() {
    assert!(has("xa ax a", "a"));
    assert!(!has("xa ax", "a"));
    assert!(!has("b", "a"));
    assert_eq!(first("/transfers /TRANSFER j", "/Transfer"), Some(11));
    assert_eq!(first("é /transfer", "/transfer"), Some(2));
}

#[test]
fn trm_03_no_term_character_may_precede_one_at_the_left_edge() {
    for before in ["x", "7", "é", "文"] {
        assert!(!has(&format!("{before}a/"), "a/"), "{before}");
    }
    for before in ["", " ", "_", "/", "\u{301}", "😀"] {
        assert!(has(&format!("{before}a/"), "a/"), "{before}");
    }
}

#[test]
fn trm_04_no_term_character_may_follow_one_at_the_right_edge() {
    for after in ["x", "7", "é", "文"] {
        assert!(!has(&format!("/a{after}"), "/a"), "{after}");
    }
    for after in ["", " ", "_", "/", "\u{301}", "😀"] {
        assert!(has(&format!("/a{after}"), "/a"), "{after}");
    }
}

#[test]
fn trm_05_an_edge_that_is_not_a_term_character_may_have_any_neighbour() {
    assert!(has("x/a", "/a"));
    assert!(has("a/x", "a/"));
    assert!(has("x-a-x", "-a-"));
    assert!(!has("x/ax", "/a"));
    assert!(!has("xa/x", "a/"));
}

#[test]
fn trm_06_every_occurrence_counts_even_if_it_overlaps_another() {
    assert_eq!(first("ab a", "a"), Some(3));
    assert_eq!(first("xa-a-a", "a-a"), Some(3));
    assert_eq!(first("ab ab ab a", "a"), Some(9));
    assert_eq!(first("a ab", "a"), Some(0));
    assert_eq!(first("xa-a-ax", "a-a"), None);
}

#[test]
fn trm_07_the_underscore_separates_as_a_hyphen_does() {
    assert!(!is_term_character('_') && !is_term_character('-'));
    for separator in ["_", "-"] {
        assert!(has(&format!("a{separator}b"), "a"));
        assert!(has(&format!("a{separator}b"), "b"));
        assert!(has(&format!("a{separator}b"), separator));
    }
}

#[test]
fn trm_08_term_characters_are_letters_and_numbers() {
    // One of each general category L and N, then of every other that is assigned.
    for c in ['A', 'a', 'ǅ', 'ʰ', 'ª', '文', '7', '٣', 'Ⅳ', '²', '½', '①', '𝒳', '𝟙'] {
        assert!(is_term_character(c), "{c:?}");
        assert!(!has(&format!("a{c}"), "a"), "{c:?}");
    }
    let others = [
        '\u{301}', '\u{345}', '\u{363}', '\u{903}', '\u{20dd}', '_', '‿', '-', '(', ')', '«', '»', '!', '+',
        '$', '^', '°', 'ⓐ', 'Ⓐ', '😀', ' ', '\u{2028}', '\u{2029}', '\n', '\0', '\u{200d}', '\u{e000}',
        '\u{fffd}',
    ];
    for c in others {
        assert!(!is_term_character(c), "{c:?}");
        assert!(has(&format!("a{c}a"), "a"), "{c:?}");
    }
}

#[test]
fn trm_09_the_empty_lookup_is_found_in_every_text() {
    assert_eq!(["", "a", " ", "a b"].map(|text| first(text, "")), [Some(0); 4]);
}

#[test]
fn trm_10_a_lookup_of_separators_is_a_plain_substring() {
    assert!(has("a.b", ".") && has(".", ".") && has("a...b", ".."));
    assert!(!has("a. .b", "..") && !has("ab", ".") && !has("a,b", "."));
}

#[test]
fn trm_11_several_terms_must_occur_as_written() {
    assert!(has("one two three", "two three"));
    for text in ["two  three", "two-three", "three two", "two x three", "twothree", "two three4"] {
        assert!(!has(text, "two three"), "{text}");
    }
}

#[test]
fn trm_12_case_is_ignored_as_in_equality() {
    for (small, capital) in ('a'..='z').zip('A'..='Z') {
        assert!(has(&format!("x {capital}"), &small.to_string()));
        assert!(has(&format!("{small} x"), &capital.to_string()));
    }
    assert!(!has("[", "{") && !has("@", "`"));
    assert!(has("UN CAFÉ", "café") && has("ДОМ 7", "дом") && !has("STRASSE", "straße"));
    let by_each_folding = |text: &str, lookup: &str| {
        [CaseFolding::Simple, CaseFolding::Lower, CaseFolding::Upper].map(|case_folding| {
            rulespec::kql::has(text, lookup, &Profile { case_folding, ..Profile::default() })
        })
    };
    assert_eq!(by_each_folding("x ς", "σ"), [true, false, true]);
    assert_eq!(by_each_folding("/tranſfer x", "/Transfer"), [true, false, true]);
    assert_eq!(by_each_folding("/ADDFİLE", "/AddFile"), [false, true, false]);
    assert_eq!(by_each_folding("/addfıle", "/AddFile"), [false, false, true]);
}

#[test]
fn trm_13_short_lookups_follow_the_same_rule() {
    for lookup in ["k", "ke", "key", "keys"] {
        assert!(has(&format!("a {lookup} b"), lookup), "{lookup}");
        assert!(!has(&format!("a {lookup}x b"), lookup), "{lookup}");
        assert!(!has(&format!("a x{lookup} b"), lookup), "{lookup}");
    }
}

#[test]
fn trm_14_digits_are_term_characters() {
    for digit in '0'..='9' {
        assert!(is_term_character(digit));
        assert!(!has(&format!("a{digit}"), "a"));
        assert!(has(&format!("a.{digit}"), &digit.to_string()));
    }
}

#[test]
fn trm_15_one_matching_element_is_sufficient() {
    let lookups = texts(["/a", "/ab", "c"]);
    for text in ["/a", "/ab", "x c", "/ab c"] {
        assert!(has_any(text, &lookups), "{text}");
    }
    assert!(!has_any("/abc", &lookups));
    assert!(!has_any("a b", &texts(["ab", "b a"])));
}

#[test]
fn trm_16_an_empty_list_finds_nothing() {
    assert!(!has_any("a", &[]));
    assert!(!has_any("", &[]));
}

#[test]
fn trm_17_an_element_is_converted_to_text() {
    assert!(has_any("item 17", &[Dynamic::from(17)]));
    assert!(!has_any("item 170", &[Dynamic::from(17)]));
    assert!(has_any("it is TRUE", &[Dynamic::from(true)]));
    assert!(!has_any("a", &[Dynamic::from(0), Dynamic::from(false)]));
}

#[test]
fn trm_18_a_null_element_is_found_in_every_text() {
    assert!(has_any("a", &[Dynamic::Null]));
    assert!(has_any("", &[Dynamic::from("b"), Dynamic::Null]));
}

#[test]
fn trm_19_in_an_empty_text_only_the_empty_lookup_is_found() {
    assert!(!has("", "a") && !has("", " ") && !has("", "."));
    assert!(has("", ""));
    assert!(!has_any("", &texts(["a", "/"])));
}

#[test]
fn trm_20_hasprefix_finds_the_start_of_a_term() {
    assert_values([
        ("'an errorlog' hasprefix 'err'", json!(true)),
        ("'a terror' hasprefix 'err'", json!(false)),
        ("'bad ads' hasprefix 'ad'", json!(true)),
        ("'err or' hasprefix 'r o'", json!(false)),
    ]);
}

#[test]
fn trm_21_hassuffix_finds_the_end_of_a_term() {
    assert_values([
        ("'an error code' hassuffix 'or'", json!(true)),
        ("'an errorlog' hassuffix 'or'", json!(false)),
        ("'x ab y' hassuffix ' a'", json!(false)),
    ]);
}

#[test]
fn trm_22_the_forms_with_cs_compare_case() {
    for operator in ["has", "hasprefix", "hassuffix"] {
        assert_values([
            (&format!("'x É' {operator} 'é'"), json!(true)),
            (&format!("'x É' {operator}_cs 'é'"), json!(false)),
            (&format!("'x é' {operator}_cs 'é'"), json!(true)),
            (&format!("'xéx' {operator}_cs 'é'"), json!(false)),
        ]);
    }
}

#[test]
fn trm_23_has_all_needs_every_element() {
    assert_values([
        ("'alpha beta' has_all ('BETA', 'alpha')", json!(true)),
        ("'alpha betas' has_all ('beta', 'alpha')", json!(false)),
        ("'a' has_all (dynamic([]))", json!(true)),
        ("'a 1' has_all (dynamic([1, null]))", json!(true)),
        ("1 has_all ('a')", json!("wrong-type")),
    ]);
}
