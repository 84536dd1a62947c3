//! The clauses of chapter 25.

use super::{assert_values, value};
use serde_json::json;

#[test]
fn str_01_strlen_counts_code_points() {
    assert_values([
        ("strlen('é😀')", json!(2)),
        ("string_size('é😀')", json!(6)),
        ("strlen(dynamic([1, 2]))", json!(5)),
    ]);
}

#[test]
fn str_02_strcat_joins_texts() {
    assert_values([
        ("strcat('a', 1, true, dynamic('b'))", json!("a1Trueb")),
        ("strcat('a')", json!("a")),
        ("strcat()", json!("wrong-count")),
        (&format!("strcat({})", ["'a'"; 64].join(",")), json!("a".repeat(64))),
        (&format!("strcat({})", ["'a'"; 65].join(",")), json!("wrong-count")),
    ]);
}

#[test]
fn str_03_strcat_delim_joins_with_a_delimiter() {
    assert_values([
        ("strcat_delim('-', 'a', 1, 'b')", json!("a-1-b")),
        ("strcat_delim('-', 'a')", json!("wrong-count")),
        (&format!("strcat_delim({})", ["'a'"; 65].join(",")), json!("a".repeat(127))),
        (&format!("strcat_delim({})", ["'a'"; 66].join(",")), json!("wrong-count")),
    ]);
}

#[test]
fn str_04_a_null_is_an_empty_text() {
    assert_values([
        ("strcat('a', int(null), 'b')", json!("ab")),
        ("strcat_delim('-', 'a', int(null), 'b')", json!("a--b")),
    ]);
}

#[test]
fn str_05_replace_string_replaces_every_occurrence() {
    assert_values([
        ("replace_string('aAa', 'a', 'xa')", json!("xaAxa")),
        ("replace_string('aaa', 'aa', 'b')", json!("ba")),
        ("replace_string('a.b', '.', '$0')", json!("a$0b")),
    ]);
}

#[test]
fn str_06_an_empty_lookup_replaces_nothing() {
    assert_values([
        ("replace_string('ab', '', 'x')", json!("ab")),
        ("replace_string('', '', 'x')", json!("")),
    ]);
}

#[test]
fn str_07_strrep_repeats_a_text() {
    assert_values([
        ("strrep('ab', 2)", json!("abab")),
        ("strrep(1, 3, '.')", json!("1.1.1")),
        ("strrep('a', 0)", json!("unsupported")),
        ("strrep('a', 1025)", json!("unsupported")),
    ]);
}

#[test]
fn str_08_countof_counts_overlapping_occurrences() {
    assert_values([
        ("countof('aaaa', 'aa')", json!(3)),
        ("countof('ααα', 'αα', 'normal')", json!(2)),
        ("countof('AA', 'a')", json!(0)),
    ]);
}

#[test]
fn str_09_countof_of_the_empty_string_is_0() {
    assert_values([("countof('abc', '')", json!(0)), ("countof('', '')", json!(0))]);
}

#[test]
fn str_10_split_gives_the_parts_between_delimiters() {
    assert_values([
        ("split(',a,,b', ',')", json!(["", "a", "", "b"])),
        ("split('abbbc', 'bb')", json!(["a", "bc"])),
        ("split('a', '')", json!("unsupported")),
    ]);
}

#[test]
fn str_11_a_text_without_the_delimiter_is_one_part() {
    assert_values([("split('', ',')", json!([""])), ("split('ab', ',')", json!(["ab"]))]);
}

#[test]
fn str_12_split_with_an_index_gives_one_part() {
    assert_values([
        ("split('a,b', ',', 1)", json!(["b"])),
        ("split('a,b', ',', 2)", json!(null)),
        ("split('a,b', ',', -1)", json!("unsupported")),
    ]);
}

#[test]
fn str_13_isempty_asks_for_the_text() {
    assert_values([
        ("isempty('') and isempty(int(null)) and isempty(dynamic(null))", json!(true)),
        ("isempty(' ') or isempty(0) or isempty(dynamic([]))", json!(false)),
        ("isnotempty('') or isnotempty(bool(null))", json!(false)),
    ]);
}

#[test]
fn str_14_reverse_changes_the_order_of_code_points() {
    assert_values([("reverse('a😀é')", json!("é😀a")), ("reverse(12)", json!("21"))]);
}

#[test]
fn str_15_a_text_does_not_grow_without_limit() {
    let most = "strrep(strrep(strrep('a', 1024), 1024), 4)";
    assert_eq!(value(&format!("strlen({most})")), 4 << 20);
    for growth in [
        format!("strcat({most}, 'a')"),
        format!("strrep({most}, 1024)"),
        format!("replace_string({most}, 'a', 'aa')"),
        format!("replace_regex({most}, 'a', 'aa')"),
        format!("base64_encode_tostring({most})"),
        format!("strcat_array(split({most}, 'a'), 'aa')"),
    ] {
        assert_eq!(value(&growth), "unsupported", "{growth}");
    }
}

#[test]
fn str_16_base64_is_that_of_utf_8() {
    assert_values([
        ("base64_encode_tostring('é???')", json!("w6k/Pz8=")),
        ("base64_decode_tostring('w6k/Pz8=')", json!("é???")),
        ("strlen(base64_decode_tostring('VwBoAA=='))", json!(4)),
    ]);
}

#[test]
fn str_17_what_is_no_utf_8_is_empty() {
    assert_values([
        ("base64_decode_tostring('/w==')", json!("")),
        ("base64_decode_tostring('YcM=')", json!("")),
    ]);
}

#[test]
fn str_18_what_is_no_base64_is_empty() {
    use rulespec::kql::{Profile, base64_decode};
    let mut lenient = Profile::default();
    assert!(lenient.choose("OPEN-ENCODING-PADDING", "lenient"));
    for (text, decoded) in [("S3VzdG8", "Kusto"), ("S3Vz dG8=", "Kusto"), ("S3Vz!G8=", ""), ("S", "")] {
        assert_eq!(base64_decode(text, &Profile::default()), "");
        assert_eq!(base64_decode(text, &lenient), decoded);
    }
}

#[test]
fn str_19_strcat_array_joins_elements() {
    assert_values([
        ("strcat_array(dynamic(['a', 1, null, true, [2]]), '-')", json!("a-1--true-[2]")),
        ("strcat_array(dynamic('a'), '-')", json!("a")),
        ("strcat_array(dynamic(null), '-')", json!("")),
        ("strcat_array('a', '-')", json!("wrong-type")),
    ]);
}

#[test]
fn str_20_countof_needs_constants() {
    let column = "datatable (a: string, b: string) ['x', 'y'] | project countof(a, b)";
    assert_eq!(super::rows(column).unwrap_err().kind().as_str(), "invalid-argument");
    assert_values([
        ("countof('a', 'a', 'Normal')", json!("invalid-argument")),
        ("countof('a', strcat('a', ''), 'normal')", json!(1)),
    ]);
}

#[test]
fn str_21_some_functions_convert_and_others_refuse() {
    assert_values([
        ("substring(12345, 1, 2)", json!("23")),
        ("toupper(true)", json!("TRUE")),
        ("indexof(12345, 34)", json!(2)),
        ("strlen(12)", json!("wrong-type")),
        ("replace_string(dynamic('a'), 'a', 'b')", json!("wrong-type")),
        ("extract('(a)', 1, dynamic('a'))", json!("wrong-type")),
        ("split('a', 1)", json!("wrong-type")),
    ]);
}

#[test]
fn str_22_old_names_still_work() {
    assert_values([
        ("notempty('a')", json!(true)),
        ("base64_decodestring('YQ==')", json!("a")),
        (r"replace('(a)', @'<\1>', 'bab')", json!("b<a>b")),
    ]);
}
