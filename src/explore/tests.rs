//! The search finds every misreading, simply and soon, and always the same.

use super::*;
use crate::engine::{Engine, Fast};
use crate::misreading::{Misreading, all};

/// What a search with this seed finds of a misreading.
fn find(misreading: &'static Misreading, plan: &Plan) -> Exploration {
    let engine = || -> Box<dyn Engine> { Box::new(misreading.engine()) };
    explore(plan, Engines { engine: &engine, against: None }, &Watch::default(), &[]).unwrap()
}

#[test]
fn tmp_every_misreading() {
    let seed = std::env::var("SEED").map_or(7, |seed| seed.parse().unwrap());
    for misreading in all() {
        let start = Instant::now();
        let found = find(misreading, &Plan { seed, ..Plan::default() });
        let took = start.elapsed();
        for (outcome, find) in found.report.outcomes.iter().zip(&found.finds) {
            println!(
                "{} {} {} | {:?} | {} x{} @{:?} {:?} {}",
                misreading.name,
                misreading.breaks,
                found.finds.len(),
                took,
                outcome.vector.title,
                find.count,
                find.case,
                outcome.vector.clauses,
                serde_json::json!([outcome.vector.r#fn, outcome.vector.args])
            );
        }
        if found.finds.is_empty() {
            println!("NOTHING {}", misreading.name);
        }
    }
}

#[test]
fn nothing_is_found_in_the_embedded_engine() {
    let engine = || -> Box<dyn Engine> { Box::new(Fast::default()) };
    for wild in [false, true] {
        let plan = Plan { cases: Some(3000), wild, ..Plan::default() };
        let found =
            explore(&plan, Engines { engine: &engine, against: None }, &Watch::default(), &[]).unwrap();
        assert_eq!((found.cases(), found.finds), (3000, vec![]));
    }
}
