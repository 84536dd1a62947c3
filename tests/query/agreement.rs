//! Microsoft's library says the same of a sample of generated queries. `tests/fixtures/binder.json`
//! has what it said; `engines/microsoft-binder` says how to record it, and asks it of many more.

use rulespec_testing::query_text::{table, verdict};
use serde_json::{Map, Value as Json};

#[test]
fn microsofts_library_accepts_and_refuses_the_same() {
    let recorded: Vec<Json> = serde_json::from_str(include_str!("../fixtures/binder.json")).unwrap();
    let tables = Map::from_iter([("T".to_owned(), table().to_json())]);
    assert!(recorded.len() >= 300);
    let differs = |one: &Json| {
        let ours = verdict(one["text"].as_str()?, &tables).unwrap();
        let is_unsupported =
            ours["refused"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "unsupported"));
        (ours["columns"] != one["columns"] && !is_unsupported).then(|| format!("{one}\n  {ours}"))
    };
    let differences: Vec<String> = recorded.iter().filter_map(differs).collect();
    rulespec_testing::assert_none("queries have another verdict", &differences);
}
