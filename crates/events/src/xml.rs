//! Windows event XML, as `wevtutil` and Event Viewer write it.

mod element;
mod pieces;
mod split;
#[cfg(test)]
mod tests;

use std::io::BufRead;
use std::ops::ControlFlow;
use std::sync::Arc;

pub use element::event;

use super::{Fault, Item, Options, Place, Position, Sink, windows_event};
use split::{Broken, Splitter, Whole};

/// Reads every `<Event>` of a document, or of a bare sequence of them.
///
/// At most one event is in memory. An event that cannot be read is one [`Fault`],
/// and reading goes on at the next `<Event`.
///
/// Spec: TEL-28, TEL-31
pub fn read(input: impl BufRead, name: &Arc<str>, options: &Options, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let at = |position| Place { file: name.clone(), position };
    let mut events = 0;
    let mut anything = false;
    for part in Splitter::new(input) {
        anything = true;
        let broken = match part {
            Ok(Whole { start, text }) => match element::event(&text) {
                Ok(event) => {
                    events += 1;
                    sink(windows_event::item(&event, at(Position::Element(events)), &*options.keep))?;
                    continue;
                }
                Err(what) => Broken::new(start, format!("the event here {what}")),
            },
            Err(broken) => broken,
        };
        let place = at(Position::Byte(broken.at));
        sink(Item::Fault(Fault { place, what: broken.what, remedy: broken.remedy.to_owned() }))?;
    }
    if anything { ControlFlow::Continue(()) } else { sink(Item::Fault(none(at(Position::Whole)))) }
}

fn none(place: Place) -> Fault {
    Fault {
        place,
        what: "there is no <Event> in it".to_owned(),
        remedy: "export events with `wevtutil qe /f:xml`, or from Event Viewer as XML".to_owned(),
    }
}
