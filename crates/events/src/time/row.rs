//! The times of one row.

use super::stamp::{Candidates, DateOrders, Reading, Stamp, Unzoned};
use super::zone::TimeZone;
use crate::Options;
use rulespec::kql::{Datetime, Dynamic};

/// How many characters of a value a fault shows.
const MAX_SHOWN: usize = 40;

/// What the times of a row leave open or show, until the input is settled.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct TimeNotes {
    /// The cells that are empty until the order of day and month is known.
    pub(super) undecided: Vec<(usize, Candidates)>,
    /// The first text of these cells.
    pub(super) undecided_text: Option<Box<str>>,
    pub(super) orders: DateOrders,
    /// Whether a cell is empty because its time is local, and its zone is not known.
    pub(super) lacks_zone: bool,
    /// Whether the time of the record is far from that of the event.
    pub(super) is_far_from_utc_time: bool,
}

/// Reads the times of one row, and collects what is to be said about them.
pub(crate) struct RowTimes<'o> {
    zone: Option<&'o TimeZone>,
    notes: TimeNotes,
}

impl<'o> RowTimes<'o> {
    pub(crate) fn new(options: &'o Options) -> Self {
        Self { zone: options.time_zone.as_ref(), notes: TimeNotes::default() }
    }

    /// The notes for [`Event::times`](crate::Event), if there are any.
    pub(crate) fn into_notes(self) -> Option<Box<TimeNotes>> {
        (self.notes != TimeNotes::default()).then(|| Box::new(self.notes))
    }

    /// The cell with this index, of a time that is in UTC or local if it names no zone. Returns `None` if
    /// the text is not understood. A blank text is null.
    ///
    /// Spec: TEL-49, TEL-82
    pub(crate) fn cell(&mut self, index: usize, text: &str, is_local: bool) -> Option<Dynamic> {
        if text.trim().is_empty() {
            return Some(Dynamic::Null);
        }
        let stamp = Stamp::parse(text)?;
        self.note_orders(stamp.orders());
        let is_local = is_local || is_local_form(text);
        let unzoned = if is_local { Unzoned::Local(self.zone) } else { Unzoned::Utc };
        let reading = stamp.reading(unzoned);
        if matches!(reading, Reading::Undecided(_)) {
            self.notes.undecided_text.get_or_insert_with(|| text.trim().into());
        }
        self.cell_of(index, reading)
    }

    pub(crate) fn note_orders(&mut self, orders: DateOrders) {
        self.notes.orders = self.notes.orders.union(orders);
    }

    pub(crate) fn note_far_from_utc_time(&mut self) {
        self.notes.is_far_from_utc_time = true;
    }

    /// The cell with this index.
    pub(crate) fn cell_of(&mut self, index: usize, reading: Reading) -> Option<Dynamic> {
        match reading {
            Reading::Known(time) => return Some(Dynamic::Datetime(time)),
            Reading::Undecided(candidates) => self.notes.undecided.push((index, candidates)),
            Reading::NoZone => self.notes.lacks_zone = true,
            Reading::OutOfRange => return None,
        }
        Some(Dynamic::Null)
    }
}

impl Candidates {
    /// The time if this is the only order that times of the input show.
    pub(super) fn decided(self, orders: DateOrders) -> Option<Datetime> {
        match orders {
            DateOrders { month_first: true, day_first: false } => Some(self.month_first),
            DateOrders { month_first: false, day_first: true } => Some(self.day_first),
            DateOrders { .. } => None,
        }
    }
}

/// Whether a time is in a form that is always local: Kibana writes `Nov 24, 2026 @ 18:20:55.123` in the zone
/// of the browser.
///
/// Spec: TEL-82
pub(crate) fn is_local_form(text: &str) -> bool {
    text.contains('@')
}

/// A value in a fault: `ProcessId ("many")`.
pub(crate) fn shown(column: &str, value: &str) -> String {
    let mut shown: String = value.chars().take(MAX_SHOWN).collect();
    if shown.len() < value.len() {
        shown.push('…');
    }
    format!("{column} ({shown:?})")
}
