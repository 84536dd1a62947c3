//! From a case to a simpler one that shows the same cause.

use std::time::Duration;

use super::case::Case;
use super::cause::{Cause, Reduction};
use super::comparison::Comparison;
use super::judge::Judgement;
use super::pace::Pace;
use super::shape::Shape;
use super::triage::Triage;
use crate::clock::Instant;
use crate::engine::Answer;
use crate::verdict::Verdict;

/// How many cases one shrink may try.
const MAX_CASES: usize = 20_000;
/// How many of them may get no answer, because each may take a whole timeout.
const MAX_UNANSWERED: usize = 6;
/// For how long one shrink may ask a slow engine in all.
const MAX_TIME: Duration = Duration::from_secs(10);
/// For how long the engine is asked between two other things that are due.
const SLICE: Duration = Duration::from_millis(200);
/// How many cases a shrink tries at once, and for how long the engine may answer them.
const MAX_AT_ONCE: usize = 16;
const TIME_AT_ONCE: Duration = Duration::from_millis(50);

/// Who answers the cases that a shrink tries.
#[derive(Debug, Clone, Copy)]
enum Source {
    Engine,
    /// A misreading, by its index.
    Prediction(usize),
}

impl Triage {
    /// Moves on to a simpler case as long as there is one that shows the same cause, while the engine
    /// is asked for at most this time.
    ///
    /// If misreadings predict the answer, they also predict the simplest case, and the engine is asked
    /// only that.
    pub(super) fn shrink(&mut self, cause: &mut Cause, time: Duration) {
        if cause.reduction.is_done {
            return;
        }
        if !cause.suspects.is_empty() && self.pair.expects_reference() && self.shrink_by_prediction(cause) {
            cause.reduction.is_done = true;
        } else {
            self.shrink_by(Source::Engine, cause, time);
        }
        if !cause.suspects.is_empty() {
            cause.suspects = self.suspects.among(&cause.suspects, &cause.shown);
        }
    }

    /// Continues to shrink a cause that is not simple yet, for a moment. Returns false if there is none.
    pub(super) fn refine(&mut self) -> bool {
        let Some(at) = self.causes.iter().position(|cause| !cause.reduction.is_done) else { return false };
        if self.stop.is_set() {
            return false;
        }
        let mut cause = self.causes[at].clone();
        self.shrink(&mut cause, SLICE);
        if cause.reduction.is_done && cause.told.as_ref() != Some(&cause.shown.case) {
            self.news.insert(at);
        }
        self.causes[at] = cause;
        true
    }

    /// Shrinks to the case that a misreading predicts to be the simplest. Returns false if the engine
    /// does not have any of the misreadings in those cases.
    fn shrink_by_prediction(&mut self, cause: &mut Cause) -> bool {
        let mut left = cause.suspects.clone();
        while let Some(suspect) = left.first().copied() {
            let case = self.predicted_minimum(cause, suspect);
            if case == cause.shown.case {
                return true;
            }
            let Some(compared) = self.pair.ask(vec![case]).pop().filter(Comparison::is_asked) else {
                return false;
            };
            if self.shows(cause, compared.clone()) {
                cause.suspects = self.suspects.among(&cause.suspects, &cause.shown);
                if cause.suspects.contains(&suspect) {
                    return true;
                }
                left.retain(|index| cause.suspects.contains(index));
            } else {
                left.remove(0);
                if compared.agrees {
                    cause.suspects.retain(|index| *index != suspect);
                    cause.evidence.push(compared);
                }
            }
        }
        false
    }

    /// The simplest case in which a misreading would show.
    fn predicted_minimum(&mut self, cause: &Cause, suspect: usize) -> Case {
        let mut predicted =
            Cause { suspects: vec![suspect], reduction: Reduction::default(), ..cause.clone() };
        self.shrink_by(Source::Prediction(suspect), &mut predicted, MAX_TIME);
        predicted.shown.case
    }

    /// After a step, tries the following steps first and the earlier ones last.
    fn shrink_by(&mut self, source: Source, cause: &mut Cause, time: Duration) {
        let end = cause.reduction.spent + time;
        let mut pace = Pace::new(TIME_AT_ONCE, if cause.shown.is_answered() { MAX_AT_ONCE } else { 1 });
        'steps: loop {
            let case = cause.shown.case.clone();
            let Reduction { offset, position, .. } = cause.reduction;
            let simpler = case.simpler().skip(offset).chain(case.simpler().take(offset));
            let mut simpler = simpler.enumerate().skip(position);
            loop {
                let batch: Vec<(usize, Case)> = simpler
                    .by_ref()
                    .filter(|(_, case)| self.may_show(source, cause, case))
                    .take(pace.size())
                    .collect();
                let reduction = &cause.reduction;
                let is_over = reduction.tried > MAX_CASES
                    || reduction.unanswered > MAX_UNANSWERED
                    || reduction.spent > MAX_TIME;
                if batch.is_empty() || is_over {
                    cause.reduction.is_done = true;
                    return;
                }
                let (places, cases): (Vec<usize>, Vec<Case>) = batch.into_iter().unzip();
                let start = Instant::now();
                let compared = self.answers(source, cause, cases);
                cause.reduction.tried += compared.len();
                cause.reduction.spent += start.elapsed();
                pace.record(compared.len(), start.elapsed());
                if self.stop.is_set() || !compared.iter().all(Comparison::is_asked) {
                    return;
                }
                for (place, compared) in places.iter().zip(compared) {
                    cause.reduction.unanswered += usize::from(!compared.is_answered());
                    if self.shows(cause, compared) {
                        cause.reduction.offset = offset + place;
                        cause.reduction.position = 0;
                        continue 'steps;
                    }
                }
                cause.reduction.position = places.last().map_or(position, |last| last + 1);
                if cause.reduction.spent > end {
                    return;
                }
            }
        }
    }

    fn answers(&mut self, source: Source, cause: &Cause, cases: Vec<Case>) -> Vec<Comparison> {
        match source {
            Source::Engine => self.pair.ask(cases),
            Source::Prediction(suspect) => {
                let columns = cause.shown.columns.as_deref();
                let predicted = cases.into_iter().map(|case| self.suspects.predicted(suspect, case));
                predicted.map(|compared| compared.on_columns_of(columns)).collect()
            }
        }
    }

    /// Whether the engine should be asked a case at all: a misreading predicts a wrong answer or, if
    /// none explains the cause, a value or an error is expected as before.
    fn may_show(&mut self, source: Source, cause: &Cause, case: &Case) -> bool {
        if matches!(source, Source::Prediction(_)) || !self.pair.expects_reference() {
            return true;
        }
        if !cause.suspects.is_empty() {
            return self.suspects.depart(&cause.suspects, case);
        }
        let is_error = |answer: &Answer| matches!(answer, Answer::Error(_));
        !cause.shown.is_answered()
            || is_error(&self.suspects.reference(case)) == is_error(&cause.shown.expected)
    }

    /// Shows a cause by this case, if it has the same cause.
    pub(super) fn shows(&mut self, cause: &mut Cause, compared: Comparison) -> bool {
        let compared = match (&cause.shown.columns, &compared.columns) {
            (Some(_), None) => compared.on_common_columns().unwrap_or(compared),
            _ => compared,
        };
        if cause.shape == Shape::Columns && cause.suspects.is_empty() {
            return self.shows_columns(cause, compared);
        }
        let Judgement::Wrong(want, verdict) = self.judge(&compared) else {
            cause.keep(&compared);
            return false;
        };
        let suspects = self.suspects.among(&cause.suspects, &compared);
        let is_same = match (&cause.verdict, &verdict) {
            (Verdict::Open(_), after) => matches!(after, Verdict::Open(_)) || compared.is_answered(),
            // One misreading may show as an error in one case and as a value in another.
            (_, after) if !suspects.is_empty() => !matches!(after, Verdict::Open(_)),
            (before, after) => before == after && Shape::of(&compared).is_within(&cause.shape),
        };
        if !is_same || suspects.is_empty() != cause.suspects.is_empty() {
            return false;
        }
        cause.show(compared, want, verdict);
        true
    }

    /// Shows by this case that the columns of a table differ, if only they do.
    fn shows_columns(&mut self, cause: &mut Cause, compared: Comparison) -> bool {
        if Shape::of(&compared) != Shape::Columns {
            return false;
        }
        match self.judge(&Comparison { agrees: false, columns: None, ..compared.clone() }) {
            Judgement::Wrong(want, verdict) => {
                cause.show(compared, want, verdict);
                true
            }
            _ => false,
        }
    }
}
