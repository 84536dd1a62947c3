//! Which of several misreadings an engine has.

use std::time::Duration;

use super::case::Case;
use super::cause::{Cause, Reduction, complexity};
use super::comparison::Comparison;
use super::triage::Triage;
use crate::clock::Instant;
use crate::stop::Stop;

/// How many calls of the same function, and of all functions, are searched for those in which
/// misreadings differ.
const OWN_CASES: u64 = 600;
const ALL_CASES: u64 = 1000;
/// How many calls of the same function are searched for those in which a misreading shows.
const CONFIRMING_CASES: u64 = 300;
/// How many wrong answers, besides the one that is shown, confirm that an engine has a misreading.
const CONFIRMATIONS: usize = 2;
/// For how long the engine is asked about one cause, and for how long cases are searched.
const MAX_ASKING_TIME: Duration = Duration::from_millis(600);
const MAX_TIME: Duration = Duration::from_secs(10);

/// Time to ask and to search.
struct Budget {
    asked: Duration,
    stop: Stop,
}

impl Triage {
    fn budget(&self) -> Budget {
        Budget { asked: Duration::ZERO, stop: self.stop.after(MAX_TIME) }
    }

    /// Asks the engine about cases in which the suspects of a cause disagree, and drops those that it
    /// does not agree with.
    ///
    /// An engine may have the same function twice. So a right answer to a call of another function
    /// does not count against a misreading.
    pub(super) fn narrow_down(&mut self, cause: &mut Cause) {
        let own = cause.shown.case.function;
        let cases = self.all_cases.only(own).first(OWN_CASES).chain(self.all_cases.clone().first(ALL_CASES));
        let mut budget = self.budget();
        for case in cases {
            if cause.suspects.len() < 2 || budget.is_spent() {
                return;
            }
            if !self.suspects.disagree(&cause.suspects, &case) {
                continue;
            }
            let Some(compared) = self.ask_within(&mut budget, cause, case) else { continue };
            let left = match compared.agrees && compared.case.function != own {
                true => continue,
                false => self.suspects.consistent(&cause.suspects, &compared),
            };
            if !left.is_empty() && left.len() < cause.suspects.len() {
                cause.suspects = left;
                cause.evidence.push(compared);
            }
        }
    }

    /// Asks the engine about cases in which a misreading shows, and drops those misreadings that the
    /// engine does not have.
    pub(super) fn confirm(&mut self, cause: &mut Cause) {
        let mut budget = self.budget();
        let mut confirmed = 0;
        for case in self.all_cases.only(cause.shown.case.function).first(CONFIRMING_CASES) {
            if cause.suspects.is_empty() || confirmed >= CONFIRMATIONS || budget.is_spent() {
                return;
            }
            if !self.suspects.depart(&cause.suspects, &case) {
                continue;
            }
            let Some(compared) = self.ask_within(&mut budget, cause, case) else { continue };
            let left = self.suspects.consistent(&cause.suspects, &compared);
            if compared.agrees || !left.is_empty() {
                confirmed += usize::from(!compared.agrees);
                cause.suspects = left;
                cause.evidence.push(compared);
            }
        }
    }

    /// Shows a cause by a call of a simpler function, if the engine also gets one wrong that a
    /// misreading gets wrong.
    pub(super) fn find_simpler_function(&mut self, cause: &mut Cause) {
        let Some(suspect) = cause.suspects.first().copied() else { return };
        let present = complexity(&cause.shown.case);
        let mut budget = self.budget();
        let cases = if present > 0 { ALL_CASES } else { 0 };
        for case in self.cases.clone().first(cases) {
            if budget.is_spent() || budget.asked > MAX_ASKING_TIME / 4 {
                return;
            }
            if complexity(&case) >= present || !self.suspects.depart(&[suspect], &case) {
                continue;
            }
            let Some(compared) = self.ask_within(&mut budget, cause, case) else { continue };
            if self.shows(cause, compared) {
                cause.suspects = self.suspects.among(&cause.suspects, &cause.shown);
                cause.reduction = Reduction::default();
                return self.shrink(cause, MAX_ASKING_TIME);
            }
        }
    }

    /// The answer to a case, compared as those of the cause are.
    fn ask_within(&mut self, budget: &mut Budget, cause: &Cause, case: Case) -> Option<Comparison> {
        let start = Instant::now();
        let compared = self.pair.ask(vec![case]).pop().filter(Comparison::is_answered);
        budget.asked += start.elapsed();
        let compared = compared?;
        let is_of_columns = cause.shown.columns.is_some();
        Some(compared.on_common_columns().filter(|_| is_of_columns).unwrap_or(compared))
    }
}

impl Budget {
    fn is_spent(&self) -> bool {
        self.asked > MAX_ASKING_TIME || self.stop.is_set()
    }
}
