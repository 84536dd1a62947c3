//! One record of a log, read from the decoder's JSON text.

use std::sync::Arc;

use evtx::EvtxRecord;

use super::text::EventText;
use crate::unwanted::unwanted;
use crate::windows_event;
use crate::{Fault, Item, Options, Place, Position};

/// What a reader hands on for a record.
///
/// Spec: TEL-25, TEL-26
pub(super) fn item(record: EvtxRecord<'_>, name: &Arc<str>, options: &Options) -> Item {
    let place = Place { file: name.clone(), position: Position::Record(record.event_record_id) };
    match record.into_json() {
        Err(error) => Item::Fault(super::fault(name, &error)),
        Ok(record) => told(&record.data, &place, options).unwrap_or_else(|error| {
            let what = format!("the record cannot be read: {error}");
            Item::Fault(Fault { place, what, remedy: super::REMEDY.to_owned() })
        }),
    }
}

/// What the text of a record says.
fn told(json: &str, place: &Place, options: &Options) -> Result<Item, serde_json::Error> {
    let event = EventText::read(json)?;
    let source = match event.source() {
        Err(skip) => return Ok(Item::Skipped(skip)),
        Ok(source) => source,
    };
    let mut texts = vec![];
    for name in windows_event::NAMES {
        texts.push((name, event.value(name)?));
    }
    let find = |name: &str| texts.iter().find(|(its, _)| *its == name).map(|(_, text)| &**text);
    match unwanted(windows_event::names(source, &find), source, || place.clone(), &*options.keep) {
        Some(item) => Ok(item),
        None => Ok(windows_event::item(&event.into_event()?, place.clone(), &|_| true)),
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn tel_25_numbers_and_lists_are_text() {
        let record = serde_json::json!({"Event": {
            "System": {
                "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}},
                "EventID": {"#attributes": {"Qualifiers": 1}, "#text": 1},
                "Version": 5,
            },
            "EventData": {
                "#attributes": {"Name": "x"},
                "ProcessId": 12, "Gone": null, "Yes": true, "Data": {"#text": ["a", "b"]},
            },
        }});
        let event = record.to_string();
        let event = EventText::read(&event).unwrap().into_event().unwrap();
        assert_eq!((event.event_id, event.version), (1, Some(5)));
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            event.data,
            [pair("ProcessId", "12"), pair("Gone", ""), pair("Yes", "true"), pair("Data", "a, b")]
        );
    }

    #[test]
    fn a_key_that_only_unescapes_to_a_known_one_is_another_key() {
        let text = |before: &str, after: &str| {
            format!(
                r##"{{"Event":{{"System":{{"Provider":{{"#attributes":{{"Name":"Microsoft-Windows-Sysmon"}}}},{before}"EventID":1{after}}}}}}}"##
            )
        };
        for (before, after) in [(r#""Ev\u0065ntID":5,"#, ""), ("", r#","Ev\u0065ntID":5"#)] {
            let text = text(before, after);
            let event = EventText::read(&text).unwrap();
            assert_eq!(event.source(), Ok(crate::Source::Sysmon), "{text}");
        }
    }

    #[test]
    fn text_without_escapes_is_borrowed() {
        let text = r##"{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},"EventID":1},"EventData":{"Image":"a"}}}"##;
        let event = EventText::read(text).unwrap();
        assert!(matches!(event.value("Image"), Ok(Cow::Borrowed("a"))));
    }
}
