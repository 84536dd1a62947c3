//! Whether anything was recognised in an input.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::resolve::{counted, listed};
use crate::{Fault, FaultKind, Item, Place, Position, Shapes, Sink};

/// Passes items on, and remembers whether any of them is an event of a known kind.
pub(crate) struct Recognition<'r, 's> {
    sink: &'r mut Sink<'s>,
    is_recognised: bool,
    unknown: u64,
    faults: u64,
}

impl<'r, 's> Recognition<'r, 's> {
    pub(crate) fn new(sink: &'r mut Sink<'s>) -> Self {
        Self { sink, is_recognised: false, unknown: 0, faults: 0 }
    }

    pub(crate) fn take(&mut self, item: Item) -> ControlFlow<()> {
        match &item {
            Item::Event(_) | Item::Filtered(_) => self.is_recognised = true,
            Item::Skipped(skip) if skip.is_recognised() => self.is_recognised = true,
            Item::Skipped(_) => self.unknown += 1,
            Item::Fault(_) => self.faults += 1,
        }
        (self.sink)(item)
    }

    /// Reports an input in which nothing was recognised, or not everything. `there` are the names in its
    /// first object or row that was not, which is called `unit`.
    ///
    /// Spec: TEL-99
    pub(crate) fn finish(
        self,
        name: &Arc<str>,
        shapes: &Shapes,
        unit: &str,
        there: &[String],
    ) -> ControlFlow<()> {
        let is_told =
            if self.is_recognised { self.unknown == 0 } else { self.unknown == 0 && self.faults > 0 };
        if is_told {
            return ControlFlow::Continue(());
        }
        let looked_for = format!(
            "looked for a Windows event, with a provider or a channel, and its id at {}, and for FileName and \
             ProcessCommandLine with Timestamp or TimeGenerated",
            shapes.event.event_id.join(", "),
        );
        let there = listed(there);
        let mapping = "name the paths of its values in a file for --mapping, see `rulespec list shapes`";
        let (kind, what, remedy) = match (self.unknown, self.is_recognised) {
            (0, _) => {
                let what = format!("there is no {unit} in it");
                (FaultKind::Unrecognised, what, "export it again, with events")
            }
            (count, false) => {
                let units = counted(count, unit);
                let what =
                    format!("no event was recognised in {units}: {looked_for}; the first {unit} has {there}");
                (FaultKind::Unrecognised, what, mapping)
            }
            (count, true) => {
                let what = format!("{unit}s not recognised: {count}; the first has {there}");
                (FaultKind::PartlyUnrecognised, what, mapping)
            }
        };
        let place = Place::new(name, Position::Whole);
        (self.sink)(Item::Fault(Fault { kind, ..Fault::new(place, what, remedy) }))
    }
}
