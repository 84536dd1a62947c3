//! Rounds, clocks and answers.
//!
//! A pass asks every question of a workload once. A round times several passes of the
//! engine, then several of the reference, so that both take about the same time. The
//! order alternates between rounds, so that neither side has an advantage. Answers are
//! kept while the clock runs and judged after it stops. Before the first round, two
//! passes warm up the caches and determine the number of passes.
//!
//! An engine in a process is sent calls in batches, as in `rulespec check`, and its time
//! includes the pipe and the JSON on both sides. The reference is then served by a
//! process too, so that the comparison is fair, and is also asked in this process: the
//! difference is the minimum cost of the protocol.

use std::time::Duration;

use serde_json::json;

use super::run::{Figure, Outcome, Times, Wrong};
use super::statistics::{Interval, MAX_VALUES, MIN_VALUES};
use super::workload::Workload;
use crate::bounded::Keeper;
use crate::clock::Instant;
use crate::engine::{Answer, Engine, Question};
use crate::printable::shortened;
use crate::verdict::{Verdict, judge};
use rulespec::suite::Want;

/// The maximum number of passes in one round.
const MAX_PASSES: f64 = 100_000.0;
/// The maximum number of characters kept of a call or an answer.
const MAX_SHOWN: usize = 300;

/// How many bytes of memory the answers of one pass may take. The right answers to every workload
/// take less.
const MAX_KEPT: usize = 64 << 20;

/// How much time to spend on a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// The maximum number of rounds.
    pub rounds: usize,
    /// The time limit for all rounds of one function. The rounds that an interval needs
    /// are always done.
    pub time: Duration,
}

/// The engines that are asked.
pub struct Sides<'a> {
    /// The engine under test.
    pub engine: &'a mut dyn Engine,
    /// The reference, asked in the same way.
    pub reference: &'a mut dyn Engine,
    /// The reference in this process, if the other one is in another process.
    pub inside: Option<&'a mut dyn Engine>,
}

/// Times an engine on one workload. Returns `None` if `stop` returns true before there
/// are enough rounds for an interval.
///
/// ```
/// use rulespec_check::bench::{Effort, Outcome, Sides, measure, workload::workloads};
/// use rulespec_check::engine::{Fast, Reference};
///
/// let (mut engine, mut reference) = (Fast::default(), Reference::default());
/// let mut sides = Sides { engine: &mut engine, reference: &mut reference, inside: None };
/// let effort = Effort { rounds: 6, time: std::time::Duration::from_millis(1) };
/// let has = &workloads(&[rulespec::Function::Has])?[0];
/// let figure = measure(has, &mut sides, effort, &|| false).unwrap();
/// assert_eq!(figure.outcome, Outcome::Right);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn measure(
    workload: &Workload,
    sides: &mut Sides<'_>,
    effort: Effort,
    stop: &dyn Fn() -> bool,
) -> Option<Figure> {
    let questions = workload.args.len();
    let mut answers = Answers::default();
    let (took, first) = pass(workload, sides.engine);
    if stop() {
        return None;
    }
    answers.judge(workload, &first);
    drop(first);
    // The times of wrong answers do not count, so no time is spent on those of a slow engine.
    let is_too_slow = answers.wrong.is_some() && took > effort.time;
    let times = match answers.are_worth_timing() && !is_too_slow {
        true => rounds(workload, sides, effort, &mut answers, stop).ok()?,
        false => None,
    };
    Some(Figure {
        r#fn: workload.function.to_string(),
        workload: workload.digest(),
        questions,
        outcome: answers.outcome(questions),
        times,
        wrong: answers.wrong.filter(|_| answers.unsupported < questions),
    })
}

/// The verdicts on the answers so far.
#[derive(Debug, Default)]
struct Answers {
    unsupported: usize,
    wrong: Option<Wrong>,
    /// Whether the engine failed to answer. It is not asked again, because each such
    /// question may take until the timeout.
    is_broken: bool,
}

impl Answers {
    /// Judges the answers of one pass.
    fn judge(&mut self, workload: &Workload, answers: &[Option<Answer>]) {
        let missing = Answer::Garbled("no answer".to_owned());
        let (mut unsupported, mut failures) = (0, vec![]);
        for (number, (want, answer)) in workload.wants.iter().zip(answers).enumerate() {
            let answer = answer.as_ref().unwrap_or(&missing);
            let verdict = judge(want, answer);
            unsupported += usize::from(verdict == Verdict::Unsupported);
            self.is_broken |= matches!(
                verdict,
                Verdict::Crashed | Verdict::Stalled | Verdict::Garbled | Verdict::Flaky | Verdict::NotAsked
            );
            if verdict.is_failure() || verdict == Verdict::Unsupported {
                failures.push((number, verdict, answer));
            }
        }
        self.unsupported = self.unsupported.max(unsupported);
        if self.wrong.is_none() {
            let count = failures.len();
            let length = |number: usize| workload.args.get(number).map(|args| json!(args).to_string().len());
            // What was not asked shows nothing.
            let rank = |verdict: &Verdict| *verdict == Verdict::NotAsked;
            let shortest =
                failures.into_iter().min_by_key(|(number, verdict, _)| (rank(verdict), length(*number)));
            self.wrong =
                shortest.map(|(number, verdict, answer)| wrong(workload, number, count, &verdict, answer));
        }
    }

    /// Whether the engine supports the function and does not break down.
    fn are_worth_timing(&self) -> bool {
        !self.is_broken && self.wrong.as_ref().is_none_or(|wrong| wrong.count > self.unsupported)
    }

    fn outcome(&self, questions: usize) -> Outcome {
        match &self.wrong {
            None => Outcome::Right,
            Some(_) if self.unsupported == questions => Outcome::Unsupported,
            Some(_) => Outcome::Wrong,
        }
    }
}

fn wrong(workload: &Workload, number: usize, count: usize, verdict: &Verdict, answer: &Answer) -> Wrong {
    let want = match workload.wants.get(number) {
        Some(Want::Settled { want }) => want.to_string(),
        Some(Want::Open { .. }) | None => String::new(),
    };
    let call = json!({ "fn": workload.function, "args": workload.args.get(number) });
    Wrong {
        count,
        verdict: verdict.to_string(),
        call: shortened(&call.to_string(), MAX_SHOWN),
        want: shortened(&want, MAX_SHOWN),
        got: shortened(&answer.to_string(), MAX_SHOWN),
    }
}

/// Asks every question once.
fn pass(workload: &Workload, engine: &mut dyn Engine) -> (Duration, Vec<Option<Answer>>) {
    let question = |args| Question { function: workload.function.name(), args };
    let questions: Vec<Question<'_>> = workload.args.iter().map(|args| question(args.as_slice())).collect();
    // Allocated before the clock starts.
    let mut answers = vec![None; questions.len()];
    let mut keeper = Keeper::of_any_size(MAX_KEPT);
    let start = Instant::now();
    engine.ask_all(&questions, &mut |number, answer| {
        if let Some(slot) = answers.get_mut(number) {
            *slot = Some(keeper.keep(answer));
        }
    });
    (start.elapsed(), answers)
}

/// One engine and the time of a call in each round.
struct Side<'a> {
    engine: &'a mut dyn Engine,
    passes: u32,
    ns: Vec<f64>,
}

impl<'a> Side<'a> {
    fn new(engine: &'a mut dyn Engine, workload: &Workload, share: Duration) -> Self {
        pass(workload, engine);
        let (took, _) = pass(workload, engine);
        let passes = (share.as_secs_f64() / took.as_secs_f64().max(1e-9)).clamp(1.0, MAX_PASSES);
        Self { engine, passes: passes as u32, ns: vec![] }
    }

    /// Runs one round. Passes the answers of every pass to `each` while the clock is
    /// stopped.
    fn round(&mut self, workload: &Workload, each: &mut dyn FnMut(&[Option<Answer>])) {
        let mut total = Duration::ZERO;
        for _ in 0..self.passes {
            let (took, answers) = pass(workload, self.engine);
            total += took;
            each(&answers);
        }
        let calls = f64::from(self.passes) * workload.args.len() as f64;
        // At least 1 ns, in case the clock is too coarse to see the round.
        self.ns.push((total.as_nanos().max(1) as f64) / calls);
    }
}

/// The measurement was stopped before there were enough rounds.
struct Stopped;

/// Runs all rounds. Returns `None` if the engine breaks down.
fn rounds(
    workload: &Workload,
    sides: &mut Sides<'_>,
    effort: Effort,
    answers: &mut Answers,
    stop: &dyn Fn() -> bool,
) -> Result<Option<Times>, Stopped> {
    let rounds = effort.rounds.clamp(MIN_VALUES, MAX_VALUES);
    let side_count = if sides.inside.is_some() { 3 } else { 2 };
    let share = effort.time / (rounds as u32 * side_count);
    let mut engine = Side::new(sides.engine, workload, share);
    let mut reference = Side::new(sides.reference, workload, share);
    let mut inside = sides.inside.as_mut().map(|inside| Side::new(*inside, workload, share));
    let start = Instant::now();
    for round in 0..rounds {
        if round >= MIN_VALUES && start.elapsed() >= effort.time {
            break;
        }
        if round % 2 == 1 {
            reference.round(workload, &mut |_| ());
        }
        engine.round(workload, &mut |pass| answers.judge(workload, pass));
        if round % 2 == 0 {
            reference.round(workload, &mut |_| ());
        }
        if let Some(inside) = &mut inside {
            inside.round(workload, &mut |_| ());
        }
        if stop() {
            return Err(Stopped);
        }
        if answers.is_broken {
            return Ok(None);
        }
    }
    Ok(times(&engine.ns, &reference.ns, inside.map(|inside| inside.ns)))
}

fn times(engine: &[f64], reference: &[f64], inside: Option<Vec<f64>>) -> Option<Times> {
    let ratios: Vec<f64> = engine.iter().zip(reference).map(|(own, other)| own / other).collect();
    Some(Times {
        rounds: ratios.len(),
        engine_ns: Interval::of(engine)?,
        reference_ns: Interval::of(reference)?,
        ratio: Interval::of(&ratios)?,
        inside_ns: inside.and_then(|inside| Interval::of(&inside)),
    })
}
