//! One `<Event>` element.

use quick_xml::events::{BytesRef, BytesStart, Event as Xml};
use quick_xml::{Reader, XmlVersion};

use crate::WindowsEvent;

/// The maximum depth of nested elements.
const MAX_DEPTH: usize = 64;

/// Parses an `<Event>` element.
///
/// References to characters and to the five entities of XML are resolved. Any other reference is an
/// error, and so is a document type.
///
/// # Errors
///
/// Returns what is wrong with the element, as a predicate: "is malformed".
///
/// Spec: TEL-28, TEL-32
pub fn event(text: &str) -> Result<WindowsEvent, String> {
    let malformed = |error: quick_xml::Error| format!("is malformed: {error}");
    let mut reader = Reader::from_str(text);
    let mut builder = EventBuilder::default();
    loop {
        match reader.read_event().map_err(malformed)? {
            Xml::Start(tag) => builder.open(&tag)?,
            Xml::Empty(tag) => {
                builder.open(&tag)?;
                builder.close();
            }
            Xml::End(_) => builder.close(),
            Xml::Text(text) => builder.text.push_str(&text),
            Xml::CData(text) => builder.text.push_str(&text),
            Xml::GeneralRef(reference) => builder.text.push(resolve(&reference)?),
            Xml::DocType(_) => return Err("declares a document type".to_owned()),
            Xml::Comment(_) | Xml::PI(_) | Xml::Decl(_) => {}
            Xml::Eof => return builder.finish(),
        }
    }
}

/// Spec: TEL-30
fn resolve(reference: &BytesRef<'_>) -> Result<char, String> {
    let unknown =
        || format!("has the unknown reference &{};", reference.chars().take(20).collect::<String>());
    match &**reference {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => reference.resolve_char_ref().ok().flatten().ok_or_else(unknown),
    }
}

/// The names and texts of the `Data` and `Param` elements of a text that has part of an event. A name is
/// `""` if the element has none.
///
/// # Errors
///
/// Returns what is wrong with the text, as a predicate.
///
/// Spec: TEL-98
pub(crate) fn data(text: &str) -> Result<Vec<(String, String)>, String> {
    let malformed = |error: quick_xml::Error| format!("is malformed: {error}");
    let mut reader = Reader::from_str(text);
    let mut values = vec![];
    let mut current: Option<(String, String)> = None;
    let is_value = |name: &str| matches!(name, "Data" | "Param");
    loop {
        match reader.read_event().map_err(malformed)? {
            Xml::Start(tag) if is_value(tag.local_name().as_ref()) => {
                current = Some((attribute(&tag, "Name")?.unwrap_or_default(), String::new()));
            }
            Xml::Empty(tag) if is_value(tag.local_name().as_ref()) => {
                values.push((attribute(&tag, "Name")?.unwrap_or_default(), String::new()));
            }
            Xml::End(tag) if is_value(tag.local_name().as_ref()) => values.extend(current.take()),
            Xml::Text(text) => append(&mut current, &text),
            Xml::CData(text) => append(&mut current, &text),
            Xml::GeneralRef(reference) => append(&mut current, resolve(&reference)?.encode_utf8(&mut [0; 4])),
            Xml::DocType(_) => return Err("declares a document type".to_owned()),
            Xml::Start(_) | Xml::Empty(_) | Xml::End(_) | Xml::Comment(_) | Xml::PI(_) | Xml::Decl(_) => {}
            Xml::Eof => return Ok(values),
        }
    }
}

fn append(current: &mut Option<(String, String)>, text: &str) {
    if let Some((_, value)) = current {
        value.push_str(text);
    }
}

#[derive(Default)]
struct EventBuilder {
    event: WindowsEvent,
    has_id: bool,
    /// The names of the open elements, outermost first.
    path: Vec<String>,
    /// The text of the innermost element so far.
    text: String,
    /// The `Name` of the innermost element.
    name: String,
}

impl EventBuilder {
    fn open(&mut self, tag: &BytesStart<'_>) -> Result<(), String> {
        if self.path.len() == MAX_DEPTH {
            return Err(format!("nests deeper than {MAX_DEPTH} elements"));
        }
        self.path.push(tag.local_name().as_ref().to_owned());
        self.text.clear();
        self.name = attribute(tag, "Name")?.unwrap_or_default();
        if self.is_at(["Event", "System", "Provider"]) {
            self.event.provider.clone_from(&self.name);
        } else if self.is_at(["Event", "System", "TimeCreated"]) {
            self.event.time_created = attribute(tag, "SystemTime")?.unwrap_or_default();
        }
        Ok(())
    }

    fn is_at(&self, path: [&str; 3]) -> bool {
        self.path.iter().eq(path)
    }

    fn close(&mut self) {
        let text = std::mem::take(&mut self.text);
        let path: Vec<&str> = self.path.iter().map(String::as_str).collect();
        match path[..] {
            ["Event", "System", "EventID"] => {
                let id = text.trim().parse();
                self.has_id = id.is_ok();
                self.event.event_id = id.unwrap_or_default();
            }
            ["Event", "System", "Version"] => self.event.version = text.trim().parse().ok(),
            ["Event", "System", "EventRecordID"] => self.event.record_id = text.trim().parse().ok(),
            ["Event", "System", "Channel"] => self.event.channel = text,
            ["Event", "System", "Computer"] => self.event.computer = text,
            ["Event", "EventData", "Data"] => {
                self.event.data.push((std::mem::take(&mut self.name), text));
            }
            _ => {}
        }
        self.path.pop();
    }

    fn finish(self) -> Result<WindowsEvent, String> {
        if self.has_id { Ok(self.event) } else { Err("has no EventID that is a number".to_owned()) }
    }
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Result<Option<String>, String> {
    let malformed = |error: &dyn std::fmt::Display| format!("is malformed: {error}");
    match tag.try_get_attribute(name).map_err(|error| malformed(&error))? {
        None => Ok(None),
        Some(value) => {
            let text = value.normalized_value(XmlVersion::Implicit1_0).map_err(|error| malformed(&error))?;
            Ok(Some(text.into_owned()))
        }
    }
}
