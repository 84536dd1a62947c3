use std::io::Cursor;
use std::ops::ControlFlow;

use super::sample::{Element, event, log};
use super::*;
use crate::kql::Dynamic;
use crate::telemetry::{Names, Skip, Source};

const SYSMON: &str = "Microsoft-Windows-Sysmon";

fn sysmon(command_line: &str) -> Element {
    let image = r"C:\Windows\System32\bitsadmin.exe";
    let data = [("Image", image), ("OriginalFileName", "bitsadmin.exe"), ("CommandLine", command_line)];
    event(SYSMON, "1", &data)
}

fn items(log: &[u8], keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Vec<Item> {
    let options = Options { format: None, keep: Arc::new(keep), progress: Arc::default(), jobs: 1 };
    let mut items = Vec::new();
    let _ = read(Cursor::new(log), &"log.evtx".into(), &options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    items
}

/// The command lines of the events, and the faults.
fn told(log: &[u8]) -> Vec<String> {
    let tell = |item| match item {
        Item::Event(event) => {
            let at = event.columns.iter().position(|column| column.name == "ProcessCommandLine");
            at.and_then(|at| event.row[at].as_str().map(str::to_owned)).unwrap_or_default()
        }
        Item::Fault(fault) => fault.to_string(),
        other => format!("{other:?}"),
    };
    items(log, |_| true).into_iter().map(tell).collect()
}

#[test]
fn tel_25_a_record_of_a_log_is_a_windows_event() {
    let log = log(&[&[
        sysmon(r#"bitsadmin /transfer "ä\b"  C:\x "#),
        event(SYSMON, "5", &[]),
        event("Microsoft-Windows-Security-Auditing", "4688", &[("NewProcessName", r"C:\a.exe")]),
        event("Microsoft-Windows-Eventlog", "1102", &[]),
    ]]);
    let items = items(&log, |names| names.file_name == "bitsadmin.exe");
    let [Item::Event(event), rest @ ..] = &items[..] else { panic!("{items:?}") };
    assert_eq!(event.place.to_string(), "log.evtx: record 1");
    let cell =
        |name| event.table().unwrap().columns().iter().position(|c| c.name == name).map(|at| &event.row[at]);
    assert_eq!(cell("ProcessCommandLine"), Some(&Dynamic::from(r#"bitsadmin /transfer "ä\b"  C:\x "#)));
    assert_eq!(cell("DeviceName"), Some(&Dynamic::from("ws07.corp.example")));
    assert_eq!(cell("ReportId"), Some(&Dynamic::from(7)));
    assert_eq!(
        rest,
        [
            Item::Skipped(Skip::OtherSysmonEvent),
            Item::Passed(Source::Security),
            Item::Skipped(Skip::OtherProvider)
        ]
    );
}

#[test]
fn tel_25_what_decides_is_the_same_glanced_at_and_built() {
    let lines =
        ["", "plain", r"back\slash\", "\"quoted\"", "tab\tline\r\nbell\u{7}", "ä€😀", r#""Image":"x""#];
    for line in lines {
        let log = log(&[&[sysmon(line)]]);
        let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
        let sees = seen.clone();
        items(&log, move |names| {
            let original = names.original_file_name.map(str::to_owned);
            let names = (names.file_name.to_owned(), original, names.command_line().into_owned());
            sees.lock().unwrap().push(names);
            true
        });
        let name = "bitsadmin.exe".to_owned();
        let expected = (name.clone(), Some(name), line.to_owned());
        assert_eq!(*seen.lock().unwrap(), [expected.clone(), expected], "{line:?}");
    }
}

#[test]
fn tel_25_what_begins_as_windows_writes_it_is_what_it_says() {
    for (begin, source) in glance::BEGINS {
        let data =
            r#""EventData":{"NewProcessName":"C:\\a.exe","Image":"C:\\a.exe","CommandLine":"a \"b\""}"#;
        let record = format!(r#"{begin}"Version":2}},{data}}}}}"#);
        let built = record::built(record.as_bytes()).unwrap();
        assert_eq!((built.classify(), built.get("CommandLine")), (Ok(source), "a \"b\""));
        let glance = Glance::new();
        assert_eq!(glance.source(record.as_bytes()).unwrap().0, Ok(source));
        let place = || Place { file: "log.evtx".into(), position: Position::Record(1) };
        let early = |wanted: &'static str| {
            let keep = move |names: Names<'_>| names.file_name == "a.exe" && names.command_line() == wanted;
            glance.early(record.as_bytes(), place, &keep)
        };
        assert_eq!(early("other"), Some(Item::Passed(source)));
        assert_eq!(early("a \"b\""), None);
    }
}

#[test]
fn tel_25_what_is_in_no_event_is_no_process_creation_glanced_at_or_built() {
    let record = |root: &str| {
        let system = r##"{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},"EventID":1}"##;
        format!(r#"{{"{root}":{{"System":{system},"EventData":{{"Image":"a.exe"}}}}}}"#)
    };
    let item = |root, keep: bool| {
        let place = Place { file: "log.evtx".into(), position: Position::Record(1) };
        let options =
            Options { format: None, keep: Arc::new(move |_| keep), progress: Arc::default(), jobs: 1 };
        record::item(record(root).as_bytes(), || place.clone(), &Glance::new(), &options)
    };
    assert_eq!(item("Event", false), Item::Passed(Source::Sysmon));
    for keep in [true, false] {
        assert_eq!(item("", keep), Item::Skipped(Skip::OtherProvider));
    }
}

#[test]
fn tel_25_numbers_and_lists_are_text() {
    let record = serde_json::json!({"Event": {
        "System": {"EventID": {"#attributes": {"Qualifiers": 1}, "#text": 1}, "Version": 5},
        "EventData": {"#attributes": {"Name": "x"}, "ProcessId": 12, "Gone": null, "Yes": true, "Data": {"#text": ["a", "b"]}},
    }});
    let event = record::event(&record);
    assert_eq!((event.event_id, event.version), (1, Some(5)));
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        event.data,
        [pair("ProcessId", "12"), pair("Gone", ""), pair("Yes", "true"), pair("Data", "a, b")]
    );
}

#[test]
fn tel_26_a_broken_chunk_costs_itself_only() {
    let chunks: [&[Element]; 3] = [&[sysmon("a")], &[sysmon("b")], &[sysmon("c")]];
    let mut log = log(&chunks);
    log[(HEADER + CHUNK) as usize] = b'X';
    let told = told(&log);
    assert_eq!([&told[0], &told[2]], ["a", "c"]);
    assert!(told[1].starts_with("log.evtx: byte 69632: chunk 1 cannot be read: "), "{told:?}");
    assert_eq!(told.len(), 3);
}

#[test]
fn tel_26_a_broken_record_costs_itself_only() {
    let mut log = log(&[&[sysmon("a"), sysmon("b"), sysmon("c")]]);
    let starts: Vec<usize> = memchr::memmem::find_iter(&log, b"\x2a\x2a\0\0").collect();
    // The first token of the record's content.
    log[starts[1] + 28] = 0x7f;
    let told = told(&log);
    assert_eq!([&told[0], &told[2]], ["a", "c"]);
    assert!(told[1].starts_with("log.evtx: record 2: the record cannot be read: "), "{told:?}");
    assert_eq!(told.len(), 3);
}

#[test]
fn tel_27_a_log_is_read_as_far_as_it_goes() {
    let log = log(&[&[sysmon("a"), sysmon("b"), sysmon("c")]]);
    let starts: Vec<usize> = memchr::memmem::find_iter(&log, b"\x2a\x2a\0\0").collect();
    let cut = starts[2] + 100;
    let told = told(&log[..cut]);
    assert_eq!(told[..2], ["a", "b"]);
    let last = told.last().unwrap();
    let at = format!("log.evtx: byte {cut}: the event log is cut off here, before its last chunk ends; ");
    assert!(last.starts_with(&at), "{told:?}");
    assert_eq!(self::told(&log), ["a", "b", "c"]);
}

#[test]
fn tel_27_no_length_is_too_short() {
    let log = log(&[&[sysmon("a")]]);
    for end in (0..5000).step_by(7) {
        let told = told(&log[..end]);
        assert!(told.last().is_some_and(|last| last.starts_with("log.evtx: ")), "{end}: {told:?}");
    }
}

#[test]
fn tel_27_a_log_that_was_cut_off_between_chunks_is_told_to_be() {
    let log = log(&[&[sysmon("a")], &[sysmon("b")]]);
    for (chunks, kept) in [(0, &[][..]), (1, &["a"])] {
        let cut = (HEADER + chunks * CHUNK) as usize;
        let mut expected: Vec<String> = kept.iter().map(|&line| line.to_owned()).collect();
        let fault = "the event log is cut off here, before its last chunk ends";
        expected
            .push(format!("log.evtx: byte {cut}: {fault}; what stands before is read; copy the log again"));
        assert_eq!(told(&log[..cut]), expected);
    }
}
