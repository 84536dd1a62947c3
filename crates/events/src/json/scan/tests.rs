//! What is scanned is what serde would have read.

use proptest::prelude::*;

use super::super::fields::Want;
use super::*;

#[test]
fn plain_objects_are_read() {
    for text in [
        r#"{"EventID": 1, "Image": "C:\\a.exe", "x": [1, -2.5, true, {"y": "\u00e9\n"}], "z": null}"#,
        r#"{"winlog":{"event_id":"1","event_data":{"CommandLine":"\"a\" b\t","other":{}}},"n":0}"#,
        r##"{"Event":{"System":{"Provider":{"#attributes":{"Name":"p"}},"EventID":{"#text":7}}}}"##,
        "{}",
    ] {
        assert_eq!(fields(text), Some(Fields::read_all(text, Want::Deciding).unwrap()), "{text}");
    }
}

#[test]
fn what_is_not_plain_is_left() {
    let deep = "[".repeat(40) + &"]".repeat(40);
    for text in [
        r#"{"a": "\ud83d"}"#,
        r#"{"a": 1e5}"#,
        r#"{"a": 12345678901234567890}"#,
        r#"{"a": 01}"#,
        r#"{"EventID": [1]}"#,
        r#"{"EventData": {"Data": []}}"#,
        r#"{"a": 1} x"#,
        r#"{"a": 1"#,
        "{\"a\": \"\u{1}\"}",
        &format!(r#"{{"a": {deep}}}"#),
    ] {
        assert_eq!(fields(text), None, "{text}");
    }
}

fn piece() -> impl Strategy<Value = String> {
    let pieces = vec![
        "{",
        "}",
        "[",
        "]",
        ",",
        ":",
        "\"",
        " ",
        "\\",
        "\\\\",
        "\\u0041",
        "\\ud800",
        "\\n",
        "1",
        "0",
        "-",
        ".",
        "e5",
        "null",
        "true",
        "false",
        "\"a\"",
        "\"EventID\"",
        "\"Image\":",
        "\"Event\":{",
        "\"System\":",
        "\"#text\":",
        "\"EventData\":",
        "\"Data\":",
        "\"winlog\":{",
        "\"event_data\":",
        "\"x\":",
        "é",
        "\t",
    ];
    prop::collection::vec(prop::sample::select(pieces), 0..14).prop_map(|pieces| pieces.concat())
}

fn json() -> impl Strategy<Value = Json> {
    let key = prop::sample::select(vec![
        "Event",
        "System",
        "EventData",
        "Data",
        "winlog",
        "event_data",
        "Image",
        "Name",
        "Type",
        "#text",
        "x",
        "properties",
        "a.b",
        "winlog.event_id",
        "EventID",
    ]);
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<f64>().prop_map(Json::from),
        "[a-c\"\\\\\n\u{0}é😀]{0,5}".prop_map(Json::from),
    ];
    leaf.prop_recursive(5, 40, 5, move |inner| {
        let members = prop::collection::vec((key.clone().prop_map(str::to_owned), inner.clone()), 0..5);
        prop_oneof![
            3 => members.prop_map(|members| Json::Object(members.into_iter().collect())),
            1 => prop::collection::vec(inner, 0..3).prop_map(Json::Array),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_scanned_is_what_would_be_read(text in prop_oneof![
        piece().prop_map(|text| format!("{{{text}}}")),
        json().prop_map(|json| json.to_string()),
    ]) {
        if let Some(scanned) = fields(&text) {
            prop_assert_eq!(scanned, Fields::read_all(&text, Want::Deciding).unwrap());
        }
    }
}
