//! Windows event XML, as written by `wevtutil` and Event Viewer.

mod element;
mod gap;
mod pieces;
mod split;
#[cfg(test)]
mod tests;

use std::io::BufRead;
use std::ops::ControlFlow;
use std::sync::Arc;

pub(crate) use element::data;
pub(crate) use split::begins_event;

#[doc(hidden)]
pub use element::event;

use super::time::settle;
use super::{Fault, FaultKind, Item, Options, Place, Position, Sink, WindowsEvent, windows_event};
use split::{EventSplitter, EventText, SplitError};

/// The events of a text, or what is wrong with each.
pub(crate) fn events(text: &str) -> impl Iterator<Item = Result<WindowsEvent, String>> {
    EventSplitter::new(text.as_bytes()).map(|event| match event {
        Ok(EventText { text, .. }) => element::event(&text).map_err(|problem| format!("its event {problem}")),
        Err(error) => Err(error.what),
    })
}

/// Reads every `<Event>` of a document, or of a sequence of events without a root element.
///
/// One event is in memory at a time. An event that cannot be read is one [fault](Item::Fault), and reading
/// continues at the next `<Event`.
///
/// Spec: TEL-28, TEL-31, TEL-105
pub fn read(input: impl BufRead, name: &Arc<str>, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    settle(name, options, sink, |sink| read_events(input, name, options, sink))
}

fn read_events(
    input: impl BufRead,
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut events = 0;
    let mut is_empty = true;
    let mut splitter = EventSplitter::new(input);
    for event in splitter.by_ref() {
        is_empty = false;
        let event = event.and_then(|EventText { offset, text }| {
            element::event(&text).map_err(|problem| SplitError::event(offset, &problem))
        });
        match event {
            Ok(event) => {
                events += 1;
                windows_event::report(&event, Place::new(name, Position::Element(events)), options, sink)?;
            }
            Err(SplitError { offset, what, remedy }) => {
                sink(Item::fault(Place::new(name, Position::Byte(offset)), what, remedy))?;
            }
        }
    }
    if !is_empty {
        return ControlFlow::Continue(());
    }
    let remedy = "export events with `wevtutil qe /f:xml`, or from Event Viewer as XML";
    let names = splitter.names().map_or(String::new(), |names| format!(", only {names}"));
    let what = format!("there is no <Event> in it{names}");
    let fault = Fault::new(Place::new(name, Position::Whole), what, remedy);
    sink(Item::Fault(Fault { kind: FaultKind::NotTelemetry("an XML document without events"), ..fault }))
}
