//! Event logs written for tests: see `rulespec_testing::event_log`.

use std::io::Cursor;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use rulespec::kql::Dynamic;
use rulespec_events::evtx::read;
use rulespec_events::{Item, Names, Options, Skip, Source, WindowsEvent};
use rulespec_testing::event_log::{
    CHUNK_SIZE, Content, Element, LOG_HEADER_SIZE, Template, Value, element, event, leaf, write_log, event_template,
};
use rulespec_testing::files::ROOT;
use rulespec_testing::evtx_oracle::assert_reads_like_oracle;

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
    let log = write_log(&[&[
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

/// What the first stage looks at: file name, original name and command line.
type Seen = (String, Option<String>, String);

/// What each asking of what is wanted saw.
fn seen(log: &[u8]) -> Vec<Seen> {
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let sees = seen.clone();
    items(log, move |names| {
        let original = names.original_file_name.map(str::to_owned);
        sees.lock().unwrap().push((names.file_name.to_owned(), original, names.command_line.to_owned()));
        true
    });
    std::mem::take(&mut *seen.lock().unwrap())
}

/// An event as Windows writes it.
fn windows(provider: &str, event_id: u32, data: &[(&str, Value)]) -> Template {
    event_template(&WindowsEvent { provider: provider.to_owned(), event_id, ..WindowsEvent::default() }, data)
}

fn created(data: &[(&str, Value)]) -> Template {
    windows(SYSMON, 1, data)
}

#[test]
fn tel_25_each_record_is_counted_by_what_it_says() {
    let security = "microsoft-windows-security-AUDITING";
    let records = [
        created(&[("Image", r"C:\a.exe".into())]),
        windows(security, 4688, &[("NewProcessName", r"C:\a.exe".into())]),
        windows(SYSMON, 5, &[]),
        windows(security, 4624, &[]),
        windows("Other", 1, &[]),
    ];
    let expected = [
        Item::Passed(Source::Sysmon),
        Item::Passed(Source::Security),
        Item::Skipped(Skip::OtherSysmonEvent),
        Item::Skipped(Skip::OtherSecurityEvent),
        Item::Skipped(Skip::OtherProvider),
    ];
    assert_eq!(items(&write_log(&[&records]), |_| false), expected);
}

#[test]
fn tel_25_the_names_are_the_texts_of_the_record() {
    let texts: Vec<Vec<u16>> = vec![
        vec![],
        r"back\slash\".encode_utf16().collect(),
        "\"quoted\" \ttab\r\nbell\u{7} ä€😀 -".encode_utf16().collect(),
        vec![0x61, 0xd800, 0x62, 0xdc00],
        vec![0x61, 0, 0x62],
        vec![0x2d],
    ];
    for text in texts {
        let value = || Value::Text(text.clone());
        let record = created(&[
            ("CommandLine", value()),
            ("OriginalFileName", value()),
            ("NewProcessName", "b.exe".into()),
            ("Image", value()),
        ]);
        let seen = seen(&write_log(&[&[record]]));
        let whole = text.split(|unit| *unit == 0).next().unwrap();
        assert!(seen.iter().all(|seen| seen.2 == String::from_utf16_lossy(whole)), "{seen:?}");
        assert!(!seen.is_empty());
    }
    let record = created(&[("Image", Value::Null), ("CommandLine", "a".into())]);
    let seen = seen(&write_log(&[&[record]]));
    assert!(
        seen.iter().all(|seen| *seen == (String::new(), Some(String::new()), "a".to_owned())),
        "{seen:?}"
    );
}

/// A way to write an event, and what is changed for it.
type Change = (&'static str, fn(&mut Template));

/// Ways to write an event that Windows does not use, most of which give a text that says
/// something else than the values seem to.
const OTHERWISE: &[Change] = &[
    ("a number that is a text", |record| record.values[1] = "1".into()),
    ("a provider that is a number", |record| record.values[0] = Value::U16(1)),
    ("no provider", |record| record.values[0] = "".into()),
    ("no number", |record| record.values[1] = Value::Null),
    ("another number after it", |record| system(record).push(leaf("EventID", &[], Some("5".into())))),
    ("another number before it", |record| system(record).insert(0, leaf("EventID", &[], Some("5".into())))),
    ("an empty number before it", |record| system(record).insert(0, element("EventID", vec![]))),
    ("a number of two pieces", |record| system(record)[1].contents.insert(0, "1".into())),
    ("an element in the number", |record| system(record)[1].children.push(element("x", vec![]))),
    ("a list in an attribute of the number", |record| {
        record.values.push(Value::Other(0x86, vec![1, 0, 2, 0]));
        let list = Content::Value(record.values.len() as u16 - 1);
        system(record)[1].attributes.push(("Qualifiers", list));
    }),
    ("a number that depends on an empty value", |record| {
        record.values.push(Value::Other(0x21, vec![]));
        system(record)[1].depends_on = Some(record.values.len() as u16 - 1);
    }),
    ("an empty provider before it", |record| system(record).insert(0, element("Provider", vec![]))),
    ("a provider called twice", |record| system(record)[0].attributes.push(("Name", "x".into()))),
    ("something in the provider", |record| system(record)[0].contents.push("x".into())),
    ("something directly in the system", |record| record.definition.children[0].contents.push("x".into())),
    ("an empty system before it", |record| record.definition.children.insert(0, element("System", vec![]))),
    ("other data before it", |record| record.definition.children.push(element("EventData", vec![]))),
    ("an element with an escape in its name", |record| system(record)[2].name = r"Ev\u0065ntID"),
    ("no data", |record| record.values[2] = Value::Null),
    ("data without a template", |record| record.values[2] = "a".into()),
    ("data and more", |record| record.definition.contents.push(Content::Value(2))),
    ("data of another name", |record| inner(record).definition.name = "UserData"),
    ("something directly in the data", |record| inner(record).definition.contents.push(Content::Value(0))),
    ("an image as an element", |record| inner(record).definition.children[0].name = "Image"),
    ("an image that is a number", |record| inner(record).values[0] = Value::U16(1)),
    ("an image of two pieces", |record| image(record).contents.push("x".into())),
    ("an element in the image", |record| image(record).children.push(element("x", vec![]))),
    ("an image that is called by a value", |record| image(record).attributes[0].1 = Content::Value(0)),
    ("an image that is called twice", |record| image(record).attributes.insert(0, ("Name", "x".into()))),
    ("a list in an attribute of the image", |record| {
        inner(record).values.push(Value::Other(0x86, vec![1, 0, 2, 0]));
        image(record).attributes.push(("Type", Content::Value(2)));
    }),
    ("two images", |record| {
        let image = image(record).clone();
        inner(record).definition.children.push(image);
    }),
    ("an empty image before it", |record| {
        let image = leaf("Data", &[("Name", "Image".into())], None);
        inner(record).definition.children.insert(0, image);
    }),
    ("an image that is left out", |record| {
        inner(record).values.push(Value::Null);
        image(record).depends_on = Some(2);
    }),
];

fn system(record: &mut Template) -> &mut Vec<Element> {
    &mut record.definition.children[0].children
}

/// The template of a creation's data.
fn inner(record: &mut Template) -> &mut Template {
    let Value::Template(inner) = &mut record.values[2] else { panic!() };
    inner
}

fn image(record: &mut Template) -> &mut Element {
    &mut inner(record).definition.children[0]
}

#[test]
fn tel_25_a_record_is_what_its_text_says_however_it_is_written() {
    for (what, change) in OTHERWISE {
        let mut record = created(&[("Image", "a.exe".into()), ("CommandLine", "a".into())]);
        change(&mut record);
        println!("{what}");
        assert_reads_like_oracle(&write_log(&[&[record]]));
    }
}

#[test]
fn tel_75_the_chunks_of_a_log_come_in_their_order_by_any_number_of_jobs() {
    let chunks: Vec<Vec<Template>> = (0..20)
        .map(|number| {
            vec![created(&[("Image", "a.exe".into()), ("CommandLine", (&*number.to_string()).into())])]
        })
        .collect();
    let mut log = write_log(&chunks.iter().map(Vec::as_slice).collect::<Vec<_>>());
    for broken in [3, 11] {
        log[LOG_HEADER_SIZE + broken * CHUNK_SIZE] = b'X';
    }
    let told = |jobs| {
        let options = Options { format: None, keep: Arc::new(|_| true), progress: Arc::default(), jobs };
        let mut told = Vec::new();
        let _ = read(Cursor::new(&log), &"log.evtx".into(), &options, &mut |item| {
            told.push(item);
            ControlFlow::Continue(())
        });
        told
    };
    let one = told(1);
    let faults: Vec<usize> = (0..one.len()).filter(|at| matches!(one[*at], Item::Fault(_))).collect();
    assert_eq!((one.len(), faults), (20, vec![3, 11]));
    for jobs in [2, 3, 7] {
        assert_eq!(told(jobs), one);
    }
}

#[test]
fn tel_25_what_is_in_no_event_is_no_process_creation() {
    let mut record = created(&[("Image", "a.exe".into())]);
    record.definition.name = "Other";
    for keep in [true, false] {
        assert_eq!(items(&write_log(&[&[record.clone()]]), move |_| keep), [Item::Skipped(Skip::OtherProvider)]);
    }
}

/// The log of the examples, as it is made of their XML.
fn example() -> Vec<u8> {
    let xml = std::fs::read_to_string(Path::new(ROOT).join("examples/events/sysmon.xml")).unwrap();
    let starts: Vec<usize> = xml.match_indices("<Event ").map(|(at, _)| at).collect();
    let texts = starts.iter().map(|start| xml[*start..].split_inclusive("</Event>").next().unwrap());
    let events = texts.map(|text| rulespec_events::xml::event(text).unwrap());
    let value = |text: &str| text.parse().map_or_else(|_| text.into(), Value::U64);
    let records: Vec<Template> = events
        .map(|event| {
            let data: Vec<_> = event.data.iter().map(|(name, text)| (&**name, value(text))).collect();
            event_template(&event, &data)
        })
        .collect();
    write_log(&[&records])
}

#[test]
fn tel_25_the_example_is_a_log_that_says_the_same_as_its_xml() {
    let file = Path::new(ROOT).join("examples/events/sysmon.evtx");
    let log = example();
    if std::env::var_os("RULESPEC_WRITE_EXAMPLES").is_some() {
        std::fs::write(&file, &log).unwrap();
    }
    let is_there = std::fs::read(&file).is_ok_and(|bytes| bytes == log);
    assert!(is_there, "RULESPEC_WRITE_EXAMPLES=1 cargo test the_example_is_a_log writes {}", file.display());
    let rows = |items: Vec<Item>| -> Vec<_> {
        let row = |item| if let Item::Event(event) = item { event.row } else { panic!("{item:?}") };
        items.into_iter().filter(|item| !matches!(item, Item::Skipped(_))).map(row).collect()
    };
    let xml = Path::new(ROOT).join("examples/events/sysmon.xml");
    let options = Options { format: None, keep: Arc::new(|_| true), progress: Arc::default(), jobs: 1 };
    let mut from_xml = Vec::new();
    let _ = rulespec_events::read(&xml, &options, &mut |item| {
        from_xml.push(item);
        ControlFlow::Continue(())
    });
    assert_eq!(rows(items(&log, |_| true)), rows(from_xml));
}

#[test]
fn tel_26_a_broken_chunk_costs_itself_only() {
    let chunks: [&[Element]; 3] = [&[sysmon("a")], &[sysmon("b")], &[sysmon("c")]];
    let mut log = write_log(&chunks);
    log[LOG_HEADER_SIZE + CHUNK_SIZE] = b'X';
    let told = told(&log);
    assert_eq!([&told[0], &told[2]], ["a", "c"]);
    assert!(told[1].starts_with("log.evtx: byte 69632: chunk 1 cannot be read: "), "{told:?}");
    assert_eq!(told.len(), 3);
}

#[test]
fn tel_26_a_broken_record_costs_itself_only() {
    let mut log = write_log(&[&[sysmon("a"), sysmon("b"), sysmon("c")]]);
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
    let log = write_log(&[&[sysmon("a"), sysmon("b"), sysmon("c")]]);
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
    let log = write_log(&[&[sysmon("a")]]);
    for end in (0..5000).step_by(7) {
        let told = told(&log[..end]);
        assert!(told.last().is_some_and(|last| last.starts_with("log.evtx: ")), "{end}: {told:?}");
    }
}

#[test]
fn tel_27_a_log_that_was_cut_off_between_chunks_is_told_to_be() {
    let log = write_log(&[&[sysmon("a")], &[sysmon("b")]]);
    for (chunks, kept) in [(0, &[][..]), (1, &["a"])] {
        let cut = LOG_HEADER_SIZE + chunks * CHUNK_SIZE;
        let mut expected: Vec<String> = kept.iter().map(|&line| line.to_owned()).collect();
        let fault = "the event log is cut off here, before its last chunk ends";
        expected
            .push(format!("log.evtx: byte {cut}: {fault}; what stands before is read; copy the log again"));
        assert_eq!(told(&log[..cut]), expected);
    }
}

#[test]
fn an_event_whose_letters_fold_to_those_of_the_rule_is_not_lost() {
    let selects = |names: Names<'_>| {
        rulespec::fast::rule::selects(names.file_name, names.original_file_name, names.command_line)
    };
    let named = |image: &str, line: &str| event(SYSMON, "1", &[("Image", image), ("CommandLine", line)]);
    let log = write_log(&[&[
        named(r"C:\BITſADMIN.EXE", "x /transfer j u f"),
        named(r"C:\bitsadmin.exe", "x /Tranſfer j u f"),
        named(r"C:\bitsadmin.exe", "x /Tran\u{df}fer j u f"),
    ]]);
    let items = items(&log, selects);
    assert!(matches!(items[..], [Item::Event(_), Item::Event(_), Item::Passed(Source::Sysmon)]), "{items:?}");
}
