//! Attributes wrong answers to their causes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::cases::Cases;
use super::cause::{Cause, MAX_EVIDENCE, Reduction, complexity};
use super::comparison::{Comparison, Pair};
use super::judge::{Choice, Judge, Judgement};
use super::shape::Shape;
use super::suspects::Suspects;
use crate::clock::Instant;
use crate::stop::Stop;
use crate::verdict::{Verdict, judge};
use rulespec::Function;
use rulespec::suite::{Vector, Want};

/// How many causes that no misreading explains are investigated for one function.
const MAX_UNEXPLAINED: usize = 8;
/// How many answers that are wrong in the same respect as others are compared with all misreadings,
/// which takes long.
const MAX_COMPARED: u64 = 32;
/// For how long an engine is asked simpler cases before a find is shown.
const FIRST_SHRINK_TIME: Duration = Duration::from_millis(1200);
/// For how long answers are attributed after the search was stopped.
const MAX_TIME_AFTER_STOP: Duration = Duration::from_millis(300);

/// Attributes wrong answers to causes, one after another.
pub(super) struct Triage {
    /// The causes, in the order in which they were found.
    pub(super) causes: Vec<Cause>,
    /// The indexes of the causes that are new, or shown by another case, since they were last taken.
    pub(super) news: BTreeSet<usize>,
    /// How many wrong answers were not investigated.
    pub(super) not_investigated: u64,
    /// By open point: how many answers followed an alternative that is not the default,
    /// and which ones.
    pub(super) followed: BTreeMap<&'static str, (u64, BTreeSet<&'static str>)>,
    pub(super) suspects: Suspects,
    pub(super) pair: Pair,
    /// The cases of the search, and those of all functions that the engine has.
    pub(super) cases: Cases,
    pub(super) all_cases: Cases,
    pub(super) stop: Stop,
    judge: Judge,
    stopped_at: Option<Instant>,
}

impl Triage {
    /// A triage that asks these engines until `stop` is set.
    pub(super) fn new(pair: Pair, cases: Cases, all_cases: Cases, stop: Stop) -> Self {
        Self {
            causes: vec![],
            news: BTreeSet::new(),
            not_investigated: 0,
            followed: BTreeMap::new(),
            suspects: Suspects::new(),
            judge: Judge::new(),
            pair,
            cases,
            all_cases,
            stop,
            stopped_at: None,
        }
    }

    /// Attributes an answer that is not the expected one to a known cause, or searches
    /// for the simplest case that shows a new one.
    pub(super) fn add(&mut self, number: u64, compared: Comparison) {
        if self.is_late() {
            self.not_investigated += 1;
            return;
        }
        let (want, verdict) = match self.judge(&compared) {
            Judgement::Wrong(want, verdict) => (want, verdict),
            Judgement::Follows(choices) => return self.follow(&choices),
            Judgement::Right | Judgement::Unsupported => return,
        };
        let on_common = compared.on_common_columns().filter(|common| !common.agrees);
        if [Some(&compared), on_common.as_ref()]
            .into_iter()
            .flatten()
            .any(|one| self.is_known(one, &want, &verdict))
        {
            return;
        }
        let (compared, suspects) = self.suspected(compared);
        if suspects.is_empty() && self.is_similar_to_known(&compared) {
            return;
        }
        if suspects.is_empty() && self.has_many_unexplained(compared.case.function) {
            self.not_investigated += 1;
            return;
        }
        let cause = Cause { number: Some(number), ..Cause::new(compared.clone(), want, verdict, suspects) };
        self.investigate(Cause { evidence: vec![compared], ..cause });
    }

    /// Finds out as much about a new cause as can be done in a short time.
    fn investigate(&mut self, mut cause: Cause) {
        self.narrow_down(&mut cause);
        self.shrink(&mut cause, FIRST_SHRINK_TIME);
        if !cause.suspects.is_empty() {
            self.confirm(&mut cause);
            self.shrink(&mut cause, FIRST_SHRINK_TIME);
        }
        let is_known = self.is_known(&cause.shown, &cause.want, &cause.verdict)
            || cause.suspects.is_empty() && self.is_similar_to_known(&cause.shown);
        if !is_known {
            self.find_simpler_function(&mut cause);
            self.news.insert(self.causes.len());
            self.causes.push(cause);
        }
    }

    /// Adds the answer to a saved vector, which is not shrunk.
    pub(super) fn replay(&mut self, vector: &Vector, compared: Comparison) {
        let verdict = judge(&vector.want, &compared.got);
        let is_wrong = match &verdict {
            Verdict::Open(followed) => followed.is_empty(),
            verdict => verdict.is_failure(),
        };
        if !is_wrong || self.is_known(&compared, &vector.want, &verdict) {
            return;
        }
        let (compared, suspects) = self.suspected(compared);
        let mut cause = Cause::new(compared, vector.want.clone(), verdict, suspects);
        cause.saved = Some(vector.clone());
        cause.reduction.is_done = true;
        self.narrow_down(&mut cause);
        self.news.insert(self.causes.len());
        self.causes.push(cause);
    }

    /// The misreadings that give the same wrong answer. If a table has columns of its own that none
    /// explains, it is compared on those that it has in common with the expected one.
    fn suspected(&mut self, compared: Comparison) -> (Comparison, Vec<usize>) {
        let on_common = compared.on_common_columns();
        let is_of_known_columns = |cause: &Cause| {
            cause.suspects.is_empty()
                && cause.shape == Shape::Columns
                && cause.shown.case.function == compared.case.function
        };
        let suspects = match on_common.is_some() && self.causes.iter().any(is_of_known_columns) {
            true => vec![],
            false if self.is_settled(&compared) => vec![],
            false => self.suspects.of(&compared),
        };
        match on_common.filter(|_| suspects.is_empty()) {
            Some(common) if common.agrees || self.is_settled(&common) => (common, vec![]),
            Some(common) => {
                let suspects = self.suspects.of(&common);
                (common, suspects)
            }
            None => (compared, suspects),
        }
    }

    /// Whether many answers were wrong in the same respect, and no misreading explained them.
    fn is_settled(&self, compared: &Comparison) -> bool {
        self.causes.iter().any(|cause| cause.count >= MAX_COMPARED && cause.is_similar(compared))
    }

    /// Counts a wrong answer that no misreading explains if another one is wrong in the same respect.
    fn is_similar_to_known(&mut self, compared: &Comparison) -> bool {
        let known = self.causes.iter_mut().find(|cause| cause.is_similar(compared));
        known.map(|cause| cause.count += 1).is_some()
    }

    fn has_many_unexplained(&self, function: Function) -> bool {
        let is_unexplained =
            |cause: &&Cause| cause.shown.case.function == function && cause.suspects.is_empty();
        self.causes.iter().filter(is_unexplained).count() >= MAX_UNEXPLAINED
    }

    /// Whether the search was stopped some time ago.
    fn is_late(&mut self) -> bool {
        if self.stopped_at.is_none() && self.stop.is_set() {
            self.stopped_at = Some(Instant::now());
        }
        self.stopped_at.is_some_and(|stopped| stopped.elapsed() > MAX_TIME_AFTER_STOP)
    }

    pub(super) fn judge(&mut self, compared: &Comparison) -> Judgement {
        self.judge.judge(compared, self.pair.expects_reference())
    }

    fn follow(&mut self, choices: &[Choice]) {
        for (point, alternative) in choices {
            let (count, alternatives) = self.followed.entry(point).or_default();
            *count += 1;
            alternatives.insert(alternative);
        }
    }

    /// Counts a wrong answer if its cause is known. If its function is simpler, it
    /// replaces the case that shows the cause.
    fn is_known(&mut self, compared: &Comparison, want: &Want, verdict: &Verdict) -> bool {
        for at in 0..self.causes.len() {
            let cause = &mut self.causes[at];
            let suspects = self.suspects.among(&cause.suspects, compared);
            if !cause.is_same(compared, want, verdict) && suspects.is_empty() {
                continue;
            }
            cause.count += 1;
            if !suspects.is_empty() {
                if suspects.len() < cause.suspects.len() || cause.evidence.len() < MAX_EVIDENCE {
                    cause.evidence.push(compared.clone());
                }
                cause.suspects = suspects;
                if cause.saved.is_none() && complexity(&compared.case) < complexity(&cause.shown.case) {
                    self.replace(at, compared.clone());
                }
            }
            return true;
        }
        false
    }

    /// Shows a cause by another case.
    fn replace(&mut self, at: usize, compared: Comparison) {
        if let Judgement::Wrong(want, verdict) = self.judge(&compared) {
            let mut cause = self.causes[at].clone();
            cause.show(compared, want, verdict);
            cause.reduction = Reduction::default();
            self.shrink(&mut cause, FIRST_SHRINK_TIME);
            self.causes[at] = cause;
            self.news.insert(at);
        }
    }
}
