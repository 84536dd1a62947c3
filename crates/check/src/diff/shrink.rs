//! The smallest event that shows a difference.

use super::event::Event;
use super::kind::Likeness;
use super::sides::{Asked, Sides};
use crate::explore::shrink::text::simpler_text;
use crate::stop::Stop;

/// How many events one shrink asks about at most.
const MAX_ASKED: usize = 20_000;
/// How many events are asked about at once at first.
const FIRST_BATCH: usize = 8;
/// How many of the events that were asked about are kept.
const MAX_KEPT: usize = 192;

/// Moves on to simpler events as long as they show a difference like the first. Returns the last one, and
/// events that were asked about on the way.
pub(super) fn shrink(
    first: Asked,
    like: &Likeness,
    sides: &mut Sides<'_>,
    stop: &Stop,
) -> (Asked, Vec<Asked>) {
    let (mut shown, mut kept, mut tried, mut start) = (first, vec![], 0, 0);
    let most = sides.batch();
    'steps: loop {
        let event = shown.event.clone();
        let mut simpler = simpler(&event).skip(start).chain(simpler(&event).take(start));
        let mut at_once = FIRST_BATCH.min(most);
        loop {
            let batch: Vec<Event> = simpler.by_ref().take(at_once).collect();
            tried += batch.len();
            if batch.is_empty() || tried > MAX_ASKED || stop.is_set() {
                return (shown, kept);
            }
            let asked = sides.ask(batch);
            let like_first = |asked: &Asked| {
                asked
                    .departures()
                    .iter()
                    .any(|departure| Likeness::of(departure, &asked.event, sides) == *like)
            };
            let next = asked.iter().position(like_first);
            kept.extend(asked.iter().take(MAX_KEPT.saturating_sub(kept.len())).cloned());
            if let Some(next) = next {
                start += next;
                shown = asked.into_iter().nth(next).unwrap_or(shown);
                continue 'steps;
            }
            start += at_once;
            at_once = (at_once * 2).min(most);
        }
    }
}

/// The events that are one step simpler: with a plain cell, or a simpler text.
fn simpler(event: &Event) -> impl Iterator<Item = Event> + '_ {
    let in_first_schema = (event.schema != 0).then(|| Event { schema: 0, ..event.clone() });
    let plain = event.cells.keys().map(|column| event.without(*column));
    let texts = event.cells.keys().flat_map(move |column| {
        simpler_text(event.text(*column)).map(move |text| match text.is_empty() {
            true => event.without(*column),
            false => event.with(*column, text.into()),
        })
    });
    in_first_schema.into_iter().chain(plain).chain(texts)
}
