//! Attributes wrong answers to their causes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use super::case::Case;
use super::cause::{Cause, MAX_EVIDENCE, complexity};
use super::comparison::{Comparison, Pair};
use super::judge::{Choice, Judge, Judgement};
use super::suspects::Suspects;
use crate::stop::Stop;
use crate::verdict::{Verdict, judge};
use rulespec::suite::{Vector, Want};

/// How many causes that no misreading explains are investigated for one function.
const MAX_UNEXPLAINED: usize = 8;
/// How many cases one shrink may try.
const MAX_SHRINK_CASES: usize = 20_000;
/// How many of them may get no answer, because each may take a whole timeout.
const MAX_UNANSWERED: usize = 6;
/// For how long one shrink may ask a slow engine, and all questions that only distinguish
/// misreadings.
const MAX_SHRINK_TIME: Duration = Duration::from_secs(10);
const MAX_NARROW_TIME: Duration = Duration::from_secs(10);
/// For how long answers are attributed after the search was stopped.
const MAX_TIME_AFTER_STOP: Duration = Duration::from_millis(300);
/// How many cases a shrink tries at once.
const SHRINK_BATCH: usize = 16;

/// Attributes wrong answers to causes, one after another.
pub(super) struct Triage {
    /// The causes, in the order in which they were found.
    pub(super) causes: Vec<Cause>,
    /// How many wrong answers were not investigated.
    pub(super) not_investigated: u64,
    /// By open point: how many answers followed an alternative that is not the default,
    /// and which ones.
    pub(super) followed: BTreeMap<&'static str, (u64, BTreeSet<&'static str>)>,
    pub(super) suspects: Suspects,
    pub(super) pair: Pair,
    judge: Judge,
    stop: Stop,
    stopped_at: Option<Instant>,
}

impl Triage {
    /// A triage that asks these engines until `stop` is set.
    pub(super) fn new(pair: Pair, stop: Stop) -> Self {
        Self {
            causes: vec![],
            not_investigated: 0,
            followed: BTreeMap::new(),
            suspects: Suspects::new(),
            judge: Judge::new(),
            pair,
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
        if self.is_known(&compared, &want, &verdict) {
            return;
        }
        let function = compared.case.function;
        let is_unexplained =
            |cause: &&Cause| cause.shown.case.function == function && cause.suspects.is_empty();
        if self.causes.iter().filter(is_unexplained).count() >= MAX_UNEXPLAINED {
            self.not_investigated += 1;
            return;
        }
        let mut cause = Cause {
            suspects: self.suspects.of(&compared),
            evidence: vec![compared.clone()],
            shown: compared,
            want,
            verdict,
            number: Some(number),
            saved: None,
            count: 1,
        };
        self.shrink(&mut cause);
        cause.suspects = match cause.suspects.is_empty() {
            true => self.suspects.of(&cause.shown),
            false => self.suspects.among(&cause.suspects, &cause.shown),
        };
        if !self.is_known(&cause.shown, &cause.want, &cause.verdict) {
            self.causes.push(cause);
        }
    }

    /// Adds the answer to a saved vector, which is not shrunk.
    pub(super) fn replay(&mut self, vector: &Vector, compared: Comparison) {
        let verdict = judge(&vector.want, &compared.got);
        let is_wrong = match &verdict {
            Verdict::Open(followed) => followed.is_empty(),
            Verdict::Unsupported => false,
            verdict => verdict.is_failure(),
        };
        if !is_wrong || self.is_known(&compared, &vector.want, &verdict) {
            return;
        }
        self.causes.push(Cause {
            want: vector.want.clone(),
            verdict,
            number: None,
            saved: Some(vector.clone()),
            count: 1,
            suspects: self.suspects.of(&compared),
            evidence: vec![],
            shown: compared,
        });
    }

    /// Whether the search was stopped some time ago.
    fn is_late(&mut self) -> bool {
        if self.stopped_at.is_none() && self.stop.is_set() {
            self.stopped_at = Some(Instant::now());
        }
        self.stopped_at.is_some_and(|stopped| stopped.elapsed() > MAX_TIME_AFTER_STOP)
    }

    fn judge(&mut self, compared: &Comparison) -> Judgement {
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
                if cause.saved.is_none() && complexity(compared) < complexity(&cause.shown) {
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
            let mut cause = Cause { shown: compared, want, verdict, ..self.causes[at].clone() };
            self.shrink(&mut cause);
            self.causes[at] = cause;
        }
    }

    /// Narrows down the suspects of each cause: asks the engine about cases in which they
    /// disagree, and drops those that it does not agree with.
    pub(super) fn narrow_down(&mut self, cases: &dyn Fn() -> Box<dyn Iterator<Item = Case>>) {
        let stop = self.stop.after(MAX_NARROW_TIME);
        for mut cause in std::mem::take(&mut self.causes) {
            for case in cases() {
                if cause.suspects.len() < 2 || stop.is_set() {
                    break;
                }
                if !self.suspects.disagree(&cause.suspects, &case) {
                    continue;
                }
                let answered = self.pair.ask(vec![case]).into_iter().filter(Comparison::is_answered);
                for compared in answered {
                    let left = self.suspects.consistent(&cause.suspects, &compared);
                    if !left.is_empty() && left.len() < cause.suspects.len() {
                        cause.suspects = left;
                        cause.evidence.push(compared);
                    }
                }
            }
            self.causes.push(cause);
        }
    }

    /// Moves on to a simpler case as long as there is one that shows the same cause.
    ///
    /// After a step, it tries the following steps first and the earlier ones last,
    /// because those that failed before usually fail again.
    fn shrink(&mut self, cause: &mut Cause) {
        let (mut tried, mut unanswered, mut start) = (0, 0, 0);
        let stop = self.stop.after(MAX_SHRINK_TIME);
        'steps: loop {
            let case = cause.shown.case.clone();
            let mut simpler = case.simpler().skip(start).chain(case.simpler().take(start));
            let at_once = if cause.shown.is_answered() { SHRINK_BATCH } else { 1 };
            loop {
                let batch: Vec<Case> = simpler.by_ref().take(at_once).collect();
                if batch.is_empty() || tried > MAX_SHRINK_CASES || unanswered > MAX_UNANSWERED {
                    return;
                }
                tried += batch.len();
                let compared = self.pair.ask(batch);
                if stop.is_set() || !compared.iter().all(Comparison::is_asked) {
                    return;
                }
                for (number, compared) in compared.into_iter().enumerate() {
                    unanswered += usize::from(!compared.is_answered());
                    if self.shows(cause, compared) {
                        start += number;
                        continue 'steps;
                    }
                }
                start += at_once;
            }
        }
    }

    /// Shows a cause by this case, if it has the same cause.
    fn shows(&mut self, cause: &mut Cause, compared: Comparison) -> bool {
        let Judgement::Wrong(want, verdict) = self.judge(&compared) else {
            cause.keep(&compared);
            return false;
        };
        let suspects = self.suspects.among(&cause.suspects, &compared);
        let is_same = match (&cause.verdict, &verdict) {
            (Verdict::Open(_), after) => matches!(after, Verdict::Open(_)) || compared.is_answered(),
            // One misreading may show as an error in one case and as a value in another.
            (_, after) if !suspects.is_empty() => !matches!(after, Verdict::Open(_)),
            (before, after) => before == after,
        };
        if !is_same || suspects.is_empty() != cause.suspects.is_empty() {
            return false;
        }
        cause.shown = compared;
        (cause.want, cause.verdict) = (want, verdict);
        true
    }
}
