//! Both sides, asked about the same events.

use std::collections::BTreeSet;

use super::answer::{Answer, Departure, Which, departures};
use super::event::{Event, Schema};
use super::port::PortSide;
use super::rule_side::RuleSide;

/// A rule or a port.
pub(super) enum Side<'a> {
    Rule(Box<RuleSide>),
    Port(PortSide<'a>),
}

/// An event, and what both sides say about it.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) event: Event,
    pub(super) a: Answer,
    pub(super) b: Answer,
}

impl Asked {
    pub(super) fn departures(&self) -> Vec<Departure> {
        departures(&self.a, &self.b)
    }

    /// Whether a side was not asked.
    pub(super) fn is_unanswered(&self) -> bool {
        [&self.a, &self.b].contains(&&Answer::NotAsked)
    }

    /// Whether both sides select the event.
    pub(super) fn are_selected(&self) -> bool {
        self.a.is_selected() && self.b.is_selected()
    }
}

/// Both sides, and the tables that they are asked about.
pub(super) struct Sides<'a> {
    pub(super) schema: Schema,
    pub(super) a: Side<'a>,
    pub(super) b: Side<'a>,
}

impl<'a> Side<'a> {
    pub(super) fn rule(&self) -> Option<&RuleSide> {
        match self {
            Self::Rule(side) => Some(side),
            Self::Port(_) => None,
        }
    }

    pub(super) fn port(&self) -> Option<&PortSide<'a>> {
        match self {
            Self::Rule(_) => None,
            Self::Port(side) => Some(side),
        }
    }

    fn ask(&mut self, schema: &Schema, events: &[&Event], expected: Option<&[Answer]>) -> Vec<Answer> {
        match self {
            Self::Rule(side) => side.ask(schema, events),
            Self::Port(side) => side.ask(schema, events, expected),
        }
    }
}

impl<'a> Sides<'a> {
    /// Asks both sides about each event. Those with the same schema are asked about at once.
    pub(super) fn ask(&mut self, events: Vec<Event>) -> Vec<Asked> {
        let schemas: BTreeSet<usize> = events.iter().map(|event| event.schema).collect();
        let mut asked = vec![];
        for schema in schemas {
            let events: Vec<Event> = events.iter().filter(|event| event.schema == schema).cloned().collect();
            let all: Vec<&Event> = events.iter().collect();
            let a = self.a.ask(&self.schema, &all, None);
            let b = self.b.ask(&self.schema, &all, Some(&a));
            let answers = events.into_iter().zip(a.into_iter().zip(b));
            asked.extend(answers.map(|(event, (a, b))| Asked { event, a, b }));
        }
        asked
    }

    /// How many events are asked about at once. A rule that does not look at each row alone is compared
    /// with a port event by event.
    pub(super) fn batch(&self) -> usize {
        if self.ports().next().is_some() && self.rules().any(|(_, rule)| !rule.is_row_by_row()) {
            return 1;
        }
        self.ports().map(PortSide::batch).min().unwrap_or(64)
    }

    pub(super) fn ports(&self) -> impl Iterator<Item = &PortSide<'a>> {
        [&self.a, &self.b].into_iter().filter_map(Side::port)
    }

    pub(super) fn rules(&self) -> impl Iterator<Item = (Which, &RuleSide)> {
        let both = [(Which::A, &self.a), (Which::B, &self.b)];
        both.into_iter().filter_map(|(which, side)| Some((which, side.rule()?)))
    }

    /// Why a side can no longer be asked, if it cannot.
    pub(super) fn gone(&self) -> Option<String> {
        self.ports().find_map(|port| port.gone.clone())
    }
}
