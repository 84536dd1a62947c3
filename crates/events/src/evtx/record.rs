//! One record of a log, read from the decoder's JSON text.

use std::ops::ControlFlow;
use std::sync::Arc;

use evtx::EvtxRecord;

use super::event_text::EventText;
use crate::prefilter::prefilter;
use crate::windows_event;
use crate::{Item, Options, Place, Position, Sink};

/// Reports a record.
///
/// Spec: TEL-25, TEL-26
pub(super) fn report(
    record: EvtxRecord<'_>,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let place = Place::new(name, Position::Record(record.event_record_id));
    match record.into_json() {
        Err(error) => sink(super::fault(name, &error)),
        Ok(record) => report_text(&record.data, &place, options, sink).unwrap_or_else(|error| {
            sink(Item::fault(place, format!("the record cannot be read: {error}"), super::REMEDY))
        }),
    }
}

fn report_text(
    json: &str,
    place: &Place,
    options: &Options,
    sink: &mut Sink<'_>,
) -> Result<ControlFlow<()>, serde_json::Error> {
    let event = EventText::parse(json)?;
    let source = match event.source() {
        Err(skip) => return Ok(sink(Item::Skipped(skip))),
        Ok(source) => source,
    };
    if !event.has(windows_event::program_name(source)) {
        return Ok(windows_event::report(&event.into_event()?, place.clone(), options, sink));
    }
    let mut values = vec![];
    for name in windows_event::FILTER_FIELDS {
        values.push((name, event.value(name)?));
    }
    let find = |name: &str| values.iter().find(|(other, _)| *other == name).map(|(_, value)| &**value);
    let names = windows_event::names(source, &find);
    match prefilter(names, source, || place.clone(), &*options.keep) {
        Some(item) => Ok(sink(item)),
        None => {
            let event = event.into_event()?;
            Ok(windows_event::report_row(&event, source, place.clone(), options, sink))
        }
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    #[test]
    fn tel_25_numbers_and_lists_become_text() {
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
        let event = EventText::parse(&event).unwrap().into_event().unwrap();
        assert_eq!((event.event_id, event.version), (1, Some(5)));
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            event.data,
            [pair("ProcessId", "12"), pair("Gone", ""), pair("Yes", "true"), pair("Data", "a, b")]
        );
    }

    #[test]
    fn an_escaped_key_differs_from_the_same_plain_key() {
        let text = |before: &str, after: &str| {
            format!(
                r##"{{"Event":{{"System":{{"Provider":{{"#attributes":{{"Name":"Microsoft-Windows-Sysmon"}}}},{before}"EventID":1{after}}}}}}}"##
            )
        };
        for (before, after) in [(r#""Ev\u0065ntID":5,"#, ""), ("", r#","Ev\u0065ntID":5"#)] {
            let text = text(before, after);
            let event = EventText::parse(&text).unwrap();
            assert_eq!(event.source(), Ok(crate::Source::Sysmon), "{text}");
        }
    }

    #[test]
    fn text_without_escapes_is_borrowed() {
        let text = r##"{"Event":{"System":{"Provider":{"#attributes":{"Name":"Microsoft-Windows-Sysmon"}},"EventID":1},"EventData":{"Image":"a"}}}"##;
        let event = EventText::parse(text).unwrap();
        assert!(matches!(event.value("Image"), Ok(Cow::Borrowed("a"))));
    }
}
