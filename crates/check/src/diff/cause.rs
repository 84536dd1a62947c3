//! Assigns differences to causes.

use std::collections::HashMap;

use rulespec::kql::Dynamic;

use super::answer::Answer;
use super::kind::{Kind, Likeness};
use super::misread::{Explained, Misread};
use super::shrink::shrink;
use super::sides::{Asked, Sides};
use crate::stop::Stop;

/// How many causes are told apart.
const MAX_CAUSES: usize = 64;
/// How many events that agree are kept, to rule out misreadings.
const MAX_AGREEING: usize = 128;
/// How often an event is reduced for what looks like a known cause.
const MAX_ATTEMPTS: u32 = 2;

/// A cause of differences.
pub(super) struct Cause {
    pub(super) like: Likeness,
    /// The smallest event that shows it.
    pub(super) shown: Asked,
    pub(super) explained: Explained,
    /// The columns of which it depends that they are not what they are elsewhere.
    culprits: Vec<usize>,
    /// How many events show it.
    pub(super) count: u64,
    /// The place of the recorded event that first showed it.
    pub(super) place: Option<String>,
}

/// The causes that are known.
pub(super) struct Causes {
    pub(super) all: Vec<Cause>,
    /// How many events differ whose cause was not looked for.
    pub(super) more: u64,
    misread: Option<Misread>,
    /// For what is alike and differs by the same column: how often an event was reduced, and its cause.
    attempts: HashMap<(Likeness, Option<usize>), (u32, Option<usize>)>,
    agreeing: Vec<Asked>,
    stop: Stop,
}

impl Causes {
    pub(super) fn new(misread: Option<Misread>, stop: Stop) -> Self {
        Self { all: vec![], more: 0, misread, attempts: HashMap::new(), agreeing: vec![], stop }
    }

    /// Assigns the differences in the answers about an event. Returns the causes that are new, by their
    /// index.
    pub(super) fn add(&mut self, asked: &Asked, place: Option<&str>, sides: &mut Sides<'_>) -> Vec<usize> {
        let departures = asked.departures();
        if departures.is_empty() {
            if self.agreeing.len() < MAX_AGREEING {
                self.agreeing.push(asked.clone());
            }
            return vec![];
        }
        let mut likenesses: Vec<Likeness> = vec![];
        for departure in &departures {
            let like = Likeness::of(departure, &asked.event, sides);
            if !likenesses.contains(&like) {
                likenesses.push(like);
            }
        }
        likenesses.into_iter().filter_map(|like| self.add_one(asked, like, place, sides)).collect()
    }

    fn add_one(&mut self, asked: &Asked, like: Likeness, place: Option<&str>, sides: &mut Sides<'_>) -> Option<usize> {
        // With two rules, the predicates that decide tell causes apart. A port explains nothing.
        let flipped = asked.event.flipped.filter(|_| sides.ports().next().is_some());
        let key = (like.clone(), flipped);
        let (attempts, known) = self.attempts.get(&key).copied().unwrap_or_default();
        if attempts >= MAX_ATTEMPTS || self.all.len() >= MAX_CAUSES || self.stop.is_set() {
            match known {
                Some(index) => self.all[index].count += 1,
                None => self.more += 1,
            }
            return None;
        }
        let (shown, mut others) = shrink(asked.clone(), &like, sides, &self.stop);
        others.extend(self.agreeing.iter().cloned());
        let explained = self.explain(&like, &shown, &others, sides);
        let culprits = culprits(&shown, &like, &others, sides);
        let like = of_shown(&shown, &like, sides);
        let is_same = |cause: &Cause| {
            let is_alike = cause.like.kind == like.kind && cause.like.decided == like.decided && cause.culprits == culprits;
            let both = cause.explained.misreadings.iter().any(|one| explained.misreadings.iter().any(|other| one.name == other.name));
            let neither = cause.explained.misreadings.is_empty() || explained.misreadings.is_empty();
            both || is_alike && neither
        };
        let found = self.all.iter().position(is_same);
        let index = found.unwrap_or(self.all.len());
        self.attempts.insert(key, (attempts + 1, Some(index)));
        match found {
            Some(index) => {
                let cause = &mut self.all[index];
                cause.count += 1;
                cause.explained.misreadings.retain(|one| {
                    explained.misreadings.is_empty() || explained.misreadings.iter().any(|other| one.name == other.name)
                });
                None
            }
            None => {
                let place = place.map(str::to_owned);
                self.all.push(Cause { like, shown, explained, culprits, count: 1, place });
                Some(index)
            }
        }
    }

    /// What may explain a difference from the rule, if the first side is one.
    fn explain(&self, like: &Likeness, shown: &Asked, others: &[Asked], sides: &Sides<'_>) -> Explained {
        let Some(misread) = &self.misread else { return Explained::default() };
        // Events with other differences tell nothing about this one.
        let is_telling = |other: &&Asked| {
            let departures = other.departures();
            departures.iter().all(|departure| Likeness::of(departure, &other.event, sides).kind == like.kind)
        };
        let others: Vec<Asked> = others.iter().filter(is_telling).cloned().collect();
        misread.explain(&sides.schema, shown, &others)
    }
}

/// What the event that is shown has in common with others that are alike.
fn of_shown(shown: &Asked, like: &Likeness, sides: &Sides<'_>) -> Likeness {
    let all = shown.departures();
    let mut found = all.iter().map(|departure| Likeness::of(departure, &shown.event, sides));
    found.find(|found| found.kind == like.kind).unwrap_or_else(|| like.clone())
}

/// The columns whose value makes the difference: with another value, that some event has on which the
/// sides agree, it is gone.
fn culprits(shown: &Asked, like: &Likeness, others: &[Asked], sides: &mut Sides<'_>) -> Vec<usize> {
    const MAX_TRIED: usize = 12;
    if !matches!(like.kind, Kind::Selected(_)) {
        return vec![];
    }
    let agrees = |asked: &&Asked| asked.departures().is_empty() && asked.event.schema == shown.event.schema;
    let agreeing: Vec<&Asked> = others.iter().filter(agrees).collect();
    let mut tried = vec![];
    for (column, value) in &shown.event.cells {
        let mut values: Vec<&Dynamic> =
            agreeing.iter().filter_map(|asked| asked.event.cells.get(column)).filter(|other| *other != value).collect();
        values.dedup();
        tried.extend(values.into_iter().take(MAX_TRIED).map(|value| (*column, shown.event.with(*column, value.clone()))));
    }
    let (columns, events): (Vec<usize>, Vec<_>) = tried.into_iter().unzip();
    let asked = sides.ask(events);
    let is_selected = |asked: &Asked| {
        asked.departures().is_empty() && matches!(&asked.a, Answer::Rows(rows) if !rows.is_empty())
    };
    let mut found: Vec<usize> =
        columns.iter().zip(&asked).filter(|(_, asked)| is_selected(asked)).map(|(column, _)| *column).collect();
    found.dedup();
    found
}
