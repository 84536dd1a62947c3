//! What is wrong with a log as a whole, told once for all its chunks.

use std::fmt;
use std::ops::{ControlFlow, RangeInclusive};
use std::sync::Arc;

use super::chunk::{Content, Outcome};
use super::log::Layout;
use super::{HEADER_SIZE, REMEDY};
use crate::{Item, Place, Position, Sink};

/// How many runs of slots a fault lists.
const MAX_RUNS: usize = 8;

/// Passes the items of all chunks on, and collects what concerns several of them.
pub(super) struct Summary<'a> {
    name: &'a Arc<str>,
    layout: &'a Layout,
    /// Slots without anything that must hold a chunk.
    empty: Slots,
    /// Slots with bytes that are no chunk.
    unknown: Slots,
    /// Chunks with a wrong checksum, if the log was not closed.
    stale: Slots,
    /// Whether any record was read.
    has_records: bool,
}

impl<'a> Summary<'a> {
    pub(super) fn new(name: &'a Arc<str>, layout: &'a Layout) -> Self {
        let [empty, unknown, stale] = [(); 3].map(|()| Slots::default());
        Self { name, layout, empty, unknown, stale, has_records: false }
    }

    pub(super) fn take(&mut self, outcome: Outcome, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let Outcome { number, content } = outcome;
        match content {
            Content::Chunk { items, is_stale } => {
                if is_stale {
                    self.stale.add(number);
                }
                self.has_records |= items.iter().any(|item| !matches!(item, Item::Fault(_)));
                items.into_iter().try_for_each(sink)?;
            }
            // Windows reserves space for chunks, so nothing is missing after the last one.
            Content::Empty if self.layout.must_hold_chunk(number) => self.empty.add(number),
            Content::Empty => {}
            Content::Unknown => self.unknown.add(number),
        }
        ControlFlow::Continue(())
    }

    /// Reports what concerns several chunks.
    ///
    /// Spec: TEL-27, TEL-86, TEL-88
    pub(super) fn finish(self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let Self { name, layout, empty, unknown, stale, has_records } = self;
        let at = |byte| Place::new(name, Position::Byte(byte));
        if let Some(first) = empty.first() {
            let what = format!("there are only zeros in place of {empty}");
            sink(Item::fault(at(layout.slot_start(first)), what, REMEDY))?;
        }
        if let Some(first) = unknown.first() {
            let what =
                format!("there is neither the signature of a chunk nor a record in place of {unknown}");
            sink(Item::fault(at(layout.slot_start(first)), what, REMEDY))?;
        }
        if layout.is_dirty && (stale.first().is_some() || !layout.is_header_valid) {
            let header = (!layout.is_header_valid).then(|| "its header".to_owned());
            let parts: Vec<String> =
                header.into_iter().chain(stale.first().map(|_| stale.to_string())).collect();
            let what = format!(
                "the log was still open when it was copied, and the checksums of {} do not match",
                parts.join(" and ")
            );
            let remedy = "every record found was read; export the log to get all records";
            sink(Item::fault(Place::new(name, Position::Whole), what, remedy))?;
        } else if !layout.is_header_valid && layout.end >= HEADER_SIZE {
            let what = "the header of the log does not match its checksum";
            let remedy = "all chunks were read; copy or export the log again if you can";
            sink(Item::fault(at(0), what, remedy))?;
        }
        if layout.is_truncated() {
            let what = "the event log is truncated here, before the end of its last chunk";
            let read = if has_records { "everything" } else { "nothing" };
            sink(Item::fault(
                at(layout.end),
                what,
                format!("{read} before it was read; copy the log again"),
            ))?;
        }
        ControlFlow::Continue(())
    }
}

/// Numbers of slots, as a few runs.
#[derive(Default)]
struct Slots {
    runs: Vec<RangeInclusive<u64>>,
    /// How many slots are not in the runs.
    others: u64,
}

impl Slots {
    fn add(&mut self, number: u64) {
        if let Some(run) = self.runs.last_mut()
            && run.end().checked_add(1) == Some(number)
        {
            *run = *run.start()..=number;
        } else if self.runs.len() < MAX_RUNS {
            self.runs.push(number..=number);
        } else {
            self.others += 1;
        }
    }

    fn first(&self) -> Option<u64> {
        self.runs.first().map(|run| *run.start())
    }
}

impl fmt::Display for Slots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let run = |run: &RangeInclusive<u64>| match (run.start(), run.end()) {
            (start, end) if start == end => start.to_string(),
            (start, end) => format!("{start} to {end}"),
        };
        let runs: Vec<String> = self.runs.iter().map(run).collect();
        let is_one = self.others == 0 && matches!(&*self.runs, [run] if run.start() == run.end());
        write!(f, "{} {}", if is_one { "chunk" } else { "chunks" }, runs.join(", "))?;
        if self.others > 0 {
            write!(f, " and {} more", self.others)?;
        }
        Ok(())
    }
}
