//! The result of a comparison.

use std::collections::BTreeMap;

use rulespec::kql::Column;
use serde_json::{Map, Value as Json};

use super::answer::{Answer, Departure, Which, differing};
use super::cause::Cause;
use super::event::Event;
use super::kind::{self, Kind};
use super::sides::{Asked, Side, Sides};

/// How two rules, or a rule and a port of it, differ.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Difference {
    /// The names of both sides.
    pub sides: [String; 2],
    /// One finding for each cause.
    pub findings: Vec<Finding>,
    /// How many more events differ. Their causes were not determined.
    pub more: u64,
    /// How many events were not compared, because the rows of the port do not say to which events they
    /// belong, and it was run too often already.
    pub untold: u64,
    /// How many events both sides were asked about.
    pub events: u64,
    /// How many of them are recorded ones.
    pub recorded: u64,
    /// How many of the events at least one side selects.
    pub selected: u64,
    /// Columns that only one side has, and those in another order.
    pub columns: ColumnNotes,
    /// How many values of recorded events, by their columns, were left out, because they do not have the
    /// type of the column.
    pub unfit: BTreeMap<String, u64>,
    /// What could not be read of the recorded events. Whoever reads them sets it.
    pub unread: Unread,
    /// The seed of the generated events.
    pub seed: u64,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// Why a side could not be asked to the end.
    pub given_up: Option<String>,
    /// Whether it was interrupted.
    pub interrupted: bool,
    /// Whether both sides were asked about all events: it was neither interrupted, nor was the time over or
    /// a port given up.
    pub complete: bool,
}

/// What could not be read of the recorded events.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Unread {
    /// The number of faults.
    pub count: u64,
    /// The first of them.
    pub faults: Vec<Fault>,
}

/// A part of the recorded events that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Fault {
    /// Its place, as in the JSON of `rulespec run`.
    pub place: Json,
    /// What is wrong.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

/// Columns that only one side has, and what else differs between the columns of both results.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct ColumnNotes {
    /// The columns that only the first side has.
    pub only_a: Vec<String>,
    /// The columns that only the second side has.
    pub only_b: Vec<String>,
    /// Whether the columns that both have are in another order.
    pub other_order: bool,
    /// The columns that have another type, with both types.
    pub other_type: Vec<(String, String, String)>,
    /// Whether it is a difference that only one side has a column. It is between two rules. A port need
    /// not return all columns.
    pub must_agree: bool,
}

impl ColumnNotes {
    /// Whether they are those that a right port, or an equal rule, may have.
    pub fn agree(&self) -> bool {
        !self.must_agree || self.only_a.is_empty() && self.only_b.is_empty() && self.other_type.is_empty()
    }
}

/// A cause of differences, shown by the smallest event.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Finding {
    /// In which way both sides differ.
    #[serde(flatten)]
    pub what: What,
    /// In which other ways they differ by the same cause.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<String>,
    /// The columns of the event that matter. All others are empty.
    pub event: Map<String, Json>,
    /// A column that the table of the event lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absent: Option<String>,
    /// The predicates that decided, on the sides that are rules.
    pub decided_by: Vec<Decider>,
    /// The clauses of the specification that it depends on.
    pub clauses: Vec<String>,
    /// The misreading of the specification that explains it, and what it says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub misreading: Option<Reading>,
    /// The open point whose alternative the second side follows: which one is right is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<Open>,
    /// How many events differ by this cause, as far as causes were told apart.
    pub count: u64,
    /// The place of the recorded event that showed it first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Whether a port gives another answer when it is asked about this event alone: its answers change, or
    /// depend on the other events.
    pub unstable: bool,
}

/// An open point, and an alternative there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Open {
    /// The id of the point.
    pub point: String,
    /// The name of the alternative.
    pub alternative: String,
}

/// A misreading, by its name and what it says.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Reading {
    /// Its name.
    pub name: String,
    /// What it assumes, in one sentence.
    pub says: String,
}

/// In which way both sides differ.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(tag = "differs", rename_all = "kebab-case")]
pub enum What {
    /// Only this side selects the event.
    Selected {
        /// The side.
        by: Which,
    },
    /// Both select it, with another number of rows.
    Rows {
        /// The numbers.
        rows: [usize; 2],
    },
    /// Columns have other values.
    Columns {
        /// Each column with both values.
        columns: Vec<Values>,
    },
    /// Only this side has an error.
    Error {
        /// The side.
        of: Which,
        /// The error.
        error: String,
    },
    /// The port answers about this event otherwise when it is alone, so it does not look at each event
    /// alone.
    Together {},
    /// They return another number of rows for a table that has the event twice.
    Twice {
        /// The numbers.
        rows: [usize; 2],
    },
    /// Both return the same rows for each event alone, but not for a table of several.
    Table {
        /// The events of the table, after the first.
        more_events: Vec<Map<String, Json>>,
        /// The rows of both results, with the columns that both have.
        rows: [Vec<Map<String, Json>>; 2],
    },
}

/// A column with two values.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Values {
    /// The name of the column.
    pub column: String,
    /// The value of the first side.
    pub a: Json,
    /// The value of the second side.
    pub b: Json,
}

/// A predicate that decided about an event.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Decider {
    /// The side that has it.
    pub side: Which,
    /// The predicate as KQL.
    pub predicate: String,
    /// Whether it is true.
    pub holds: bool,
    /// The line of the rule, from 1.
    pub line: usize,
    /// The column in that line, from 1.
    pub column: usize,
}

impl Difference {
    /// Whether no difference was found, except at open points, some event was selected, nothing was
    /// left out or unread, and the search was not cut short.
    pub fn is_none(&self) -> bool {
        let is_same = self.findings.iter().all(|finding| finding.open.is_some())
            && self.more == 0
            && self.untold == 0
            && self.unfit.is_empty()
            && self.unread.count == 0
            && self.columns.agree();
        is_same && self.given_up.is_none() && self.selected > 0
    }

    /// The result as JSON.
    pub fn json(&self) -> String {
        let text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.lines().map(|line| crate::printable::json(line).into_owned() + "\n").collect()
    }
}

impl Finding {
    /// A finding without a cause: only what differs, and the event.
    pub(super) fn new(what: What, event: Map<String, Json>) -> Self {
        Self {
            what,
            also: vec![],
            event,
            absent: None,
            decided_by: vec![],
            clauses: vec![],
            misreading: None,
            open: None,
            count: 1,
            place: None,
            unstable: false,
        }
    }
}

/// A cause as it is shown.
pub(super) fn finding(cause: &Cause, sides: &Sides<'_>) -> Finding {
    let Cause { shown, explained, .. } = cause;
    let absent = sides.schema.absent_in(shown.event.schema);
    let misreading = explained.misreadings.first();
    Finding {
        also: cause.also.iter().map(Kind::to_string).collect(),
        absent: absent.map(|column| sides.schema.columns[column].name.clone()),
        decided_by: cause.decided.iter().filter_map(|one| decider(one, sides)).collect(),
        clauses: explained.clauses.iter().map(|clause| (*clause).to_owned()).collect(),
        misreading: misreading
            .map(|misreading| Reading { name: misreading.name.to_owned(), says: misreading.says.to_owned() }),
        open: cause.open.map(|(point, alternative)| Open {
            point: point.to_owned(),
            alternative: alternative.to_owned(),
        }),
        count: cause.count,
        place: cause.place.clone(),
        ..Finding::new(what(cause, sides), cells(&shown.event, sides))
    }
}

fn what(cause: &Cause, sides: &Sides<'_>) -> What {
    let of = |which| if which == Which::A { &cause.shown.a } else { &cause.shown.b };
    match &cause.like.kind {
        Kind::Selected(by) => What::Selected { by: *by },
        Kind::Count => What::Rows { rows: [count(&cause.shown.a), count(&cause.shown.b)] },
        Kind::Error(which) => What::Error {
            of: *which,
            error: match of(*which) {
                Answer::Error(what) => what.clone(),
                Answer::Rows(_) | Answer::NotAsked => String::new(),
            },
        },
        Kind::Together => What::Together {},
        Kind::Columns(_) | Kind::NullForEmpty => What::Columns { columns: values(cause, sides) },
    }
}

fn count(answer: &Answer) -> usize {
    match answer {
        Answer::Rows(rows) => rows.len(),
        Answer::Error(_) | Answer::NotAsked => 0,
    }
}

/// The columns that differ in the way of this cause, with both values.
fn values(cause: &Cause, sides: &Sides<'_>) -> Vec<Values> {
    let Asked { a: Answer::Rows(a), b: Answer::Rows(b), .. } = &cause.shown else { return vec![] };
    let (Some(a), Some(b)) = (a.first(), b.first()) else { return vec![] };
    let departures = cause.like.kind.departures(&cause.shown, sides);
    let is_meant = |name: &str| {
        departures.iter().any(|one| matches!(one, Departure::Column(column, _) if column == name))
    };
    let differing = differing(a, b).into_iter().filter(|(name, ..)| is_meant(name));
    differing.map(|(name, a, b)| Values { column: name.to_owned(), a: a.json(), b: b.json() }).collect()
}

/// The cells of an event that are not plain, and that a side reads.
pub(super) fn cells(event: &Event, sides: &Sides<'_>) -> Map<String, Json> {
    let schema = &sides.schema;
    let all = schema.cells(event);
    let is_shown = |index: usize| {
        event.cells.contains_key(&index) || schema.is_read[index] && all[index] != *schema.plain(index)
    };
    let named = schema.columns.iter().enumerate().zip(&all).filter(|((index, _), _)| is_shown(*index));
    named.map(|((_, column), cell): ((usize, &Column), _)| (column.name.clone(), cell.to_json())).collect()
}

/// A predicate that decided, as it is shown.
fn decider(decider: &kind::Decider, sides: &Sides<'_>) -> Option<Decider> {
    let kind::Decider { side, finding, .. } = decider;
    let (_, rule) = sides.rules().find(|(which, _)| which == side)?;
    let (line, column) = finding.span.line_and_column(rule.rule.text());
    let (predicate, holds) = (finding.predicate.clone(), finding.holds == Some(true));
    Some(Decider { side: *side, predicate, holds, line, column })
}

/// The columns that both sides have in their results, and those that only one has.
pub(super) fn column_notes(sides: &Sides<'_>) -> ColumnNotes {
    let (a, b) = (output(&sides.a), output(&sides.b));
    let (Some(a), Some(b)) = (a, b) else { return ColumnNotes::default() };
    let only = |some: &[(String, String)], others: &[(String, String)]| {
        let is_new =
            |(name, _): &&(String, String)| others.iter().all(|(other, _)| !other.eq_ignore_ascii_case(name));
        some.iter().filter(is_new).map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    let in_both = |some: &[(String, String)], others: &[(String, String)]| {
        let is_known = |(name, _): &&(String, String)| others.iter().any(|(other, _)| other == name);
        some.iter().filter(is_known).map(|(name, _)| name.clone()).collect::<Vec<_>>()
    };
    let types = a.iter().filter_map(|(name, a)| {
        let (_, b) = b.iter().find(|(other, _)| other == name)?;
        (a != b && !a.is_empty() && !b.is_empty()).then(|| (name.clone(), a.clone(), b.clone()))
    });
    ColumnNotes {
        only_a: only(&a, &b),
        only_b: only(&b, &a),
        other_order: in_both(&a, &b) != in_both(&b, &a),
        other_type: types.collect(),
        must_agree: sides.ports().next().is_none(),
    }
}

/// The columns of the result of a side with their types, as far as they are known.
fn output(side: &Side<'_>) -> Option<Vec<(String, String)>> {
    match side {
        Side::Rule(rule) => {
            Some(rule.output.iter().map(|column| (column.name.clone(), column.r#type.to_string())).collect())
        }
        Side::Port(port) if port.output.is_empty() => None,
        Side::Port(port) => Some(port.output.iter().map(|name| (name.clone(), String::new())).collect()),
    }
}
