//! The clauses of chapter 40.

use super::value;
use rulespec::kql::{Dynamic, Type, element};
use serde_json::json;

fn array() -> Dynamic {
    Dynamic::strings(["a", "b", "c"])
}

fn tostring(value: impl Into<Dynamic>) -> String {
    rulespec::kql::tostring(&value.into(), Type::Dynamic)
}

fn iff(condition: Option<bool>, then: impl Into<Dynamic>, otherwise: impl Into<Dynamic>) -> Dynamic {
    rulespec::kql::iff(condition, then.into(), otherwise.into())
}

#[test]
fn dyn_01_an_index_counts_from_the_first_element() {
    assert_eq!([0, 1, 2].map(|at| element(&array(), at)), ["a", "b", "c"].map(Dynamic::from));
}

#[test]
fn dyn_02_a_negative_index_counts_from_the_end() {
    assert_eq!([-1, -2, -3].map(|at| element(&array(), at)), ["c", "b", "a"].map(Dynamic::from));
}

#[test]
fn dyn_03_an_index_past_the_last_element_gives_null() {
    assert!([3, 4, 1 << 32, i64::MAX].iter().all(|&at| element(&array(), at) == Dynamic::Null));
    assert_eq!(element(&Dynamic::Array(vec![]), 0), Dynamic::Null);
}

#[test]
fn dyn_04_an_index_before_the_first_element_gives_null() {
    assert!([-4, -5, -(1 << 32), i64::MIN].iter().all(|&at| element(&array(), at) == Dynamic::Null));
    assert_eq!(element(&Dynamic::Array(vec![]), -1), Dynamic::Null);
}

#[test]
fn dyn_05_a_subscript_on_null_is_null() {
    assert!([-1, 0, 1].iter().all(|&at| element(&Dynamic::Null, at) == Dynamic::Null));
}

#[test]
fn dyn_06_the_element_is_returned_unchanged() {
    let elements = json!([7, "7", null, false, "", [1, ["x"]], {"k": null}, 9_007_199_254_740_993_i64]);
    let array = Dynamic::from_json(&elements);
    for (at, want) in elements.as_array().unwrap().iter().enumerate() {
        assert_eq!(element(&array, at as i64).to_json(), *want);
        assert_eq!(element(&array, at as i64 - 8).to_json(), *want);
    }
}

#[test]
fn dyn_07_tostring_of_null_is_empty() {
    for of_type in [Type::Dynamic, Type::Bool, Type::Long, Type::Datetime] {
        assert_eq!(rulespec::kql::tostring(&Dynamic::Null, of_type), "");
    }
}

#[test]
fn dyn_08_tostring_of_a_string_is_the_string() {
    for text in ["", "a", " a ", "\"a\"", "C:\\a", "a\nb", "é😀", "null", "true", "[1, 2]", "007"] {
        assert_eq!(tostring(text), text);
    }
}

#[test]
fn dyn_09_tostring_of_an_integer_is_its_digits() {
    assert_eq!([0, 7, -7, 1_000_000].map(tostring), ["0", "7", "-7", "1000000"]);
    assert_eq!(tostring(i64::MAX), "9223372036854775807");
    assert_eq!(tostring(i64::MIN), "-9223372036854775808");
}

#[test]
fn dyn_10_tostring_of_a_bool_is_capitalized() {
    let text = |value: bool| rulespec::kql::tostring(&value.into(), Type::Bool);
    assert_eq!([true, false].map(text), ["True", "False"]);
}

#[test]
fn dyn_16_tostring_of_a_dynamic_bool_is_lower_case() {
    assert_eq!([true, false].map(tostring), ["true", "false"]);
}

#[test]
fn dyn_11_tostring_of_an_array_is_its_json() {
    let text = |json| tostring(Dynamic::from_json(&json));
    assert_eq!(text(json!([])), "[]");
    assert_eq!(text(json!(["a b", "\"", "\\", ""])), r#"["a b","\"","\\",""]"#);
    assert_eq!(text(json!([1, null, true, [-2, []]])), "[1,null,true,[-2,[]]]");
}

#[test]
fn dyn_12_iff_of_true_is_the_second_argument() {
    assert_eq!(iff(Some(true), "a", "b"), Dynamic::from("a"));
    assert_eq!(iff(Some(true), false, true), Dynamic::from(false));
}

#[test]
fn dyn_13_iff_of_false_is_the_third_argument() {
    assert_eq!(iff(Some(false), "a", "b"), Dynamic::from("b"));
    assert_eq!(iff(Some(false), 1, 0), Dynamic::from(0));
}

#[test]
fn dyn_14_iff_of_null_is_the_third_argument() {
    assert_eq!(iff(None, "a", "b"), Dynamic::from("b"));
    assert_eq!(iff(None, "a", Dynamic::Null), Dynamic::Null);
}

#[test]
fn dyn_15_the_chosen_argument_is_returned_unchanged() {
    assert_eq!(iff(Some(true), Dynamic::Null, "b"), Dynamic::Null);
    assert_eq!(iff(Some(false), "a", Dynamic::Null), Dynamic::Null);
    assert_eq!(iff(Some(true), "", "b"), Dynamic::from(""));
    assert_eq!(iff(Some(false), "a", Dynamic::strings(["x"])), Dynamic::strings(["x"]));
}

#[test]
fn dyn_17_parse_json_of_text() {
    assert_eq!(value("parse_json('[1, 2.5]')"), json!([1, 2.5]));
    assert_eq!(value("parse_json('{')"), json!("{"));
}

#[test]
fn dyn_18_other_values_stay() {
    assert_eq!(value("parse_json(dynamic('[1]'))"), json!("[1]"));
}

#[test]
fn dyn_19_the_number_of_elements() {
    assert_eq!(value("array_length(dynamic([1, null]))"), json!(2));
    assert_eq!(value("array_length(dynamic(null))"), json!(null));
}

#[test]
fn dyn_20_arrays_and_bags_are_made() {
    assert_eq!(value("pack_array(1, 'a', pack('k', long(null)))"), json!([1, "a", {"k": null}]));
}

#[test]
fn dyn_21_parts_of_arrays() {
    assert_eq!(value("array_slice(dynamic([1, 2, 3, 4]), -2, -1)"), json!([3, 4]));
    assert_eq!(value("array_concat(dynamic([1]), dynamic(null), dynamic([2]))"), json!([1, 2]));
}

#[test]
fn dyn_22_members_have_case() {
    assert_eq!(value("dynamic({'a b': 1})['a b']"), json!(1));
    assert_eq!(value("dynamic({'A': 1}).a"), json!(null));
}

#[test]
fn dyn_23_infinity_as_text() {
    assert_eq!(value("tostring(-1.0 / 0.0)"), json!("-inf"));
}
