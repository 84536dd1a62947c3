//! Differences that only a table of several events shows: the order of rows, and which of them are left.

use serde_json::{Map, Value as Json};

use super::answer::{Answer, Row, Which, departures};
use super::difference::{Finding, What, cells};
use super::event::Event;
use super::rule_side::RuleSide;
use super::sides::{Side, Sides};

/// How many events that both sides select are put together.
pub(super) const MAX_EVENTS: usize = 24;
/// The clause that rows that are equal stay.
const SAME_ROWS_STAY: &str = "RUL-13";
/// The most events in a table.
const MAX_ROWS: usize = 3;

/// A table of two or three events for which two rules return other rows or another order, although they
/// agree about each event. Rules that look at each row alone have none.
pub(super) fn difference(events: &[Event], sides: &Sides<'_>) -> Option<Finding> {
    let rules: Vec<&RuleSide> = sides.rules().map(|(_, rule)| rule).collect();
    let [a, b] = rules[..] else { return None };
    if a.is_row_by_row() && b.is_row_by_row() {
        return None;
    }
    let tables = events.iter().flat_map(|first| events.iter().map(move |second| vec![first, second]));
    let larger = events.windows(MAX_ROWS).map(|events| events.iter().collect());
    let all = [events.iter().collect::<Vec<&Event>>()];
    let mut tables = tables.chain(larger).chain(all);
    tables.find_map(|events| {
        let answers = [a, b].map(|side| side.ask_as_table(&sides.schema, &events));
        let [Answer::Rows(of_a), Answer::Rows(of_b)] = &answers else { return None };
        let is_same = of_a.len() == of_b.len()
            && of_a.iter().zip(of_b).all(|(a, b)| {
                departures(&Answer::Rows(vec![a.clone()]), &Answer::Rows(vec![b.clone()])).is_empty()
            });
        (!is_same).then(|| {
            let mut shown = events.iter().map(|event| cells(event, sides));
            let first = shown.next().unwrap_or_default();
            let rows = [rows(of_a, of_b), rows(of_b, of_a)];
            Finding::new(What::Table { more_events: shown.collect(), rows }, first)
        })
    })
}

/// Asks a port about two events that differ only in `ReportId`. It is wrong if it has an error, or does not
/// return as many rows as the rule: one, for example, if it keeps one row of each program.
pub(super) fn repeated(events: &[Event], sides: &mut Sides<'_>) -> Option<Finding> {
    let event = events.first()?;
    let schema = &sides.schema;
    let shared = schema.keys.iter().filter(|key| schema.columns[**key].name != "ReportId");
    let same = shared.fold(event.clone(), |same, key| {
        let value = event.cells.get(key).cloned();
        same.with(*key, value.unwrap_or_else(|| schema.key(*key, 0)))
    });
    let twice = [&same, &same];
    let Answer::Rows(expected) = sides.a.rule()?.ask_as_table(&sides.schema, &twice) else { return None };
    let Side::Port(port) = &mut sides.b else { return None };
    let what = match port.count(&sides.schema, &twice)? {
        Ok(count) if count == expected.len() => return None,
        Ok(count) => What::Twice { rows: [expected.len(), count] },
        Err(what) => {
            What::Error { of: Which::B, error: format!("for a table with this event twice: {what}") }
        }
    };
    let clauses = match &what {
        What::Twice { .. } => vec![SAME_ROWS_STAY.to_owned()],
        _ => vec![],
    };
    Some(Finding { clauses, ..Finding::new(what, cells(event, sides)) })
}

/// Rows as JSON, with the columns that some other rows have too, and that are not the same in all.
fn rows(rows: &[Row], others: &[Row]) -> Vec<Map<String, Json>> {
    let is_telling = |name: &str| {
        let mut cells = rows.iter().chain(others).flatten().filter(|(other, _)| **other == *name);
        let first = cells.next().map(|(_, cell)| cell.json());
        cells.any(|(_, cell)| Some(cell.json()) != first)
    };
    let shown = |row: &Row| {
        let cells = row.iter().filter(|(name, _)| is_telling(name));
        cells.map(|(name, cell)| (name.to_string(), cell.json())).collect()
    };
    rows.iter().map(shown).collect()
}
