//! The times of a Windows event.

use super::WindowsEvent;
use crate::Source;
use crate::time::{Candidates, DateOrders, Reading, RowTimes, Stamp, Unzoned, is_local_form, shown};
use rulespec::kql::{Datetime, Dynamic};

/// The columns that a row begins with.
pub(super) const COLUMNS: [&str; 2] = ["TimeGenerated", "ProcessCreationTime"];

const TICKS_PER_MINUTE: i64 = 600_000_000;

/// How far a record is written after its `UtcTime`, or before it, if nothing is wrong.
const MAX_DELAY: i64 = TICKS_PER_MINUTE / 12;
/// Zones differ from UTC by a multiple of this, and by no more than the maximum.
const OFFSET_STEP: i64 = 15 * TICKS_PER_MINUTE;
const MAX_OFFSET: i64 = 14 * 60 * TICKS_PER_MINUTE;

/// From what distance on the time of a record and its `UtcTime` cannot both be right.
const MAX_DISTANCE: i64 = 30 * TICKS_PER_MINUTE;

/// The cells of [`COLUMNS`], and the times that are not understood.
///
/// Spec: TEL-07, TEL-82, TEL-83, TEL-84
pub(super) fn cells(
    event: &WindowsEvent,
    source: Source,
    times: &mut RowTimes<'_>,
) -> ([Dynamic; 2], Vec<String>) {
    let mut misfits = vec![];
    let mut cell = |column: usize, text: &str, cell: Option<Dynamic>| {
        cell.unwrap_or_else(|| {
            misfits.push(shown(COLUMNS.get(column).copied().unwrap_or_default(), text));
            Dynamic::Null
        })
    };
    let text = &event.time_created;
    let cells = match source {
        Source::Security => {
            let created = cell(0, text, times.cell(0, text, event.is_local_time));
            // Security events report no other time. It is understood, or already said not to be.
            let creation = times.cell(1, text, event.is_local_time).unwrap_or_default();
            [created, creation]
        }
        Source::Sysmon | Source::Defender => {
            let utc_text = event.known("UtcTime");
            let creation = cell(1, utc_text, times.cell(1, utc_text, false));
            let utc = if let Dynamic::Datetime(utc) = creation { Some(utc) } else { None };
            let local_to = utc.filter(|_| event.is_local_time || is_local_form(text));
            let created = match local_to.and_then(|utc| near_utc_time(text, utc)) {
                Some((created, orders)) => {
                    times.note_orders(orders);
                    Dynamic::Datetime(created)
                }
                None => cell(0, text, times.cell(0, text, event.is_local_time)),
            };
            if let (Dynamic::Datetime(created), Some(utc)) = (&created, utc)
                && distance(*created, utc).abs() >= MAX_DISTANCE
            {
                times.note_far_from_utc_time();
            }
            [created, creation]
        }
    };
    (cells, misfits)
}

/// The instant of a local time that names no zone, if it differs from `UtcTime` as the time of a zone
/// does: that is the zone, then. Also returns the order of day and month that this shows.
///
/// Spec: TEL-82
fn near_utc_time(text: &str, utc: Datetime) -> Option<(Datetime, DateOrders)> {
    let stamp = Stamp::parse(text).filter(|stamp| !stamp.has_zone())?;
    let at_zone_of = |local: Datetime| {
        let ahead = distance(local, utc);
        let offset = (ahead + OFFSET_STEP / 2).div_euclid(OFFSET_STEP) * OFFSET_STEP;
        let is_plausible = offset.abs() <= MAX_OFFSET && (ahead - offset).abs() <= MAX_DELAY;
        Datetime::from_ticks_since_1970(local.ticks_since_1970() - offset).filter(|_| is_plausible)
    };
    match stamp.reading(Unzoned::Utc) {
        Reading::Known(local) => Some((at_zone_of(local)?, stamp.orders())),
        Reading::Undecided(Candidates { month_first, day_first }) => {
            match (at_zone_of(month_first), at_zone_of(day_first)) {
                (Some(created), None) => Some((created, DateOrders { month_first: true, day_first: false })),
                (None, Some(created)) => Some((created, DateOrders { month_first: false, day_first: true })),
                (Some(_), Some(_)) | (None, None) => None,
            }
        }
        Reading::NoZone | Reading::OutOfRange => None,
    }
}

/// The ticks from the second time to the first.
fn distance(time: Datetime, from: Datetime) -> i64 {
    time.ticks_since_1970() - from.ticks_since_1970()
}

#[cfg(test)]
mod tests;
