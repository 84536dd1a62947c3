//! The events that both sides are asked about, the most telling ones first.

use std::collections::{BTreeMap, BTreeSet};

use arbitrary::Unstructured;
use rulespec::kql::{Datetime, Dynamic, Error, Semantics};
use rulespec::query::Context;
use rulespec::query::bound::{Scalar, ScalarKind};

use super::event::{Event, Schema};
use super::formula::{Constant, Formula, columns_in, constants_in, leaves};
use super::solve::Solver;
use super::values::{shapes, values};
use crate::explore::source;

/// The most events that are selected for different reasons, and from which others are made.
const MAX_WITNESSES: usize = 48;
/// How many events are made for each demand, even if there are many already.
const MIN_WITNESSES: usize = 8;
/// How many values of a column are put beside the one that an event has.
const MAX_BESIDE: usize = 100;
/// How many events come before the first random one.
const MAX_ORDERED: u64 = 512;
/// One of how many is random then.
const RANDOM_ONE_OF: u64 = 4;
/// How many bytes a random event is made of.
const BYTES: usize = 64;

/// Makes events for two sides.
pub(super) struct Generator {
    /// The events that one side should select.
    witnesses: Vec<Event>,
    pub(super) values: BTreeMap<usize, Vec<Dynamic>>,
    first: Vec<Event>,
    schemas: usize,
    seed: u64,
}

impl Generator {
    /// Makes events from the formulas of the sides that are rules, and the words of the others.
    ///
    /// # Errors
    ///
    /// Returns an error if the columns of the schema do not fit its cells.
    pub(super) fn new(
        schema: &Schema,
        formulas: &[&Formula],
        words: &[String],
        now: Datetime,
        seed: u64,
    ) -> Result<Self, Error> {
        let mut constants: BTreeMap<usize, Vec<Constant>> = BTreeMap::new();
        for formula in formulas {
            let results = formula.results.iter().map(|(_, result)| result);
            for scalar in formula.predicates.iter().flat_map(leaves).chain(results) {
                add_constants(scalar, &mut constants);
            }
            let mut sorted_by = BTreeSet::new();
            formula.sorted_by.iter().for_each(|key| columns_in(key, &mut sorted_by));
            for column in sorted_by {
                constants.entry(column).or_default();
            }
        }
        let words: Vec<Dynamic> = words.iter().map(|word| word.as_str().into()).collect();
        let mut by_column = BTreeMap::new();
        for (column, own) in schema.columns.iter().enumerate() {
            match constants.remove(&column) {
                Some(constants) => {
                    let mut values = values(own.r#type, &constants, now);
                    values.extend(words.iter().filter(|word| own.r#type.admits(word)).cloned());
                    by_column.insert(column, values);
                }
                // Only a port reads it, if any side does.
                None if schema.is_read[column] && !schema.keys.contains(&column) => {
                    let exact = words.iter().filter(|word| own.r#type.admits(word)).cloned();
                    by_column.insert(column, exact.collect());
                }
                None => {}
            }
        }
        let kql = Semantics::default();
        let solver = Solver::new(schema, Context { kql: &kql, now }, &by_column)?;
        let mut generator = Self {
            witnesses: witnesses(&solver, formulas),
            values: by_column,
            first: vec![],
            schemas: schema.absent.len(),
            seed,
        };
        generator.first = generator.first_events();
        Ok(generator)
    }

    /// The event with this number. After the first ones, one of four is random.
    pub(super) fn event(&self, number: u64) -> Event {
        let is_random = number > MAX_ORDERED && number.is_multiple_of(RANDOM_ONE_OF);
        let randoms = number.saturating_sub(MAX_ORDERED) / RANDOM_ONE_OF;
        let at = usize::try_from(number - randoms).unwrap_or(usize::MAX);
        match self.first.get(at).filter(|_| !is_random) {
            Some(event) => event.clone(),
            None => self.random(number).unwrap_or_default(),
        }
    }

    /// Some of the events that are not random.
    pub(super) fn sample(&self, count: usize) -> Vec<Event> {
        self.first.iter().step_by(self.first.len().div_ceil(count).max(1)).cloned().collect()
    }

    /// How many events are not random.
    pub(super) fn planned(&self) -> u64 {
        self.first.len() as u64 * RANDOM_ONE_OF / (RANDOM_ONE_OF - 1)
    }

    /// Those that are selected, the same with one other cell, and those with a single cell.
    fn first_events(&self) -> Vec<Event> {
        let mut first = vec![Event::default()];
        first.extend(self.witnesses.iter().cloned());
        for schema in 1..self.schemas {
            let others = self.witnesses.iter().cloned().chain([Event::default()]);
            first.extend(others.map(|event| Event { schema, ..event }));
        }
        // Each value is tried with one witness first, and then with the others.
        for round in 0..self.witnesses.len() {
            let mut flips: Vec<(usize, Event)> = vec![];
            for (column, values) in &self.values {
                for at in 0.. {
                    let witness = &self.witnesses[(at + round) % self.witnesses.len()];
                    let Some(value) = flip(witness.text(*column), values, at) else { break };
                    flips.push((at, Event { flipped: Some(*column), ..witness.with(*column, value) }));
                }
            }
            flips.sort_by_key(|(at, _)| *at);
            first.extend(flips.into_iter().map(|(_, event)| event));
        }
        for (column, values) in &self.values {
            let alone = values.iter().map(|value| Event::default().with(*column, value.clone()));
            first.extend(alone.take(MAX_BESIDE));
        }
        first
    }

    /// One of the witnesses with some other cells, or some characters changed.
    fn random(&self, number: u64) -> arbitrary::Result<Event> {
        let bytes = source::bytes(self.seed, number, BYTES);
        let mut bytes = Unstructured::new(&bytes);
        let mut event = match self.witnesses.is_empty() {
            true => Event::default(),
            false => bytes.choose(&self.witnesses)?.clone(),
        };
        event.schema = if bytes.ratio(1, 8)? { bytes.int_in_range(0..=self.schemas - 1)? } else { 0 };
        let columns: Vec<usize> = self.values.keys().copied().collect();
        for _ in 0..bytes.int_in_range(1..=3_u8)? {
            let Some(column) = bytes.choose(&columns).ok().copied() else { break };
            let value = bytes.choose(&self.values[&column])?.clone();
            let value = match (event.cells.get(&column), &value) {
                (Some(Dynamic::String(before)), Dynamic::String(other)) => {
                    mutated(before, other, &mut bytes)?.into()
                }
                _ => value,
            };
            event = Event { flipped: Some(column), ..event.with(column, value) };
        }
        Ok(event)
    }
}

/// Adds the constants of an expression to each column that it reads.
fn add_constants(scalar: &Scalar, constants: &mut BTreeMap<usize, Vec<Constant>>) {
    let (mut columns, mut found) = (BTreeSet::new(), vec![]);
    columns_in(scalar, &mut columns);
    constants_in(scalar, &mut found);
    let is_computed = matches!(scalar.kind, ScalarKind::Call(..));
    for column in columns.into_iter().filter(|_| is_computed) {
        let known = constants.entry(column).or_default();
        for one in &found {
            if !known.contains(one) {
                known.push(one.clone());
            }
        }
    }
}

/// Events for which the predicates of a side are true, and those that tell the sides apart.
fn witnesses(solver: &Solver<'_>, formulas: &[&Formula]) -> Vec<Event> {
    fn all(formula: &Formula) -> Vec<(&Scalar, bool)> {
        formula.predicates.iter().map(|predicate| (predicate, true)).collect()
    }
    let mut demands: Vec<Vec<(&Scalar, bool)>> = vec![];
    if let [a, b] = formulas {
        for (selects, other) in [(a, b), (b, a)] {
            // One of the other's predicates is not true.
            demands.extend(other.predicates.iter().map(|one| [all(selects), vec![(one, false)]].concat()));
        }
    }
    demands.extend(formulas.iter().map(|formula| all(formula)));
    let mut found: Vec<Event> = vec![];
    for demand in demands {
        let room = MAX_WITNESSES.saturating_sub(found.len()).max(MIN_WITNESSES);
        for event in solver.events(&demand).into_iter().take(room) {
            if !found.contains(&event) {
                found.push(event);
            }
        }
    }
    found
}

/// The value with this number that a cell may have instead: another one, or, in a column of texts, the text
/// in the cell with another before or after it. They take turns.
pub(super) fn flip(text: &str, values: &[Dynamic], at: usize) -> Option<Dynamic> {
    if values.iter().any(|value| value.as_str().is_none()) {
        return values.get(at).cloned();
    }
    let beside = values.len().min(MAX_BESIDE);
    let other = |at: usize| match at.checked_sub(beside) {
        None => values.get(at).and_then(Dynamic::as_str),
        Some(at) => shapes().get(at).copied(),
    };
    let (turn, at) = (at % 3, at / 3);
    match turn {
        0 if at < values.len() => values.get(at).cloned(),
        0 | 1 if at < beside + shapes().len() => {
            Some(format!("{text} {}", other(at).unwrap_or_default()).into())
        }
        _ if at < beside + shapes().len() => Some(format!("{} {text}", other(at).unwrap_or_default()).into()),
        _ => values.get(at).cloned(),
    }
}

/// A text with some characters removed, repeated or replaced by another text.
fn mutated(text: &str, other: &str, bytes: &mut Unstructured<'_>) -> arbitrary::Result<String> {
    let all: Vec<char> = text.chars().collect();
    let from = bytes.int_in_range(0..=all.len())?;
    let to = bytes.int_in_range(from..=all.len().min(from + 4))?;
    let (before, part, after): (String, String, String) =
        (all[..from].iter().collect(), all[from..to].iter().collect(), all[to..].iter().collect());
    Ok(match bytes.int_in_range(0..=4_u8)? {
        0 => format!("{before}{after}"),
        1 => format!("{before}{part}{part}{after}"),
        2 => format!("{before}{other}{after}"),
        3 => format!("{before} {other} {after}"),
        _ => format!("{before}{}{after}", bytes.choose(&["a", " ", "\"", "\\", ".", "_", "/", "é", "\t"])?),
    })
}
