//! Event logs, written by `rulespec_testing::event_log`.

use std::io::Cursor;
use std::path::Path;
use std::sync::{Arc, Mutex};

use rulespec::kql::Dynamic;
use rulespec_events::evtx::read;
use rulespec_events::{Item, Names, Options, Skip, Source, WindowsEvent};
use rulespec_testing::event_log::{
    CHUNK_SIZE, Content, Element, LOG_HEADER_SIZE, Template, Value, element, event, event_template, leaf,
    write_log,
};
use rulespec_testing::evtx_oracle::assert_reads_like_oracle;
use rulespec_testing::files::ROOT;
use rulespec_testing::reader::collect_items;

const SYSMON: &str = "Microsoft-Windows-Sysmon";

fn sysmon(command_line: &str) -> Element {
    let image = r"C:\Windows\System32\bitsadmin.exe";
    let data = [("Image", image), ("OriginalFileName", "bitsadmin.exe"), ("CommandLine", command_line)];
    event(SYSMON, "1", &data)
}

fn items(log: &[u8], keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Vec<Item> {
    collect_items(None, keep, |options, sink| read(Cursor::new(log), &"log.evtx".into(), options, sink))
}

/// The command lines of the events, and the faults.
fn descriptions(log: &[u8]) -> Vec<String> {
    let describe = |item| match item {
        Item::Event(event) => event.cell("ProcessCommandLine").unwrap().as_str().unwrap().to_owned(),
        Item::Fault(fault) => fault.to_string(),
        Item::Filtered(_) | Item::Skipped(_) => format!("{item:?}"),
    };
    items(log, |_| true).into_iter().map(describe).collect()
}

/// The items that are only counted: the source of what was not wanted, or why it was skipped.
fn counted(items: &[Item]) -> Vec<Result<Source, Skip>> {
    let counted = |item: &Item| match item {
        Item::Filtered(filtered) => Ok(filtered.source),
        Item::Skipped(skip) => Err(*skip),
        Item::Event(_) | Item::Fault(_) => panic!("{item:?}"),
    };
    items.iter().map(counted).collect()
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
    assert_eq!(event.cell("ProcessCommandLine"), Some(&Dynamic::from(r#"bitsadmin /transfer "ä\b"  C:\x "#)));
    assert_eq!(event.cell("DeviceName"), Some(&Dynamic::from("ws07.corp.example")));
    assert_eq!(event.cell("ReportId"), Some(&Dynamic::from(7)));
    assert_eq!(counted(rest), [Err(Skip::OtherSysmonEvent), Ok(Source::Security), Err(Skip::OtherProvider)]);
}

/// The fields that the filter sees: file name, original file name and command line.
type Fields = (String, Option<String>, String);

/// The fields that the filter saw in each call.
fn seen_fields(log: &[u8]) -> Vec<Fields> {
    let seen = Arc::new(Mutex::new(vec![]));
    let sink = seen.clone();
    items(log, move |names| {
        let original = names.original_file_name.map(str::to_owned);
        sink.lock().unwrap().push((names.file_name.to_owned(), original, names.command_line.to_owned()));
        true
    });
    std::mem::take(&mut *seen.lock().unwrap())
}

/// An event as written by Windows.
fn windows_event(provider: &str, event_id: u32, data: &[(&str, Value)]) -> Template {
    event_template(&WindowsEvent { provider: provider.to_owned(), event_id, ..WindowsEvent::default() }, data)
}

fn created(data: &[(&str, Value)]) -> Template {
    windows_event(SYSMON, 1, data)
}

#[test]
fn tel_25_each_rejected_record_is_counted_by_its_source() {
    let security = "microsoft-windows-security-AUDITING";
    let records = [
        created(&[("Image", r"C:\a.exe".into())]),
        windows_event(security, 4688, &[("NewProcessName", r"C:\a.exe".into())]),
        windows_event(SYSMON, 5, &[]),
        windows_event(security, 4624, &[]),
        windows_event("Other", 1, &[]),
    ];
    let expected = [
        Ok(Source::Sysmon),
        Ok(Source::Security),
        Err(Skip::OtherSysmonEvent),
        Err(Skip::OtherSecurityEvent),
        Err(Skip::OtherProvider),
    ];
    assert_eq!(counted(&items(&write_log(&[&records]), |_| false)), expected);
}

#[test]
fn tel_25_the_filter_sees_the_text_of_the_record() {
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
        let seen = seen_fields(&write_log(&[&[record]]));
        let whole = text.split(|unit| *unit == 0).next().unwrap();
        assert!(seen.iter().all(|seen| seen.2 == String::from_utf16_lossy(whole)), "{seen:?}");
        assert!(!seen.is_empty());
    }
    let record = created(&[("Image", Value::Null), ("CommandLine", "a".into())]);
    let seen = seen_fields(&write_log(&[&[record]]));
    assert!(
        seen.iter().all(|seen| *seen == (String::new(), Some(String::new()), "a".to_owned())),
        "{seen:?}"
    );
}

/// A description, and a change to an event.
type Variant = (&'static str, fn(&mut Template));

/// Ways to write an event that Windows does not use.
const UNUSUAL_VARIANTS: &[Variant] = &[
    ("an event id that is a text", |record| record.values[1] = "1".into()),
    ("a provider that is a number", |record| record.values[0] = Value::U16(1)),
    ("no provider", |record| record.values[0] = "".into()),
    ("no event id", |record| record.values[1] = Value::Null),
    ("another event id after it", |record| system(record).push(leaf("EventID", &[], Some("5".into())))),
    ("another event id before it", |record| system(record).insert(0, leaf("EventID", &[], Some("5".into())))),
    ("an empty event id before it", |record| system(record).insert(0, element("EventID", vec![]))),
    ("an event id of two pieces", |record| system(record)[1].contents.insert(0, "1".into())),
    ("an element in the event id", |record| system(record)[1].children.push(element("x", vec![]))),
    ("a list in an attribute of the event id", |record| {
        record.values.push(Value::Other(0x86, vec![1, 0, 2, 0]));
        let list = Content::Value(record.values.len() as u16 - 1);
        system(record)[1].attributes.push(("Qualifiers", list));
    }),
    ("an event id that depends on an empty value", |record| {
        record.values.push(Value::Other(0x21, vec![]));
        system(record)[1].depends_on = Some(record.values.len() as u16 - 1);
    }),
    ("an empty provider before it", |record| system(record).insert(0, element("Provider", vec![]))),
    ("a provider with two names", |record| system(record)[0].attributes.push(("Name", "x".into()))),
    ("text in the provider", |record| system(record)[0].contents.push("x".into())),
    ("text directly in the system", |record| record.definition.children[0].contents.push("x".into())),
    ("an empty system before it", |record| record.definition.children.insert(0, element("System", vec![]))),
    ("other data before it", |record| record.definition.children.push(element("EventData", vec![]))),
    ("an element with an escape in its name", |record| system(record)[2].name = r"Ev\u0065ntID"),
    ("no data", |record| record.values[2] = Value::Null),
    ("data without a template", |record| record.values[2] = "a".into()),
    ("data and more", |record| record.definition.contents.push(Content::Value(2))),
    ("data of another name", |record| inner(record).definition.name = "UserData"),
    ("a value directly in the data", |record| inner(record).definition.contents.push(Content::Value(0))),
    ("an image as an element", |record| inner(record).definition.children[0].name = "Image"),
    ("an image that is a number", |record| inner(record).values[0] = Value::U16(1)),
    ("an image of two pieces", |record| image(record).contents.push("x".into())),
    ("an element in the image", |record| image(record).children.push(element("x", vec![]))),
    ("an image whose name is a value", |record| image(record).attributes[0].1 = Content::Value(0)),
    ("an image with two names", |record| image(record).attributes.insert(0, ("Name", "x".into()))),
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
    ("an omitted image", |record| {
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
fn tel_25_a_record_is_what_its_text_says_in_every_variant() {
    for (description, change) in UNUSUAL_VARIANTS {
        let mut record = created(&[("Image", "a.exe".into()), ("CommandLine", "a".into())]);
        change(&mut record);
        println!("{description}");
        assert_reads_like_oracle(&write_log(&[&[record]]));
    }
}

#[test]
fn tel_75_the_chunks_of_a_log_are_in_order_with_any_number_of_jobs() {
    let chunks: Vec<Vec<Template>> = (0..20)
        .map(|number| {
            vec![created(&[("Image", "a.exe".into()), ("CommandLine", (&*number.to_string()).into())])]
        })
        .collect();
    let mut log = write_log(&chunks.iter().map(Vec::as_slice).collect::<Vec<_>>());
    // A chunk without its signature, zeros, and something that is no chunk.
    for (damaged, len, byte) in [(3, 1, b'X'), (7, CHUNK_SIZE, 0), (11, CHUNK_SIZE, b'X')] {
        log[LOG_HEADER_SIZE + damaged * CHUNK_SIZE..][..len].fill(byte);
    }
    let items = |jobs| {
        collect_items(
            None,
            |_| true,
            |options, sink| {
                let options = Options { jobs, ..options.clone() };
                read(Cursor::new(&log), &"log.evtx".into(), &options, sink)
            },
        )
    };
    let one = items(1);
    let faults: Vec<usize> = (0..one.len()).filter(|at| matches!(one[*at], Item::Fault(_))).collect();
    assert_eq!((one.len(), faults), (21, vec![3, 19, 20]));
    for jobs in [2, 3, 7] {
        assert_eq!(items(jobs), one);
    }
}

#[test]
fn tel_25_a_record_without_an_event_element_is_not_a_process_creation() {
    let mut record = created(&[("Image", "a.exe".into())]);
    record.definition.name = "Other";
    for keep in [true, false] {
        assert_eq!(
            items(&write_log(&[&[record.clone()]]), move |_| keep),
            [Item::Skipped(Skip::UnknownShape)]
        );
    }
}

/// The example log, made from the example XML.
fn example_log() -> Vec<u8> {
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
fn tel_25_the_example_log_equals_the_example_xml() {
    let file = Path::new(ROOT).join("examples/events/sysmon.evtx");
    let log = example_log();
    if std::env::var_os("RULESPEC_WRITE_EXAMPLES").is_some() {
        std::fs::write(&file, &log).unwrap();
    }
    let is_current = std::fs::read(&file).is_ok_and(|bytes| bytes == log);
    assert!(is_current, "RULESPEC_WRITE_EXAMPLES=1 cargo test the_example_log writes {}", file.display());
    let rows = |items: Vec<Item>| -> Vec<_> {
        let row = |item| if let Item::Event(event) = item { event.row } else { panic!("{item:?}") };
        items.into_iter().filter(|item| !matches!(item, Item::Skipped(_))).map(row).collect()
    };
    let xml = Path::new(ROOT).join("examples/events/sysmon.xml");
    let from_xml = collect_items(None, |_| true, |options, sink| rulespec_events::read(&xml, options, sink));
    assert_eq!(rows(items(&log, |_| true)), rows(from_xml));
}

#[test]
fn tel_26_a_damaged_chunk_does_not_affect_others() {
    let chunks: [&[Element]; 3] = [&[sysmon("a")], &[sysmon("b")], &[sysmon("c")]];
    let mut log = write_log(&chunks);
    log[LOG_HEADER_SIZE + CHUNK_SIZE..][..CHUNK_SIZE].fill(b'X');
    let found = descriptions(&log);
    assert_eq!(found[..2], ["a", "c"]);
    let fault =
        "log.evtx: byte 69632: there is neither the signature of a chunk nor a record in place of chunk 1; ";
    assert!(found[2].starts_with(fault), "{found:?}");
    assert_eq!(found.len(), 3);
}

#[test]
fn tel_26_a_damaged_record_does_not_affect_others() {
    let mut log = write_log(&[&[sysmon("a"), sysmon("b"), sysmon("c")]]);
    let starts: Vec<usize> = memchr::memmem::find_iter(&log, b"\x2a\x2a\0\0").collect();
    // The first token of the record's content.
    log[starts[1] + 28] = 0x7f;
    let found = descriptions(&log);
    assert!(found[0].starts_with("log.evtx: byte 4096: chunk 0: its records do not match"), "{found:?}");
    assert_eq!([&found[1], &found[3]], ["a", "c"]);
    assert!(found[2].starts_with("log.evtx: record 2: the record cannot be read: "), "{found:?}");
    assert_eq!(found.len(), 4);
}

#[test]
fn tel_27_a_truncated_log_is_read_up_to_its_end() {
    let log = write_log(&[&[sysmon("a"), sysmon("b"), sysmon("c")]]);
    let starts: Vec<usize> = memchr::memmem::find_iter(&log, b"\x2a\x2a\0\0").collect();
    let cut = starts[2] + 100;
    let found = descriptions(&log[..cut]);
    assert_eq!(found[..2], ["a", "b"]);
    let last = found.last().unwrap();
    let at =
        format!("log.evtx: byte {cut}: the event log is truncated here, before the end of its last chunk; ");
    assert!(last.starts_with(&at), "{found:?}");
    assert_eq!(descriptions(&log), ["a", "b", "c"]);
}

#[test]
fn tel_27_any_truncated_log_ends_with_a_fault() {
    let log = write_log(&[&[sysmon("a")]]);
    for end in (0..5000).step_by(7) {
        let found = descriptions(&log[..end]);
        assert!(found.last().is_some_and(|last| last.starts_with("log.evtx: ")), "{end}: {found:?}");
    }
}

#[test]
fn tel_27_a_log_truncated_between_chunks_is_reported() {
    let log = write_log(&[&[sysmon("a")], &[sysmon("b")]]);
    for (chunks, kept, read) in [(0, &[][..], "nothing"), (1, &["a"], "everything")] {
        let cut = LOG_HEADER_SIZE + chunks * CHUNK_SIZE;
        let mut expected: Vec<String> = kept.iter().map(|&line| line.to_owned()).collect();
        let fault = "the event log is truncated here, before the end of its last chunk";
        expected
            .push(format!("log.evtx: byte {cut}: {fault}; {read} before it was read; copy the log again"));
        assert_eq!(descriptions(&log[..cut]), expected);
    }
}

#[test]
fn the_prefilter_folds_letters_as_the_rule_does() {
    let selects = |names: Names<'_>| {
        rulespec_testing::rule::early_selects(names.file_name, names.original_file_name, names.command_line)
    };
    let named = |image: &str, line: &str| event(SYSMON, "1", &[("Image", image), ("CommandLine", line)]);
    let log = write_log(&[&[
        named(r"C:\BITſADMIN.EXE", "x /transfer j u f"),
        named(r"C:\bitsadmin.exe", "x /Tranſfer j u f"),
        named(r"C:\bitsadmin.exe", "x /Tran\u{df}fer j u f"),
    ]]);
    let items = items(&log, selects);
    assert!(
        matches!(
            items[..],
            [
                Item::Event(_),
                Item::Event(_),
                Item::Filtered(rulespec_events::Filtered { source: Source::Sysmon, .. })
            ]
        ),
        "{items:?}"
    );
}
