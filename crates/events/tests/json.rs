//! JSON and CSV: examples and generated text.

use std::fs;

use proptest::prelude::*;
use rulespec_events::{Fault, Filtered, Item, Names, Skip, Source, csv};
use rulespec_testing::files::ROOT;
use rulespec_testing::reader::{collect_items, filter_items, is_bitsadmin, read_json, with_names};

fn example(name: &str) -> Vec<u8> {
    fs::read(format!("{}/examples/events/{name}", ROOT)).unwrap()
}

fn read_csv(text: &[u8]) -> Vec<Item> {
    collect_items(None, |_| true, |options, sink| csv::read(text, &"test.csv".into(), options, sink))
}

#[test]
fn each_example_has_the_expected_items() {
    let defender = read_json(&example("defender.jsonl"), is_bitsadmin);
    let kept = |items: &[Item]| items.iter().filter(|item| matches!(item, Item::Event(_))).count();
    assert_eq!((defender.len(), kept(&defender)), (6, 2));
    let winlogbeat = read_json(&example("winlogbeat.jsonl"), is_bitsadmin);
    assert_eq!((winlogbeat.len(), kept(&winlogbeat)), (4, 2));
    assert!(matches!(winlogbeat[2], Item::Filtered(Filtered { source: Source::Sysmon, .. })));
    assert_eq!(winlogbeat[3], Item::Skipped(Skip::OtherSysmonEvent));
}

#[test]
fn the_csv_example_equals_the_json_example() {
    let rows = read_csv(&example("defender.csv"));
    let objects = read_json(&example("defender.jsonl"), |_| true);
    assert_eq!(rows.len(), objects.len());
    for (row, object) in rows.iter().zip(&objects) {
        let (Item::Event(row), Item::Event(object)) = (row, object) else { panic!("{row:?} {object:?}") };
        for (column, cell) in row.columns.iter().zip(&row.row) {
            let at = object.columns.iter().position(|other| other == column).unwrap();
            let is_changed =
                matches!(column.name.as_str(), "TimeGenerated" | "Timestamp" | "ProcessCommandLine");
            assert!(is_changed || object.row[at] == *cell, "{} {cell:?}", column.name);
        }
    }
}

/// Process creations that have a name twice, in the places where exports have values, and the name. `@` is a
/// provider.
const REPEATED: &[(&str, &str)] = &[
    ("FileName", r#"{"Timestamp":"2026-01-02","FileName":"a","FileName":"b.exe","ProcessCommandLine":"c"}"#),
    (
        "FileName",
        r#"{"Timestamp":"2026-01-02","FileName [UTC]":"a","FileName":"b.exe","ProcessCommandLine":"c"}"#,
    ),
    ("FileName", r#"{"Timestamp":"2026-01-02","FileName":{},"FileName":"b.exe","ProcessCommandLine":"c"}"#),
    (
        "ProcessId",
        r#"{"Timestamp":"2026-01-02","FileName":"b.exe","ProcessCommandLine":"c","ProcessId":1,"ProcessId":2}"#,
    ),
    (
        "x",
        r#"{"Timestamp":"2026-01-02","FileName":"b.exe","ProcessCommandLine":"c","AdditionalFields":{"x":1,"x":2}}"#,
    ),
    (
        "FileName",
        r#"{"records":[{"Timestamp":"2026-01-02","FileName":"a","FileName":"b.exe","ProcessCommandLine":"c"}]}"#,
    ),
    (
        "FileName",
        r#"{"category":"AdvancedHunting-DeviceProcessEvents","properties":
        {"Timestamp":"2026-01-02","FileName":"a","FileName":"b.exe","ProcessCommandLine":"c"}}"#,
    ),
    (
        "properties",
        r#"{"category":"AdvancedHunting-DeviceProcessEvents","properties":{"FileName":"a"},"properties":
        {"Timestamp":"2026-01-02","FileName":"b.exe","ProcessCommandLine":"c"}}"#,
    ),
    (
        "FileName",
        r#"{"Tables":[{"Columns":[{"ColumnName":"Timestamp"},{"ColumnName":"FileName"},{"ColumnName":"FileName"},
        {"ColumnName":"ProcessCommandLine"}],"Rows":[["2026-01-02","a","b.exe","c"]]}]}"#,
    ),
    (
        "x",
        r#"{"Tables":[{"Columns":[{"ColumnName":"Timestamp"},{"ColumnName":"FileName"},{"ColumnName":"Other"},
        {"ColumnName":"ProcessCommandLine"}],"Rows":[["2026-01-02","b.exe",{"x":1,"x":2},"c"]]}]}"#,
    ),
    ("Image", r#"{@,"EventID":1,"Image":"a","Image":"b.exe","CommandLine":"c"}"#),
    ("Image", r#"{@,"EventID":1,"Image":"a","Image":{},"Image":"b.exe","CommandLine":"c"}"#),
    ("EventID", r#"{@,"EventID":5,"EventID":1,"Image":"b.exe","CommandLine":"c"}"#),
    ("Image", r#"{@,"EventID":1,"EventData":{"Image":"a","Image":"b.exe","CommandLine":"c"}}"#),
    ("User", r#"{@,"EventID":1,"EventData":{"User":"a","User":"b","Image":"b.exe","CommandLine":"c"}}"#),
    (
        "EventData",
        r#"{@,"EventID":1,"EventData":{"Image":"a"},"EventData":{"Image":"b.exe","CommandLine":"c"}}"#,
    ),
    ("#text", r##"{@,"EventID":1,"EventData":{"Image":{"#text":"a","#text":"b.exe"},"CommandLine":"c"}}"##),
    (
        "#text",
        r##"{@,"EventID":1,"EventData":{"Data":[{"@Name":"Image","#text":"a","#text":"b.exe"},
        {"@Name":"CommandLine","#text":"c"}]}}"##,
    ),
    (
        "Image",
        r#"{"winlog":{"event_id":1,"channel":"Microsoft-Windows-Sysmon/Operational",
        "event_data":{"Image":"a","Image":"b.exe","CommandLine":"c"}}}"#,
    ),
    (
        "winlog.event_data.Image",
        r#"{"winlog.event_id":1,"winlog.channel":"Microsoft-Windows-Sysmon/Operational",
        "winlog.event_data.Image":"a","winlog.event_data.Image":"b.exe","winlog.event_data.CommandLine":"c"}"#,
    ),
    ("Image", r#"{"a":{"b":{@,"EventID":1,"Image":"a","Image":"b.exe","CommandLine":"c"}}}"#),
    ("a", r#"{"a":5,"a":{@,"EventID":1,"Image":"b.exe","CommandLine":"c"}}"#),
    (
        "a",
        r#"{"a":{@,"EventID":1,"Image":"a","CommandLine":"c"},"a":{@,"EventID":1,"Image":"b.exe","CommandLine":"c"}}"#,
    ),
];

/// Process creations with the JSON text `%`, in which `Image` is there twice.
const REPEATED_IN_TEXT: &[(&str, &str)] = &[
    (r#"{@,"EventID":1,"EventData":%}"#, r#"{"Image":"a","Image":"b.exe","CommandLine":"c"}"#),
    (r#"{@,"EventId":1,"Payload":%}"#, r#"{"EventData":{"Image":"a","Image":"b.exe","CommandLine":"c"}}"#),
    (r#"{"Body":%}"#, r#"{@,"EventID":1,"Image":"a","Image":"b.exe","CommandLine":"c"}"#),
    (r#"{"Body":%}"#, r#"[{@,"EventID":1,"Image":"a","Image":"b.exe","CommandLine":"c"}]"#),
    (r#"{@,"EventID":5,"Body":%}"#, r#"{@,"EventID":1,"Image":"a","Image":"b.exe","CommandLine":"c"}"#),
];

fn repeated() -> Vec<(&'static str, String)> {
    let provider = r#""SourceName":"Microsoft-Windows-Sysmon","#;
    let plain = REPEATED.iter().map(|(name, text)| (*name, text.replace("@,", provider)));
    let in_text = REPEATED_IN_TEXT.iter().map(|(event, text)| {
        let text = serde_json::Value::from(text.replace("@,", provider)).to_string();
        ("Image", event.replace("@,", provider).replace('%', &text))
    });
    plain.chain(in_text).collect()
}

/// The names that a fault says are repeated.
fn repeated_names(fault: &Fault) -> &str {
    let start = "an object has a name more than once, and only the last value is read: ";
    fault.what.strip_prefix(start).unwrap_or_else(|| panic!("{fault}"))
}

#[test]
fn tel_107_the_last_value_of_a_name_counts_and_a_fault_names_it() {
    for (name, text) in repeated() {
        let items = read_json(text.as_bytes(), |_| true);
        let ([Item::Event(event), Item::Fault(fault)] | [Item::Fault(fault), Item::Event(event)]) =
            &items[..]
        else {
            panic!("{text}: {items:?}")
        };
        assert_eq!((repeated_names(fault), &fault.place), (name, &event.place), "{text}");
        let names = with_names(event, |names| (names.file_name.to_owned(), names.command_line.to_owned()));
        assert_eq!(names, ("b.exe".to_owned(), "c".to_owned()), "{text}");
    }
}

#[test]
fn tel_107_a_name_that_decides_is_told_of_events_that_are_not_wanted_or_skipped() {
    for (text, expected) in [
        (
            r#"{"Timestamp":"2026-01-02","FileName":"bitsadmin.exe","FileName":"b","ProcessCommandLine":"c"}"#,
            1,
        ),
        (r#"{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational","EventID":5,"Image":"a"}"#, 1),
        (
            r#"{"Timestamp":"2026-01-02","FileName":"a","ProcessCommandLine":"c","ProcessId":1,"ProcessId":2}"#,
            0,
        ),
    ] {
        let items = read_json(text.as_bytes(), |_| false);
        let faults = items.iter().filter(|item| matches!(item, Item::Fault(_))).count();
        assert_eq!((faults, items.len()), (expected, expected + 1), "{text}: {items:?}");
        assert!(!items.iter().any(|item| matches!(item, Item::Event(_))), "{items:?}");
    }
}

#[test]
fn tel_44_what_decides_may_be_an_object() {
    for text in [
        r#"{"winlog":{"event_id":4688,"channel":"Security","event_data":{"CommandLine":"bits","NewProcessName":"bits","NewProcessName":{}}}}"#,
        r#"{"Timestamp":"2026-01-02","FileName":{"x":"bits","Type":"a"},"ProcessCommandLine":"b"}"#,
        r#"{"Timestamp":"2026-01-02","FileName":"a","ProcessVersionInfoOriginalFileName":{"x":"bits"},"ProcessCommandLine":"b"}"#,
    ] {
        let keep = |names: Names<'_>| {
            names.file_name.contains("bits")
                || names.original_file_name.is_some_and(|name| name.contains("bits"))
        };
        let afterwards = filter_items(read_json(text.as_bytes(), |_| true), keep);
        assert_eq!(read_json(text.as_bytes(), keep), afterwards, "{text}");
    }
}

const GOOD: &str = r#"{"Timestamp":"2026-01-02","FileName":"good.exe","ProcessCommandLine":"good"}"#;

fn is_good(item: &Item) -> bool {
    matches!(item, Item::Event(event) if with_names(event, |names| names.file_name == "good.exe"))
}

/// Bytes that are almost JSON, so that they reach more than the first check.
fn near_json() -> impl Strategy<Value = Vec<u8>> {
    let token = prop_oneof![
        prop::sample::select(vec![
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "\"",
            "\\",
            "\n",
            "\r\n",
            " ",
            "1",
            "null",
            "{\"",
            "\0",
            "\u{feff}",
            "\\ud800",
            "\"records\":[",
            "\"tables\":[",
            "\"columns\":[{\"name\":\"FileName\"}],\"rows\":[[",
            "1e999",
            "é",
            "\"EventID\":1",
            "\"winlog\":{",
            "\"event_id\":4688",
            "\"Payload\":\"{\"",
            "\"Event\":{\"System\":{\"EventID\":",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        prop::collection::vec(any::<u8>(), 0..4),
    ];
    prop::collection::vec(token, 0..40).prop_map(|tokens| tokens.concat())
}

/// An object with repeated keys and values of the wrong type.
fn object() -> impl Strategy<Value = String> {
    let names = vec![
        "Timestamp",
        "TimeGenerated",
        "Type",
        "FileName",
        "ProcessCommandLine",
        "ProcessVersionInfoOriginalFileName",
        "ProcessId",
        "category",
        "properties",
        "EventID",
        "EventId",
        "Channel",
        "Provider",
        "SourceName",
        "Image",
        "NewProcessName",
        "OriginalFileName",
        "CommandLine",
        "Payload",
        "winlog",
        "event_id",
        "channel",
        "event_data",
        "Event",
        "System",
        "EventData",
        "Data",
        "#text",
        "winlog.event_id",
        "winlog.event_data.Image",
        "x",
    ];
    let leaf = prop::sample::select(vec![
        "\"bitsadmin.exe\"", "\"C:\\\\Windows\\\\bitsadmin.exe\"", "\"bitsadmin /transfer a\"", "\"-\"", "\"\"", "null",
        "1", "4688", "1.5", "true", "1e999", "\"\\ud800\"", "\"DeviceProcessEvents\"", "\"2026-01-02\"", "\"Security\"",
        "\"AdvancedHunting-DeviceProcessEvents\"", "\"Microsoft-Windows-Sysmon/Operational\"", "\"Microsoft-Windows-Sysmon\"",
        "[]", "[{\"@Name\":\"Image\",\"#text\":\"bitsadmin.exe\"}]",
        "\"{\\\"EventData\\\":{\\\"Data\\\":[{\\\"@Name\\\":\\\"Image\\\",\\\"#text\\\":\\\"bitsadmin.exe\\\"}]}}\"",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 60, 12, move |inner| {
        let pair = (prop::sample::select(names.clone()), inner);
        prop::collection::vec(pair, 0..12).prop_map(|pairs| {
            let pairs: Vec<String> =
                pairs.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
            format!("{{{}}}", pairs.join(","))
        })
    })
}

/// An object that is an event with some structure, with any other members.
fn event() -> impl Strategy<Value = String> {
    let shapes = prop::sample::select(vec![
        r#"{"y":0@}"#,
        r#"{"EventID":1,"SourceName":"Microsoft-Windows-Sysmon"@}"#,
        r#"{"winlog":{"event_id":4688,"channel":"Security","event_data":{"y":0@}}}"#,
        r#"{"winlog":{"event_id":1,"provider_name":"Microsoft-Windows-Sysmon","event_data":{"y":0@}}}"#,
        r#"{"Event":{"System":{"EventID":1,"Channel":"Microsoft-Windows-Sysmon/Operational"},"EventData":{"y":0@}}}"#,
        r#"{"Timestamp":"2026-01-02","FileName":"a","ProcessCommandLine":"b"@}"#,
        r#"{"category":"AdvancedHunting-DeviceProcessEvents","properties":{"y":0@}}"#,
    ]);
    let command = prop::sample::select(vec![
        "",
        r#","CommandLine":"a /transfer""#,
        r#","ProcessCommandLine":"a /transfer""#,
    ]);
    (shapes, command, object()).prop_map(|(shape, command, object)| {
        let pairs = object
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
            .filter(|pairs| !pairs.is_empty());
        let pairs = pairs.map_or(String::new(), |pairs| format!(",{pairs}"));
        shape.replace('@', &format!("{command}{pairs}"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(proptest::test_runner::FileFailurePersistence::Direct(
            "proptest-regressions/telemetry_json.txt",
        ))),
        ..ProptestConfig::default()
    })]

    #[test]
    fn bytes_do_not_affect_a_good_line_before_or_after(bytes in near_json()) {
        let text = [GOOD.as_bytes(), b"\n", &bytes, b"\n", GOOD.as_bytes(), b"\n"].concat();
        let good = read_json(&text, |_| true).iter().filter(|item| is_good(item)).count();
        prop_assert_eq!(good, 2);
    }

    #[test]
    fn filtering_while_reading_equals_filtering_afterwards(objects in prop::collection::vec(event(), 1..4)) {
        let text = objects.join("\n");
        for keep in [is_bitsadmin, |names: Names<'_>| names.file_name.contains("bits"), |names: Names<'_>| names.command_line.is_empty()] {
            prop_assert_eq!(read_json(text.as_bytes(), keep), filter_items(read_json(text.as_bytes(), |_| true), keep));
        }
    }

    #[test]
    fn bytes_do_not_affect_the_csv_row_before(bytes in prop::collection::vec(prop::sample::select(b"\",;\n\ra1\xff".to_vec()), 0..60)) {
        let text = [b"Timestamp,FileName,ProcessCommandLine\n2026-01-02,good.exe,a\n", &bytes[..]].concat();
        let good = read_csv(&text).iter().filter(|item| is_good(item)).count();
        prop_assert_eq!(good, 1);
    }
}
