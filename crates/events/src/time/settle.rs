//! What the times of a whole input tell about those of its rows.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::row::TimeNotes;
use super::stamp::{DateOrder, DateOrders};
use crate::resolve::counted;
use crate::size::size_of_row;
use crate::{Event, Item, Options, Place, Position, Sink};
use rulespec::kql::Dynamic;

/// How many items wait for the order of day and month to be known. Equal items in sequence count once.
const MAX_HELD: usize = 10_000;
/// The approximate size in bytes of the items that wait.
const MAX_HELD_SIZE: usize = 16 << 20;

/// Reads an input and passes its items on, in their order.
///
/// If only another row can tell the order of day and month in a time, the items from there on wait for
/// such a row, in limited number. What is left to say about the times of the input follows its last item.
///
/// Spec: TEL-81, TEL-82, TEL-83
pub(crate) fn settle(
    name: &Arc<str>,
    options: &Options,
    sink: &mut Sink<'_>,
    read: impl FnOnce(&mut Sink<'_>) -> ControlFlow<()>,
) -> ControlFlow<()> {
    let given = options.date_order;
    let counts = Counts { given, orders: given.into(), ..Counts::default() };
    let mut settler = Settler { sink, held: vec![], held_size: 0, counts };
    read(&mut |item| settler.take(item))?;
    settler.release()?;
    settler.counts.faults(name).into_iter().try_for_each(settler.sink)
}

struct Settler<'r, 's> {
    sink: &'r mut Sink<'s>,
    /// Items that wait, each with the number of its repetitions. The first is an undecided event.
    held: Vec<(Item, u64)>,
    held_size: usize,
    counts: Counts,
}

/// What the rows of the input have in common.
#[derive(Default)]
struct Counts {
    /// The order that the caller says.
    given: Option<DateOrder>,
    orders: DateOrders,
    /// How many rows were read by the order that others show.
    decided: u64,
    /// How many rows have a time that was left empty because its order is not known.
    undecided: u64,
    /// The text and the place of the first such time.
    first_undecided: Option<(Box<str>, Place)>,
    lacking_zone: u64,
    far_from_utc_time: u64,
    first_far_from_utc_time: Option<Place>,
}

impl Settler<'_, '_> {
    fn take(&mut self, mut item: Item) -> ControlFlow<()> {
        let orders = match &mut item {
            Item::Event(event) => event.times.as_ref().map_or(DateOrders::default(), |times| times.orders),
            Item::Filtered(filtered) => std::mem::take(&mut filtered.orders),
            Item::Skipped(_) | Item::Fault(_) => DateOrders::default(),
        };
        self.counts.orders = self.counts.orders.union(orders);
        let is_open = self.counts.orders == DateOrders::default();
        if !is_open {
            self.release()?;
        }
        let is_undecided = matches!(&item, Item::Event(event) if event.times.as_ref().is_some_and(|times| !times.undecided.is_empty()));
        if is_open && is_undecided || !self.held.is_empty() { self.hold(item) } else { self.pass(item) }
    }

    fn hold(&mut self, item: Item) -> ControlFlow<()> {
        match self.held.last_mut() {
            Some((last, count)) if is_countable(&item) && *last == item => *count += 1,
            _ => {
                self.held_size += size(&item);
                self.held.push((item, 1));
            }
        }
        if self.held.len() < MAX_HELD && self.held_size < MAX_HELD_SIZE {
            return ControlFlow::Continue(());
        }
        self.release()
    }

    /// Passes on all that waits.
    fn release(&mut self) -> ControlFlow<()> {
        self.held_size = 0;
        for (item, count) in std::mem::take(&mut self.held) {
            (1..count).try_for_each(|_| self.pass(item.clone()))?;
            self.pass(item)?;
        }
        ControlFlow::Continue(())
    }

    fn pass(&mut self, mut item: Item) -> ControlFlow<()> {
        if let Item::Event(event) = &mut item
            && let Some(times) = event.times.take()
        {
            self.counts.settle(event, *times);
        }
        (self.sink)(item)
    }
}

impl Counts {
    /// Fills the undecided cells of an event if that is possible by now.
    fn settle(&mut self, event: &mut Event, times: TimeNotes) {
        self.lacking_zone += u64::from(times.lacks_zone);
        if times.is_far_from_utc_time {
            self.far_from_utc_time += 1;
            self.first_far_from_utc_time.get_or_insert_with(|| event.place.clone());
        }
        if times.undecided.is_empty() {
            return;
        }
        let is_decided = self.orders.month_first != self.orders.day_first;
        *(if is_decided { &mut self.decided } else { &mut self.undecided }) += 1;
        if let Some(text) = times.undecided_text.filter(|_| !is_decided) {
            self.first_undecided.get_or_insert_with(|| (text, event.place.clone()));
        }
        for (index, candidates) in times.undecided {
            if let (Some(cell), Some(time)) = (event.row.get_mut(index), candidates.decided(self.orders)) {
                *cell = Dynamic::Datetime(time);
            }
        }
    }

    /// What is left to say at the end of the input.
    ///
    /// Spec: TEL-81, TEL-82, TEL-83
    fn faults(&self, name: &Arc<str>) -> Vec<Item> {
        let mut faults = vec![];
        let mut add = |what: String, remedy: &str| {
            faults.push(Item::fault(Place::new(name, Position::Whole), what, remedy));
        };
        let iso = "export times as ISO 8601 in UTC, as in 2026-11-24T18:20:55Z";
        if self.orders.month_first && self.orders.day_first {
            let conflict = match self.given {
                None => "some times have the month first and others the day first",
                Some(DateOrder::MonthFirst) => "some times have the day first, against --date-order",
                Some(DateOrder::DayFirst) => "some times have the month first, against --date-order",
            };
            let what = format!(
                "{conflict}: of the rows that could be either, \
                 {} came before the contradiction and were read, and {} {} left empty",
                self.decided,
                self.undecided,
                if self.undecided == 1 { "was" } else { "were" }
            );
            add(what, iso);
        } else if self.undecided > 0 {
            let first = self.first_undecided.as_ref();
            let first = first.map(|(text, place)| format!(", the first {text:?} in {place}"));
            let what = format!(
                "day and month cannot be told apart in the times of {}{}",
                counted(self.undecided, "row"),
                first.unwrap_or_default()
            );
            let order = "name the order with --date-order";
            add(what, &format!("the cells are left empty; {order}, or {iso}"));
        }
        if self.lacking_zone > 0 {
            let what = format!(
                "times of {} are local, and their time zone is not told",
                counted(self.lacking_zone, "row")
            );
            add(what, "the cells are left empty; name the zone with --time-zone");
        }
        if let Some(first) = &self.first_far_from_utc_time {
            let what = format!(
                "the times of {} are 30 minutes or more away from their UtcTime, the first in {first}",
                counted(self.far_from_utc_time, "row")
            );
            add(what, "both are kept; check the time zone of the export");
        }
        faults
    }
}

fn is_countable(item: &Item) -> bool {
    matches!(item, Item::Filtered(_) | Item::Skipped(_))
}

/// The approximate size of an item in bytes.
fn size(item: &Item) -> usize {
    let content = match item {
        Item::Event(event) => size_of::<Event>() + size_of_row(&event.row),
        Item::Fault(fault) => fault.what.len() + fault.remedy.len(),
        Item::Filtered(_) | Item::Skipped(_) => 0,
    };
    size_of::<(Item, u64)>() + content
}

#[cfg(test)]
mod tests;
