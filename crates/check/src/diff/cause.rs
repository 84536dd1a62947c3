//! Assigns differences to causes.

use std::collections::HashMap;

use super::event::Event;
use super::kind::{Kind, Likeness};
use super::misread::{Explained, Misread};
use super::shrink::shrink;
use super::sides::{Asked, Sides};
use crate::stop::Stop;

/// How many causes are told apart.
const MAX_CAUSES: usize = 64;
/// How many events that both sides select, and how many others, are kept to rule out misreadings.
const MAX_KEPT: usize = 96;
/// How many of the events that both sides select are tried with a cell of another event.
const MAX_TRIED: usize = 6;
/// How often an event is reduced for what looks like a known cause.
const MAX_ATTEMPTS: u32 = 2;

/// A cause of differences.
pub(super) struct Cause {
    pub(super) like: Likeness,
    /// The smallest event that shows it.
    pub(super) shown: Asked,
    pub(super) explained: Explained,
    /// The columns whose values make the difference.
    pub(super) culprits: Vec<usize>,
    /// Other kinds of differences that have the same cause.
    pub(super) also: Vec<Kind>,
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
    /// Events that both sides select, and others.
    selected: Vec<Asked>,
    others: Vec<Asked>,
    stop: Stop,
}

impl Causes {
    pub(super) fn new(misread: Option<Misread>, stop: Stop) -> Self {
        Self {
            all: vec![],
            more: 0,
            misread,
            attempts: HashMap::new(),
            selected: vec![],
            others: vec![],
            stop,
        }
    }

    /// Assigns the differences in the answers about an event. Returns the causes that are new, by their
    /// index.
    pub(super) fn add(&mut self, asked: &Asked, place: Option<&str>, sides: &mut Sides<'_>) -> Vec<usize> {
        self.keep(asked);
        let departures = asked.departures();
        let mut likenesses: Vec<Likeness> = vec![];
        for departure in &departures {
            let like = Likeness::of(departure, &asked.event, sides);
            if !likenesses.contains(&like) {
                likenesses.push(like);
            }
        }
        likenesses.into_iter().filter_map(|like| self.add_one(asked, like, place, sides)).collect()
    }

    /// Keeps some of the first answers as evidence.
    fn keep(&mut self, asked: &Asked) {
        let kept = if asked.are_selected() { &mut self.selected } else { &mut self.others };
        if kept.len() < MAX_KEPT {
            kept.push(asked.clone());
        }
    }

    fn add_one(
        &mut self,
        asked: &Asked,
        like: Likeness,
        place: Option<&str>,
        sides: &mut Sides<'_>,
    ) -> Option<usize> {
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
        let (shown, others) = shrink(asked.clone(), &like, sides, &self.stop);
        let explained = self.explain(&like, &shown, &others, sides);
        let culprits = self.culprits(&shown, &like, sides);
        let is_same = |cause: &Cause| {
            let is_alike = cause.like.kind == like.kind
                && cause.like.decided == like.decided
                && cause.culprits == culprits;
            let both = cause
                .explained
                .misreadings
                .iter()
                .any(|one| explained.misreadings.iter().any(|other| one.name == other.name));
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
                if cause.like.kind != like.kind && !cause.also.contains(&like.kind) {
                    cause.also.push(like.kind);
                }
                cause.explained.misreadings.retain(|one| {
                    explained.misreadings.is_empty()
                        || explained.misreadings.iter().any(|other| one.name == other.name)
                });
                None
            }
            None => {
                let place = place.map(str::to_owned);
                self.all.push(Cause { like, shown, explained, culprits, also: vec![], count: 1, place });
                Some(index)
            }
        }
    }

    /// What may explain a difference from the rule, if the first side is one.
    fn explain(&self, like: &Likeness, shown: &Asked, others: &[Asked], sides: &Sides<'_>) -> Explained {
        let Some(misread) = &self.misread else { return Explained::default() };
        let about = like.kind.departures(shown, sides);
        // Differences of the same kind that may have other causes tell nothing about this one.
        let is_telling = |other: &&Asked| {
            let alike =
                other.departures().into_iter().filter(|one| about.iter().any(|about| about.is_alike(one)));
            alike.into_iter().all(|one| Likeness::of(&one, &other.event, sides) == *like)
        };
        let all = others.iter().chain(&self.selected).chain(&self.others);
        let others: Vec<&Asked> = all.filter(is_telling).collect();
        misread.explain(&sides.schema, shown, &about, &others)
    }

    /// The columns whose values make the difference: in no event that both sides select can they stand
    /// without one of the sides no longer selecting it.
    fn culprits(&self, shown: &Asked, like: &Likeness, sides: &mut Sides<'_>) -> Vec<usize> {
        if !matches!(like.kind, Kind::Selected(_)) {
            return vec![];
        }
        let tried =
            self.selected.iter().filter(|other| other.event.schema == shown.event.schema).take(MAX_TRIED);
        let tried: Vec<&Event> = tried.map(|other| &other.event).collect();
        let cells = shown.event.cells.iter();
        let events =
            cells.flat_map(|(column, value)| tried.iter().map(|event| event.with(*column, value.clone())));
        let asked = sides.ask(events.collect());
        let columns = shown.event.cells.keys().enumerate();
        let is_innocent = |at: usize| {
            let of_column = asked.iter().skip(at * tried.len()).take(tried.len());
            of_column.into_iter().any(Asked::are_selected)
        };
        columns.filter(|(at, _)| !is_innocent(*at)).map(|(_, column)| *column).collect()
    }
}
