//! The speed of `rulespec explore`: cases per second, and the time to the first find.
//!
//! The limits assume an idle machine and an optimised build, so these tests run only by
//! hand and in `.ci/nightly`:
//!
//! ```console
//! $ cargo test --release -p rulespec-check --test integration explore_pace -- --ignored --nocapture
//! ```

use std::ffi::OsString;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rulespec::Function;
use rulespec_check::engine::process::{Limits, Process};
use rulespec_check::engine::{Engine, Fast};
use rulespec_check::explore::{Engines, Make, Plan, Watch, explore};
use rulespec_check::misreading::Misreading;
use rulespec_testing::files::path;

use super::shortest::sought;

/// The functions of scalar values.
const SCALAR: [Function; 10] = [
    Function::EqCi,
    Function::Has,
    Function::HasAny,
    Function::ParseCommandLine,
    Function::Element,
    Function::ToString,
    Function::IndexOf,
    Function::Substring,
    Function::Iff,
    Function::ColumnIfExists,
];
/// Cases per second on one core, in process and over stdio.
const MIN_IN_PROCESS: f64 = 200_000.0;
const MIN_OVER_STDIO: f64 = 20_000.0;
const MAX_FIRST_FIND: Duration = Duration::from_secs(1);
const SEEDS: [u64; 3] = [1, 2, 3];

/// Taken by each test, because tests that run at the same time slow each other down.
fn lock() -> MutexGuard<'static, ()> {
    static LOCK: Mutex<()> = Mutex::new(());
    LOCK.lock().unwrap_or_else(PoisonError::into_inner)
}

fn median<T: PartialOrd + Copy>(all: impl IntoIterator<Item = T>) -> T {
    let mut all: Vec<T> = all.into_iter().collect();
    all.sort_by(|a, b| a.partial_cmp(b).unwrap());
    all[all.len() / 2]
}

/// Cases per second in one thread with nothing to find, the median over the seeds.
fn pace(engine: Make<'_>, functions: &[Function], cases: u64) -> f64 {
    median(SEEDS.map(|seed| {
        let plan = Plan { seed, cases: Some(cases), functions: functions.to_vec(), ..Plan::default() };
        let start = Instant::now();
        let found = explore(&plan, Engines { engine, against: None }, &Watch::default(), &[]).unwrap();
        assert_eq!((found.cases(), found.finds), (cases, vec![]));
        cases as f64 / start.elapsed().as_secs_f64()
    }))
}

/// How long it takes to find and simplify a case that shows a misreading, or `None` if
/// ten thousand cases do not show it.
fn first_find(misreading: &Misreading, seed: u64) -> Option<Duration> {
    let plan = Plan { seed, ..Plan::default() };
    let engine = || -> Box<dyn Engine> { Box::new(misreading.engine()) };
    let engines = Engines { engine: &engine, against: None };
    let watch = Watch::default();
    thread::scope(|scope| {
        let start = Instant::now();
        let search = scope.spawn(|| explore(&plan, engines, &watch, &[]).unwrap());
        while watch.finds.load(Ordering::Relaxed) == 0 && !search.is_finished() {
            thread::sleep(Duration::from_micros(200));
        }
        let took = start.elapsed();
        watch.stop.request();
        (!search.join().unwrap().finds.is_empty()).then_some(took)
    })
}

#[test]
#[ignore = "measures speed: run by hand and in .ci/nightly"]
fn each_scalar_function_is_called_200_000_times_per_second_in_process() {
    let _lock = lock();
    let paces = SCALAR.map(|function| (function, pace(&|| Box::new(Fast::default()), &[function], 200_000)));
    for (name, pace) in paces {
        println!("{name:<20} {pace:>9.0} cases/s");
    }
    let slow: Vec<_> = paces.into_iter().filter(|(_, pace)| *pace < MIN_IN_PROCESS).collect();
    assert!(slow.is_empty(), "below {MIN_IN_PROCESS} cases/s: {slow:?}");
}

#[test]
#[ignore = "measures speed: run by hand and in .ci/nightly"]
fn an_engine_in_python_is_called_20_000_times_per_second() {
    let _lock = lock();
    let argv: Vec<OsString> = vec!["python3".into(), path("engines/python/engine.py").into()];
    let engine = || -> Box<dyn Engine> { Box::new(Process::new(argv.clone(), Limits::default())) };
    let pace = pace(&engine, &[], 50_000);
    println!("{:<20} {pace:>9.0} cases/s", argv.join(" ".as_ref()).display());
    assert!(pace >= MIN_OVER_STDIO, "{pace} cases/s are below {MIN_OVER_STDIO}");
}

#[test]
#[ignore = "measures speed: run by hand and in .ci/nightly"]
fn every_misreading_is_found_and_the_median_within_a_second() {
    let _lock = lock();
    let both = SEEDS.into_iter().flat_map(|seed| sought().map(move |misreading| (misreading, seed)));
    let finds: Vec<_> =
        both.map(|(misreading, seed)| (misreading.name, seed, first_find(misreading, seed))).collect();
    let missed: Vec<_> = finds.iter().filter(|(_, _, took)| took.is_none()).collect();
    assert!(missed.is_empty(), "not found: {missed:?}");
    let median_time = median(finds.iter().filter_map(|(_, _, took)| *took));
    let (name, seed, worst) = finds.iter().max_by_key(|(_, _, took)| *took).unwrap();
    println!(
        "first find of {} misreadings, {} seeds: median {median_time:.0?}",
        sought().count(),
        SEEDS.len()
    );
    println!("maximum: {:.0?}, {name}, seed {seed}", worst.unwrap());
    assert!(
        median_time < MAX_FIRST_FIND,
        "the first find takes {median_time:?}, and should take less than {MAX_FIRST_FIND:?}"
    );
}
