//! Events that make predicates true, and others that make them false.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use rulespec::kql::{Dynamic, Error, Row, Table};
use rulespec::query::Context;
use rulespec::query::Function;
use rulespec::query::bound::{Scalar, ScalarKind};

use super::event::{Event, Schema};
use super::formula::columns_in;
use super::values::joined;

/// The most ways in which one predicate is made true or false.
const MAX_WAYS: usize = 96;
/// How many values of each of several leaves are put together.
const MAX_JOINED: usize = 3;

/// One way to make a predicate true or false: for each column, the leaves that must be true of it, or must
/// not.
type Way<'a> = BTreeMap<usize, Vec<(&'a Scalar, bool)>>;

/// By column and leaf, of which rows of the table of the column the leaf is true.
type Truths = HashMap<(usize, *const Scalar), Rc<[bool]>>;

/// Finds values for the columns of the first schema.
pub(super) struct Solver<'a> {
    schema: &'a Schema,
    context: Context<'a>,
    /// For each column, by its index, a table with a row for each value that it may have.
    tables: BTreeMap<usize, Table>,
    truths: RefCell<Truths>,
}

impl<'a> Solver<'a> {
    /// A solver for these values of each column, of which the plain one is the first.
    pub(super) fn new(
        schema: &'a Schema,
        context: Context<'a>,
        values: &BTreeMap<usize, Vec<Dynamic>>,
    ) -> Result<Self, Error> {
        let mut tables = BTreeMap::new();
        for (column, values) in values {
            let mut table = Table::new(schema.columns_of(0))?;
            table.push(schema.cells(&Event::default()))?;
            for value in values {
                let mut cells = schema.cells(&Event::default());
                cells[*column] = value.clone();
                table.push(cells)?;
            }
            tables.insert(*column, table);
        }
        Ok(Self { schema, context, tables, truths: RefCell::default() })
    }

    /// Events for which all of some predicates are true, and all of some others are not.
    pub(super) fn events(&self, wanted: &[(&Scalar, bool)]) -> Vec<Event> {
        let mut ways = vec![Way::new()];
        for (predicate, want) in wanted {
            ways = all_of(&ways, &self.ways(predicate, *want));
        }
        let found = ways.into_iter().filter_map(|way| self.event(&way));
        let mut events: Vec<Event> = vec![];
        for event in found {
            let fits = wanted.iter().all(|(predicate, want)| self.holds(predicate, &event) == *want);
            if fits && !events.contains(&event) {
                events.push(event);
            }
        }
        events
    }

    /// Whether a predicate is true of an event.
    pub(super) fn holds(&self, predicate: &Scalar, event: &Event) -> bool {
        let Ok(table) = self.schema.table(&[event]) else { return false };
        table.rows_by_name().next().is_some_and(|row| self.is_true(predicate, row))
    }

    fn is_true(&self, predicate: &Scalar, row: Row<'_>) -> bool {
        predicate.evaluate(row, self.context).is_ok_and(|value| value.as_bool() == Some(true))
    }

    /// The ways to make a predicate true, or not true. Each operand of an `or` occurs in one of them.
    fn ways<'p>(&self, predicate: &'p Scalar, want: bool) -> Vec<Way<'p>> {
        let (name, operands) = match &predicate.kind {
            ScalarKind::Call(Function { name, .. }, operands) => (*name, &operands[..]),
            ScalarKind::Column(_) | ScalarKind::Constant(_) => ("", &[][..]),
        };
        match (name, want) {
            ("and", true) | ("or", false) => operands
                .iter()
                .fold(vec![Way::new()], |ways, operand| all_of(&ways, &self.ways(operand, want))),
            ("or", true) | ("and", false) => {
                let ways = operands.iter().flat_map(|operand| self.ways(operand, want));
                ways.take(MAX_WAYS).collect()
            }
            ("not", _) => operands.iter().flat_map(|operand| self.ways(operand, !want)).collect(),
            _ => self.ways_of_leaf(predicate, want),
        }
    }

    /// One that looks at no column is true or not. One that looks at several is not looked into.
    fn ways_of_leaf<'p>(&self, leaf: &'p Scalar, want: bool) -> Vec<Way<'p>> {
        let mut columns = BTreeSet::new();
        columns_in(leaf, &mut columns);
        match columns.first() {
            None if self.holds(leaf, &Event::default()) != want => vec![],
            Some(column) if columns.len() == 1 => vec![Way::from([(*column, vec![(leaf, want)])])],
            _ => vec![Way::new()],
        }
    }

    /// The event with the first values that fit.
    fn event(&self, way: &Way<'_>) -> Option<Event> {
        let mut event = Event::default();
        for (column, leaves) in way {
            let value = self.value(*column, leaves)?;
            if value != *self.schema.plain(*column) {
                event.cells.insert(*column, value);
            }
        }
        Some(event)
    }

    /// The first value of a column that fits all leaves: a plain one, one of the column's values, or
    /// several of them together.
    fn value(&self, column: usize, leaves: &[(&Scalar, bool)]) -> Option<Dynamic> {
        let table = self.tables.get(&column)?;
        let truths: Vec<(Rc<[bool]>, bool)> =
            leaves.iter().map(|(leaf, want)| (self.truth(column, table, leaf), *want)).collect();
        let value = |row: usize| table.rows()[row][column].clone();
        let mut rows = 0..table.rows().len();
        if let Some(row) = rows.find(|row| truths.iter().all(|(truth, want)| truth[*row] == *want)) {
            return Some(value(row));
        }
        let wanted = truths.iter().filter(|(_, want)| *want);
        let texts = wanted.map(|(truth, _)| {
            let fitting = truth.iter().enumerate().filter(|(_, holds)| **holds).take(MAX_JOINED);
            fitting.filter_map(|(row, _)| value(row).as_str().map(str::to_owned)).collect::<Vec<_>>()
        });
        let texts: Vec<Vec<String>> = texts.collect();
        (0..MAX_JOINED).find_map(|choice| {
            let chosen = texts.iter().map(|texts| texts.get(choice).or(texts.last()).map(String::as_str));
            let chosen: Vec<&str> = chosen.collect::<Option<_>>()?;
            let texts = joined(&chosen).into_iter().map(Dynamic::from);
            let fits = |value: &Dynamic| {
                let event = Event::default().with(column, value.clone());
                leaves.iter().all(|(leaf, want)| self.holds(leaf, &event) == *want)
            };
            texts.into_iter().find(fits)
        })
    }

    /// Of which rows of the table of a column a leaf is true.
    fn truth(&self, column: usize, table: &Table, leaf: &Scalar) -> Rc<[bool]> {
        let key = (column, std::ptr::from_ref(leaf));
        let known = self.truths.borrow().get(&key).cloned();
        known.unwrap_or_else(|| {
            let truth: Rc<[bool]> = table.rows_by_name().map(|row| self.is_true(leaf, row)).collect();
            self.truths.borrow_mut().insert(key, Rc::clone(&truth));
            truth
        })
    }
}

/// Each way of one list together with one of the other: all pairs if they are few, or else so many that
/// each way occurs.
fn all_of<'a>(some: &[Way<'a>], others: &[Way<'a>]) -> Vec<Way<'a>> {
    let together = |a: &Way<'a>, b: &Way<'a>| {
        let mut both = a.clone();
        for (column, leaves) in b {
            both.entry(*column).or_default().extend(leaves);
        }
        both
    };
    if some.is_empty() || others.is_empty() {
        return vec![];
    }
    if some.len() * others.len() <= MAX_WAYS {
        return some.iter().flat_map(|a| others.iter().map(move |b| together(a, b))).collect();
    }
    let count = some.len().max(others.len()).min(MAX_WAYS);
    (0..count).map(|at| together(&some[at % some.len()], &others[at % others.len()])).collect()
}
