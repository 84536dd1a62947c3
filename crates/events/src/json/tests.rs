//! The text around objects. The objects themselves are in `shapes`.

mod shapes;

use std::collections::BTreeMap;

use super::*;
use crate::testing::{collect_items, keeping};
use crate::{Names, Source};
use rulespec::kql::Dynamic;

const ROW: &str = r#"{"Timestamp":"2026-01-02T03:04:05Z","FileName":"a.exe","ProcessCommandLine":"a /x"}"#;

fn items_of(text: impl AsRef<[u8]>, keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Vec<Item> {
    collect_items(&keeping(keep), |options, sink| read(text.as_ref(), &"a.json".into(), options, sink))
}

fn items(text: impl AsRef<[u8]>) -> Vec<Item> {
    items_of(text, |_| true)
}

/// Each item with its position: `Defender Line(1)`, or what is wrong.
fn descriptions(text: impl AsRef<[u8]>) -> Vec<String> {
    items(text).iter().map(describe).collect()
}

fn describe(item: &Item) -> String {
    match item {
        Item::Event(event) => format!("{} {:?}", event.source, event.place.position),
        Item::Filtered(filtered) => format!("filtered {}", filtered.source),
        Item::Skipped(skip) => skip.to_string(),
        Item::Fault(fault) => format!("{:?} {}", fault.place.position, fault.what),
    }
}

/// The cells of an object that is one event.
fn cells(text: &str) -> BTreeMap<String, Dynamic> {
    match &items(text)[..] {
        [Item::Event(event)] => {
            event.columns.iter().map(|column| column.name.clone()).zip(event.row.clone()).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn tel_44_a_rejected_row_is_not_built() {
    let text = format!("{ROW}\n{}\n", ROW.replace("a.exe", "b.exe").replace("}", r#","ProcessId":"many"}"#));
    let kept = items_of(&text, |names| {
        assert_eq!(names.original_file_name, Some(""));
        names.file_name == "a.exe" && names.command_line == "a /x"
    });
    assert!(
        matches!(
            &kept[..],
            [Item::Event(_), Item::Filtered(crate::Filtered { source: Source::Defender, .. })]
        ),
        "{kept:?}"
    );
}

#[test]
fn tel_44_whether_an_object_is_a_fault_does_not_depend_on_the_filter() {
    let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let long = "1".repeat(400);
    let values = [
        "1e400",
        "-1E400",
        "[1, {\"a\": 1e400}]",
        "1e5",
        "12345678901234567890",
        "01",
        "-",
        "\"\\ud83d\"",
        "\"\\uzzzz\"",
        "\"\\x\"",
        "\"\u{1}\"",
        "[1,",
        "tru",
        &deep(100),
        &deep(200),
        &long,
    ];
    for value in values {
        let text = ROW.replace('}', &format!(",\"x\": {value}, \"y\": 1}}"));
        let is_fault =
            |keep: bool| items_of(&text, move |_| keep).iter().any(|item| matches!(item, Item::Fault(_)));
        assert_eq!(is_fault(true), is_fault(false), "{value}");
    }
}

#[test]
fn tel_52_an_object_of_too_many_values_is_a_fault() {
    let wide = |count| {
        let values: Vec<String> = (0..count).map(|n| format!(r#""x{n}":{n}"#)).collect();
        format!(r#"{{"Timestamp":null,"FileName":"a","ProcessCommandLine":"a",{}}}"#, values.join(","))
    };
    assert_eq!(descriptions(wide(997)), ["Defender Line(1)"]);
    assert_eq!(descriptions(wide(998)).len(), 1);
    assert!(
        descriptions(wide(998))[0].starts_with("Line(1) an object of more than 1000 values"),
        "{:?}",
        descriptions(wide(998))
    );
}

#[test]
fn tel_62_text_that_is_not_an_object_does_not_affect_other_lines() {
    let text = format!("garbage {ROW}\n{ROW}\n\"text\"\n{ROW} 1\n{{\"a\":1,}}\n{ROW}\n");
    let invalid = "not a JSON object";
    let found = descriptions(text);
    assert_eq!(found.len(), 7, "{found:?}");
    assert_eq!(found[0], format!("Line(1) {invalid}"));
    assert_eq!(found[1], "Defender Line(2)");
    assert_eq!(found[2], format!("Line(3) {invalid}"));
    assert_eq!(found[3..5], ["Defender Line(4)".to_owned(), format!("Line(4) {invalid}")]);
    assert!(found[5].starts_with("Line(5) trailing comma"), "{found:?}");
    assert_eq!(found[6], "Defender Line(6)");
}

#[test]
fn tel_62_deep_nesting_does_not_affect_other_lines() {
    let (deep, deeper) = ("[".repeat(10_000), r#"{"a":"#.repeat(10_000));
    let closed = format!(r#"{{"a":{deep}{}}}"#, "]".repeat(10_000));
    let found = descriptions(format!("{ROW}\n{closed}\n{deeper}\n{ROW}\n{deep}\n{ROW}\n"));
    let events: Vec<&String> = found.iter().filter(|word| word.starts_with("Defender")).collect();
    assert_eq!(events, ["Defender Line(1)", "Defender Line(4)", "Defender Element(2)"], "{found:?}");
    assert!(found[1].starts_with("Line(2) recursion limit exceeded"), "{found:?}");
    assert_eq!(found.len(), 7, "{found:?}");
}

#[test]
fn tel_63_a_line_that_starts_an_object_ends_an_open_one() {
    let cut = r#"{"Timestamp":"2026-01-02","FileName":"a","ProcessCommandLine":"#;
    let in_string = format!("{cut}\"abc");
    let found = descriptions(format!("{cut}\n{ROW}\n{in_string}\n{ROW}\n{{\n \"a\": [1,\n{ROW}\n{cut}"));
    let next = "the object is cut off by the next one";
    let expected = [
        format!("Line(1) {next}"),
        "Defender Line(2)".to_owned(),
        "Line(3) a string is cut off by the end of the line".to_owned(),
        "Defender Line(4)".to_owned(),
        format!("Line(5) {next}"),
        "Defender Line(7)".to_owned(),
        "Line(8) the input ends before the object does".to_owned(),
    ];
    assert_eq!(found, expected);
}

#[test]
fn tel_63_the_lines_of_a_damaged_object_are_one_fault() {
    let text = format!("{{\n \"a\": \"x\n \",\n \"b\": 1,\n \"c\": 2\n}}\n{ROW}\n");
    assert_eq!(
        descriptions(text),
        ["Line(1) a string is cut off by the end of the line", "Defender Line(7)"]
    );
}

#[test]
fn tel_64_an_object_that_is_too_long_is_reported_and_skipped() {
    let long = format!(r#"{{"Timestamp":"2026-01-02","FileName":"{}"}}"#, "a".repeat(17 << 20));
    let endless = format!(r#"{{"a":"{}"#, "a".repeat(17 << 20));
    let garbage = "x".repeat(17 << 20);
    let expected = [
        "Defender Line(1)".to_owned(),
        format!("Line(2) an object of {} bytes is longer than 16777216 bytes", long.len()),
        "Defender Line(3)".to_owned(),
        format!("Line(4) an object of {} bytes is longer than 16777216 bytes", endless.len() + 1),
        "Defender Line(5)".to_owned(),
        "Line(6) not a JSON object".to_owned(),
        "Defender Line(7)".to_owned(),
    ];
    assert_eq!(descriptions(format!("{ROW}\n{long}\n{ROW}\n{endless}\n{ROW}\n{garbage}\n{ROW}")), expected);
}

#[test]
fn tel_64_an_object_of_several_mebibytes_is_read() {
    let line = ROW.replacen('{', &format!(r#"{{"Long":"{}","#, "a".repeat(3 << 20)), 1);
    assert_eq!(descriptions(format!("{line}\n{ROW}\n")), ["Defender Line(1)", "Defender Line(2)"]);
}

#[test]
fn tel_65_wrapping_objects_are_unwrapped() {
    let streamed = format!(r#"{{"category":"AdvancedHunting-DeviceProcessEvents","properties":{ROW}}}"#);
    for text in [
        format!("[{ROW},{ROW}]"),
        format!("[\n{ROW},\n{ROW}\n]\n"),
        format!("[\n  {},\n  {ROW}\n]\n", ROW.replace(',', ",\n    ")),
        format!(r#"{{"records":[{streamed},{streamed}]}}"#),
        format!("{{\n \"records\" :\n [{streamed},{streamed}\n]}}"),
        format!(r#"{{"Schema":[{{"Name":"Timestamp","Type":"DateTime"}}],"Results":[{ROW},{ROW}]}}"#),
        format!(r#"{{"schema":[{{"name":"results"}}],"results":[{ROW},{ROW}],"x":[{{}}]}}"#),
        r#"{"tables":[{"name":"PrimaryResult","columns":[{"name":"TimeGenerated","type":"datetime"},
            {"name":"FileName","type":"string"},{"name":"ProcessCommandLine","type":"string"}],"rows":[
            ["2026-01-02","a",null],["2026-01-02","a","b"]]}]}"#
            .to_owned(),
    ] {
        assert_eq!(descriptions(&text), ["Defender Element(1)", "Defender Element(2)"], "{text}");
        let after = format!("Defender Line({})", text.lines().count() + 1);
        assert_eq!(descriptions(format!("{}\n{ROW}", text.trim_end()))[2..], [after], "{text}");
    }
}

#[test]
fn tel_65_rows_that_do_not_fit_their_table_are_faults() {
    let table = r#"{"tables":[{"columns":[{"name":"Type"},{"name":"TimeGenerated"}],"rows":[["a"],["DeviceProcessEvents",null],7]}]}"#;
    let expected = [
        "Element(1) a row of 1 cells in a table of 2 columns",
        "Element(2) the row of a process creation has no FileName",
        "Element(3) not a JSON object",
    ];
    assert_eq!(descriptions(table), expected);
}

#[test]
fn tel_65_an_object_among_rows_is_an_object() {
    let cut = r#"{"tables":[{"columns":[{"name":"Type"}],"rows":[["a"#;
    let found = descriptions(format!("{cut}\n{ROW}\n"));
    let expected = [
        "Element(1) a string is cut off by the end of the line",
        "Defender Element(2)",
        "Line(1) the input ends before the array does",
    ];
    assert_eq!(found, expected);
}

#[test]
fn tel_66_the_elements_of_an_incomplete_array_are_kept() {
    let found = descriptions(format!("[{ROW},\n{ROW}"));
    assert_eq!(
        found,
        ["Defender Element(1)", "Defender Element(2)", "Line(1) the input ends before the array does"]
    );
    assert_eq!(
        descriptions(format!("[{ROW},{{")).last().unwrap(),
        "Element(2) the input ends before the object does"
    );
}

#[test]
fn tel_67_marks_blank_lines_and_nul_bytes_between_objects_are_ignored() {
    let text = format!("\u{feff}{ROW}\r\n\r\n\0\0\n \t\n{ROW}{ROW}\0\0\0");
    assert_eq!(descriptions(text), ["Defender Line(1)", "Defender Line(5)", "Defender Line(5)"]);
    assert_eq!(descriptions("\0 "), ["Whole there is no object in it"]);
}

#[test]
fn tel_67_more_than_64_kib_of_nul_bytes_are_one_fault() {
    let nuls = |count: usize| "\0".repeat(count);
    let fault = "Line(2) more than 64 KiB of U+0000";
    for jobs in [1, 2] {
        let descriptions = |text: String| {
            let options = Options { jobs, ..Options::default() };
            let read = |options: &Options, sink: &mut Sink<'_>| {
                read(text.as_bytes(), &"a.json".into(), options, sink)
            };
            collect_items(&options, read).iter().map(describe).collect::<Vec<_>>()
        };
        assert_eq!(descriptions(nuls(1 << 16)), ["Whole there is no object in it"]);
        assert_eq!(
            descriptions(format!("{ROW}\n{}{ROW}\n", nuls(1 << 16))),
            ["Defender Line(1)", "Defender Line(2)"]
        );
        let text = format!("{ROW}\n{}\n \0{}{ROW}\n", nuls(1 << 16), nuls(5 << 20));
        assert_eq!(
            descriptions(text),
            ["Defender Line(1)", "Line(3) more than 64 KiB of U+0000", "Defender Line(3)"]
        );
        let text = format!("{ROW}\n{}{ROW}\n{}", nuls(2 << 20), nuls(1 << 16));
        assert_eq!(descriptions(text), ["Defender Line(1)", fault, "Defender Line(2)"]);
        let list = format!("[{ROW},\n{}{ROW}]", nuls(2 << 20));
        assert_eq!(descriptions(list), ["Defender Element(1)", fault, "Defender Element(2)"]);
    }
}

#[test]
fn tel_68_a_lone_surrogate_is_read_and_invalid_utf_8_is_a_fault() {
    let event = cells(&ROW.replace("/x", r"\ud800x\ud83d\ude00"));
    assert_eq!(event["ProcessCommandLine"], Dynamic::from("a \u{fffd}x\u{1f600}"));
    let mut text = format!("{ROW}\n{{\"a\":\"").into_bytes();
    text.extend(b"\xff\"}\n");
    text.extend(ROW.as_bytes());
    let expected = ["Defender Line(1)", "Line(2) byte 6 of the object is not UTF-8", "Defender Line(3)"];
    assert_eq!(descriptions(text), expected);
}

#[test]
fn reading_stops_if_the_sink_breaks() {
    let mut count = 0;
    let text = format!("{ROW}\n{ROW}\n");
    let flow = read(text.as_bytes(), &"a".into(), &Options::default(), &mut |_| {
        count += 1;
        ControlFlow::Break(())
    });
    assert_eq!((flow, count), (ControlFlow::Break(()), 1));
}
