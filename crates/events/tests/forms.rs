//! Whatever object an event is in, whatever form its data have, and in whatever encoding: the row is the same.

use proptest::prelude::*;
use rulespec::kql::Dynamic;
use rulespec_events::{Item, read_bytes};
use rulespec_testing::reader::collect_items;
use serde_json::{Map, Value as Json, json};

const PROVIDER: &str = "Microsoft-Windows-Security-Auditing";
const TIME: &str = "2026-03-04T15:16:17.123Z";

/// The values of an event, in the order of the template.
type Data = Vec<(&'static str, String)>;

/// Any text that XML and JSON can have.
fn any_text() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop::sample::select(vec![
            "a",
            "B ",
            "\\",
            "\"",
            "'",
            "<",
            ">",
            "&",
            "é",
            "語",
            "😀",
            " ",
            "/transfer",
            "=",
            "{",
            "[",
            "¦",
            ":",
            "%",
        ]),
        1..12,
    )
    .prop_map(|parts| parts.concat())
}

fn data() -> impl Strategy<Value = Data> {
    let texts = prop::collection::vec(any_text(), 5);
    let numbers = prop::collection::vec(0_u32..100_000, 4);
    (texts, numbers).prop_map(|(texts, numbers)| {
        let hex = |at: usize| format!("{:#x}", numbers[at]);
        vec![
            ("SubjectUserSid", "S-1-5-21-1-2-3-1105".to_owned()),
            ("SubjectUserName", texts[0].clone()),
            ("SubjectDomainName", texts[1].clone()),
            ("SubjectLogonId", hex(0)),
            ("NewProcessId", hex(1)),
            ("NewProcessName", format!("C:\\{}", texts[2])),
            ("TokenElevationType", "%%1938".to_owned()),
            ("ProcessId", hex(2)),
            ("CommandLine", texts[3].clone()),
            ("TargetUserSid", "S-1-0-0".to_owned()),
            ("TargetUserName", "-".to_owned()),
            ("TargetDomainName", "-".to_owned()),
            ("TargetLogonId", hex(3)),
            ("ParentProcessName", format!("C:\\{}", texts[4])),
            ("MandatoryLabel", "S-1-16-8192".to_owned()),
        ]
    })
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn xml_data(data: &Data) -> String {
    let element = |(name, text): &(&str, String)| format!("<Data Name='{name}'>{}</Data>", escaped(text));
    format!("<EventData>{}</EventData>", data.iter().map(element).collect::<String>())
}

/// The event as Windows writes it.
fn xml(data: &Data) -> String {
    format!(
        "<Event><System><Provider Name='{PROVIDER}'/><EventID>4688</EventID><Version>2</Version>\
         <TimeCreated SystemTime='{TIME}'/><EventRecordID>901</EventRecordID><Channel>Security</Channel>\
         <Computer>ws07.corp.example</Computer></System>{}</Event>",
        xml_data(data)
    )
}

fn object(data: &Data) -> Json {
    data.iter()
        .map(|(name, text)| ((*name).to_owned(), Json::from(text.as_str())))
        .collect::<Map<_, _>>()
        .into()
}

/// The data in one of the forms that exports have.
fn form(data: &Data, form: u8) -> Json {
    let pairs = |name: &str, text: &str| -> Json {
        data.iter().map(|(key, value)| json!({name: key, text: value})).collect()
    };
    match form {
        0 => object(data),
        1 => object(data).to_string().into(),
        2 => xml_data(data).into(),
        3 => json!({"Data": pairs("@Name", "#text")}),
        4 => json!({"Data": pairs("Name", "text")}).to_string().into(),
        5 => data.iter().map(|(_, text)| Json::from(text.as_str())).collect(),
        6 => data.iter().map(|(_, text)| json!({"Value": text})).collect(),
        7 => data
            .iter()
            .map(|(_, text)| format!("<Param>{}</Param>", escaped(text)))
            .collect::<String>()
            .into(),
        _ => json!({"Data": data.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>()}),
    }
}

const FORMS: u8 = 9;

/// The event in one of the structures that exports have.
fn structure(data: &Data, structure: u8, form: Json) -> Json {
    match structure {
        0 => json!({"Event": {"System": {
                "Provider": {"#attributes": {"Name": PROVIDER}}, "EventID": 4688, "Channel": "Security",
                "TimeCreated": {"#attributes": {"SystemTime": TIME}}, "EventRecordID": 901,
                "Computer": "ws07.corp.example"}, "EventData": form}}),
        1 => json!({"Provider": PROVIDER, "EventID": "4688", "Channel": "Security", "TimeCreated": TIME,
                "EventRecordID": "901", "Computer": "ws07.corp.example", "ProcessId": 4, "EventData": form}),
        2 => {
            json!({"@timestamp": TIME, "winlog": {"provider_name": PROVIDER, "event_id": 4688, "channel": "Security",
                "record_id": 901, "computer_name": "ws07.corp.example", "event_data": form}})
        }
        3 => json!({"@timestamp": TIME, "winlog.provider_name": PROVIDER, "winlog.event_id": [4688],
                "winlog.channel": ["Security"], "winlog.record_id": 901,
                "winlog.computer_name": "ws07.corp.example", "winlog.event_data": form}),
        _ => {
            let mut flat = object(data);
            for (key, value) in [
                ("EventID", json!(4688)),
                ("SourceName", json!(PROVIDER)),
                ("TimeCreated", json!(TIME)),
                ("RecordNumber", json!(901)),
                ("Hostname", json!("ws07.corp.example")),
            ] {
                flat[key] = value;
            }
            flat
        }
    }
}

const STRUCTURES: u8 = 5;

/// An event in one of the envelopes that exports have.
fn envelope(event: &Json, envelope: u8) -> String {
    let text = event.to_string();
    match envelope {
        0 => text,
        1 => json!({"_index": "x", "_source": event}).to_string(),
        2 => json!({"preview": false, "result": {"a": event, "b": 1}}).to_string(),
        3 => json!({"Body": text, "Offset": "1"}).to_string(),
        4 => json!({"a": {"b": text}}).to_string(),
        5 => json!({"records": [event]}).to_string(),
        6 => format!("[\n{text}\n]"),
        7 => json!({"x": [{"y": event}]}).to_string(),
        8 => format!("{event:#}"),
        9 => json!({"hits": {"total": 1, "hits": [{"_source": event}]}}).to_string(),
        10 => {
            let keys: Vec<Json> =
                event.as_object().unwrap().keys().map(|key| json!({"ColumnName": key})).collect();
            let row: Vec<&Json> = event.as_object().unwrap().values().collect();
            json!({"Tables": [{"Columns": keys, "Rows": [row]}]}).to_string()
        }
        _ => format!("<13>Mar  4 15:16:17 ws07 app[1]: {text}"),
    }
}

const ENVELOPES: u8 = 12;

/// The first of them are JSON texts.
const TEXT_ENVELOPES: u8 = 10;

fn encoded(text: &str, encoding: u8) -> Vec<u8> {
    let units = || format!("\u{feff}{text}").encode_utf16().collect::<Vec<u16>>();
    match encoding {
        0 => text.as_bytes().to_vec(),
        1 => format!("\u{feff}{text}").into_bytes(),
        2 => units().into_iter().flat_map(u16::to_le_bytes).collect(),
        _ => units().into_iter().flat_map(u16::to_be_bytes).collect(),
    }
}

const ENCODINGS: u8 = 4;

/// The names and cells of the only event of an input.
fn row(bytes: &[u8]) -> Result<Vec<(String, Dynamic)>, String> {
    let items = collect_items(None, |_| true, |options, sink| read_bytes(bytes, &"f".into(), options, sink));
    match &items[..] {
        [Item::Event(event)] => {
            Ok(event.columns.iter().map(|column| column.name.clone()).zip(event.row.clone()).collect())
        }
        items => Err(format!("{items:?}")),
    }
}

proptest! {
    #[test]
    fn tel_98_the_row_does_not_depend_on_the_form_of_the_export(
        data in data(),
        form_of_data in 0..FORMS,
        structure_of_event in 0..STRUCTURES,
        envelope_of_event in 0..ENVELOPES,
        encoding in 0..ENCODINGS,
    ) {
        let expected = row(xml(&data).as_bytes()).unwrap();
        let event = structure(&data, structure_of_event, form(&data, form_of_data));
        let text = envelope(&event, envelope_of_event);
        let found = row(&encoded(&text, encoding)).map_err(|items| TestCaseError::fail(format!("{text}\n{items}")))?;
        prop_assert_eq!(found, expected, "{}", text);
    }

    #[test]
    fn tel_104_the_row_of_an_event_in_a_text_of_another_event_is_the_same(
        data in data(),
        form_of_data in 0..FORMS,
        structure_of_event in 0..STRUCTURES,
        envelope_of_event in 0..TEXT_ENVELOPES,
        is_xml in any::<bool>(),
        key in prop::sample::select(vec!["message", "x", "_raw", "Payload"]),
    ) {
        let expected = row(xml(&data).as_bytes()).unwrap();
        let event = structure(&data, structure_of_event, form(&data, form_of_data));
        let text = if is_xml { xml(&data) } else { envelope(&event, envelope_of_event) };
        let other = json!({"EventID": 7, "Channel": "System", key: text, "y": {key: text}}).to_string();
        let found = row(other.as_bytes()).map_err(|items| TestCaseError::fail(format!("{other}\n{items}")))?;
        prop_assert_eq!(found, expected, "{}", other);
    }
}
