//! `explore` attributes wrong answers to the misreading that causes them, and names its clause.
//!
//! Each misreading that changes the answers of a table function is planted in an engine. All of them
//! with several seeds take minutes:
//!
//! ```console
//! $ cargo test --release -p rulespec-check --test integration attribution -- --ignored --nocapture
//! ```

use std::collections::BTreeSet;

use rulespec::Function;
use rulespec::suite::{self, Vector};
use rulespec_check::engine::{Answer, Engine, Reference};
use rulespec_check::explore::generate::{Case, WellFormed};
use rulespec_check::explore::{Engines, Exploration, Plan, Watch, explore};
use rulespec_check::misreading::{Misreading, all, named};

/// The share of misreadings that must be attributed, in percent.
const MIN_ATTRIBUTED: usize = 95;

fn answers(misreading: &Misreading, cases: &[Case]) -> Vec<Answer> {
    let mut engine = misreading.engine();
    cases.iter().map(|case| engine.ask(case.function.name(), &case.args)).collect()
}

fn suite_cases(function: Function) -> Vec<Case> {
    let vectors: Vec<Vector> = suite::vectors().unwrap();
    let of_function = vectors.into_iter().filter(|vector| vector.r#fn == function.name());
    of_function.map(|vector| Case { function, args: vector.args }).collect()
}

/// The misreadings that change an answer to a vector of this function.
fn planted(function: Function) -> Vec<&'static Misreading> {
    let cases = suite_cases(function);
    let mut reference = Reference::default();
    let right: Vec<Answer> = cases.iter().map(|case| reference.ask(function.name(), &case.args)).collect();
    all().iter().filter(|misreading| answers(misreading, &cases) != right).collect()
}

/// Cases that tell misreadings apart: the vectors of a function, and generated ones.
fn distinguishing(function: Function, count: u32) -> Vec<Case> {
    let mut cases = suite_cases(function);
    for number in 0..count {
        let mut state = u64::from(number) + 1;
        let bytes: Vec<u8> = (0..512)
            .map(|_| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                (state >> 56) as u8
            })
            .collect();
        let mut bytes = arbitrary::Unstructured::new(&bytes);
        cases.push(Case::of::<WellFormed>(function, &mut bytes).unwrap());
    }
    cases
}

struct Attributed {
    name: &'static str,
    first: Vec<String>,
    clauses: BTreeSet<String>,
    title: String,
    is_named: bool,
    has_clause: bool,
}

fn attributed(misreading: &'static Misreading, plan: &Plan, cases: &[Case]) -> Attributed {
    let engine = || -> Box<dyn Engine> { Box::new(misreading.engine()) };
    let engines = Engines { engine: &engine, against: None };
    let found: Exploration = explore(plan, engines, &Watch::default(), &[]).unwrap();
    let first = found.report.explanations.first().map(|one| one.misreadings.clone()).unwrap_or_default();
    let is_same = |name: &String| {
        name == misreading.name || answers(named(name).unwrap(), cases) == answers(misreading, cases)
    };
    let is_named = first.len() == 1 && first.iter().all(is_same);
    let outcomes = &found.report.outcomes;
    let clauses: BTreeSet<String> =
        outcomes.first().iter().flat_map(|one| one.vector.clauses.clone()).collect();
    let right: BTreeSet<&str> = first
        .iter()
        .filter(|name| is_same(name))
        .map(|name| named(name).unwrap().breaks)
        .chain([misreading.breaks])
        .collect();
    let has_clause = clauses.len() == 1 && clauses.iter().all(|clause| right.contains(clause.as_str()));
    Attributed {
        name: misreading.name,
        first,
        title: outcomes.first().map(|one| one.vector.title.clone()).unwrap_or_default(),
        clauses,
        is_named,
        has_clause,
    }
}

fn table(
    functions: &[Function],
    planted: &[&'static Misreading],
    seeds: &[u64],
    cases: u64,
    tell: &[Case],
) -> (usize, usize, usize) {
    let (mut named, mut clause, mut all) = (0, 0, 0);
    for &seed in seeds {
        for misreading in planted {
            let plan = Plan { seed, cases: Some(cases), functions: functions.to_vec(), ..Plan::default() };
            let Attributed { name, first, clauses, title, is_named, has_clause } =
                attributed(misreading, &plan, tell);
            if !is_named || !has_clause {
                println!(
                    "seed {seed} {name} ({}): first {first:?}, clauses {clauses:?}, title {title:?}",
                    misreading.breaks
                );
            }
            named += usize::from(is_named);
            clause += usize::from(has_clause);
            all += 1;
        }
    }
    (named, clause, all)
}

#[test]
#[ignore = "takes minutes: run by hand and in .ci/nightly"]
fn misreadings_of_table_functions_are_attributed() {
    for function in [Function::BitsadminActivity, Function::Query] {
        let planted = planted(function);
        let tell = distinguishing(function, 2000);
        for functions in [&[function][..], &[]] {
            for cases in [100, 200, 2000] {
                let (named, clause, all) = table(functions, &planted, &[1, 2, 3], cases, &tell);
                println!(
                    "== planted in {function}, asked {functions:?}, {cases} cases: {named} named, {clause} clauses of {all}"
                );
            }
        }
    }
}
