//! How fast `rulespec explore` is: questions a second, and the time to the first find.
//!
//! Bounds on times are for a quiet machine and an optimised build, so these run by hand
//! and in `.ci/nightly`:
//!
//! ```console
//! $ cargo test --release --test explore_pace -- --ignored --nocapture
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
use rulespec_check::misreading::{Misreading, all};
use rulespec_testing::files::at;

/// The functions over single values: cases a second of each on one core.
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
const IN_PROCESS: f64 = 200_000.0;
const OVER_STDIO: f64 = 20_000.0;
const FIRST_FIND: Duration = Duration::from_secs(1);
const SEEDS: [u64; 3] = [1, 2, 3];

/// Held by whoever measures: two that measure at once measure each other.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn median<T: PartialOrd + Copy>(all: impl IntoIterator<Item = T>) -> T {
    let mut all: Vec<T> = all.into_iter().collect();
    all.sort_by(|a, b| a.partial_cmp(b).unwrap());
    all[all.len() / 2]
}

/// Cases a second of one thread that finds nothing, the median over the seeds.
fn pace(engine: Make<'_>, functions: &[Function], cases: u64) -> f64 {
    median(SEEDS.map(|seed| {
        let plan = Plan { seed, cases: Some(cases), functions: functions.to_vec(), ..Plan::default() };
        let start = Instant::now();
        let found = explore(&plan, Engines { engine, against: None }, &Watch::default(), &[]).unwrap();
        assert_eq!((found.cases(), found.finds), (cases, vec![]));
        cases as f64 / start.elapsed().as_secs_f64()
    }))
}

/// How long it takes until ten thousand questions at most have shown a misreading, and
/// the simplest that shows it is known; `None` where they do not.
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
        watch.stop.store(true, Ordering::Relaxed);
        (!search.join().unwrap().finds.is_empty()).then_some(took)
    })
}

#[test]
#[ignore = "measures times: by hand, and in .ci/nightly"]
fn scalar_functions_are_asked_200_000_times_a_second_in_process() {
    let _alone = alone();
    let paces = SCALAR.map(|function| (function, pace(&|| Box::new(Fast::default()), &[function], 200_000)));
    for (name, pace) in paces {
        println!("{name:<20} {pace:>9.0} cases/s");
    }
    let slow: Vec<_> = paces.into_iter().filter(|(_, pace)| *pace < IN_PROCESS).collect();
    assert!(slow.is_empty(), "below {IN_PROCESS} cases/s: {slow:?}");
}

#[test]
#[ignore = "measures times: by hand, and in .ci/nightly"]
fn an_engine_in_python_is_asked_20_000_questions_a_second() {
    let _alone = alone();
    let argv: Vec<OsString> = vec!["python3".into(), at("engines/python/engine.py").into()];
    let engine = || -> Box<dyn Engine> { Box::new(Process::new(argv.clone(), Limits::default())) };
    let pace = pace(&engine, &[], 50_000);
    println!("{:<20} {pace:>9.0} cases/s", argv.join(" ".as_ref()).display());
    assert!(pace >= OVER_STDIO, "{pace} cases/s are below {OVER_STDIO}");
}

#[test]
#[ignore = "measures times: by hand, and in .ci/nightly"]
fn every_misreading_is_found_and_mostly_within_a_second() {
    let _alone = alone();
    let both = SEEDS.into_iter().flat_map(|seed| all().iter().map(move |misreading| (misreading, seed)));
    let finds: Vec<_> =
        both.map(|(misreading, seed)| (misreading.name, seed, first_find(misreading, seed))).collect();
    let missed: Vec<_> = finds.iter().filter(|(_, _, took)| took.is_none()).collect();
    assert!(missed.is_empty(), "not found: {missed:?}");
    let middle = median(finds.iter().filter_map(|(_, _, took)| *took));
    let (name, seed, worst) = finds.iter().max_by_key(|(_, _, took)| *took).unwrap();
    println!("first find of {} misreadings, {} seeds: {middle:.0?} in the middle", all().len(), SEEDS.len());
    println!("the longest: {:.0?}, {name}, seed {seed}", worst.unwrap());
    assert!(middle < FIRST_FIND, "{middle:?} to the first find, where less than {FIRST_FIND:?} is due");
}
