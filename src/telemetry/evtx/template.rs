//! Where the templates of an event have what decides.
//!
//! Only such templates are known as Windows writes: whatever else would say the same
//! thing twice, or elsewhere, makes a template unknown, so that nothing here depends on
//! which of two the decoder would take.

use std::borrow::Cow;

use evtx::Utf16LeSlice;
use evtx::binxml::BinXmlTemplateValues;
use evtx::binxml::value_variant::BinXmlValue;

use super::definition::{Content, Element, Utf16, elements, is};

/// The values of `EventData` that decide beside the command line.
pub(super) const DECIDE: [&str; 3] = ["Image", "OriginalFileName", "NewProcessName"];
const COMMAND_LINE: &str = "CommandLine";

/// Where the template of an event has what decides.
#[derive(Default)]
pub(super) struct EventTemplate {
    pub(super) provider: Given,
    event_id: Option<u16>,
    data: Option<u16>,
    /// Without these values some of it is left out.
    needs: Vec<u16>,
    /// With a list in place of one of these values some of it is there twice.
    single: Vec<u16>,
}

impl EventTemplate {
    pub(super) fn at(chunk: &[u8], at: u32) -> Option<Self> {
        let (mut template, mut systems) = (Self::default(), 0);
        elements(chunk, at, |open| {
            let (element, outer) = open.split_last()?;
            match outer {
                [] => template.event(element),
                [event] => {
                    systems += 1;
                    let is_first = is(element.name, "System") && systems == 1 && event.contents.is_empty();
                    (is_first && template.is_plain(element) && element.contents.is_empty()).then_some(())
                }
                [_, system] => template.of_system(element).filter(|()| system.contents.is_empty()),
                // Of the others of `System` it is of no interest what is in them.
                _ => Some(()),
            }
        })?;
        (systems == 1 && template.event_id.is_some()).then_some(template)
    }

    /// The root, of which all but its data was read.
    fn event(&mut self, element: &Element<'_>) -> Option<()> {
        let [Content::Value(data)] = element.contents[..] else { return None };
        self.data = Some(data);
        (is(element.name, "Event") && self.is_plain(element)).then_some(())
    }

    fn of_system(&mut self, element: &Element<'_>) -> Option<()> {
        let is_new = if is(element.name, "Provider") {
            let given = Given::of(element.only_attribute("Name")?);
            let before = std::mem::replace(&mut self.provider, given);
            matches!(before, Given::Nothing) && element.contents.is_empty()
        } else if is(element.name, "EventID") {
            let [Content::Value(number)] = element.contents[..] else { return None };
            self.event_id.replace(number).is_none()
        } else {
            return Some(());
        };
        self.needs.extend(element.depends_on);
        self.single.extend(element.attribute_values());
        (is_new && element.children == 0).then_some(())
    }

    /// Whether an element stands once, whatever the values are.
    fn is_plain(&mut self, element: &Element<'_>) -> bool {
        self.needs.extend(element.depends_on);
        element.attribute_values().next().is_none()
    }

    /// The number of an event.
    pub(super) fn event_id(&self, event: &BinXmlTemplateValues<'_>) -> Option<u32> {
        let is_known = |number: &u16| {
            use BinXmlValue::{GuidType, NullType, StringType, UInt16Type};
            let value = value(event, *number);
            value.is_some_and(|v| matches!(v, NullType | StringType(_) | UInt16Type(_) | GuidType(_)))
        };
        match value(event, self.event_id?)? {
            BinXmlValue::UInt16Type(id)
                if self.single.iter().all(is_known) && has_all(event, &self.needs) =>
            {
                Some(u32::from(*id))
            }
            _ => None,
        }
    }

    /// What holds an event's data.
    pub(super) fn data<'a>(&self, event: &BinXmlTemplateValues<'a>) -> Option<&'a [u8]> {
        match value(event, self.data?)? {
            BinXmlValue::BinXmlType(data) => Some(data),
            _ => None,
        }
    }
}

/// Where the template of an event's data has what decides.
#[derive(Default)]
pub(super) struct DataTemplate {
    decide: [Given; DECIDE.len()],
    command_line: Given,
    /// Without these values some of it is left out.
    needs: Vec<u16>,
}

impl DataTemplate {
    pub(super) fn at(chunk: &[u8], at: u32) -> Option<Self> {
        let mut template = Self::default();
        elements(chunk, at, |open| {
            let (element, outer) = open.split_last()?;
            template.needs.extend(element.depends_on.filter(|_| outer.is_empty()));
            match outer {
                [] => {
                    let is_plain = element.contents.is_empty() && element.attribute_values().next().is_none();
                    (is(element.name, "EventData") && is_plain).then_some(())
                }
                [_] => template.datum(element),
                _ => None,
            }
        })?;
        Some(template)
    }

    fn datum(&mut self, element: &Element<'_>) -> Option<()> {
        let [(_, Content::Text(name))] = element.attributes[..] else { return None };
        element.only_attribute("Name")?;
        let given = match element.contents[..] {
            [] => Given::Text(String::new()),
            [content] => Given::of(content),
            _ => return None,
        };
        if let Some(place) = self.place(name) {
            if !matches!(place, Given::Nothing) {
                return None;
            }
            *place = given;
            self.needs.extend(element.depends_on);
        }
        (is(element.name, "Data") && element.children == 0).then_some(())
    }

    /// Where what is called so is kept, if it decides.
    fn place(&mut self, name: Utf16<'_>) -> Option<&mut Given> {
        match DECIDE.iter().position(|its| is(name, its)) {
            Some(at) => self.decide.get_mut(at),
            None => is(name, COMMAND_LINE).then_some(&mut self.command_line),
        }
    }

    /// What decides in some data beside the command line, and where that is.
    pub(super) fn texts(
        &self,
        data: &BinXmlTemplateValues<'_>,
    ) -> Option<([Cow<'_, str>; DECIDE.len()], &Given)> {
        let [image, original, path] = self.decide.each_ref().map(|given| given.text(data));
        has_all(data, &self.needs).then_some(([image?, original?, path?], &self.command_line))
    }
}

impl<'c> Element<'c> {
    /// What stands in the attribute of that name, where there is one.
    fn only_attribute(&self, name: &str) -> Option<Content<'c>> {
        let mut found = self.attributes.iter().filter(|(its, _)| is(its, name));
        found.next().filter(|_| found.next().is_none()).map(|(_, content)| *content)
    }

    /// The numbers of the values that stand in attributes.
    fn attribute_values(&self) -> impl Iterator<Item = u16> {
        self.attributes.iter().filter_map(|(_, content)| match content {
            Content::Value(number) => Some(*number),
            Content::Text(_) => None,
        })
    }
}

/// What a template has in a place: nothing, a text, or the value of a number.
#[derive(Default)]
pub(super) enum Given {
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
    pub(super) fn text(&self, record: &BinXmlTemplateValues<'_>) -> Option<Cow<'_, str>> {
        match self {
            Self::Nothing => Some(Cow::Borrowed("")),
            Self::Text(text) => Some(Cow::Borrowed(text)),
            Self::Value(number) => utf16(record, *number).map(|text| Cow::Owned(decoded(text.as_bytes()))),
        }
    }

    /// How many bytes the text has at most; `None` where it is none.
    pub(super) fn most(&self, record: &BinXmlTemplateValues<'_>) -> Option<usize> {
        match self {
            Self::Nothing => Some(0),
            Self::Text(text) => Some(text.len()),
            Self::Value(number) => utf16(record, *number).map(|text| 3 * text.num_chars()),
        }
    }
}

fn value<'v, 'a>(of: &'v BinXmlTemplateValues<'a>, number: u16) -> Option<&'v BinXmlValue<'a>> {
    of.values.get(usize::from(number))
}

/// Whether none of these values is null, as one that holds nothing is, too.
fn has_all(of: &BinXmlTemplateValues<'_>, needs: &[u16]) -> bool {
    let is_null = |value| matches!(value, &BinXmlValue::NullType | &BinXmlValue::BinXmlType([]));
    needs.iter().all(|number| value(of, *number).is_some_and(|value| !is_null(value)))
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
