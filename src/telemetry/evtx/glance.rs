//! A record decided on by the values the decoder has read, before it makes a text of
//! them.
//!
//! Most records are no process creations, and most process creations are not
//! wanted. Windows writes both in one way: a template for `Event`, one of whose
//! values holds another template, for `EventData`. What is written otherwise is left
//! to its text.

use std::collections::HashMap;

use evtx::EvtxRecord;
use evtx::binxml::BinXmlTemplateValues;

use super::definition::definition_end;
use super::template::{DECIDE, DataTemplate, EventTemplate};
use crate::telemetry::unwanted::unwanted;
use crate::telemetry::windows_event::{classify, names};
use crate::telemetry::{Item, Names, Place, Source};

/// The type of a text in the code page of the machine.
const ANSI: u8 = 0x02;
/// The types of lists begin here.
const LISTS: u8 = 0x80;

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
    /// or is not written as Windows writes it. That no text can be made of a record is
    /// a fault only where it is built.
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
        let (provider, event_id) = (template.provider.text(&event)?, template.event_id(&event)?);
        match classify(&provider, "", event_id) {
            // Its channel says what it is.
            Err(_) if provider.is_empty() => None,
            Err(skip) => Some(Item::Skipped(skip)),
            Ok(source) => {
                let data = nested(record, template.data(&event)?)?;
                self.unwanted(source, &data, place, keep)
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
        let (texts, command_line) = template.texts(data)?;
        let find =
            |name: &str| DECIDE.iter().zip(&texts).find(|(its, _)| **its == name).map(|(_, text)| &**text);
        let most = command_line.most(data)?;
        let take = || command_line.text(data).unwrap_or_default().into_owned();
        unwanted(names(source, &find).taking(most, &take), source, place, keep)
    }
}

/// The values of a record that is one template.
fn instance<'a>(record: &EvtxRecord<'a>) -> Option<BinXmlTemplateValues<'a>> {
    let start = usize::try_from(record.binxml_offset).ok()?;
    if !is_light(record.chunk.data, start)? {
        return None;
    }
    let mut instances = record.template_instances().ok()?;
    let instance = instances.pop()?;
    instances.is_empty().then_some(instance)
}

/// Whether a template stands there of whose values none is a list or a text of another
/// encoding. The decoder keeps memory for those as long as the chunk, and they may reach
/// beyond their record: they are not read twice.
fn is_light(chunk: &[u8], start: usize) -> Option<bool> {
    // A header of four bytes, a template, what identifies it, and where it is defined.
    let [0x0f, _, _, _, 0x0c, _, _, _, _, _, a, b, c, d, rest @ ..] = chunk.get(start..)? else {
        return None;
    };
    let defined_at = u32::from_le_bytes([*a, *b, *c, *d]) as usize;
    let here = chunk.len() - rest.len();
    let rest = if defined_at == here { chunk.get(definition_end(chunk, here)?..)? } else { rest };
    let (count, rest) = rest.split_first_chunk()?;
    let count = u32::from_le_bytes(*count) as usize;
    let descriptors = rest.as_chunks::<4>().0.get(..count)?;
    Some(descriptors.iter().all(|[_, _, of_type, _]| *of_type < LISTS && *of_type != ANSI))
}

/// The values of the template that a value of the record is: the decoder reads them
/// where a record says that it begins.
fn nested<'a>(record: &mut EvtxRecord<'a>, data: &[u8]) -> Option<BinXmlTemplateValues<'a>> {
    let start = data.as_ptr().addr().checked_sub(record.chunk.data.as_ptr().addr())?;
    let whole = (record.binxml_offset, record.binxml_size);
    (record.binxml_offset, record.binxml_size) = (start.try_into().ok()?, data.len().try_into().ok()?);
    let instance = instance(record);
    (record.binxml_offset, record.binxml_size) = whole;
    instance
}
