//! The messages that are sent and accepted are valid by the JSON Schema.

use std::fs;
use std::path::Path;

use rulespec::suite;
use rulespec_check::engine::protocol::{
    self, Call, Outcome, Reply, Request, read_hello, read_reply, read_request,
};
use rulespec_check::engine::{Engine, Reference, serve};
use serde_json::{Value as Json, json};

/// A validator for one kind of message, or for all kinds.
fn validator(kind: Option<&str>) -> jsonschema::Validator {
    let path = Path::new(rulespec_testing::files::ROOT).join("spec/schema/message.schema.json");
    let mut schema: Json = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    if let Some(kind) = kind {
        assert!(schema["$defs"][kind].is_object());
        schema = json!({"$ref": format!("#/$defs/{kind}"), "$defs": schema["$defs"]});
    }
    jsonschema::validator_for(&schema).unwrap()
}

fn message(line: &[u8]) -> Json {
    serde_json::from_slice(line).unwrap()
}

#[test]
fn written_messages_are_valid() {
    let hello = message(&protocol::line(&Request::hello()));
    assert!(validator(Some("hello")).is_valid(&hello));
    let greeting = message(&protocol::line(&Reference::default().hello().unwrap()));
    assert!(validator(Some("greeting")).is_valid(&greeting));
    let (any, call) = (validator(None), validator(Some("call")));
    for vector in suite::vectors().unwrap() {
        let sent = message(&protocol::line(&Call { id: 1, function: &vector.r#fn, args: &vector.args }));
        assert!(call.is_valid(&sent) && any.is_valid(&sent), "{sent}");
    }
    for outcome in [Outcome::Ok(Json::Null), Outcome::Error("e".into()), Outcome::Unsupported("u".into())] {
        let reply = message(&protocol::line(&Reply { id: i64::MAX as u64, outcome }));
        assert!(validator(Some("answer")).is_valid(&reply), "{reply}");
    }
}

#[test]
fn the_parser_and_the_schema_accept_the_same_messages() {
    let (answer, greeting, refusal) =
        (validator(Some("answer")), validator(Some("greeting")), validator(Some("refusal")));
    for text in [
        r#"{"id":1,"ok":null}"#,
        r#"{"id":1,"ok":null,"more":1}"#,
        r#"{"id":1,"error":"e"}"#,
        r#"{"id":1}"#,
        r#"{"id":1,"ok":1,"error":"e"}"#,
        r#"{"id":"1","ok":1}"#,
        r#"{"id":-1,"ok":1}"#,
        r#"{"id":9223372036854775807,"ok":1}"#,
        r#"{"id":9223372036854775808,"ok":1}"#,
        r#"{"id":1,"error":null}"#,
        r#"{"ok":1}"#,
        r#"[1]"#,
    ] {
        assert_eq!(read_reply(text.as_bytes()).is_ok(), answer.is_valid(&message(text.as_bytes())), "{text}");
    }
    for text in [
        r#"{"engine":"e","version":"1"}"#,
        r#"{"engine":"e","version":"1","functions":["has"],"protocol":1,"more":{}}"#,
        r#"{"engine":"e","version":"1","protocol":2}"#,
        r#"{"engine":"e","version":1}"#,
        r#"{"engine":"e"}"#,
        r#"{"engine":"e","version":"1","functions":"has"}"#,
        r#"{"error":"e"}"#,
        r#"{"engine":"e","version":"1","error":"e"}"#,
    ] {
        let json = message(text.as_bytes());
        let hello = read_hello(text.as_bytes());
        assert_eq!(matches!(hello, Ok(Ok(_))), greeting.is_valid(&json), "{text}");
        assert_eq!(matches!(hello, Ok(Err(_))), refusal.is_valid(&json), "{text}");
    }
    let (hello, call) = (validator(Some("hello")), validator(Some("call")));
    for text in
        [r#"{"op":"hello","protocol":1}"#, r#"{"id":1,"fn":"has","args":[]}"#, r#"{"id":1,"fn":"has"}"#]
    {
        let json = message(text.as_bytes());
        assert_eq!(read_request(text.as_bytes()).is_ok(), hello.is_valid(&json) || call.is_valid(&json));
    }
}

/// The answers of `serve`, and the lines that it could not answer.
fn served(input: &[u8]) -> (Vec<Json>, Vec<(u64, String)>) {
    let (mut output, mut bad_lines) = (vec![], vec![]);
    let mut on_bad_line = |line, problem: &str| bad_lines.push((line, problem.to_owned()));
    serve(&mut Reference::default(), input, &mut output, &mut on_bad_line).unwrap();
    (output.split_inclusive(|&byte| byte == b'\n').map(message).collect(), bad_lines)
}

#[test]
fn pro_17_serve_answers_in_order_and_survives_bad_lines() {
    let (answers, bad_lines) = served(
        br#"{"op":"hello","protocol":1}
{"id":7,"fn":"iff","args":[true,null,1]}
not json
{"id":8,"fn":"nothing","args":[]}
{"id":9,"fn":"has"}
{"id":10,"fn":"has","args":[1,2]}
{"op":"hello","protocol":2}
{"id":11,"fn":"tostring","args":["\ud800"]}"#,
    );
    assert_eq!(answers[0]["engine"], "rulespec reference");
    assert_eq!(answers[1], json!({"id": 7, "ok": null}));
    assert_eq!(answers[2], json!({"id": 8, "unsupported": "unknown-function: there is no \"nothing\""}));
    assert_eq!(answers[3]["id"], 9);
    assert!(answers[3]["error"].is_string());
    assert_eq!(answers[4], json!({"id": 10, "error": "wrong-type"}));
    assert_eq!(answers[5], json!({"error": "protocol 2 is not supported, only protocol 1"}));
    assert_eq!(answers[6], json!({"id": 11, "ok": "\u{fffd}"}));
    assert_eq!(answers.len(), 7);
    let [(3, problem)] = bad_lines.as_slice() else { panic!("{bad_lines:?}") };
    assert!(problem.ends_with(": not json"), "{problem}");
    let any = validator(None);
    assert!(answers.iter().all(|answer| any.is_valid(answer)));
}

#[test]
fn pro_19_pro_20_serve_refuses_calls_with_inexact_numbers_or_too_many_values() {
    let many = format!(r#"{{"id":3,"fn":"tostring","args":[[{}0]]}}"#, "[],".repeat(200_000));
    let input = format!(
        r#"{{"id":1,"fn":"tostring","args":[18446744073709551616]}}
{{"id":2,"fn":"tostring","args":[-0]}}
{many}"#
    );
    let (answers, bad_lines) = served(input.as_bytes());
    let error = |id: usize| answers[id - 1]["error"].as_str().unwrap_or_default();
    assert!(error(1).starts_with("18446744073709551616 is outside signed 64 bits"), "{answers:?}");
    assert_eq!(answers[1], json!({"id": 2, "ok": "0"}));
    assert!(error(3).starts_with("more than 262144 values"), "{answers:?}");
    assert_eq!((answers.len(), bad_lines), (3, vec![]));
}

#[test]
fn pro_17_serve_skips_a_line_that_is_too_long() {
    let mut input = vec![b'x'; (16 << 20) + 1];
    input.extend_from_slice(b"\n{\"id\":1,\"fn\":\"tostring\",\"args\":[7]}");
    let bad_line = (1, "a line of over 16 MiB, the limit for a message".to_owned());
    assert_eq!(served(&input), (vec![json!({"id": 1, "ok": "7"})], vec![bad_line]));
}
