//! Which differences are alike.

use std::collections::BTreeSet;
use std::fmt;

use rulespec::rule::explain::Finding;

use super::answer::{Departure, Which};
use super::event::Event;
use super::sides::{Asked, Sides};

/// What differences that may have one cause have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Likeness {
    pub(super) kind: Kind,
    /// The predicates that decide, by their number in the rule of a side.
    pub(super) decided: Vec<(Which, usize)>,
}

/// What differs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    /// Only this side selects the event.
    Selected(Which),
    /// The number of rows.
    Count,
    /// The values of columns that are computed from these.
    Columns(BTreeSet<String>),
    /// One side has null where the other has empty text.
    NullForEmpty,
    /// Only this side has an error.
    Error(Which),
    /// The port answers otherwise about the event alone.
    Together,
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Selected(which) => write!(f, "only {which} selects an event"),
            Self::Count => f.write_str("another number of rows"),
            Self::Columns(columns) => {
                write!(f, "what is computed from {}", columns.iter().cloned().collect::<Vec<_>>().join(", "))
            }
            Self::NullForEmpty => f.write_str("null in place of empty text"),
            Self::Error(which) => write!(f, "only {which} has an error"),
            Self::Together => f.write_str("another answer about an event among others"),
        }
    }
}

impl Kind {
    fn of(departure: &Departure, sides: &Sides<'_>) -> Self {
        match departure {
            Departure::Selected(which) => Self::Selected(*which),
            Departure::Count => Self::Count,
            Departure::Column(_, true) => Self::NullForEmpty,
            Departure::Column(name, false) => Self::Columns(roots(name, sides)),
            Departure::Error(which) => Self::Error(*which),
        }
    }

    /// The differences of this kind in the answers about an event.
    pub(super) fn departures(&self, asked: &Asked, sides: &Sides<'_>) -> Vec<Departure> {
        asked.departures().into_iter().filter(|departure| Self::of(departure, sides) == *self).collect()
    }
}

impl Likeness {
    /// What a difference has in common with those that are alike.
    pub(super) fn of(departure: &Departure, event: &Event, sides: &Sides<'_>) -> Self {
        let kind = Kind::of(departure, sides);
        let decided = deciders(&kind, event, sides).into_iter();
        Self { kind, decided: decided.map(|decider| (decider.side, decider.number)).collect() }
    }
}

/// A predicate that decides.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decider {
    pub(super) side: Which,
    /// Its number among the predicates of the rule that are no `and`, `or` or `not`, from 0.
    pub(super) number: usize,
    pub(super) finding: Finding,
}

/// The columns that a column is computed from, by the first rule that computes it.
fn roots(name: &str, sides: &Sides<'_>) -> BTreeSet<String> {
    let computed = sides.rules().map(|(_, rule)| rule.formula.roots(name));
    let own = BTreeSet::from([name.to_owned()]);
    computed.into_iter().find(|roots| *roots != own).unwrap_or(own)
}

/// The predicates that decide that only one side selects an event: those that are false on the other, or
/// if that is a port, those that are true.
pub(super) fn deciders(kind: &Kind, event: &Event, sides: &Sides<'_>) -> Vec<Decider> {
    let Kind::Selected(by) = kind else { return vec![] };
    let other = sides.rules().find(|(which, _)| which != by);
    let Some((side, rule)) = other.or_else(|| sides.rules().next()) else { return vec![] };
    let Some(explanation) = rule.explain(&sides.schema, event) else { return vec![] };
    let decided = explanation.decided_by.into_iter();
    let deciders = decided.filter_map(|number| {
        let finding = explanation.findings.get(number)?.clone();
        Some(Decider { side, number, finding })
    });
    deciders.collect()
}
