use super::*;
use rulespec::json::from_slice;

/// Whether two JSON texts are equal, in both directions.
fn equal(a: &str, b: &str) -> bool {
    let [left, right] = [a, b].map(|text| from_slice::<Json>(text.as_bytes(), usize::MAX).unwrap());
    let equal = json_eq(&left, &right);
    assert_eq!(json_eq(&right, &left), equal, "{a} and {b}");
    assert!(json_eq(&left, &left) && json_eq(&right, &right), "{a} and {b}");
    equal
}

#[test]
fn pro_19_a_long_equals_only_the_same_long() {
    assert!(equal("9007199254740993", "9007199254740993"));
    assert!(equal("0", "-0"));
    for (long, other) in [
        ("1", "1.0"),
        ("0", "0.0"),
        ("0", "-0.0"),
        ("100", "1e2"),
        ("9007199254740993", "9007199254740992"),
        ("9007199254740993", "9007199254740992.0"),
        ("9007199254740993", "9007199254740993.0"),
        ("9223372036854775807", "9223372036854775807.0"),
        ("-9223372036854775808", "-9223372036854775808.0"),
        ("9223372036854775807", "9223372036854775806"),
    ] {
        assert!(!equal(long, other), "{long} and {other}");
        assert!(!equal(&format!(r#"[{{"a":{long}}}]"#), &format!(r#"[{{"a":{other}}}]"#)));
    }
}

#[test]
fn pro_19_reals_are_equal_if_their_bits_are() {
    for (a, b) in [("1e2", "100.0"), ("0.1", "0.10000000000000001"), ("1.0", "1E0"), ("-0.0", "-0e5")] {
        assert!(equal(a, b), "{a} and {b}");
    }
    for (a, b) in [("0.0", "-0.0"), ("0.1", "0.10000000000000002"), ("0.3", "0.30000000000000004")] {
        assert!(!equal(a, b), "{a} and {b}");
    }
    assert!(equal(r#""NaN""#, r#""NaN""#));
    for other in [r#""nan""#, "null", r#""Infinity""#, "0.0"] {
        assert!(!equal(r#""NaN""#, other), "{other}");
    }
}

#[test]
fn strings_are_compared_as_they_are_written() {
    assert!(equal(r#""\u00e9""#, r#""é""#));
    for (a, b) in [
        (r#""\u00e9""#, r#""e\u0301""#),
        (r#""2026-01-02T03:04:05.0000000Z""#, r#""2026-01-02T03:04:05Z""#),
        (r#""2026-01-02T03:04:05.1234567Z""#, r#""2026-01-02T03:04:05.123456Z""#),
        (r#""2026-01-02T03:04:05.1234567Z""#, r#""2026-01-02T03:04:05.12345674Z""#),
        (r#""2026-01-02T03:04:05.0000000Z""#, r#""2026-01-02T04:04:05.0000000+01:00""#),
        (r#""01:02:03""#, r#""01:02:03.0000000""#),
        (r#""74be27de-1e4e-49d9-b579-fe0b331d3642""#, r#""74BE27DE-1E4E-49D9-B579-FE0B331D3642""#),
        (r#""a""#, r#""a ""#),
    ] {
        assert!(!equal(a, b), "{a} and {b}");
    }
}

#[test]
fn kinds_and_members_are_compared_but_not_the_order_of_members() {
    assert!(equal(r#"{"a":null,"b":[2]}"#, r#"{"b":[2],"a":null}"#));
    assert!(equal(r#"{"a":1,"a":2}"#, r#"{"a":2}"#));
    for (a, b) in [
        (r#"{"a":null}"#, "{}"),
        (r#"{"a":1,"a":2}"#, r#"{"a":1}"#),
        (r#"{"a":1}"#, r#"{"A":1}"#),
        (r#"{"name":"a","type":"int"}"#, r#"{"name":"a","type":"long"}"#),
        ("[1,2]", "[2,1]"),
        ("[null]", "[]"),
        ("[]", "{}"),
        ("1", "true"),
        ("0", "false"),
        ("1", r#""1""#),
        (r#""""#, "null"),
        ("false", "null"),
    ] {
        assert!(!equal(a, b), "{a} and {b}");
    }
}

#[test]
fn errors_in_the_words_of_an_engine_are_of_any_kind() {
    assert!(is_error("wrong-type", "wrong-type") && is_error("wrong-type", "SEM0100"));
    assert!(!is_error("wrong-type", "unknown-column"));
    let errors = ["SEM0100", "SEM0001"].map(|text| Answer::Error(text.to_owned()));
    assert!(agrees(&errors[0], &errors[1]) && !is_same(&errors[0], &errors[1]));
}
