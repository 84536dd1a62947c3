//! The clauses of chapter 35.

use super::{assert_values, rows, value};
use serde_json::json;

#[test]
fn rgx_01_patterns_have_the_syntax_of_the_crate_regex() {
    assert_values([
        (r"extract(@'\d+\w', 0, 'x٣é')", json!("٣é")),
        (r"'xyz' matches regex '^[a-z&&[^aeiou]]+$'", json!(true)),
        (r"replace_regex('a\u0000b', @'\0', '')", json!("ab")),
        (r"extract('(?<n>a)', 1, 'a')", json!("a")),
    ]);
}

#[test]
fn rgx_02_what_is_no_pattern_is_refused() {
    for pattern in ["a(", "[", "*a", "te(?=st)", "(?<=a)b", "[^a]{90000}", &"(a)".repeat(17)] {
        let query = format!("datatable (a: string) [] | where a matches regex '{pattern}'");
        let kind = rows(&query).unwrap_err().kind().as_str();
        assert_eq!(
            kind,
            if pattern == "[^a]{90000}" { "unsupported" } else { "invalid-argument" },
            "{pattern}"
        );
    }
}

#[test]
fn rgx_03_patterns_are_constants() {
    let query = |expression| format!("datatable (a: string, b: string) [] | project {expression}");
    for expression in ["extract(b, 1, a)", "trim(b, a)", "replace_regex(a, 'x', b)", "countof(a, b, 'regex')"]
    {
        assert_eq!(rows(&query(expression)).unwrap_err().kind().as_str(), "invalid-argument", "{expression}");
    }
    assert!(rows(&query("extract(strcat('(', 'a', ')'), 1, a)")).is_ok());
    assert_eq!(rows(&query("a matches regex b")).unwrap_err().kind().as_str(), "unsupported");
}

#[test]
fn rgx_04_extract_converts_to_a_type() {
    assert_values([
        ("extract('([0-9]+)', 1, 'a12', typeof(string))", json!("12")),
        ("extract('([0-9]+)', 1, 'a07', typeof(long))", json!(7)),
        ("extract('(a)', 1, 'a', typeof(long))", json!(null)),
        ("extract('(a)', 1, 'a', 'long')", json!("wrong-type")),
        ("extract('(a)', 1, 'a', typeof(nothing))", json!("wrong-type")),
    ]);
}

#[test]
fn rgx_05_extract_gives_a_group_of_the_first_match() {
    assert_values([
        (r"extract(@'(\d)-(\d)', 2, '1-2 3-4')", json!("2")),
        (r"extract(@'(\d)-(\d)', 0, '1-2 3-4')", json!("1-2")),
        ("extract('(a)', 2, 'a')", json!("unsupported")),
        ("extract('(a)', -1, 'a')", json!("unsupported")),
    ]);
}

#[test]
fn rgx_06_no_match_is_the_empty_string() {
    assert_values([("extract('(x)', 1, 'a')", json!("")), ("extract('(a)|(b)', 2, 'a')", json!(""))]);
}

#[test]
fn rgx_07_replace_regex_inserts_groups() {
    assert_values([
        (r"replace_regex('one two', @'(\w)(\w)', @'\2\1')", json!("noe wto")),
        (r"replace_regex('ab', '(a)|(b)', @'<\2\0$1>')", json!("<a$1><bb$1>")),
        (r"replace_regex('a', 'a', @'\\')", json!("unsupported")),
        (r"replace_regex('a', '(a)', @'\10')", json!("unsupported")),
        (r"replace_regex('a', 'a', @'\1')", json!("unsupported")),
    ]);
}

#[test]
fn rgx_08_matches_do_not_overlap() {
    assert_values([
        ("replace_regex('aaa', 'aa', 'x')", json!("xa")),
        ("replace_regex('ab', 'a|ab', 'x')", json!("xb")),
        ("replace_regex('ab', 'x*', '-')", json!("unsupported")),
        ("extract_all('(x*)', 'ab')", json!("unsupported")),
    ]);
}

#[test]
fn rgx_09_extract_all_gives_every_match() {
    assert_values([
        (r"extract_all(@'(\d)', 'a1b2')", json!(["1", "2"])),
        (r"extract_all(@'([a-z])(\d)?', 'a1b')", json!([["a", "1"], ["b", ""]])),
        ("extract_all('a', 'a')", json!("invalid-argument")),
        ("extract_all('(a)', 'a', 'a')", json!("wrong-type")),
    ]);
}

#[test]
fn rgx_10_extract_all_without_a_match_is_null() {
    assert_values([("extract_all('(x)', 'a')", json!(null)), ("extract_all('(x)(y)', '')", json!(null))]);
}

#[test]
fn rgx_11_extract_all_selects_groups() {
    let select = |groups: &str| format!("extract_all('(?P<a>.)(?P<b>.)', dynamic({groups}), 'xy')");
    assert_values([
        (&select("[2]"), json!(["y"])),
        (&select("[2, 1, 2]"), json!([["y", "x", "y"]])),
        (&select("['b', 1]"), json!([["y", "x"]])),
        (&select("[1, 9]"), json!(["x"])),
        (&select("[9]"), json!([["x", "y"]])),
        (&select("[0]"), json!("unsupported")),
        (&select("['c']"), json!("unsupported")),
    ]);
}

#[test]
fn rgx_12_trim_removes_one_match_at_an_end() {
    assert_values([
        ("trim('a', 'aaba')", json!("ab")),
        ("trim_start('a', 'aaba')", json!("aba")),
        ("trim_end('a', 'aaba')", json!("aab")),
        ("trim('[ab]+', 'abxba')", json!("x")),
    ]);
}

#[test]
fn rgx_13_trim_makes_one_pattern() {
    assert_values([
        ("trim_start('a|x', 'bxa')", json!("bxa")),
        ("trim('a|^b', 'ab')", json!("b")),
        ("trim_end('a)|(b', 'xaxbx')", json!("xxbx")),
        ("trim('', 'a')", json!("invalid-argument")),
        ("trim('(?<n>a)', 'a')", json!("unsupported")),
        ("trim_start('(?<n>a)', 'ab')", json!("b")),
    ]);
}

#[test]
fn rgx_14_countof_counts_matches() {
    assert_values([
        ("countof('aaaa', 'aa', 'regex')", json!(2)),
        ("countof('abcabc', 'a.c', 'regex')", json!(2)),
        ("countof('a', 'x*', 'regex')", json!("unsupported")),
    ]);
}

#[test]
fn rgx_15_matches_regex_finds_a_part() {
    assert_values([
        ("'ARKANSAS' matches regex 'K.*S'", json!(true)),
        ("'arkansas' matches regex 'K.*S'", json!(false)),
        ("'a' matches regex ''", json!("unsupported")),
    ]);
}

#[test]
fn rgx_16_lines_matter_only_with_flags() {
    assert_values([
        ("'a\\n' matches regex 'a$'", json!(false)),
        ("'x\\na' matches regex '^a' or 'a\\nb' matches regex 'a.b'", json!(false)),
        ("'x\\na' matches regex '(?m)^a' and 'a\\nb' matches regex '(?s)a.b'", json!(true)),
    ]);
}

#[test]
fn rgx_02_the_number_of_groups_does_not_depend_on_what_came_before() {
    // What `trim_start` compiles has one group more.
    assert_eq!(value(&format!("trim_start('{}', 'b')", "(a)".repeat(16))), json!("b"));
    let compiled = format!("'a' matches regex '^({})'", "(a)".repeat(16));
    assert_eq!(value(&compiled), json!("invalid-argument"));
}
