//! The structures that an object may have.

use super::*;

#[test]
fn tel_53_the_last_value_at_a_path_counts() {
    let event = cells(
        r#"{"winlog.event_id":1,"winlog":{"channel":"Microsoft-Windows-Sysmon/Operational",
        "event_data":{"CommandLine":"first","Image":"b.exe"}},"winlog.event_data.CommandLine":"second",
        "winlog.event_data.Image":"C:\\a.exe"}"#,
    );
    assert_eq!(event["ProcessCommandLine"], Dynamic::from("second"));
    assert_eq!(event["FileName"], Dynamic::from("a.exe"));
}

#[test]
fn tel_54_what_has_no_known_shape_is_skipped() {
    let text = "{}\n{\"a\":1}\n{\"EventID\":\"many\"}\n{\"winlog\":{}}\n";
    let found = descriptions(text);
    assert_eq!(found[..4], ["unknown structure"; 4]);
    assert!(found[4].starts_with("Whole no event was recognised in 4 objects: "), "{found:?}");
    assert_eq!(found.len(), 5);
}

#[test]
fn tel_104_an_event_may_be_in_objects_lists_and_texts() {
    let event = sysmon(r#""Image":"a","CommandLine":"b""#, "");
    let text = Json::from(event.clone());
    for around in [
        format!(r#"{{"a":{event}}}"#),
        format!(r#"{{"a":[1,{{"b":{event}}}]}}"#),
        format!(r#"{{"a":{{"b":{text}}}}}"#),
        format!(r#"{{"a":{}}}"#, Json::from(format!(r#"{{"b":{text}}}"#))),
    ] {
        assert_eq!(descriptions(&around), ["Sysmon 1 Line(1)"], "{around}");
    }
    let deep = format!(r#"{{"a":{{"b":{{"c":{{"d":{{"e":{event}}}}}}}}}}}"#);
    assert_eq!(descriptions(&deep)[0], "unknown structure", "{deep}");
    let outermost = sysmon(r#""Image":"a","CommandLine":"b""#, &format!(r#","inner":{event}"#));
    assert_eq!(descriptions(format!(r#"{{"a":{outermost}}}"#)), ["Sysmon 1 Line(1)"]);
    let object_first = format!(
        r#"{{"a":{{"EventID":4688,"Channel":"Security","NewProcessName":"a","CommandLine":"b"}},"t":{text}}}"#
    );
    assert_eq!(descriptions(object_first), ["Security 4688 Line(1)"]);
}

#[test]
fn tel_54_winlogbeat_nests_the_event() {
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
fn tel_54_a_flattened_event_has_all_values_at_the_top_level() {
    let event = cells(
        r#"{"EventID":1,"SourceName":"Microsoft-Windows-Sysmon","Hostname":"ws07","RecordNumber":"5",
        "TimeCreated":"2026-01-02 03:04:05","Image":"C:\\x\\bits.exe","OriginalFileName":"bitsadmin.exe",
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
        descriptions(others),
        ["Sysmon, not event 1", "Security, not event 4688", "another provider's event"]
    );
}

#[test]
fn tel_102_names_in_the_event_tree_may_be_keys_or_attributes() {
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
fn tel_98_evtxecmd_has_the_data_as_json_in_a_text() {
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
    let damaged = descriptions(line("{"));
    assert!(
        damaged[0].starts_with("Line(1) the program of a Security 4688 event was not found"),
        "{damaged:?}"
    );
}

#[test]
fn tel_59_the_streaming_api_wraps_the_row() {
    let line = |table| format!(r#"{{"time":"t","category":"AdvancedHunting-{table}","properties":{ROW}}}"#);
    let event = cells(&line("DeviceProcessEvents"));
    assert_eq!(event["FileName"], Dynamic::from("a.exe"));
    assert_eq!(event["Timestamp"], event["TimeGenerated"]);
    assert!(!event.contains_key("category"));
    assert_eq!(descriptions(line("DeviceFileEvents")), ["another table's row"]);
}

#[test]
fn tel_60_a_row_is_recognised_by_its_type_or_its_columns() {
    let lines = [
        r#"{"TimeGenerated":"2026-01-02","Type":"DeviceProcessEvents"}"#,
        r#"{"TimeGenerated":"2026-01-02","DeviceId":"d","Type":"DeviceFileEvents","FileName":"a","ProcessCommandLine":"a"}"#,
        r#"{"Timestamp":"2026-01-02","FileName":"a","ProcessCommandLine":null}"#,
        r#"{"Timestamp":"2026-01-02","DeviceId":"d","FileName":"a"}"#,
        r#"{"Timestamp":"2026-01-02","ActionType":"AmsiScriptDetection","DeviceId":"d","FileName":"a","ProcessCommandLine":"a"}"#,
        r#"{"TimeGenerated":"2026-01-02","Type":"copy_SRCH","_OriginalType":"DeviceProcessEvents"}"#,
        r#"{"TimeGenerated":"2026-01-02","Type":"DeviceProcessEvents_RST","FileName":"a","ProcessCommandLine":"a"}"#,
        r#"{"TimeGenerated":"2026-01-02","TenantId":"t","Type":"DeviceEvents_RST","FileName":"a","ProcessCommandLine":"a","ActionType":"OpenProcessApiCall"}"#,
        r#"{"FileName":"a","ProcessCommandLine":"a"}"#,
    ];
    let expected = [
        "Line(1) the row of a process creation has no FileName",
        "another table's row",
        "Defender Line(3)",
        "another table's row",
        "another table's row",
        "Line(6) the row of a process creation has no FileName",
        "Defender Line(7)",
        "another table's row",
        "unknown structure",
        "Whole objects not recognised: 1; the first has FileName, ProcessCommandLine",
    ];
    assert_eq!(descriptions(lines.join("\n")), expected);
}

/// A Sysmon event with these data and members.
fn sysmon(data: &str, more: &str) -> String {
    format!(r#"{{"EventID":1,"SourceName":"Microsoft-Windows-Sysmon","EventData":{{{data}}}{more}}}"#)
}

#[test]
fn tel_100_the_first_path_with_a_value_counts() {
    let with = |computers: &str| {
        let data = r#""Image":"a","CommandLine":"b","OriginalFileName":"c""#;
        cells(&sysmon(data, &format!(r#","Hostname":"last"{computers}"#)))["DeviceName"].clone()
    };
    assert_eq!(with(r#","Computer":"first""#), Dynamic::from("first"));
    assert_eq!(with(r#","Computer":"""#), Dynamic::from("last"));
    assert_eq!(with(r#","Computer":null"#), Dynamic::from("last"));
    assert_eq!(with(r#","hostname":"later""#), Dynamic::from("last"));
}

#[test]
fn tel_101_a_time_is_local_if_its_path_says_so() {
    let time = |members: &str| {
        let text = sysmon(r#""Image":"a","CommandLine":"b""#, members);
        let found = items(&text);
        let Some(Item::Event(event)) = found.first() else { panic!("{found:?}") };
        let is_unknown = matches!(found.get(1), Some(Item::Fault(fault)) if fault.what.contains("local"));
        let cell = event.cell("TimeGenerated").cloned().unwrap();
        assert_eq!(
            (is_unknown, found.len()),
            (cell == Dynamic::Null, 1 + usize::from(is_unknown)),
            "{found:?}"
        );
        cell
    };
    let at_three = Dynamic::Datetime("2026-01-02T03:04:05Z".parse().unwrap());
    for (members, expected) in [
        (r#","EventTime":"2026-01-02 03:04:05""#, &Dynamic::Null),
        (r#","EventTime":"2026-01-02T04:04:05+01:00""#, &at_three),
        (r#","TimeCreated":"2026-01-02 03:04:05""#, &at_three),
        (r#","TimeCreated":"2026-01-02 03:04:05","MachineName":"ws07""#, &Dynamic::Null),
        (r#","TimeCreated":"2026-01-02 03:04:05","Id":1"#, &Dynamic::Null),
        (r#","TimeCreated":"2026-01-02 03:04:05","ProviderName":"Microsoft-Windows-Sysmon""#, &at_three),
        (r#","TimeCreated":"2026-01-02 03:04:05","LogName":"a""#, &Dynamic::Null),
        (r#","TimeCreated":"2026-01-02 03:04:05Z","LogName":"a""#, &at_three),
        (r#","TimeCreated":"2026-01-02 03:04:05","EventTime":"2026-01-02 04:04:05""#, &at_three),
    ] {
        assert_eq!(&time(members), expected, "{members}");
    }
}

#[test]
fn tel_103_other_names_of_providers_and_channels_are_known() {
    for (members, expected) in [
        (
            r#""SourceName":"Microsoft Windows security auditing.","EventCode":"4688""#,
            "Security 4688 Line(1)",
        ),
        (r#""Channel":"Sec","EventID":4688"#, "Security 4688 Line(1)"),
        (r#""Channel":"Sysmon","EventID":1"#, "Sysmon 1 Line(1)"),
        (r#""Provider":"sysmon","EventID":1"#, "Sysmon 1 Line(1)"),
        (r#""Provider":"-","Channel":"security ","EventID":"4688.0""#, "Security 4688 Line(1)"),
        (r#""Source":"collector","Channel":"Security","EventID":4688"#, "Security 4688 Line(1)"),
        (
            r#""Provider":"Microsoft-Windows-X","Channel":"Security","EventID":4688"#,
            "another provider's event",
        ),
    ] {
        let text = format!(r#"{{{members},"Image":"a","NewProcessName":"a","CommandLine":"b"}}"#);
        assert_eq!(descriptions(text), [expected], "{members}");
    }
    let found = descriptions(r#"{"source":"ws1","EventID":4688,"NewProcessName":"a","CommandLine":"b"}"#);
    assert!(found[0].starts_with("Line(1) the provider \"\" of an event 4688 with a program"), "{found:?}");
}

#[test]
fn tel_54_what_is_skipped_is_searched_if_it_is_doubtful() {
    let event = sysmon(r#""Image":"a","CommandLine":"b""#, "");
    let text = Json::from(event.clone());
    for around in [
        format!(r#"{{"Id":7,"source":"kafka","payload":{event}}}"#),
        format!(r#"{{"Id":7,"source":"kafka","payload":{text}}}"#),
        format!(r#"{{"meta":{{"Id":7,"Source":"kafka"}},"p":{{"q":{event}}}}}"#),
        format!(r#"{{"TenantId":"t","TimeGenerated":"2026-01-02","RawData":{text}}}"#),
        format!(r#"{{"TenantId":"t","TimeGenerated":"2026-01-02","Properties":{event}}}"#),
    ] {
        assert_eq!(descriptions(&around), ["Sysmon 1 Line(1)"], "{around}");
    }
    let row = ROW.replacen('{', r#"{"Type":"DeviceProcessEvents","EventID":5,"source":"kafka","#, 1);
    assert_eq!(descriptions(&row), ["Defender Line(1)"]);
    assert_eq!(descriptions(row.replace(r#""Type":"DeviceProcessEvents","#, "")), ["Defender Line(1)"]);
    let two = Json::from(format!("{event}\n{event}\n"));
    assert_eq!(descriptions(format!(r#"{{"Body":{two}}}"#)), ["Sysmon 1 Line(1)"; 2]);
}

#[test]
fn tel_104_a_process_creation_may_be_in_a_text_of_another_event() {
    use base64::Engine;
    let event = sysmon(r#""Image":"a","CommandLine":"b""#, "");
    let other = event.replacen(":1,", ":5,", 1);
    let xml = |id: u32| {
        format!(
            "<Event><System><Provider Name='Microsoft-Windows-Sysmon'/><EventID>{id}</EventID></System>\
             <EventData><Data Name='Image'>a</Data><Data Name='CommandLine'>b</Data></EventData></Event>"
        )
    };
    let lines = "\nLogName=Security\nEventCode=4688\nMessage=A new process has been created.\n\n\
                 Process Information:\n\tNew Process Name:\ta\n\tProcess Command Line:\tb\n";
    let id = |name: &str| format!(r#""{name}":7,"SourceName":"Microsoft-Windows-X","guid":"{{1}}""#);
    for (text, expected) in [
        (event.clone(), "Sysmon 1 Line(1)"),
        (format!(" \r\n\t{event:#}"), "Sysmon 1 Line(1)"),
        (format!("[{event}]"), "Sysmon 1 Line(1)"),
        (xml(1), "Sysmon 1 Line(1)"),
        (
            format!("<?xml version='1.0'?>\n{}", xml(1).replace('<', "<x:").replace("<x:/", "</x:")),
            "Sysmon 1 Line(1)",
        ),
        (lines.to_owned(), "Security 4688 Line(1)"),
        (xml(1).replace(">1<", " Qualifiers=\"0\">\n 1\n<"), "Sysmon 1 Line(1)"),
        (format!("<Events>{}{}</Events>", xml(3), xml(1)), "Sysmon 1 Line(1)"),
        (xml(3), "another provider's event"),
        (other, "another provider's event"),
        ("{1}".to_owned(), "another provider's event"),
    ] {
        let text = Json::from(text).to_string();
        for text in [text.clone(), text.replace('/', "\\/"), text.replace('<', "\\u003C")] {
            for around in [
                format!(r#"{{{},"message":{text}}}"#, id("EventID")),
                format!(r#"{{{},"event":{{"original":{text}}}}}"#, id("Id")),
                format!(r#"{{"x":{{{}}},"_raw":{text}}}"#, id("EventID")),
                format!(r#"{{{},"a":{}}}"#, id("EventID"), Json::from(format!(r#"{{"b":{text}}}"#))),
            ] {
                assert_eq!(descriptions(&around), [expected], "{around}");
            }
        }
    }
    let encoded = base64::prelude::BASE64_STANDARD.encode(&event);
    assert_eq!(descriptions(format!(r#"{{{},"Body":"{encoded}"}}"#, id("Id"))), ["Sysmon 1 Line(1)"]);
    let event = event.replace("Image", "Path");
    let found = descriptions(format!(r#"{{{},"message":{}}}"#, id("Id"), Json::from(event)));
    assert!(found[0].contains("the program of a Sysmon 1 event was not found"), "{found:?}");
    let row = format!(
        r#"{{"Timestamp":"2026-01-02","DeviceId":"d","Type":"DeviceEvents","x":{}}}"#,
        Json::from(xml(1))
    );
    assert_eq!(descriptions(row), ["another table's row"]);
}

#[test]
fn tel_65_an_event_around_a_list_is_an_event() {
    for list in [r#""events":[{"a":1}]"#, r#""value":[]"#, r#""records":[1]"#] {
        let event = sysmon(r#""Image":"bitsadmin.exe","CommandLine":"b""#, &format!(",{list}"));
        for keep in [true, false] {
            for text in [event.clone(), event.replace(',', ",\n")] {
                let items = items_of(&text, move |_| keep);
                let creations = items.iter().filter(|item| match item {
                    Item::Event(_) | Item::Filtered(_) => true,
                    Item::Skipped(_) | Item::Fault(_) => false,
                });
                assert_eq!(creations.count(), 1, "{text} {items:?}");
            }
        }
    }
}

#[test]
fn tel_97_a_process_creation_without_its_program_is_a_fault() {
    let found = descriptions(sysmon(r#""Path":"C:\\a.exe","CommandLine":"a""#, ""));
    let expected = "Line(1) the program of a Sysmon 1 event was not found: looked for Image in EventData, ";
    assert!(found.len() == 1 && found[0].starts_with(expected), "{found:?}");
    assert!(found[0].ends_with("; the event has Path, CommandLine"), "{found:?}");
}

#[test]
fn tel_97_a_command_line_is_lost_only_if_it_is_nowhere() {
    let lost = sysmon(r#""Image":"a""#, r#","proc":{"cmd_command-line":"a b"}"#);
    let found = descriptions(&lost);
    let expected = "Line(1) the command line of a Sysmon 1 event was not found: looked for CommandLine in ";
    assert!(found.len() == 1 && found[0].starts_with(expected), "{found:?}");
    for more in [r#","proc":{"line":"a b"}"#, r#","parent":{"command_line":"a b"}"#] {
        let none = items_of(sysmon(r#""Image":"a","ParentCommandLine":"x""#, more), |_| false);
        let [Item::Filtered(filtered)] = none[..] else { panic!("{none:?}") };
        assert_eq!((filtered.missing.command_line, filtered.missing.program), (true, false));
    }
}

#[test]
fn tel_99_an_input_in_which_nothing_is_recognised_is_a_fault() {
    let found = descriptions("{\"a\":{\"b\":1,\"c\":[]}}\n{\"d\":1}\n");
    assert_eq!(found[..2], ["unknown structure"; 2]);
    assert!(found[2].starts_with("Whole no event was recognised in 2 objects: looked for a Windows event"));
    assert!(found[2].ends_with("; the first object has a.b, a.c"), "{found:?}");
    let recognised = "{\"a\":1}\n{\"EventID\":5,\"SourceName\":\"Microsoft-Windows-Sysmon\"}\n";
    let note = "Whole objects not recognised: 1; the first has a";
    assert_eq!(descriptions(recognised), ["unknown structure", "Sysmon, not event 1", note]);
    assert_eq!(descriptions("[]"), ["Whole there is no object in it"]);
}
