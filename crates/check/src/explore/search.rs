//! The search itself: questions in batches, asked by several threads, looked into by
//! one, in order.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use arbitrary::Unstructured;

use super::asked::{Asked, Engines, Pair};
use super::causes::Inquiry;
use super::generate::{Case, WellFormed, Wild};
use super::judge::agrees;
use super::source;
use crate::engine::{Answer, Hello, StartError};
use rulespec::Function;
use rulespec::suite::Vector;

/// How many questions make a batch.
const BATCH: u64 = 512;
/// After how many questions of a function that got no answer it is asked no more.
const UNANSWERED: u32 = 8;
/// How many questions are asked at once: at first, and of an engine that always answers.
const FEW: usize = 16;
const MANY: usize = 512;
/// How many questions are looked through for one that tells misreadings apart.
const TELLING: u64 = 2000;
/// How often each function is asked, out of all together: those with more to tell
/// apart, more often.
const SHARES: [(Function, usize); Function::ALL.len()] = [
    (Function::ParseCommandLine, 7),
    (Function::Has, 6),
    (Function::BitsadminActivity, 5),
    (Function::HasAny, 3),
    (Function::Substring, 2),
    (Function::IndexOf, 2),
    (Function::EqCi, 2),
    (Function::Element, 2),
    (Function::ToString, 2),
    (Function::Iff, 2),
    (Function::ColumnIfExists, 2),
    (Function::Where, 2),
    (Function::Extend, 2),
    (Function::ProjectReorder, 2),
];

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// What the questions are made from: the same seed, the same questions.
    pub seed: u64,
    /// How many questions are asked; no end where `None`.
    pub cases: Option<u64>,
    /// For how long they are asked; no end where `None`.
    pub time: Option<Duration>,
    /// The functions that are asked; all that the engine has where there is none.
    pub functions: Vec<Function>,
    /// How many threads ask, each an engine of its own.
    pub jobs: usize,
    /// Whether what the specification leaves unsaid is asked too.
    pub wild: bool,
}

impl Default for Plan {
    /// Ten thousand questions of every function, by one thread.
    fn default() -> Self {
        Self { seed: 0, cases: Some(10_000), time: None, functions: vec![], jobs: 1, wild: false }
    }
}

/// What can be seen of a search from outside, and how to end it.
#[derive(Debug, Default)]
pub struct Watch {
    /// How many questions have been answered.
    pub cases: AtomicU64,
    /// How many causes of wrong answers were found.
    pub finds: AtomicU64,
    /// Set to end the search; what was found is kept.
    pub stop: AtomicBool,
}

/// What came of the questions, before it is told.
pub(super) struct Found<'a> {
    pub(super) hello: Hello,
    pub(super) against: Option<Hello>,
    pub(super) inquiry: Inquiry<'a>,
    /// How many questions were answered, by function.
    pub(super) asked: BTreeMap<Function, u64>,
    /// The functions the engine said it does not have.
    pub(super) unsupported: Vec<Function>,
    /// Those that were asked no more.
    pub(super) closed: Vec<Function>,
}

/// What one thread has to tell of a batch.
#[derive(Default)]
struct Batch {
    number: u64,
    asked: BTreeMap<Function, u64>,
    unsupported: Vec<Function>,
    /// The answers that are not the right ones, by the number of the case.
    wrong: Vec<(u64, Asked)>,
}

/// What the threads share.
struct Shared<'a> {
    plan: &'a Plan,
    watch: &'a Watch,
    engines: Engines<'a>,
    /// The functions, each as often as its share.
    functions: Vec<Function>,
    next: AtomicU64,
    deadline: Option<Instant>,
    unanswered: [AtomicU32; SHARES.len()],
}

/// Asks all questions of a plan.
pub(super) fn search<'a>(
    plan: &'a Plan,
    engines: Engines<'a>,
    watch: &'a Watch,
    saved: &[Vector],
) -> Result<Found<'a>, StartError> {
    let mut pair = Pair::new(engines);
    let (hello, against) = pair.hello()?;
    let mut inquiry = Inquiry::new(pair, &watch.stop);
    replay(saved, &mut inquiry);
    let functions = functions(plan, &[Some(&hello), against.as_ref()]);
    if functions.is_empty() {
        return Err(StartError {
            what: "the engine has none of the functions that are asked".to_owned(),
            remedy: "ask with --fn for one that its hello lists".to_owned(),
        });
    }
    let deadline = plan.time.and_then(|time| Instant::now().checked_add(time));
    let shared = Shared {
        plan,
        watch,
        engines,
        functions,
        next: AtomicU64::new(0),
        deadline,
        unanswered: Default::default(),
    };
    let mut found =
        Found { hello, against, inquiry, asked: BTreeMap::new(), unsupported: vec![], closed: vec![] };
    std::thread::scope(|scope| {
        let jobs = plan.jobs.max(1);
        let (done, batches) = sync_channel(jobs);
        for _ in 0..jobs {
            let done = done.clone();
            scope.spawn(|| shared.ask(done));
        }
        drop(done);
        found.look_into(&batches, watch);
    });
    let functions = SHARES.iter().map(|(function, _)| *function);
    found.closed = functions.filter(|function| shared.is_closed(*function)).collect();
    found.inquiry.tell_apart(&|| Box::new(of_every_function(plan, TELLING)));
    Ok(found)
}

/// Asks the vectors that were saved before.
fn replay(saved: &[Vector], inquiry: &mut Inquiry<'_>) {
    let case =
        |vector: &Vector| Some(Case { function: vector.r#fn.parse().ok()?, args: vector.args.clone() });
    let known = |vector| Some((vector, case(vector)?));
    let (vectors, cases): (Vec<&Vector>, Vec<Case>) = saved.iter().filter_map(known).unzip();
    let asked = inquiry.pair.ask(cases);
    for (vector, asked) in vectors.into_iter().zip(asked) {
        inquiry.replay(vector, asked);
    }
}

/// So many questions of every function, those of the plan's seed.
pub(super) fn of_every_function(plan: &Plan, count: u64) -> impl Iterator<Item = Case> + use<> {
    let plan = Plan { functions: vec![], ..plan.clone() };
    let functions = functions(&plan, &[]);
    (0..count).filter_map(move |number| {
        let place = usize::try_from(number).ok()? % functions.len();
        case(&plan, functions[place], number)
    })
}

/// The functions that are asked, each as often as its share.
fn functions(plan: &Plan, engines: &[Option<&Hello>]) -> Vec<Function> {
    let is_wanted = |function: &Function| plan.functions.is_empty() || plan.functions.contains(function);
    let is_there = |function: &Function| {
        engines.iter().all(|hello| hello.is_none_or(|hello| hello.has(function.name())))
    };
    let shares = SHARES.iter().filter(|(function, _)| is_wanted(function) && is_there(function));
    shares.flat_map(|(function, share)| std::iter::repeat_n(*function, *share)).collect()
}

impl Shared<'_> {
    /// Asks one batch after another.
    fn ask(&self, done: SyncSender<Batch>) {
        let mut pair = Pair::new(self.engines);
        let mut at_once = FEW;
        while let Some(number) = self.next_batch() {
            let mut batch = Batch { number, ..Batch::default() };
            let mut cases = self.cases(number).into_iter().peekable();
            while cases.peek().is_some() {
                let part: Vec<(u64, Case)> = cases.by_ref().take(at_once).collect();
                let asked = self.ask_open(part, &mut pair);
                if self.watch.stop.load(Ordering::Relaxed) {
                    return;
                }
                // One that gives no answers costs time with each: it is asked less at once.
                let is_answered = asked.iter().all(|(_, asked)| asked.is_answered());
                at_once = if is_answered { (at_once * 4).min(MANY) } else { FEW };
                self.take(&mut batch, asked);
            }
            if done.send(batch).is_err() {
                return;
            }
        }
    }

    /// Asks those of the functions that are still asked.
    fn ask_open(&self, mut cases: Vec<(u64, Case)>, pair: &mut Pair) -> Vec<(u64, Asked)> {
        cases.retain(|(_, case)| !self.is_closed(case.function));
        let (numbers, cases): (Vec<u64>, Vec<Case>) = cases.into_iter().unzip();
        numbers.into_iter().zip(pair.ask(cases)).collect()
    }

    /// Whether a function is asked no more.
    fn is_closed(&self, function: Function) -> bool {
        self.unanswered(function).is_some_and(|count| count.load(Ordering::Relaxed) >= UNANSWERED)
    }

    fn next_batch(&self) -> Option<u64> {
        let is_late = self.deadline.is_some_and(|deadline| Instant::now() >= deadline);
        if is_late || self.watch.stop.load(Ordering::Relaxed) {
            return None;
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let is_over = self.plan.cases.is_some_and(|cases| number.saturating_mul(BATCH) >= cases);
        (!is_over).then_some(number)
    }

    /// The cases of a batch with their numbers, which alone decide what they are.
    fn cases(&self, batch: u64) -> Vec<(u64, Case)> {
        let first = batch.saturating_mul(BATCH);
        let end = first.saturating_add(BATCH).min(self.plan.cases.unwrap_or(u64::MAX));
        let case = |number: u64| {
            let place = usize::try_from(number % self.functions.len() as u64).ok()?;
            let function = *self.functions.get(place)?;
            Some((number, case(self.plan, function, number)?))
        };
        (first..end).filter_map(case).collect()
    }

    fn unanswered(&self, function: Function) -> Option<&AtomicU32> {
        let place = SHARES.iter().position(|(shared, _)| *shared == function)?;
        self.unanswered.get(place)
    }

    /// Adds answers to what is told of a batch.
    fn take(&self, batch: &mut Batch, asked: Vec<(u64, Asked)>) {
        self.watch.cases.fetch_add(asked.len() as u64, Ordering::Relaxed);
        for (number, asked) in asked {
            *batch.asked.entry(asked.case.function).or_default() += 1;
            if matches!(asked.got, Answer::Unsupported(_)) {
                batch.unsupported.push(asked.case.function);
            } else if !agrees(&asked.right, &asked.got) {
                if !asked.is_answered()
                    && let Some(unanswered) = self.unanswered(asked.case.function)
                {
                    unanswered.fetch_add(1, Ordering::Relaxed);
                }
                batch.wrong.push((number, asked));
            }
        }
        batch.unsupported.dedup();
    }
}

/// The case of this number.
fn case(plan: &Plan, function: Function, number: u64) -> Option<Case> {
    let length = if function == Function::BitsadminActivity { 512 } else { 128 };
    let bytes = source::bytes(plan.seed, number, length);
    let bytes = &mut Unstructured::new(&bytes);
    let case =
        if plan.wild { Case::of::<Wild>(function, bytes) } else { Case::of::<WellFormed>(function, bytes) };
    case.ok()
}

impl Found<'_> {
    /// Looks into the wrong answers of all batches, in the order of the cases.
    fn look_into(&mut self, batches: &Receiver<Batch>, watch: &Watch) {
        let mut early = BTreeMap::new();
        let mut next = 0;
        for batch in batches {
            early.insert(batch.number, batch);
            while let Some(batch) = early.remove(&next) {
                next += 1;
                self.take(batch, watch);
            }
        }
        early.into_values().for_each(|batch| self.take(batch, watch));
    }

    fn take(&mut self, batch: Batch, watch: &Watch) {
        for (function, count) in batch.asked {
            *self.asked.entry(function).or_default() += count;
        }
        for function in batch.unsupported {
            if !self.unsupported.contains(&function) {
                self.unsupported.push(function);
            }
        }
        for (number, asked) in batch.wrong {
            self.inquiry.take(number, asked);
            watch.finds.store(self.inquiry.causes.len() as u64, Ordering::Relaxed);
        }
    }
}
