//! Which misreadings of the specification would make one side answer as the other does.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use rulespec::kql::{Datetime, Dynamic, Profile, Semantics};
use rulespec::query::bound::Scalar;
use rulespec::query::{BoundQuery, Context};
use rulespec::rule::Rule;

use super::answer::{Answer, Departure, departures};
use super::event::{Event, Schema};
use super::formula::leaves;
use super::generate::{Generator, flip};
use super::rule_side::{self, RuleSide};
use super::sides::Asked;
use crate::misreading::{Misreading, all};

/// How many clauses are named if no misreading explains a difference.
const MAX_CLAUSES: usize = 3;
/// How many events put each misreading to the test that may explain a difference.
const MAX_TRIALS: usize = 6;
/// Among how many events these are searched for, for each cell.
const MAX_TRIED: usize = 300;
/// How many events tell how often a misreading changes the answer.
const MAX_COUNTED: usize = 64;

/// A rule under each misreading.
pub(super) struct Misread {
    rule: Rule,
    /// Its predicates that are no `and`, `or` or `not`, in terms of the columns of its table.
    predicates: Vec<Scalar>,
    now: Datetime,
    readings: Vec<OnceCell<Option<Reading>>>,
    /// The values of columns with which misreadings are put to the test.
    values: BTreeMap<usize, Vec<Dynamic>>,
    /// Some events, and what the rule answers.
    pool: Vec<(Event, Answer)>,
}

/// A rule under one misreading, bound to each schema.
struct Reading {
    semantics: Semantics,
    bound: Vec<BoundQuery>,
    /// Whether it is another text of the rule.
    is_edit: bool,
}

/// What may explain a difference.
#[derive(Debug, Clone, Default)]
pub(super) struct Explained {
    /// The misreadings that predict the answers, by their names.
    pub(super) misreadings: Vec<&'static Misreading>,
    /// The clauses that it depends on.
    pub(super) clauses: Vec<&'static str>,
}

impl Explained {
    /// Whether some misreading explains both.
    pub(super) fn shares_misreading(&self, other: &Self) -> bool {
        let is_shared = |one: &Misreading| other.misreadings.iter().any(|other| other.name == one.name);
        self.misreadings.iter().any(|one| is_shared(one))
    }
}

impl Misread {
    pub(super) fn new(rule: &RuleSide, schema: &Schema, generator: &Generator, now: Datetime) -> Self {
        let answered = generator.sample(MAX_COUNTED).into_iter().filter_map(|event| {
            let answer = rule.ask(schema, &[&event]).pop()?;
            Some((event, answer))
        });
        let predicates = rule.formula.predicates.iter().flat_map(leaves).cloned().collect();
        Self {
            rule: rule.rule.clone(),
            predicates,
            now,
            readings: all().iter().map(|_| OnceCell::new()).collect(),
            values: generator.values.clone(),
            pool: answered.collect(),
        }
    }

    /// What may explain that `b` answers otherwise than the rule about the event that is shown, as far as
    /// some departures go, and as it does about others. If it is selected by one side only, these
    /// predicates decided, by their number.
    pub(super) fn explain(
        &self,
        schema: &Schema,
        shown: &Asked,
        about: &[Departure],
        others: &[&Asked],
        decided: &[usize],
    ) -> Explained {
        let mut explained = Explained::default();
        let (mut partly, mut breaking) = (vec![], vec![]);
        for (index, misreading) in all().iter().enumerate() {
            let Some(answer) = self.answer(index, schema, &shown.event) else { continue };
            let changed = departures(&shown.a, &answer);
            let is_relevant = about.iter().any(|one| changed.iter().any(|other| one.is_like(other)));
            // A clause that the predicates do not depend on is not what makes them true or false.
            let is_selection = matches!(about, [Departure::Selected(_)]);
            if !is_relevant || is_selection && !self.changes(index, schema, &shown.event, decided) {
                continue;
            }
            match Self::predicts(&answer, shown, about) {
                false => breaking.push(index),
                true if self.predicts_all(index, schema, about, others) => {
                    explained.misreadings.push(misreading);
                }
                true => partly.push(index),
            }
        }
        // What changes few answers is more likely to be the cause than what changes most.
        for indices in [&mut partly, &mut breaking] {
            indices.sort_by_cached_key(|index| self.count_changed(*index, schema, about));
        }
        let of_misreadings = explained.misreadings.iter().map(|misreading| misreading.breaks);
        let of_others = partly.iter().chain(&breaking).filter_map(|index| Some(all().get(*index)?.breaks));
        let mut clauses: Vec<&str> = vec![];
        for clause in of_misreadings.chain(of_others) {
            if !clauses.contains(&clause) {
                clauses.push(clause);
            }
        }
        clauses.truncate(if explained.misreadings.is_empty() { MAX_CLAUSES } else { 1 });
        Explained { misreadings: explained.misreadings, clauses }
    }

    /// The open point, and the alternative there, under which the rule answers as the other side does.
    pub(super) fn open_point(
        &self,
        schema: &Schema,
        shown: &Asked,
        about: &[Departure],
    ) -> Option<(&'static str, &'static str)> {
        let points = Profile::POINTS.iter();
        let mut choices = points.flat_map(|(point, names)| names.iter().skip(1).map(|name| (*point, *name)));
        choices.find(|(point, name)| {
            let mut profile = Profile::default();
            let is_known = profile.choose(point, name);
            let kql = Semantics::with_profile(profile);
            let context = Context { kql: &kql, now: self.now };
            let bound = self.rule.bind(&schema.columns_of(shown.event.schema), context);
            let table = schema.table(&[&shown.event]);
            let answer = bound.ok().zip(table.ok()).map(|(bound, table)| bound.run(&table, context));
            let answer = answer.filter(Result::is_ok).map(rule_side::answer);
            let departs =
                |answer: &Answer| departures(&shown.a, answer).iter().any(|one| about.contains(one));
            is_known && answer.is_some_and(|answer| departs(&answer) && Self::predicts(&answer, shown, about))
        })
    }

    /// Whether an answer is that of the other side, apart from what has nothing to do with some departures.
    fn predicts(answer: &Answer, asked: &Asked, about: &[Departure]) -> bool {
        let left = departures(answer, &asked.b);
        !left.iter().any(|left| about.iter().any(|one| one.is_alike(left)))
    }

    /// Whether a misreading predicts all of the answers about which it, or the other side, does not agree
    /// with the rule.
    fn predicts_all(&self, index: usize, schema: &Schema, about: &[Departure], others: &[&Asked]) -> bool {
        let departs = |departures: Vec<Departure>| {
            departures.iter().any(|left| about.iter().any(|one| one.is_alike(left)))
        };
        others.iter().all(|other| {
            let Some(answer) = self.answer(index, schema, &other.event) else { return true };
            let is_telling = departs(other.departures()) || departs(departures(&other.a, &answer));
            !is_telling || Self::predicts(&answer, other, about)
        })
    }

    /// Some events about which the rule answers otherwise under a misreading, as far as some departures go.
    /// Each is the event that is shown with another cell, so that nothing else tells the sides apart.
    pub(super) fn trials(
        &self,
        misreading: &Misreading,
        (rule, schema): (&RuleSide, &Schema),
        shown: &Event,
        about: &[Departure],
    ) -> Vec<Event> {
        let Some(index) = all().iter().position(|one| one.name == misreading.name) else { return vec![] };
        let mut events: Vec<Event> = vec![];
        for column in shown.cells.keys() {
            let values = self.values.get(column).map(Vec::as_slice).unwrap_or_default();
            let mut telling: Vec<Event> = vec![];
            for value in (0..MAX_TRIED).map_while(|at| flip(shown.text(*column), values, at)) {
                let event = shown.with(*column, value);
                let answer = rule.ask(schema, &[&event]).pop();
                let departs =
                    answer.is_some_and(|answer| self.departs(index, schema, &event, &answer, about));
                if departs && !telling.contains(&event) {
                    telling.push(event);
                }
            }
            let step = telling.len().div_ceil(MAX_TRIALS).max(1);
            events.extend(telling.into_iter().step_by(step));
        }
        events
    }

    /// About how many of the events the rule answers otherwise under a misreading.
    fn count_changed(&self, index: usize, schema: &Schema, about: &[Departure]) -> usize {
        let pool = self.pool.iter();
        pool.filter(|(event, answer)| self.departs(index, schema, event, answer, about)).count()
    }

    fn departs(
        &self,
        index: usize,
        schema: &Schema,
        event: &Event,
        answer: &Answer,
        about: &[Departure],
    ) -> bool {
        let misread = self.answer(index, schema, event);
        let changed = misread.map(|misread| departures(answer, &misread)).unwrap_or_default();
        changed.iter().any(|one| about.iter().any(|about| about.is_alike(one)))
    }

    /// Whether one of these predicates has another value for an event under a misreading. If it edits the
    /// rule, it may.
    fn changes(&self, index: usize, schema: &Schema, event: &Event, predicates: &[usize]) -> bool {
        let Some(reading) = self.readings.get(index).and_then(|cell| cell.get()?.as_ref()) else {
            return false;
        };
        let Ok(table) = schema.table(&[event]) else { return false };
        let kql = Semantics::default();
        let value = |kql: &Semantics, predicate: &Scalar| {
            let context = Context { kql, now: self.now };
            table.rows_by_name().next().map(|row| predicate.evaluate(row, context))
        };
        let changes = |one: &&Scalar| value(&kql, one) != value(&reading.semantics, one);
        let mut predicates = predicates.iter().filter_map(|number| self.predicates.get(*number));
        reading.is_edit || predicates.any(|predicate| changes(&predicate))
    }

    /// What the rule answers about an event under a misreading; `None` if it cannot be bound then.
    fn answer(&self, index: usize, schema: &Schema, event: &Event) -> Option<Answer> {
        let reading = self.readings.get(index)?.get_or_init(|| self.reading(index, schema)).as_ref()?;
        let context = Context { kql: &reading.semantics, now: self.now };
        let bound = reading.bound.get(event.schema)?;
        Some(rule_side::answer(schema.table(&[event]).and_then(|table| bound.run(&table, context))))
    }

    /// A misreading that edits the text of the published rule applies to no other.
    fn reading(&self, index: usize, schema: &Schema) -> Option<Reading> {
        let engine = all().get(index)?.engine();
        let published = Rule::bitsadmin_activity();
        let is_edit = engine.rule != *published;
        let rule = match is_edit {
            false => &self.rule,
            true if self.rule.query == published.query => &engine.rule,
            true => return None,
        };
        let context = Context { kql: &engine.semantics, now: self.now };
        let bind = |number| rule.bind(&schema.columns_of(number), context).ok();
        let bound = (0..schema.absent.len()).map(bind).collect::<Option<Vec<_>>>()?;
        Some(Reading { bound, semantics: engine.semantics, is_edit })
    }
}
