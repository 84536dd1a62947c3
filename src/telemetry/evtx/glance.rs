//! A record decided on by the values the decoder has read, before it makes a text of
//! them.
//!
//! Most records are no process creations, and most process creations are not
//! wanted. Windows writes both in one way: a template for `Event`, one of whose
//! values holds another template, for `EventData`. What is written otherwise is left
//! to its text.

use std::borrow::Cow;
use std::collections::HashMap;

use evtx::binxml::BinXmlTemplateValues;
use evtx::binxml::value_variant::BinXmlValue;
use evtx::{EvtxRecord, Utf16LeSlice};

use super::definition::{Content, Element, contents, is};
use crate::telemetry::unwanted::unwanted;
use crate::telemetry::windows_event::{classify, names};
use crate::telemetry::{Item, Names, Place, Source};

/// The values of `EventData` that decide beside the command line.
const DECIDE: [&str; 3] = ["Image", "OriginalFileName", "NewProcessName"];
const COMMAND_LINE: &str = "CommandLine";

/// Decides on the records of one chunk, whose templates it learns as they come.
pub(super) struct Glance<'c> {
    chunk: &'c [u8],
    events: HashMap<u32, Option<EventTemplate>>,
    data: HashMap<u32, Option<DataTemplate>>,
}

impl<'c> Glance<'c> {
    pub(super) fn new(chunk: &'c [u8]) -> Self {
        Self { chunk, events: HashMap::new(), data: HashMap::new() }
    }

    /// What the record is, unless it must be built to say so: because it is wanted,
    /// or is not written as Windows writes it.
    ///
    /// Spec: TEL-25
    pub(super) fn early(
        &mut self,
        record: &mut EvtxRecord<'_>,
        place: impl FnOnce() -> Place,
        keep: &dyn Fn(Names<'_>) -> bool,
    ) -> Option<Item> {
        let event = instance(record)?;
        let learn = |at: &u32| EventTemplate::at(self.chunk, *at);
        let template = self.events.entry(event.template_def_offset).or_insert_with_key(learn).as_ref()?;
        has_all(&event, &template.needs)?;
        let provider = template.provider.text(&event)?;
        let BinXmlValue::UInt16Type(event_id) = value(&event, template.event_id)? else { return None };
        match classify(&provider, "", u32::from(*event_id)) {
            // Its channel says what it is.
            Err(_) if provider.is_empty() => None,
            Err(skip) => Some(Item::Skipped(skip)),
            Ok(source) => {
                let BinXmlValue::BinXmlType(data) = value(&event, template.data?)? else { return None };
                self.unwanted(source, &nested(record, data)?, place, keep)
            }
        }
    }

    fn unwanted(
        &mut self,
        source: Source,
        data: &BinXmlTemplateValues<'_>,
        place: impl FnOnce() -> Place,
        keep: &dyn Fn(Names<'_>) -> bool,
    ) -> Option<Item> {
        let learn = |at: &u32| DataTemplate::at(self.chunk, *at);
        let template = self.data.entry(data.template_def_offset).or_insert_with_key(learn).as_ref()?;
        has_all(data, &template.needs)?;
        let [image, original, path] = template.decide.each_ref().map(|given| given.text(data));
        let texts = [image?, original?, path?];
        let find =
            |name: &str| DECIDE.iter().zip(&texts).find(|(its, _)| **its == name).map(|(_, text)| &**text);
        let most = template.command_line.most(data)?;
        let take = || template.command_line.text(data).unwrap_or_default().into_owned();
        unwanted(names(source, &find).taking(most, &take), source, place, keep)
    }
}

/// Where the template of an event has what decides.
struct EventTemplate {
    provider: Given,
    event_id: u16,
    /// The value that holds `EventData`.
    data: Option<u16>,
    /// Without these values some of it is left out.
    needs: Vec<u16>,
}

impl EventTemplate {
    fn at(chunk: &[u8], at: u32) -> Option<Self> {
        let (mut provider, mut event_id, mut data, mut needs) = (None, None, None, Vec::new());
        contents(chunk, at, |open, attribute, content| {
            let is_in = |path: &[&str]| stands_in(open, path);
            let is_new = match (attribute, content) {
                (Some(name), _) if is(name, "Name") && is_in(&["Event", "System", "Provider"]) => {
                    provider.replace(Given::of(content)).is_none()
                }
                (None, Content::Value(number)) if is_in(&["Event", "System", "EventID"]) => {
                    event_id.replace(number).is_none()
                }
                (None, Content::Value(number)) if is_in(&["Event"]) => data.replace(number).is_none(),
                _ => return Some(()),
            };
            needs.extend(open.iter().filter_map(|element| element.depends_on));
            is_new.then_some(())
        })?;
        Some(Self { provider: provider?, event_id: event_id?, data, needs })
    }
}

/// Where the template of an event's data has what decides.
#[derive(Default)]
struct DataTemplate {
    decide: [Given; DECIDE.len()],
    command_line: Given,
    /// Without these values some of it is left out.
    needs: Vec<u16>,
}

impl DataTemplate {
    fn at(chunk: &[u8], at: u32) -> Option<Self> {
        let mut template = Self::default();
        contents(chunk, at, |open, attribute, content| {
            if !stands_in(open, &["EventData", "Data"]) {
                return Some(());
            }
            match (attribute, content) {
                // What it is called stands in the record.
                (Some(name), Content::Value(_)) if is(name, "Name") => return None,
                (Some(_), _) => return Some(()),
                (None, _) => {}
            }
            let Some(given) = template.named(open.last()?) else { return Some(()) };
            let is_new = matches!(std::mem::replace(given, Given::of(content)), Given::Nothing);
            template.needs.extend(open.iter().filter_map(|element| element.depends_on));
            is_new.then_some(())
        })?;
        Some(template)
    }

    /// What an element gives of it.
    fn named(&mut self, element: &Element<'_>) -> Option<&mut Given> {
        let name = element.named?;
        match DECIDE.iter().position(|its| is(name, its)) {
            Some(at) => self.decide.get_mut(at),
            None => is(name, COMMAND_LINE).then_some(&mut self.command_line),
        }
    }
}

/// What a template has in a place: nothing, a text, or the value of a number.
#[derive(Default)]
enum Given {
    #[default]
    Nothing,
    Text(String),
    Value(u16),
}

impl Given {
    fn of(content: Content<'_>) -> Self {
        match content {
            Content::Text(text) => Self::Text(decoded(text)),
            Content::Value(number) => Self::Value(number),
        }
    }

    /// The text in a record; `None` where it is none.
    fn text(&self, record: &BinXmlTemplateValues<'_>) -> Option<Cow<'_, str>> {
        match self {
            Self::Nothing => Some(Cow::Borrowed("")),
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Value(number) => utf16(record, *number).map(|text| Cow::Owned(decoded(text.as_bytes()))),
        }
    }

    /// How many bytes the text has at most; `None` where it is none.
    fn most(&self, record: &BinXmlTemplateValues<'_>) -> Option<usize> {
        match self {
            Self::Nothing => Some(0),
            Self::Text(text) => Some(text.len()),
            Self::Value(number) => utf16(record, *number).map(|text| 3 * text.num_chars()),
        }
    }
}

/// Whether these are the open elements.
fn stands_in(open: &[Element<'_>], path: &[&str]) -> bool {
    open.len() == path.len() && open.iter().zip(path).all(|(element, name)| is(element.name, name))
}

/// The values of a record that is one template.
fn instance<'a>(record: &EvtxRecord<'a>) -> Option<BinXmlTemplateValues<'a>> {
    let start = usize::try_from(record.binxml_offset).ok()?;
    // A header of four bytes, and a template.
    let [0x0f, _, _, _, 0x0c, ..] = record.chunk.data.get(start..)? else { return None };
    let mut instances = record.template_instances().ok()?;
    let instance = instances.pop()?;
    instances.is_empty().then_some(instance)
}

/// The values of the template that a value of the record is.
fn nested<'a>(record: &mut EvtxRecord<'a>, data: &[u8]) -> Option<BinXmlTemplateValues<'a>> {
    let start = data.as_ptr().addr().checked_sub(record.chunk.data.as_ptr().addr())?;
    let whole = (record.binxml_offset, record.binxml_size);
    (record.binxml_offset, record.binxml_size) = (start.try_into().ok()?, data.len().try_into().ok()?);
    let instance = instance(record);
    (record.binxml_offset, record.binxml_size) = whole;
    instance
}

fn value<'v, 'a>(of: &'v BinXmlTemplateValues<'a>, number: u16) -> Option<&'v BinXmlValue<'a>> {
    of.values.get(usize::from(number))
}

/// Whether none of these values is null.
fn has_all(of: &BinXmlTemplateValues<'_>, needs: &[u16]) -> Option<()> {
    let is_there =
        |number: &u16| value(of, *number).is_some_and(|value| !matches!(value, BinXmlValue::NullType));
    needs.iter().all(is_there).then_some(())
}

/// A text; empty where the value is null.
fn utf16<'a>(of: &BinXmlTemplateValues<'a>, number: u16) -> Option<Utf16LeSlice<'a>> {
    match value(of, number)? {
        BinXmlValue::StringType(text) => Some(*text),
        BinXmlValue::NullType => Some(Utf16LeSlice::new(&[], 0)),
        _ => None,
    }
}

/// A text as the decoder writes it: a lone surrogate is U+FFFD.
fn decoded(utf16: &[u8]) -> String {
    let units = utf16.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}
