//! Rounds, clocks and answers.
//!
//! A pass asks every question of a workload once. A round times so many passes of the
//! engine, then of the reference, that both take about as long; in the next round the
//! order is turned round, so that neither gains by it. Answers are kept while the
//! clock runs and judged when it stands. Two passes before the first round warm up
//! caches and tell how long a pass takes.
//!
//! An engine in a process is sent calls as `rulespec check` sends them, many at once,
//! and its time includes the pipe and both ends' JSON. The reference is then served
//! by a process too, so that the ratio compares like with like, and is also asked
//! inside: the difference of these two is what the protocol costs at the least.

use std::time::{Duration, Instant};

use serde_json::json;

use super::statistics::{FEWEST, Interval, MOST};
use super::workload::Workload;
use super::{Figure, Outcome, Times, Wrong};
use crate::engine::{Answer, Engine, Question};
use crate::printable::shortened;
use crate::verdict::{Verdict, judge};
use rulespec::suite::Want;

/// The most passes of one round, however short they are.
const PASSES: f64 = 100_000.0;
/// How many characters of a call or an answer are kept.
const SHOWN: usize = 300;

/// How much is done for a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effort {
    /// The most rounds.
    pub rounds: usize,
    /// How long all rounds of one function may take; a few are done in any case.
    pub time: Duration,
}

/// Who is asked.
pub struct Sides<'a> {
    /// The engine that is timed.
    pub engine: &'a mut dyn Engine,
    /// The reference, asked in the same way.
    pub reference: &'a mut dyn Engine,
    /// The reference inside, where the other one is in a process.
    pub inside: Option<&'a mut dyn Engine>,
}

/// Times an engine on one workload; `None` where `stop` says so before there are
/// enough rounds for an interval.
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
    let mut judged = Judged::default();
    judged.add(workload, &pass(workload, sides.engine).1);
    let times = match judged.goes_on() {
        true => rounds(workload, sides, effort, &mut judged, stop).ok()?,
        false => None,
    };
    Some(Figure {
        r#fn: workload.function.to_string(),
        workload: workload.digest(),
        questions,
        outcome: judged.outcome(questions),
        times,
        wrong: judged.wrong.filter(|_| judged.unsupported < questions),
    })
}

/// What is known of the answers.
#[derive(Debug, Default)]
struct Judged {
    unsupported: usize,
    wrong: Option<Wrong>,
    /// Whether the engine failed to answer at all, which would be waited for again.
    is_broken: bool,
}

impl Judged {
    /// Takes in the answers of a pass.
    fn add(&mut self, workload: &Workload, answers: &[Option<Answer>]) {
        let none = Answer::Garbled("no answer".to_owned());
        let (mut unsupported, mut failures) = (0, vec![]);
        for (number, (want, answer)) in workload.wants.iter().zip(answers).enumerate() {
            let answer = answer.as_ref().unwrap_or(&none);
            let verdict = judge(want, answer);
            unsupported += usize::from(verdict == Verdict::Unsupported);
            self.is_broken |= matches!(verdict, Verdict::Crashed | Verdict::Stalled | Verdict::Garbled);
            if verdict.is_failure() {
                failures.push((number, verdict, answer));
            }
        }
        self.unsupported = self.unsupported.max(unsupported);
        if self.wrong.is_none() {
            let count = failures.len();
            let length = |number: usize| workload.args.get(number).map(|args| json!(args).to_string().len());
            let shortest = failures.into_iter().min_by_key(|(number, ..)| length(*number));
            self.wrong =
                shortest.map(|(number, verdict, answer)| wrong(workload, number, count, &verdict, answer));
        }
    }

    /// Whether there is something to time.
    fn goes_on(&self) -> bool {
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
        _ => String::new(),
    };
    Wrong {
        count,
        verdict: verdict.to_string(),
        call: shortened(
            &json!({ "fn": workload.function, "args": workload.args.get(number) }).to_string(),
            SHOWN,
        ),
        want: shortened(&want, SHOWN),
        got: shortened(&answer.to_string(), SHOWN),
    }
}

/// Asks every question once.
fn pass(workload: &Workload, engine: &mut dyn Engine) -> (Duration, Vec<Option<Answer>>) {
    let question = |args| Question { function: workload.function.name(), args };
    let questions: Vec<Question<'_>> = workload.args.iter().map(|args| question(args.as_slice())).collect();
    // Made before the clock runs, which `ask_in_order` would not do.
    let mut answers = vec![None; questions.len()];
    let start = Instant::now();
    engine.ask_all(&questions, &mut |number, answer| {
        if let Some(slot) = answers.get_mut(number) {
            *slot = Some(answer);
        }
    });
    (start.elapsed(), answers)
}

/// The times of one side, a call each round.
struct Side<'a> {
    engine: &'a mut dyn Engine,
    passes: u32,
    ns: Vec<f64>,
}

impl<'a> Side<'a> {
    fn new(engine: &'a mut dyn Engine, workload: &Workload, share: Duration) -> Self {
        pass(workload, engine);
        let (took, _) = pass(workload, engine);
        let passes = (share.as_secs_f64() / took.as_secs_f64().max(1e-9)).clamp(1.0, PASSES);
        Self { engine, passes: passes as u32, ns: vec![] }
    }

    /// One round; `each` gets the answers of every pass while no clock runs.
    fn round(&mut self, workload: &Workload, each: &mut dyn FnMut(&[Option<Answer>])) {
        let mut total = Duration::ZERO;
        for _ in 0..self.passes {
            let (took, answers) = pass(workload, self.engine);
            total += took;
            each(&answers);
        }
        let calls = f64::from(self.passes) * workload.args.len() as f64;
        // A clock that stood still for a whole round tells as little as it can.
        self.ns.push((total.as_nanos().max(1) as f64) / calls);
    }
}

/// It was stopped before there were enough rounds.
struct Stopped;

/// All rounds; `None` where the engine broke down on the way.
fn rounds(
    workload: &Workload,
    sides: &mut Sides<'_>,
    effort: Effort,
    judged: &mut Judged,
    stop: &dyn Fn() -> bool,
) -> Result<Option<Times>, Stopped> {
    let rounds = effort.rounds.clamp(FEWEST, MOST);
    let others = if sides.inside.is_some() { 2 } else { 1 };
    let share = effort.time / (rounds as u32 * (1 + others));
    let mut engine = Side::new(sides.engine, workload, share);
    let mut reference = Side::new(sides.reference, workload, share);
    let mut inside = sides.inside.as_mut().map(|inside| Side::new(*inside, workload, share));
    let start = Instant::now();
    for round in 0..rounds {
        if round >= FEWEST && (stop() || start.elapsed() >= effort.time) {
            break;
        }
        if stop() {
            return Err(Stopped);
        }
        if round % 2 == 1 {
            reference.round(workload, &mut |_| ());
        }
        engine.round(workload, &mut |answers| judged.add(workload, answers));
        if round % 2 == 0 {
            reference.round(workload, &mut |_| ());
        }
        if let Some(inside) = &mut inside {
            inside.round(workload, &mut |_| ());
        }
        if judged.is_broken {
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
