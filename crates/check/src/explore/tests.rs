//! The search finds what is wrong, names it, and finds always the same.

use arbitrary::Unstructured;
use proptest::prelude::*;
use serde_json::Value as Json;

use super::generate::{Case, Question, WellFormed, Wild};
use super::*;
use crate::engine::{Answer, Engine, Fast, Hello, Reference};
use crate::misreading::named;
use rulespec::Function;

/// What a search finds of an engine.
fn found(engine: &(dyn Fn() -> Box<dyn Engine> + Sync), plan: &Plan) -> Exploration {
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
        let found =
            found(&|| Box::new(Fast::default()), &Plan { cases: Some(3000), wild, ..Plan::default() });
        assert_eq!((found.cases(), found.finds), (3000, vec![]));
    }
}

#[test]
fn causes_are_named_and_told_apart() {
    let engine = misread(&["null-element-not-found", "drops-empty-arguments", "one-based-substring"]);
    let found = found(&engine, &Plan { cases: Some(3000), ..Plan::default() });
    let named: Vec<&[String]> = found.report.explanations.iter().map(|one| &one.misreadings[..]).collect();
    let mut names = named.concat();
    names.sort_unstable();
    assert_eq!(names, ["drops-empty-arguments", "null-element-not-found", "one-based-substring"]);
    assert!(!found.conforms());
}

#[test]
fn the_same_seed_finds_the_same_whatever_the_jobs() {
    let engine = misread(&["regex-word-boundary", "negative-index-is-null"]);
    let plan = |jobs| Plan { seed: 3, cases: Some(2500), jobs, ..Plan::default() };
    let strip =
        |exploration: Exploration| (exploration.finds, exploration.asked, exploration.report.outcomes);
    let one = strip(found(&engine, &plan(1)));
    assert_eq!(strip(found(&engine, &plan(3))), one);
    assert!(one.0.len() >= 2);
    let other = strip(found(&engine, &Plan { seed: 4, ..plan(1) }));
    assert_ne!(other, one);
}

#[test]
fn open_points_are_told_and_are_no_finds() {
    use rulespec::kql::Profile;
    let engine = || -> Box<dyn Engine> {
        let mut profile = Profile::default();
        assert!(profile.choose("OPEN-CASE-FOLDING", "lower-case") && profile.choose("OPEN-NUL", "ordinary"));
        Box::new(Reference::under(profile))
    };
    let found = found(&engine, &Plan { cases: Some(20_000), ..Plan::default() });
    assert_eq!(found.finds, []);
    let followed: Vec<_> = found.followed.iter().map(|one| (one.open, one.alternatives.clone())).collect();
    assert_eq!(followed, [("OPEN-CASE-FOLDING", vec!["lower-case"]), ("OPEN-NUL", vec!["ordinary"])]);
}

#[test]
fn an_answer_that_follows_no_alternative_is_told_and_no_failure() {
    let found = found(&misread(&["empty-line-fails"]), &Plan { cases: Some(2000), ..Plan::default() });
    assert_eq!(found.report.outcomes[0].vector.args, ["", "windows"]);
    assert_eq!(found.finds.len(), 1);
    assert!(found.conforms());
}

#[test]
fn what_was_saved_is_asked_first() {
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
fn saved_finds_have_titles_of_their_own() {
    let plan = |function| Plan { cases: Some(64), functions: vec![function], ..Plan::default() };
    let silent = || -> Box<dyn Engine> { Box::new(Silent) };
    let engines = Engines { engine: &silent, against: None };
    let find = |function, saved: &[Vector]| {
        let found = explore(&plan(function), engines, &Watch::default(), saved).unwrap();
        found.report.outcomes.last().unwrap().vector.clone()
    };
    let mut saved = vec![find(Function::Has, &[])];
    saved.push(find(Function::EqCi, &saved));
    saved.push(find(Function::IndexOf, &saved));
    let told: Vec<_> = saved.iter().map(|vector| (vector.id.as_str(), vector.title.as_str())).collect();
    assert_eq!(
        told,
        [
            ("fnd-0001", "seed 0, case 0: is answered at all"),
            ("fnd-0002", "seed 0, case 0: is answered at all (2)"),
            ("fnd-0003", "seed 0, case 0: is answered at all (3)"),
        ]
    );
}

#[test]
fn a_title_is_cut_before_its_number() {
    let mut taken = [String::from("x").repeat(60)].into();
    assert_eq!(found::own_title(&"x".repeat(70), &mut taken), "x".repeat(56) + " (2)");
    assert_eq!(found::own_title("short", &mut taken), "short");
}

/// An engine that answers nothing.
struct Silent;

impl Engine for Silent {
    fn hello(&mut self) -> Result<Hello, StartError> {
        Ok(Hello { engine: "silent".to_owned(), version: String::new(), functions: None })
    }

    fn ask(&mut self, _: &str, _: &[Json]) -> Answer {
        Answer::missing()
    }
}

fn fast_is_reference(case: &Case) -> bool {
    Fast::default().ask(case.function.name(), &case.args)
        == Reference::default().ask(case.function.name(), &case.args)
}

quickcheck::quickcheck! {
    fn fast_is_reference_for_any_question(question: Question<Wild>) -> bool {
        fast_is_reference(&question.case)
    }
}

proptest! {
    #[test]
    fn fast_is_reference_for_every_function(
        cases in Function::ALL.map(cases::<WellFormed>).to_vec()
    ) {
        for case in cases {
            prop_assert!(fast_is_reference(&case), "{case:?}");
        }
    }
}

#[test]
fn proptest_and_quickcheck_shrink_alike() {
    let bytes = source::bytes(7, 1, 512);
    let case = Case::of::<WellFormed>(Function::Has, &mut Unstructured::new(&bytes)).unwrap();
    let question: Question<WellFormed> = case.clone().into();
    let steps: Vec<Case> = quickcheck::Arbitrary::shrink(&question).map(|question| question.case).collect();
    assert_eq!(steps, case.simpler().collect::<Vec<_>>());
    assert!(!steps.is_empty());
}
