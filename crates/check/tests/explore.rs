//! `explore` finds wrong answers, names their cause, and is deterministic.

use proptest::prelude::*;
use serde_json::Value as Json;

use rulespec::Function;
use rulespec::kql::Profile;
use rulespec::suite::Vector;
use rulespec_check::engine::{Answer, Engine, Fast, Hello, Reference, StartError};
use rulespec_check::explore::generate::{Case, WellFormed, Wild};
use rulespec_check::explore::{Engines, Exploration, Make, Plan, Watch, cases, explore};
use rulespec_check::misreading::named;

fn explored(engine: Make<'_>, plan: &Plan) -> Exploration {
    explore(plan, Engines { engine, against: None }, &Watch::default(), &[]).unwrap()
}

fn misread(names: &'static [&'static str]) -> impl Fn() -> Box<dyn Engine> + Sync {
    move || {
        let mut engine = Reference::default();
        names.iter().for_each(|name| named(name).unwrap().apply(&mut engine));
        Box::new(engine)
    }
}

#[test]
fn nothing_is_found_in_the_embedded_engine() {
    for wild in [false, true] {
        let plan = Plan { cases: Some(3000), wild, ..Plan::default() };
        let found = explored(&|| Box::new(Fast::default()), &plan);
        assert_eq!((found.cases(), found.finds), (3000, vec![]));
    }
}

#[test]
fn several_causes_are_distinguished_and_named() {
    let engine = misread(&["null-element-not-found", "drops-empty-arguments", "one-based-substring"]);
    let found = explored(&engine, &Plan { seed: 3, cases: Some(3000), ..Plan::default() });
    let named: Vec<&[String]> = found.report.explanations.iter().map(|one| &one.misreadings[..]).collect();
    let mut names = named.concat();
    names.sort_unstable();
    assert_eq!(names, ["drops-empty-arguments", "null-element-not-found", "one-based-substring"]);
    assert!(!found.conforms());
}

#[test]
fn the_result_depends_on_the_seed_and_not_on_the_number_of_jobs() {
    let engine = misread(&["regex-word-boundary", "negative-index-is-null"]);
    let plan = |jobs| Plan { seed: 3, cases: Some(2500), jobs, ..Plan::default() };
    let result = |plan: &Plan| {
        let exploration = explored(&engine, plan);
        (exploration.finds, exploration.asked, exploration.report.outcomes)
    };
    let one = result(&plan(1));
    assert_eq!(result(&plan(3)), one);
    assert!(one.0.len() >= 2);
    assert_ne!(result(&Plan { seed: 4, ..plan(1) }), one);
}

#[test]
fn open_points_are_reported_but_are_not_finds() {
    let engine = || -> Box<dyn Engine> {
        let mut profile = Profile::default();
        assert!(profile.choose("OPEN-CASE-FOLDING", "lower-case") && profile.choose("OPEN-NUL", "ordinary"));
        Box::new(Reference::with_profile(profile))
    };
    let found = explored(&engine, &Plan { cases: Some(20_000), ..Plan::default() });
    assert_eq!(found.finds, [], "{}", found.json());
    let followed: Vec<_> = found.followed.iter().map(|one| (one.open, one.alternatives.clone())).collect();
    assert_eq!(followed, [("OPEN-CASE-FOLDING", vec!["lower-case"]), ("OPEN-NUL", vec!["ordinary"])]);
}

#[test]
fn an_answer_that_follows_no_alternative_is_a_find_but_not_a_failure() {
    let found = explored(&misread(&["empty-line-fails"]), &Plan { cases: Some(2000), ..Plan::default() });
    assert_eq!(found.report.outcomes[0].vector.args, ["", "windows"]);
    assert_eq!(found.finds.len(), 1);
    assert!(found.conforms());
}

#[test]
fn saved_vectors_are_asked_first() {
    let plan = Plan { cases: Some(500), functions: vec![Function::Has], ..Plan::default() };
    let engine = misread(&["has-as-substring"]);
    let engines = Engines { engine: &engine, against: None };
    let first = explore(&plan, engines, &Watch::default(), &[]).unwrap();
    let saved: Vec<Vector> = first.report.outcomes.iter().map(|outcome| outcome.vector.clone()).collect();
    let again = explore(&plan, engines, &Watch::default(), &saved).unwrap();
    assert_eq!(again.finds[0].case, None);
    assert_eq!(again.report.outcomes[0].vector, saved[0]);
    assert_eq!(again.finds.len(), first.finds.len());
}

#[test]
fn saved_finds_have_unique_titles() {
    let plan = |function| Plan { cases: Some(64), functions: vec![function], ..Plan::default() };
    let silent = || -> Box<dyn Engine> { Box::new(Silent) };
    let engines = Engines { engine: &silent, against: None };
    let mut saved: Vec<Vector> = vec![];
    for function in [Function::Has, Function::EqCi, Function::IndexOf] {
        let found = explore(&plan(function), engines, &Watch::default(), &saved).unwrap();
        saved.push(found.report.outcomes.last().unwrap().vector.clone());
    }
    let titles: Vec<_> = saved.iter().map(|vector| (vector.id.as_str(), vector.title.as_str())).collect();
    assert_eq!(
        titles,
        [
            ("fnd-0001", "seed 0, case 0: gives no answer"),
            ("fnd-0002", "seed 0, case 0: gives no answer (2)"),
            ("fnd-0003", "seed 0, case 0: gives no answer (3)"),
        ]
    );
}

/// An engine that never answers.
struct Silent;

impl Engine for Silent {
    fn hello(&mut self) -> Result<Hello, StartError> {
        Ok(Hello { engine: "silent".to_owned(), version: String::new(), functions: None })
    }

    fn ask(&mut self, _: &str, _: &[Json]) -> Answer {
        Answer::Garbled("no answer".to_owned())
    }
}

proptest! {
    #[test]
    fn fast_equals_the_reference_for_every_function(
        well_formed in Function::ALL.map(cases::<WellFormed>).to_vec(),
        wild in Function::ALL.map(cases::<Wild>).to_vec(),
    ) {
        for Case { function, args } in well_formed.into_iter().chain(wild) {
            let expected = Reference::default().ask(function.name(), &args);
            prop_assert_eq!(Fast::default().ask(function.name(), &args), expected, "{} {:?}", function, args);
        }
    }
}
