//! Assigns differences to causes.

use std::collections::{BTreeSet, HashMap};

use rulespec::kql::Dynamic;

use super::answer::Which;
use super::event::{Event, Schema};
use super::formula::{columns_in, leaves};
use super::kind::{Decider, Kind, Likeness, deciders};
use super::misread::{Explained, Misread};
use super::shrink::shrink;
use super::sides::{Asked, Sides};
use crate::stop::Stop;

/// The clause that a string is never null.
const NEVER_NULL: &str = "TXT-04";
/// How many causes are told apart.
const MAX_CAUSES: usize = 64;
/// How many events that both sides select, and how many others, are kept to rule out misreadings.
const MAX_KEPT: usize = 192;
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
    /// The predicates that make the difference.
    pub(super) decided: Vec<Decider>,
    /// The columns whose values cause the difference.
    culprits: Vec<usize>,
    /// The predicates that decide, and the cells that they read in the event that is shown.
    deciding: Vec<Deciding>,
    /// The open point, and the alternative there that the other side follows, if that is all.
    pub(super) open: Option<(&'static str, &'static str)>,
    /// Other kinds of differences that have the same cause.
    pub(super) also: Vec<Kind>,
    /// How many events show it.
    pub(super) count: u64,
    /// The place of the recorded event that first showed it.
    pub(super) place: Option<String>,
}

impl Cause {
    /// Whether another cause is this one: it follows the same alternative of an open point, has the same
    /// misreading, or none and looks the same, or is shown by an event with the same cells. If predicates
    /// decide, only the cells that they read count.
    fn is_same(&self, other: &Self, schema: &Schema) -> bool {
        let is_unexplained = self.explained.misreadings.is_empty() || other.explained.misreadings.is_empty();
        let is_alike = self.like == other.like && self.culprits == other.culprits && is_unexplained;
        let is_decided_alike = !self.deciding.is_empty() && self.deciding == other.deciding;
        let is_same_event = self.like.kind == other.like.kind
            && (is_decided_alike || schema.cells(&self.shown.event) == schema.cells(&other.shown.event));
        let is_same = self.explained.shares_misreading(&other.explained) || is_alike || is_same_event;
        self.open == other.open && (self.open.is_some() || is_same)
    }

    /// Counts a cause that is the same.
    fn merge(&mut self, other: Self) {
        self.count += 1;
        if self.like.kind != other.like.kind && !self.also.contains(&other.like.kind) {
            self.also.push(other.like.kind);
        }
        let explained = other.explained;
        let is_shared = |name: &str| explained.misreadings.iter().any(|other| other.name == name);
        self.explained.misreadings.retain(|one| explained.misreadings.is_empty() || is_shared(one.name));
    }
}

/// The causes that are known.
pub(super) struct Causes {
    pub(super) all: Vec<Cause>,
    /// How many more events differ. Their causes were not determined.
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
        let new = self.cause(asked, like, place, sides);
        let found = self.all.iter().position(|cause| cause.is_same(&new, &sides.schema));
        self.attempts.insert(key, (attempts + 1, Some(found.unwrap_or(self.all.len()))));
        match found {
            Some(index) => {
                self.all[index].merge(new);
                None
            }
            None => {
                self.all.push(new);
                Some(self.all.len() - 1)
            }
        }
    }

    /// The cause of a difference, shown by the smallest event that has it.
    fn cause(&self, asked: &Asked, like: Likeness, place: Option<&str>, sides: &mut Sides<'_>) -> Cause {
        let (like, (shown, mut others)) = match holds_alone(asked, &like, sides) {
            true => (like.clone(), shrink(asked.clone(), &like, sides, &self.stop)),
            false => (Likeness { kind: Kind::Together, decided: vec![] }, (asked.clone(), vec![])),
        };
        let probes = self.probes(&shown, &like, sides);
        let culprits = culprits(&shown, &like, &probes);
        let decided = decided(&shown, &like, &probes, sides);
        let open = self.misread.as_ref().and_then(|misread| {
            misread.open_point(&sides.schema, &shown, &like.kind.departures(&shown, sides))
        });
        let explained = match open {
            Some(_) => Explained::default(),
            None => {
                let explained = self.explain(&like, &shown, &decided, &others, sides);
                let trials = self.trials(&explained, &like, &shown, sides);
                if trials.is_empty() {
                    explained
                } else {
                    others.extend(trials);
                    self.explain(&like, &shown, &decided, &others, sides)
                }
            }
        };
        let place = place.map(str::to_owned);
        let deciding = deciding(&decided, &shown, sides);
        Cause { like, shown, decided, explained, culprits, deciding, open, also: vec![], count: 1, place }
    }

    /// What may explain a difference from the rule, if the first side is one.
    fn explain(
        &self,
        like: &Likeness,
        shown: &Asked,
        decided: &[Decider],
        others: &[Asked],
        sides: &Sides<'_>,
    ) -> Explained {
        let Some(misread) = &self.misread else { return Explained::default() };
        let about = like.kind.departures(shown, sides);
        // Differences of the same kind that may have other causes tell nothing about this one.
        let is_telling = |other: &&Asked| {
            let departures = other.departures().into_iter();
            let mut alike = departures.filter(|one| about.iter().any(|about| about.is_alike(one)));
            alike.all(|one| Likeness::of(&one, &other.event, sides) == *like)
        };
        let all = others.iter().chain(&self.selected).chain(&self.others);
        let others: Vec<&Asked> = all.filter(is_telling).collect();
        let numbers = decided.iter().filter(|one| one.side == Which::A).map(|one| one.number);
        let explained = misread.explain(&sides.schema, shown, &about, &others, &numbers.collect::<Vec<_>>());
        match like.kind {
            Kind::NullForEmpty if explained.misreadings.is_empty() => {
                Explained { clauses: vec![NEVER_NULL], ..explained }
            }
            _ => explained,
        }
    }

    /// Other events about which the rule answers otherwise under the misreadings that may explain a
    /// difference, asked about.
    fn trials(
        &self,
        explained: &Explained,
        like: &Likeness,
        shown: &Asked,
        sides: &mut Sides<'_>,
    ) -> Vec<Asked> {
        let Some((misread, rule)) = self.misread.as_ref().zip(sides.a.rule()) else { return vec![] };
        let about = like.kind.departures(shown, sides);
        let mut events: Vec<Event> = vec![];
        for misreading in &explained.misreadings {
            for event in misread.trials(misreading, (rule, &sides.schema), &shown.event, &about) {
                if !events.contains(&event) {
                    events.push(event);
                }
            }
        }
        sides.ask(events)
    }

    /// Events that both sides selected, each with one cell of the event that is shown, asked about again.
    fn probes(&self, shown: &Asked, like: &Likeness, sides: &mut Sides<'_>) -> Vec<(usize, Asked)> {
        if !matches!(like.kind, Kind::Selected(_)) {
            return vec![];
        }
        let tried =
            self.selected.iter().filter(|other| other.event.schema == shown.event.schema).take(MAX_TRIED);
        let tried: Vec<&Event> = tried.map(|other| &other.event).collect();
        let cells = shown.event.cells.iter();
        let probes = cells.flat_map(|(column, value)| {
            tried.iter().map(|event| (*column, event.with(*column, value.clone())))
        });
        let (columns, events): (Vec<usize>, Vec<Event>) = probes.unzip();
        columns.into_iter().zip(sides.ask(events)).collect()
    }
}

/// The side and the number of a predicate, and the cells that it reads.
type Deciding = (Which, usize, Vec<(usize, Dynamic)>);

fn deciding(decided: &[Decider], shown: &Asked, sides: &Sides<'_>) -> Vec<Deciding> {
    let cells = sides.schema.cells(&shown.event);
    let read = |one: &Decider| {
        let (_, rule) = sides.rules().find(|(which, _)| *which == one.side)?;
        let mut columns = BTreeSet::new();
        columns_in(rule.formula.predicates.iter().flat_map(leaves).nth(one.number)?, &mut columns);
        let cells = columns.into_iter().filter_map(|column| Some((column, cells.get(column)?.clone())));
        Some((one.side, one.number, cells.collect()))
    };
    decided.iter().filter_map(read).collect()
}

/// Whether a port still differs if it is asked about the event alone.
pub(super) fn holds_alone(asked: &Asked, like: &Likeness, sides: &mut Sides<'_>) -> bool {
    if sides.ports().next().is_none() {
        return true;
    }
    let alone = sides.ask(vec![asked.event.clone()]);
    // The predicates that decide need not be compared: the event is the same.
    alone.iter().any(|alone| !like.kind.departures(alone, sides).is_empty() || alone.is_unanswered())
}

/// The columns whose values make the difference: with the value, none of the events that both sides select
/// is still selected by both.
fn culprits(shown: &Asked, like: &Likeness, probes: &[(usize, Asked)]) -> Vec<usize> {
    let is_innocent =
        |column: &usize| probes.iter().any(|(probed, asked)| probed == column && asked.are_selected());
    let is_selection = matches!(like.kind, Kind::Selected(_));
    shown.event.cells.keys().filter(|column| is_selection && !is_innocent(column)).copied().collect()
}

/// The predicates that make the difference: those that do not also decide, with the same value, about an
/// event that both sides select. All, if there are no others.
fn decided(shown: &Asked, like: &Likeness, probes: &[(usize, Asked)], sides: &Sides<'_>) -> Vec<Decider> {
    let all = deciders(&like.kind, &shown.event, sides);
    let selected = probes.iter().filter(|(_, asked)| asked.are_selected());
    let innocent: Vec<Decider> =
        selected.flat_map(|(_, asked)| deciders(&like.kind, &asked.event, sides)).collect();
    let is_innocent = |one: &Decider| {
        innocent.iter().any(|other| {
            (other.side, other.number) == (one.side, one.number) && other.finding.value == one.finding.value
        })
    };
    let left: Vec<Decider> = all.iter().filter(|one| !is_innocent(one)).cloned().collect();
    if left.is_empty() { all } else { left }
}
