//! Wrong answers, put down to their causes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use super::asked::{Asked, Pair};
use super::generate::Case;
use super::judge::{Judge, Judgement};
use super::suspects::Suspects;
use crate::verdict::{Verdict, judge};
use rulespec::Function;
use rulespec::suite::{Vector, Want};

/// How many causes that no misreading explains are looked into for one function.
const UNEXPLAINED: usize = 8;
/// How many questions a shrink may take.
const ASKED: usize = 20_000;
/// How many of them may get no answer, which takes its time.
const UNANSWERED: usize = 6;
/// How many questions are asked at once.
const AT_ONCE: usize = 16;
/// How many answers are kept for each cause, to tell misreadings apart by.
const EVIDENCE: usize = 24;

/// How much there is to a function: the whole rule, an operator over a table or a
/// list, or one over single values.
fn weight(asked: &Asked) -> u8 {
    match asked.case.function {
        Function::BitsadminActivity => 3,
        Function::Where | Function::Extend | Function::ProjectReorder => 2,
        Function::HasAny => 1,
        Function::EqCi
        | Function::Has
        | Function::ParseCommandLine
        | Function::Element
        | Function::ToString
        | Function::IndexOf
        | Function::Substring
        | Function::Iff
        | Function::ColumnIfExists => 0,
    }
}

/// What is known of one cause of wrong answers.
#[derive(Debug, Clone)]
pub(super) struct Cause {
    /// The simplest question that shows it.
    pub(super) asked: Asked,
    /// What was wanted.
    pub(super) want: Want,
    /// What the answer is worth.
    pub(super) verdict: Verdict,
    /// The number of the case in which it was first seen, where it was in one.
    pub(super) number: Option<u64>,
    /// The vector that shows it, where that had been saved before.
    pub(super) saved: Option<Vector>,
    /// How many answers it explains, the first among them.
    pub(super) count: u64,
    /// The misreadings that predict every answer so far, by their numbers.
    pub(super) suspects: Vec<usize>,
    /// Other answers: wrong for this cause, or right though near.
    pub(super) evidence: Vec<Asked>,
}

/// Looks into wrong answers, one after another.
pub(super) struct Inquiry<'a> {
    /// The causes, in the order in which they were found.
    pub(super) causes: Vec<Cause>,
    /// How many wrong answers were not looked into.
    pub(super) more: u64,
    /// How many answers followed other alternatives than the default, and which
    /// alternatives those were, by open point.
    pub(super) followed: BTreeMap<&'static str, (u64, BTreeSet<&'static str>)>,
    pub(super) suspects: Suspects,
    pub(super) pair: Pair,
    judge: Judge,
    stop: &'a AtomicBool,
}

impl<'a> Inquiry<'a> {
    /// An inquiry that asks these engines, until it is told to stop.
    pub(super) fn new(pair: Pair, stop: &'a AtomicBool) -> Self {
        Self {
            causes: vec![],
            more: 0,
            followed: BTreeMap::new(),
            suspects: Suspects::new(),
            judge: Judge::new(),
            pair,
            stop,
        }
    }

    /// Takes in an answer that is not the right one: puts it down to a cause that is
    /// known, or looks for the simplest question that shows the same.
    pub(super) fn take(&mut self, number: u64, asked: Asked) {
        let (want, verdict) = match self.judge(&asked) {
            Judgement::Wrong(want, verdict) => (want, verdict),
            Judgement::Follows(choices) => return self.follow(&choices),
            Judgement::Right | Judgement::Unsupported => return,
        };
        if self.is_known(&asked, &want, &verdict) {
            return;
        }
        let function = asked.case.function;
        let unexplained = |cause: &&Cause| cause.asked.case.function == function && cause.suspects.is_empty();
        if self.causes.iter().filter(unexplained).count() >= UNEXPLAINED {
            self.more += 1;
            return;
        }
        let suspects = self.suspects.of(&asked);
        let evidence = vec![asked.clone()];
        let number = Some(number);
        let mut cause = Cause { asked, want, verdict, number, saved: None, count: 1, suspects, evidence };
        self.shrink(&mut cause);
        cause.suspects = match cause.suspects.is_empty() {
            true => self.suspects.of(&cause.asked),
            false => self.suspects.among(&cause.suspects, &cause.asked),
        };
        if !self.is_known(&cause.asked, &cause.want, &cause.verdict) {
            self.causes.push(cause);
        }
    }

    /// Takes in the answer to a vector that was saved, which stays as it is.
    pub(super) fn replay(&mut self, vector: &Vector, asked: Asked) {
        let verdict = judge(&vector.want, &asked.got);
        let is_wrong = match &verdict {
            Verdict::Open(followed) => followed.is_empty(),
            Verdict::Unsupported => false,
            verdict => verdict.is_failure(),
        };
        if !is_wrong || self.is_known(&asked, &vector.want, &verdict) {
            return;
        }
        self.causes.push(Cause {
            want: vector.want.clone(),
            verdict,
            number: None,
            saved: Some(vector.clone()),
            count: 1,
            suspects: self.suspects.of(&asked),
            evidence: vec![],
            asked,
        });
    }

    fn judge(&mut self, asked: &Asked) -> Judgement {
        self.judge.judge(asked, self.pair.is_reference())
    }

    fn follow(&mut self, choices: &[(&'static str, &'static str)]) {
        for (point, alternative) in choices {
            let (count, alternatives) = self.followed.entry(point).or_default();
            *count += 1;
            alternatives.insert(alternative);
        }
    }

    /// Counts a wrong answer that has a known cause. Where it is one of a simpler
    /// function, it is shown in place of the one before.
    fn is_known(&mut self, asked: &Asked, want: &Want, verdict: &Verdict) -> bool {
        for place in 0..self.causes.len() {
            let cause = &mut self.causes[place];
            let suspects = self.suspects.among(&cause.suspects, asked);
            if !cause.is_same(asked, want, verdict) && suspects.is_empty() {
                continue;
            }
            cause.count += 1;
            if !suspects.is_empty() {
                if suspects.len() < cause.suspects.len() || cause.evidence.len() < EVIDENCE {
                    cause.evidence.push(asked.clone());
                }
                cause.suspects = suspects;
                if cause.saved.is_none() && weight(asked) < weight(&cause.asked) {
                    self.exchange(place, asked.clone());
                }
            }
            return true;
        }
        false
    }

    /// Shows a cause by another question.
    fn exchange(&mut self, place: usize, asked: Asked) {
        if let Judgement::Wrong(want, verdict) = self.judge(&asked) {
            let mut cause = Cause { asked, want, verdict, ..self.causes[place].clone() };
            self.shrink(&mut cause);
            self.causes[place] = cause;
        }
    }

    /// Asks about each cause what its suspects do not agree on, and drops those that
    /// the engine is not like.
    pub(super) fn tell_apart(&mut self, cases: &dyn Fn() -> Box<dyn Iterator<Item = Case>>) {
        for mut cause in std::mem::take(&mut self.causes) {
            for case in cases() {
                if cause.suspects.len() < 2 || self.stop.load(Ordering::Relaxed) {
                    break;
                }
                if !self.suspects.disagree(&cause.suspects, &case) {
                    continue;
                }
                let asked = self.pair.ask(vec![case]);
                for asked in asked.into_iter().filter(Asked::is_answered) {
                    let alike = self.suspects.alike(&cause.suspects, &asked);
                    if !alike.is_empty() && alike.len() < cause.suspects.len() {
                        cause.suspects = alike;
                        cause.evidence.push(asked);
                    }
                }
            }
            self.causes.push(cause);
        }
    }

    /// Goes from question to simpler question as long as they show the same cause.
    ///
    /// After each step it goes on behind it, and comes to the first ones again at the
    /// end: what did not help before seldom does now.
    fn shrink(&mut self, cause: &mut Cause) {
        let (mut asked, mut unanswered, mut start) = (0, 0, 0);
        'steps: loop {
            let case = cause.asked.case.clone();
            let mut simpler = case.simpler().skip(start).chain(case.simpler().take(start));
            let at_once = if cause.asked.is_answered() { AT_ONCE } else { 1 };
            loop {
                let some: Vec<Case> = simpler.by_ref().take(at_once).collect();
                if some.is_empty() || asked > ASKED || unanswered > UNANSWERED {
                    return;
                }
                asked += some.len();
                let answered = self.pair.ask(some);
                if self.stop.load(Ordering::Relaxed) {
                    return;
                }
                for (number, answered) in answered.into_iter().enumerate() {
                    unanswered += usize::from(!answered.is_answered());
                    if self.shows(cause, answered) {
                        start += number;
                        continue 'steps;
                    }
                }
                start += at_once;
            }
        }
    }

    /// Takes a question in place of the one that shows a cause, where it shows the
    /// same.
    fn shows(&mut self, cause: &mut Cause, asked: Asked) -> bool {
        let Judgement::Wrong(want, verdict) = self.judge(&asked) else {
            cause.keep(&asked);
            return false;
        };
        let suspects = self.suspects.among(&cause.suspects, &asked);
        let is_same = match (&cause.verdict, &verdict) {
            (Verdict::Open(_), after) => matches!(after, Verdict::Open(_)) || asked.is_answered(),
            // The same misreading may show in an error here and in a value there.
            (_, after) if !suspects.is_empty() => !matches!(after, Verdict::Open(_)),
            (before, after) => before == after,
        };
        if !is_same || suspects.is_empty() != cause.suspects.is_empty() {
            return false;
        }
        cause.asked = asked;
        (cause.want, cause.verdict) = (want, verdict);
        true
    }
}

impl Cause {
    /// Keeps an answer that came up on the way to the simplest question.
    fn keep(&mut self, asked: &Asked) {
        if asked.is_answered() && self.evidence.len() < EVIDENCE / 2 {
            self.evidence.push(asked.clone());
        }
    }

    /// Whether a wrong answer is plainly of this cause, whatever misreadings say: to
    /// the same question, or to one of the same function that gets no answer either, or
    /// none that the same open point allows.
    fn is_same(&self, asked: &Asked, want: &Want, verdict: &Verdict) -> bool {
        let is_same_point = match (&self.want, want) {
            (Want::Open { open, .. }, Want::Open { open: other, .. }) => open == other,
            _ => false,
        };
        let is_alike = is_same_point || !self.asked.is_answered() && self.verdict == *verdict;
        self.asked.case.function == asked.case.function && (is_alike || self.asked.case == asked.case)
    }
}
