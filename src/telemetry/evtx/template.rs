//! Where the templates of an event have what decides.

use std::borrow::Cow;

use evtx::Utf16LeSlice;
use evtx::binxml::BinXmlTemplateValues;
use evtx::binxml::value_variant::BinXmlValue;

use super::definition::{Content, Element, contents, is};

/// The values of `EventData` that decide beside the command line.
pub(super) const DECIDE: [&str; 3] = ["Image", "OriginalFileName", "NewProcessName"];
const COMMAND_LINE: &str = "CommandLine";

/// Where the template of an event has what decides.
pub(super) struct EventTemplate {
    pub(super) provider: Given,
    pub(super) event_id: u16,
    /// The value that holds `EventData`.
    pub(super) data: Option<u16>,
    /// Without these values some of it is left out.
    pub(super) needs: Vec<u16>,
}

impl EventTemplate {
    pub(super) fn at(chunk: &[u8], at: u32) -> Option<Self> {
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
pub(super) struct DataTemplate {
    pub(super) decide: [Given; DECIDE.len()],
    pub(super) command_line: Given,
    /// Without these values some of it is left out.
    pub(super) needs: Vec<u16>,
}

impl DataTemplate {
    pub(super) fn at(chunk: &[u8], at: u32) -> Option<Self> {
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

/// Whether these are the open elements.
fn stands_in(open: &[Element<'_>], path: &[&str]) -> bool {
    open.len() == path.len() && open.iter().zip(path).all(|(element, name)| is(element.name, name))
}

pub(super) fn value<'v, 'a>(of: &'v BinXmlTemplateValues<'a>, number: u16) -> Option<&'v BinXmlValue<'a>> {
    of.values.get(usize::from(number))
}

/// Whether none of these values is null.
pub(super) fn has_all(of: &BinXmlTemplateValues<'_>, needs: &[u16]) -> Option<()> {
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
