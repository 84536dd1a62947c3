use std::collections::BTreeMap;

use super::*;
use crate::{Names, Source};
use rulespec::kql::Dynamic;

const ROW: &str = r#"{"Timestamp":"2026-01-02T03:04:05Z","FileName":"a.exe","ProcessCommandLine":"a /x"}"#;

fn items_of(text: impl AsRef<[u8]>, keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Vec<Item> {
    let options = Options { format: None, keep: Arc::new(keep), progress: Default::default(), jobs: 1 };
    let mut items = vec![];
    let flow = read(text.as_ref(), &"a.json".into(), &options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    assert_eq!(flow, ControlFlow::Continue(()));
    items
}

fn items(text: impl AsRef<[u8]>) -> Vec<Item> {
    items_of(text, |_| true)
}

/// Each item in a word, with its place and what is wrong: `event 1`, `fault 2: …`.
fn words(text: impl AsRef<[u8]>) -> Vec<String> {
    let word = |item: &Item| match item {
        Item::Event(event) => format!("{} {:?}", event.source, event.place.position),
        Item::Passed(source) => format!("passed {source}"),
        Item::Skipped(skip) => skip.to_string(),
        Item::Fault(fault) => format!("{:?} {}", fault.place.position, fault.what),
    };
    items(text).iter().map(word).collect()
}

/// The cells of the one event that an object is.
fn cells(text: &str) -> BTreeMap<String, Dynamic> {
    match &items(text)[..] {
        [Item::Event(event)] => {
            event.columns.iter().map(|column| column.name.clone()).zip(event.row.clone()).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn tel_44_what_is_not_wanted_is_passed_unread() {
    let text = format!("{ROW}\n{}\n", ROW.replace("a.exe", "b.exe").replace("}", r#","ProcessId":"many"}"#));
    let kept = items_of(&text, |names| {
        assert_eq!(names.original_file_name, Some(""));
        names.file_name == "a.exe" && names.command_line == "a /x"
    });
    assert!(matches!(&kept[..], [Item::Event(_), Item::Passed(Source::Defender)]), "{kept:?}");
}

/// Whatever a value that nobody looks at holds, the object is a fault whether it is
/// wanted or not, or it is none in either case.
#[test]
fn tel_44_a_value_that_is_not_looked_at_is_a_fault_whatever_is_wanted() {
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
    assert_eq!(words(wide(997)), ["Defender Line(1)"]);
    assert_eq!(words(wide(998)).len(), 1);
    assert!(
        words(wide(998))[0].starts_with("Line(1) an object of more than 1000 values"),
        "{:?}",
        words(wide(998))
    );
}

#[test]
fn tel_53_the_last_value_at_a_path_counts() {
    let event = cells(
        r#"{"winlog.event_id":1,"winlog":{"channel":"Microsoft-Windows-Sysmon/Operational",
        "event_data":{"CommandLine":"first","CommandLine":"second"}},"winlog.event_data.Image":"C:\\a.exe"}"#,
    );
    assert_eq!(event["ProcessCommandLine"], Dynamic::from("second"));
    assert_eq!(event["FileName"], Dynamic::from("a.exe"));
}

#[test]
fn tel_54_what_has_no_known_shape_is_skipped() {
    let text = "{}\n{\"a\":1}\n{\"EventID\":\"many\"}\n{\"winlog\":{}}\n";
    assert_eq!(words(text), ["no known shape"; 4]);
}

#[test]
fn tel_55_winlogbeat_nests_the_event() {
    let event = cells(
        r#"{"@timestamp":"2026-01-02T03:04:05.678Z","winlog":{"event_id":"4688","channel":"Security",
        "provider_name":"Microsoft-Windows-Security-Auditing","computer_name":"srv-02","record_id":77,
        "event_data":{"NewProcessName":"C:\\Windows\\System32\\bitsadmin.exe","CommandLine":"bitsadmin /list",
        "NewProcessId":"0x242c"}}}"#,
    );
    assert_eq!(event["TimeGenerated"], Dynamic::Datetime("2026-01-02T03:04:05.678Z".parse().unwrap()));
    assert_eq!(event["DeviceName"], Dynamic::from("srv-02"));
    assert_eq!(event["FileName"], Dynamic::from("bitsadmin.exe"));
    assert_eq!(event["ProcessId"], Dynamic::Long(0x242c));
    assert_eq!(event["ReportId"], Dynamic::Long(77));
}

#[test]
fn tel_56_a_flattened_event_has_all_at_the_top() {
    let event = cells(
        r#"{"EventID":1,"SourceName":"Microsoft-Windows-Sysmon","Hostname":"ws07","RecordNumber":"5",
        "EventTime":"2026-01-02 03:04:05","Image":"C:\\x\\bits.exe","OriginalFileName":"bitsadmin.exe",
        "CommandLine":"bits /transfer x","ProcessId":"9260"}"#,
    );
    assert_eq!(event["TimeGenerated"], Dynamic::Datetime("2026-01-02T03:04:05Z".parse().unwrap()));
    assert_eq!(event["ProcessVersionInfoOriginalFileName"], Dynamic::from("bitsadmin.exe"));
    assert_eq!(event["ProcessId"], Dynamic::Long(9260));
    assert_eq!(event["ReportId"], Dynamic::Long(5));
    let others = "{\"EventID\":3,\"Channel\":\"Microsoft-Windows-Sysmon/Operational\"}\n\
                  {\"EventID\":4624,\"EventSourceName\":\"Microsoft-Windows-Security-Auditing\"}\n\
                  {\"EventID\":1,\"SourceName\":\"Service Control Manager\"}\n";
    assert_eq!(
        words(others),
        ["Sysmon, not event 1", "Security, not event 4688", "another provider's event"]
    );
}

#[test]
fn tel_57_the_event_tree_is_read_with_names_as_keys_or_as_attributes() {
    let system = r##""System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},
        "EventID":{"#text":1,"#attributes":{"Qualifiers":0}},"EventRecordID":9,"Computer":"ws07",
        "TimeCreated":{"#attributes":{"SystemTime":"2026-01-02T03:04:05Z"}}}"##;
    for data in [
        r##"{"Image":"C:\\a.exe","ProcessId":12}"##,
        r##"{"Image":{"#text":"C:\\a.exe"},"ProcessId":"12"}"##,
        r##"{"Data":[{"@Name":"Image","#text":"C:\\a.exe"},{"#attributes":{"Name":"ProcessId"},"#text":12}]}"##,
    ] {
        let event = cells(&format!(r#"{{"Event":{{{system},"EventData":{data}}}}}"#));
        assert_eq!(event["FileName"], Dynamic::from("a.exe"), "{data}");
        assert_eq!(event["ProcessId"], Dynamic::Long(12), "{data}");
        assert_eq!(event["ReportId"], Dynamic::Long(9), "{data}");
        assert_eq!(event["TimeGenerated"], Dynamic::Datetime("2026-01-02T03:04:05Z".parse().unwrap()));
    }
}

#[test]
fn tel_58_evtxecmd_has_the_data_as_json_in_a_string() {
    let line = |payload: &str| {
        let payload = Json::from(payload);
        format!(
            r#"{{"Payload":{payload},"Channel":"Security","Provider":"Microsoft-Windows-Security-Auditing","EventId":4688,
            "EventRecordId":"3","ProcessId":4,"Computer":"srv-02","TimeCreated":"2026-01-02T03:04:05.0000000+00:00"}}"#
        )
        .replace('\n', " ")
    };
    let event = cells(&line(
        r##"{"EventData":{"Data":[{"@Name":"NewProcessName","#text":"C:\\a.exe"},{"@Name":"CommandLine","#text":"a b"},
        {"@Name":"ProcessId","#text":"0x10"}]}}"##,
    ));
    assert_eq!(event["FileName"], Dynamic::from("a.exe"));
    assert_eq!(event["ProcessCommandLine"], Dynamic::from("a b"));
    assert_eq!(event["InitiatingProcessId"], Dynamic::Long(16));
    assert_eq!(event["ReportId"], Dynamic::Long(3));
    let one = cells(&line(r##"{"EventData":{"Data":{"@Name":"NewProcessName","#text":"C:\\a.exe"}}}"##));
    assert_eq!(one["FileName"], Dynamic::from("a.exe"));
    assert!(words(line("{"))[0].starts_with("Line(1) EOF"), "{:?}", words(line("{")));
}

#[test]
fn tel_59_the_streaming_api_wraps_the_row() {
    let line = |table| format!(r#"{{"time":"t","category":"AdvancedHunting-{table}","properties":{ROW}}}"#);
    let event = cells(&line("DeviceProcessEvents"));
    assert_eq!(event["FileName"], Dynamic::from("a.exe"));
    assert_eq!(event["Timestamp"], event["TimeGenerated"]);
    assert!(!event.contains_key("category"));
    assert_eq!(words(line("DeviceFileEvents")), ["another table's row"]);
}

#[test]
fn tel_60_a_row_is_told_by_its_type_or_by_its_columns() {
    let lines = [
        r#"{"TimeGenerated":"2026-01-02","Type":"DeviceProcessEvents"}"#,
        r#"{"TimeGenerated":"2026-01-02","Type":"DeviceFileEvents","FileName":"a","ProcessCommandLine":"a"}"#,
        r#"{"Timestamp":"2026-01-02","FileName":"a","ProcessCommandLine":null}"#,
        r#"{"Timestamp":"2026-01-02","FileName":"a"}"#,
        r#"{"FileName":"a","ProcessCommandLine":"a"}"#,
    ];
    let expected = [
        "Defender Line(1)",
        "another table's row",
        "Defender Line(3)",
        "another table's row",
        "no known shape",
    ];
    assert_eq!(words(lines.join("\n")), expected);
}

#[test]
fn tel_62_what_is_no_object_costs_no_other_line() {
    let text = format!("garbage {ROW}\n{ROW}\n\"text\"\n{ROW} 1\n{{\"a\":1,}}\n{ROW}\n");
    let none = "here stands no json object";
    let found = words(text);
    assert_eq!(found.len(), 7, "{found:?}");
    assert_eq!(found[0], format!("Line(1) {none}"));
    assert_eq!(found[1], "Defender Line(2)");
    assert_eq!(found[2], format!("Line(3) {none}"));
    assert_eq!(found[3..5], ["Defender Line(4)".to_owned(), format!("Line(4) {none}")]);
    assert!(found[5].starts_with("Line(5) trailing comma"), "{found:?}");
    assert_eq!(found[6], "Defender Line(6)");
}

#[test]
fn tel_62_deep_nesting_costs_no_other_line() {
    let (deep, deeper) = ("[".repeat(10_000), r#"{"a":"#.repeat(10_000));
    let closed = format!(r#"{{"a":{deep}{}}}"#, "]".repeat(10_000));
    let found = words(format!("{ROW}\n{closed}\n{deeper}\n{ROW}\n{deep}\n{ROW}\n"));
    let events: Vec<&String> = found.iter().filter(|word| word.starts_with("Defender")).collect();
    assert_eq!(events, ["Defender Line(1)", "Defender Line(4)", "Defender Element(2)"], "{found:?}");
    assert!(found[1].starts_with("Line(2) recursion limit exceeded"), "{found:?}");
    assert_eq!(found.len(), 7, "{found:?}");
}

#[test]
fn tel_63_a_line_that_begins_an_object_ends_what_is_open() {
    let cut = r#"{"Timestamp":"2026-01-02","FileName":"a","ProcessCommandLine":"#;
    let in_string = format!("{cut}\"abc");
    let found = words(format!("{cut}\n{ROW}\n{in_string}\n{ROW}\n{{\n \"a\": [1,\n{ROW}\n{cut}"));
    let next = "the object is cut off by the next";
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
fn tel_63_the_lines_of_a_broken_object_are_one_fault() {
    let text = format!("{{\n \"a\": \"x\n \",\n \"b\": 1,\n \"c\": 2\n}}\n{ROW}\n");
    assert_eq!(words(text), ["Line(1) a string is cut off by the end of the line", "Defender Line(7)"]);
}

#[test]
fn tel_64_a_long_object_is_named_and_passed_over() {
    let long = format!(r#"{{"Timestamp":"2026-01-02","FileName":"{}"}}"#, "a".repeat(17 << 20));
    let endless = format!(r#"{{"a":"{}"#, "a".repeat(17 << 20));
    let garbage = "x".repeat(17 << 20);
    let expected = [
        "Defender Line(1)".to_owned(),
        format!("Line(2) an object of {} bytes is longer than 16777216 bytes", long.len()),
        "Defender Line(3)".to_owned(),
        format!("Line(4) an object of {} bytes is longer than 16777216 bytes", endless.len() + 1),
        "Defender Line(5)".to_owned(),
        "Line(6) here stands no json object".to_owned(),
        "Defender Line(7)".to_owned(),
    ];
    assert_eq!(words(format!("{ROW}\n{long}\n{ROW}\n{endless}\n{ROW}\n{garbage}\n{ROW}")), expected);
}

#[test]
fn tel_64_a_line_of_many_mebibytes_is_read_where_it_is_one_object() {
    let line = ROW.replacen('{', &format!(r#"{{"Long":"{}","#, "a".repeat(3 << 20)), 1);
    assert_eq!(words(format!("{line}\n{ROW}\n")), ["Defender Line(1)", "Defender Line(2)"]);
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
        assert_eq!(words(&text), ["Defender Element(1)", "Defender Element(2)"], "{text}");
        let after = format!("Defender Line({})", text.lines().count() + 1);
        assert_eq!(words(format!("{}\n{ROW}", text.trim_end()))[2..], [after], "{text}");
    }
}

#[test]
fn tel_65_rows_that_do_not_fit_their_table_are_faults() {
    let table = r#"{"tables":[{"columns":[{"name":"Type"},{"name":"TimeGenerated"}],"rows":[["a"],["DeviceProcessEvents",null],7]}]}"#;
    let expected = [
        "Element(1) a row of 1 cells in a table of 2 columns",
        "Defender Element(2)",
        "Element(3) here stands no json object",
    ];
    assert_eq!(words(table), expected);
}

#[test]
fn tel_65_an_object_among_rows_is_an_object() {
    let cut = r#"{"tables":[{"columns":[{"name":"Type"}],"rows":[["a"#;
    let found = words(format!("{cut}\n{ROW}\n"));
    let expected = [
        "Element(1) a string is cut off by the end of the line",
        "Defender Element(2)",
        "Line(1) the input ends before the array does",
    ];
    assert_eq!(found, expected);
}

#[test]
fn tel_66_an_array_that_never_ends_keeps_its_elements() {
    let found = words(format!("[{ROW},\n{ROW}"));
    assert_eq!(
        found,
        ["Defender Element(1)", "Defender Element(2)", "Line(1) the input ends before the array does"]
    );
    assert_eq!(
        words(format!("[{ROW},{{")).last().unwrap(),
        "Element(2) the input ends before the object does"
    );
}

#[test]
fn tel_67_marks_blank_lines_and_nul_bytes_between_objects_are_nothing() {
    let text = format!("\u{feff}{ROW}\r\n\r\n\0\0\n \t\n{ROW}{ROW}\0\0\0");
    assert_eq!(words(text), ["Defender Line(1)", "Defender Line(5)", "Defender Line(5)"]);
    assert_eq!(words(""), [""; 0]);
}

#[test]
fn tel_68_a_lone_surrogate_is_read_and_invalid_utf_8_is_a_fault() {
    let event = cells(&ROW.replace("/x", r"\ud800x\ud83d\ude00"));
    assert_eq!(event["ProcessCommandLine"], Dynamic::from("a \u{fffd}x\u{1f600}"));
    let mut text = format!("{ROW}\n{{\"a\":\"").into_bytes();
    text.extend(b"\xff\"}\n");
    text.extend(ROW.as_bytes());
    let expected = ["Defender Line(1)", "Line(2) byte 6 of the object is no utf-8", "Defender Line(3)"];
    assert_eq!(words(text), expected);
}

#[test]
fn reading_ends_where_the_sink_ends_it() {
    let options = Options { format: None, keep: Arc::new(|_| true), progress: Default::default(), jobs: 1 };
    let mut count = 0;
    let text = format!("{ROW}\n{ROW}\n");
    let flow = read(text.as_bytes(), &"a".into(), &options, &mut |_| {
        count += 1;
        ControlFlow::Break(())
    });
    assert_eq!((flow, count), (ControlFlow::Break(()), 1));
}
