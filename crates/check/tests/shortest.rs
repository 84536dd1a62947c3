//! `explore` finds every misreading, and simplifies what it finds to a short case.

use std::sync::LazyLock;

use rulespec::Function;
use rulespec::suite::{self, Vector};
use rulespec_check::engine::Engine;
use rulespec_check::explore::generate::Case;
use rulespec_check::explore::{Engines, Plan, Watch, explore};
use rulespec_check::misreading::{Misreading, all};
use serde_json::Value as Json;

/// How many characters longer than with seed 7 a case may be with other seeds.
const TOLERANCE: usize = 2;

/// The functions that a misreading affects: those of the vectors of its clause, the whole
/// rule last.
fn functions(misreading: &Misreading) -> Vec<Function> {
    static VECTORS: LazyLock<Vec<Vector>> = LazyLock::new(|| suite::vectors().unwrap());
    let of_clause = VECTORS.iter().filter(|vector| vector.clauses.iter().any(|id| id == misreading.breaks));
    let mut functions: Vec<Function> = of_clause.map(|vector| vector.r#fn.parse().unwrap()).collect();
    functions.sort_by_key(|function| (*function == Function::BitsadminActivity, *function));
    functions.dedup();
    functions
}

/// The first case that the search finds, in at most 4,096 calls of each function.
fn simplest(misreading: &Misreading, seed: u64) -> Option<Case> {
    let engine = || -> Box<dyn Engine> { Box::new(misreading.engine()) };
    let engines = Engines { engine: &engine, against: None };
    let functions = functions(misreading);
    let plans = [64, 512, 4096].into_iter().flat_map(|cases| {
        let plan = move |function: &Function| Plan {
            seed,
            cases: Some(cases),
            functions: vec![*function],
            ..Plan::default()
        };
        functions.iter().map(plan)
    });
    plans.into_iter().find_map(|plan| {
        let found = explore(&plan, engines, &Watch::default(), &[]).unwrap();
        let vector = found.report.outcomes.into_iter().next()?.vector;
        Some(Case { function: plan.functions[0], args: vector.args })
    })
}

/// A case on one line. Of a table for the rule, only cells that are not empty are shown.
fn shown(case: &Case) -> String {
    match (case.function, &case.args[..]) {
        (Function::BitsadminActivity, [table]) => {
            let columns = table["columns"].as_array().unwrap();
            let cells = |row: &Json| -> Json {
                let cells = columns.iter().zip(row.as_array().unwrap());
                let cells = cells.filter(|(_, cell)| !cell.is_null() && **cell != "");
                cells
                    .map(|(column, cell)| (column["name"].as_str().unwrap().to_owned(), cell.clone()))
                    .collect()
            };
            let rows: Json = table["rows"].as_array().unwrap().iter().map(cells).collect();
            format!("{} columns, rows {rows}", columns.len())
        }
        (function, args) => format!("{function} {}", Json::from(args)),
    }
}

/// The misreadings that the search is sure to find: those of functions that can be called by
/// themselves. Of the many functions of queries it calls too few, with texts only.
pub(super) fn sought() -> impl Iterator<Item = &'static Misreading> {
    let is_called = |function: &Function| *function != Function::Query;
    all().iter().filter(move |misreading| functions(misreading).iter().any(is_called))
}

#[test]
fn every_misreading_is_found_and_simplified() {
    let line = |misreading: &Misreading| {
        let case = simplest(misreading, 7).map_or("not found".to_owned(), |case| shown(&case));
        format!("{}: {case}\n", misreading.name)
    };
    insta::assert_snapshot!(sought().map(line).collect::<String>());
}

/// The length of a value: its characters and digits, and one for each element or member.
/// Tables do not count, because their types and required columns vary.
fn length(value: &Json) -> usize {
    match value {
        Json::Null | Json::Bool(_) => 0,
        Json::Number(number) => number.to_string().len(),
        Json::String(text) => text.chars().count(),
        Json::Array(elements) => elements.iter().map(|element| 1 + length(element)).sum(),
        Json::Object(table) if table.contains_key("columns") => 0,
        Json::Object(row) => row.values().map(|cell| 1 + length(cell)).sum(),
    }
}

/// The length of the arguments of a case. That of the parser does not count: a name that is no parser
/// may be shorter.
fn total(case: &Case) -> usize {
    let count = if case.function == Function::ParseCommandLine { 1 } else { case.args.len() };
    case.args.iter().take(count).map(length).sum()
}

#[test]
#[ignore = "takes minutes in a debug build"]
fn cases_are_about_as_short_under_other_seeds() {
    let mut longer = vec![];
    for misreading in sought() {
        let [expected, cases @ ..] = [7, 1, 2].map(|seed| simplest(misreading, seed).unwrap());
        let limit = total(&expected) + TOLERANCE;
        let is_long = |case: &Case| total(case) > limit && case.args.len() == expected.args.len();
        let long = cases.into_iter().filter(is_long);
        longer.extend(
            long.map(|case| format!("{}: {}, not {}", misreading.name, shown(&case), shown(&expected))),
        );
    }
    assert!(longer.is_empty(), "{}", longer.join("\n"));
}
