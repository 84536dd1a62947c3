//! The search: several threads ask cases in batches, and one triages the answers in the
//! order of the cases.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use arbitrary::Unstructured;

use super::case::Case;
use super::comparison::{Comparison, Engines, Pair};
use super::generate::{WellFormed, Wild};
use super::plan::{Plan, Watch};
use super::source;
use super::triage::Triage;
use crate::engine::{Answer, Hello, StartError};
use crate::os_limit;
use crate::stop::Reason;
use rulespec::Function;
use rulespec::suite::Vector;

/// How many cases make a batch.
const BATCH: u64 = 512;
/// How many batches of each job may be in memory.
const MAX_BATCHES_PER_JOB: u64 = 4;
/// After how many cases without an answer a function is no longer called.
const MAX_UNANSWERED: u32 = 8;
/// How many cases are asked at once: at first, and of an engine that always answers.
const MIN_AT_ONCE: usize = 16;
const MAX_AT_ONCE: usize = 512;
/// How many cases are searched for those that distinguish misreadings.
const DISTINGUISHING_CASES: u64 = 2000;
/// How often each function is called, relative to the others: more often if it has more
/// that can go wrong.
const WEIGHTS: [(Function, usize); Function::ALL.len()] = [
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
    (Function::Query, 6),
];

/// The raw result of a search.
pub(super) struct Found {
    pub(super) hello: Hello,
    pub(super) against: Option<Hello>,
    pub(super) triage: Triage,
    /// How many cases were answered, by function.
    pub(super) asked: BTreeMap<Function, u64>,
    /// The functions that the engine says it does not have.
    pub(super) unsupported: Vec<Function>,
    /// The functions that are no longer called.
    pub(super) closed: Vec<Function>,
    /// Why the search was stopped, if it was.
    pub(super) stopped: Option<Reason>,
    /// Why an engine was given up, if it was.
    pub(super) given_up: Option<String>,
    /// How often engines had to be started again.
    pub(super) restarts: u64,
}

/// The results of one batch.
#[derive(Default)]
struct Batch {
    number: u64,
    asked: BTreeMap<Function, u64>,
    unsupported: Vec<Function>,
    wrong: Vec<(u64, Comparison)>,
    given_up: Option<String>,
    restarts: u64,
}

/// What the threads share.
struct Shared<'a> {
    plan: &'a Plan,
    watch: &'a Watch,
    engines: Engines<'a>,
    functions: Vec<Function>,
    next: AtomicU64,
    /// How many batches have been triaged.
    triaged: AtomicU64,
    /// The message of a thread that panicked or could not be started.
    failure: Mutex<Option<StartError>>,
    /// By function, how many calls got no answer.
    unanswered: [AtomicU32; Function::ALL.len()],
}

/// Asks all cases of a plan.
pub(super) fn search(
    plan: &Plan,
    engines: Engines<'_>,
    watch: &Watch,
    saved: &[Vector],
) -> Result<Found, StartError> {
    let mut pair = Pair::new(engines, plan.allow_retries);
    let (hello, against) = pair.hello()?;
    let mut triage = Triage::new(pair, watch.stop.clone());
    replay(saved, &mut triage);
    let functions = functions(plan, &[Some(&hello), against.as_ref()]);
    if functions.is_empty() {
        return Err(StartError {
            what: "the engine has none of the functions that are asked".to_owned(),
            remedy: "ask with --fn for one that its hello lists".to_owned(),
        });
    }
    let shared = Shared {
        plan,
        watch,
        engines,
        functions,
        next: AtomicU64::new(0),
        triaged: AtomicU64::new(0),
        failure: Mutex::new(None),
        unanswered: Default::default(),
    };
    let mut found = Found {
        hello,
        against,
        triage,
        asked: BTreeMap::new(),
        unsupported: vec![],
        closed: vec![],
        stopped: None,
        given_up: None,
        restarts: 0,
    };
    found.ask_in_threads(&shared);
    if let Some(failure) = shared.failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(failure);
    }
    found.stopped = watch.stop.reason();
    let functions = WEIGHTS.iter().map(|(function, _)| *function);
    found.closed = functions.filter(|function| shared.is_closed(*function)).collect();
    let all = Plan { functions: vec![], ..plan.clone() };
    let functions = self::functions(&all, &[]);
    found.triage.narrow_down(&|| {
        let (all, functions) = (all.clone(), functions.clone());
        Box::new((0..DISTINGUISHING_CASES).filter_map(move |number| case(&all, &functions, number)))
    });
    found.restarts += found.triage.pair.restarts();
    Ok(found)
}

/// Asks the vectors that were saved before.
fn replay(saved: &[Vector], triage: &mut Triage) {
    for vector in saved {
        let function = vector.r#fn.parse().ok();
        let case = function.map(|function| Case { function, args: vector.args.clone() });
        let compared = triage.pair.ask(case.into_iter().collect()).into_iter();
        compared.filter(Comparison::is_asked).for_each(|compared| triage.replay(vector, compared));
    }
}

/// The functions to call, each repeated by its weight.
fn functions(plan: &Plan, engines: &[Option<&Hello>]) -> Vec<Function> {
    let is_wanted = |function: &Function| plan.functions.is_empty() || plan.functions.contains(function);
    let is_supported = |function: &Function| {
        engines.iter().all(|hello| hello.is_none_or(|hello| hello.has(function.name())))
    };
    let chosen = WEIGHTS.iter().filter(|(function, _)| is_wanted(function) && is_supported(function));
    chosen.flat_map(|(function, weight)| std::iter::repeat_n(*function, *weight)).collect()
}

/// The case with this number. It depends on nothing but the plan and the functions.
fn case(plan: &Plan, functions: &[Function], number: u64) -> Option<Case> {
    let at = usize::try_from(number % functions.len() as u64).ok()?;
    let function = *functions.get(at)?;
    let length = if function == Function::BitsadminActivity { 512 } else { 128 };
    let bytes = source::bytes(plan.seed, number, length);
    let generate = if plan.wild { Case::of::<Wild> } else { Case::of::<WellFormed> };
    generate(function, &mut Unstructured::new(&bytes)).ok()
}

impl Shared<'_> {
    /// Asks one batch after another. A panic ends the search with its message.
    fn ask_or_fail(&self, done: SyncSender<Batch>) {
        let asked = catch_unwind(AssertUnwindSafe(|| self.ask(&done)));
        if let Err(panic) = asked {
            let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            self.fail(
                format!("a thread of the search panicked: {text}"),
                Some("report this as a bug of rulespec"),
            );
        }
    }

    /// Stops the search, which returns this error.
    fn fail(&self, what: String, remedy: Option<&str>) {
        let remedy = remedy.unwrap_or("use fewer --jobs").to_owned();
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(StartError { what, remedy });
        self.watch.stop.request();
    }

    fn ask(&self, done: &SyncSender<Batch>) {
        let mut pair = Pair::new(self.engines, self.plan.allow_retries);
        let mut at_once = MIN_AT_ONCE;
        while let Some(number) = self.next_batch() {
            let mut batch = Batch { number, ..Batch::default() };
            let mut cases = self.cases(number).into_iter().peekable();
            let restarts = pair.restarts();
            while cases.peek().is_some() && !self.watch.stop.is_set() && batch.given_up.is_none() {
                let part: Vec<(u64, Case)> = cases.by_ref().take(at_once).collect();
                let compared = self.ask_open(part, &mut pair);
                // Each case without an answer costs a timeout, so ask fewer at once.
                let all_answered = compared.iter().all(|(_, compared)| compared.is_answered());
                at_once = if all_answered { (at_once * 4).min(MAX_AT_ONCE) } else { MIN_AT_ONCE };
                self.add(&mut batch, compared);
            }
            batch.restarts = pair.restarts() - restarts;
            let is_given_up = batch.given_up.is_some();
            if done.send(batch).is_err() || is_given_up {
                return;
            }
        }
    }

    /// Asks the cases whose functions are still called.
    fn ask_open(&self, mut cases: Vec<(u64, Case)>, pair: &mut Pair) -> Vec<(u64, Comparison)> {
        cases.retain(|(_, case)| !self.is_closed(case.function));
        let (numbers, cases): (Vec<u64>, Vec<Case>) = cases.into_iter().unzip();
        numbers.into_iter().zip(pair.ask(cases)).collect()
    }

    /// Whether a function is no longer called.
    fn is_closed(&self, function: Function) -> bool {
        self.unanswered[function as usize].load(Ordering::Relaxed) >= MAX_UNANSWERED
    }

    fn next_batch(&self) -> Option<u64> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let is_over = self.plan.cases.is_some_and(|cases| number.saturating_mul(BATCH) >= cases);
        // Batches are triaged in order. If one takes long, the others must not pile up in memory.
        let max_ahead = (self.plan.jobs as u64).saturating_mul(MAX_BATCHES_PER_JOB);
        let is_far_ahead = || number > self.triaged.load(Ordering::Relaxed).saturating_add(max_ahead);
        while !is_over && !self.watch.stop.is_set() && is_far_ahead() {
            thread::sleep(Duration::from_millis(5));
        }
        (!is_over && !self.watch.stop.is_set()).then_some(number)
    }

    /// The cases of a batch, with their numbers.
    fn cases(&self, batch: u64) -> Vec<(u64, Case)> {
        let first = batch.saturating_mul(BATCH);
        let end = first.saturating_add(BATCH).min(self.plan.cases.unwrap_or(u64::MAX));
        let case = |number: u64| Some((number, case(self.plan, &self.functions, number)?));
        (first..end).filter_map(case).collect()
    }

    /// Adds answers to the results of a batch.
    fn add(&self, batch: &mut Batch, compared: Vec<(u64, Comparison)>) {
        for (number, compared) in compared {
            let function = compared.case.function;
            if let Answer::NotAsked(why) = &compared.got {
                batch.given_up = Some(why.clone()).filter(|_| !self.watch.stop.is_set());
                continue;
            }
            if !compared.is_asked() {
                continue;
            }
            self.watch.cases.fetch_add(1, Ordering::Relaxed);
            *batch.asked.entry(function).or_default() += 1;
            if compared.is_unspecified() {
                continue;
            }
            if matches!(compared.got, Answer::Unsupported(_)) {
                batch.unsupported.push(function);
            } else if !compared.agrees {
                let unanswered = u32::from(!compared.is_answered());
                self.unanswered[function as usize].fetch_add(unanswered, Ordering::Relaxed);
                batch.wrong.push((number, compared));
            }
        }
        batch.unsupported.dedup();
    }
}

impl Found {
    /// Asks all cases in several threads, and adds their batches.
    fn ask_in_threads(&mut self, shared: &Shared<'_>) {
        thread::scope(|scope| {
            let jobs = shared.plan.jobs.max(1);
            let (done, batches) = sync_channel(jobs);
            for _ in 0..jobs {
                let done = done.clone();
                let started = thread::Builder::new().spawn_scoped(scope, || shared.ask_or_fail(done));
                if let Err(error) = started {
                    shared.fail(format!("cannot start a thread: {error}"), os_limit::remedy(&error));
                    break;
                }
            }
            drop(done);
            self.add_in_order(&batches, shared.watch, &shared.triaged);
        });
    }

    /// Adds all batches, in the order of their cases.
    fn add_in_order(&mut self, batches: &Receiver<Batch>, watch: &Watch, triaged: &AtomicU64) {
        let mut early = BTreeMap::new();
        let mut next = 0;
        for batch in batches {
            early.insert(batch.number, batch);
            while let Some(batch) = early.remove(&next) {
                next += 1;
                self.add(batch, watch);
                triaged.store(next, Ordering::Relaxed);
            }
        }
        early.into_values().for_each(|batch| self.add(batch, watch));
    }

    fn add(&mut self, batch: Batch, watch: &Watch) {
        for (function, count) in batch.asked {
            *self.asked.entry(function).or_default() += count;
        }
        for function in batch.unsupported {
            if !self.unsupported.contains(&function) {
                self.unsupported.push(function);
            }
        }
        self.restarts += batch.restarts;
        self.given_up = self.given_up.take().or(batch.given_up);
        for (number, compared) in batch.wrong {
            self.triage.add(number, compared);
            watch.finds.store(self.triage.causes.len() as u64, Ordering::Relaxed);
        }
    }
}
