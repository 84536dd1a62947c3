//! The search: several threads ask cases in batches, and one triages the answers in the
//! order of the cases.

use std::collections::BTreeMap;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TryRecvError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use super::case::Case;
use super::cases::{Cases, functions};
use super::comparison::{Comparison, Engines, Pair};
use super::pace::Pace;
use super::plan::{Plan, Watch};
use super::triage::Triage;
use crate::clock::Instant;
use crate::engine::{Answer, Hello, StartError};
use crate::os_limit;
use crate::panic_text;
use crate::stop::Reason;
use rulespec::Function;
use rulespec::suite::Vector;

/// How many cases make a batch at most, and for how long an engine may answer one.
const MAX_BATCH: usize = 256;
const BATCH_TIME: Duration = Duration::from_millis(100);
/// How many cases make a batch if the engine does not always answer. Each may take a timeout.
const MAX_UNANSWERED_BATCH: usize = 16;
/// How many cases of each job may be in memory.
const MAX_CASES_PER_JOB: u64 = 2048;
/// After how many cases without an answer a function is no longer called.
const MAX_UNANSWERED: u32 = 8;

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
    /// The numbers of its cases.
    numbers: Range<u64>,
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
    cases: Cases,
    /// The number of the next case.
    next: AtomicU64,
    /// How many cases have been triaged.
    triaged: AtomicU64,
    /// The message of a thread that panicked or could not be started.
    failure: Mutex<Option<StartError>>,
    /// By function, how many calls got no answer.
    unanswered: [AtomicU32; Function::ALL.len()],
}

/// Asks all cases of a plan. Reports each find when it is made, and again if it is shown by another case.
pub(super) fn search(
    plan: &Plan,
    engines: Engines<'_>,
    watch: &Watch,
    saved: &[Vector],
    on_find: &mut dyn FnMut(&mut Found, usize),
) -> Result<Found, StartError> {
    let mut pair = Pair::new(engines, plan.allow_retries);
    let (hello, against) = pair.hello()?;
    let cases = Cases::of(plan, &[Some(&hello), against.as_ref()]);
    if cases.is_empty() {
        return Err(StartError {
            what: "the engine has none of the functions that are asked".to_owned(),
            remedy: "ask with --fn for one that its hello lists".to_owned(),
        });
    }
    let all_functions = Plan { functions: vec![], ..plan.clone() };
    let all_cases = Cases::of(&all_functions, &[Some(&hello), against.as_ref()]);
    let triage = Triage::new(pair, cases.clone(), all_cases, watch.stop.clone());
    let shared = Shared {
        plan,
        watch,
        engines,
        cases,
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
    replay(saved, &mut found.triage);
    found.report(watch, on_find);
    found.ask_in_threads(&shared, on_find);
    if let Some(failure) = shared.failure.lock().unwrap_or_else(PoisonError::into_inner).take() {
        return Err(failure);
    }
    found.stopped = watch.stop.reason();
    found.closed = functions().filter(|function| shared.is_closed(*function)).collect();
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

impl Shared<'_> {
    /// Asks one batch after another. A panic ends the search with its message.
    fn ask_or_fail(&self, done: SyncSender<Batch>) {
        let asked = catch_unwind(AssertUnwindSafe(|| self.ask(&done)));
        if let Err(panic) = asked {
            let text = panic_text(&*panic).unwrap_or_default();
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
        let mut pace = Pace::new(BATCH_TIME, MAX_BATCH);
        while let Some(numbers) = self.next_batch(pace.size()) {
            let mut batch = Batch { numbers: numbers.clone(), ..Batch::default() };
            let cases = numbers.filter_map(|number| Some((number, self.cases.case(number)?))).collect();
            let (start, restarts) = (Instant::now(), pair.restarts());
            let compared = self.ask_open(cases, &mut pair);
            pace.record(compared.len(), start.elapsed());
            if !compared.iter().all(|(_, compared)| compared.is_answered()) {
                pace.limit(MAX_UNANSWERED_BATCH);
            }
            self.add(&mut batch, compared);
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

    /// The numbers of the next cases, of which there are at most `size`.
    fn next_batch(&self, size: usize) -> Option<Range<u64>> {
        let end = self.plan.cases.unwrap_or(u64::MAX);
        // Cases are triaged in order. If one takes long, the others must not pile up in memory.
        let max_ahead = (self.plan.jobs as u64).saturating_mul(MAX_CASES_PER_JOB);
        let is_far_ahead = || {
            self.next.load(Ordering::Relaxed) > self.triaged.load(Ordering::Relaxed).saturating_add(max_ahead)
        };
        while !self.watch.stop.is_set() && is_far_ahead() {
            thread::sleep(Duration::from_millis(5));
        }
        let first = self.next.fetch_add(size as u64, Ordering::Relaxed);
        let numbers = first..first.saturating_add(size as u64).min(end);
        (!numbers.is_empty() && !self.watch.stop.is_set()).then_some(numbers)
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
    fn ask_in_threads(&mut self, shared: &Shared<'_>, on_find: &mut dyn FnMut(&mut Self, usize)) {
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
            self.add_in_order(&batches, shared, on_find);
        });
    }

    /// Adds all batches, in the order of their cases. Until the next one arrives, and at the end, the
    /// cases that are not simple yet are simplified further.
    fn add_in_order(
        &mut self,
        batches: &Receiver<Batch>,
        shared: &Shared<'_>,
        on_find: &mut dyn FnMut(&mut Self, usize),
    ) {
        let mut early = BTreeMap::new();
        let mut next = 0;
        loop {
            match batches.try_recv() {
                Ok(batch) => _ = early.insert(batch.numbers.start, batch),
                Err(TryRecvError::Disconnected) => break,
                Err(TryRecvError::Empty) if self.triage.refine() => self.report(shared.watch, on_find),
                Err(TryRecvError::Empty) => match batches.recv() {
                    Ok(batch) => _ = early.insert(batch.numbers.start, batch),
                    Err(_) => break,
                },
            }
            while let Some(batch) = early.remove(&next) {
                next = batch.numbers.end;
                self.add(batch, shared.watch, on_find);
                shared.triaged.store(next, Ordering::Relaxed);
            }
        }
        early.into_values().for_each(|batch| self.add(batch, shared.watch, on_find));
        while self.triage.refine() {
            self.report(shared.watch, on_find);
        }
    }

    fn add(&mut self, batch: Batch, watch: &Watch, on_find: &mut dyn FnMut(&mut Self, usize)) {
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
            self.report(watch, on_find);
        }
    }

    /// Reports the finds that are new, or shown by another case.
    fn report(&mut self, watch: &Watch, on_find: &mut dyn FnMut(&mut Self, usize)) {
        while let Some(at) = self.triage.news.pop_first() {
            let cause = &mut self.triage.causes[at];
            cause.told = Some(cause.shown.case.clone());
            on_find(self, at);
            watch.finds.store(self.triage.causes.len() as u64, Ordering::Relaxed);
        }
    }
}
