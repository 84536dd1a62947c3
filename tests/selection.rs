//! Selecting vectors.

use rulespec::suite::{SelectError, Selection, Vector, Want, clauses, vectors};

fn select(selection: Selection) -> Result<Vec<Vector>, SelectError> {
    selection.apply(&vectors().unwrap(), &clauses())
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn an_empty_selection_selects_everything() {
    assert_eq!(select(Selection::default()).unwrap(), vectors().unwrap());
}

#[test]
fn ids_match_in_any_case_and_vectors_keep_the_order_of_the_suite() {
    let ids = words(&["TXT-0001", "cmd-0002"]);
    let chosen = select(Selection { ids, ..Selection::default() }).unwrap();
    let chosen: Vec<&str> = chosen.iter().map(|vector| vector.id.as_str()).collect();
    assert_eq!(chosen, ["cmd-0002", "txt-0001"]);
}

#[test]
fn values_widen_the_selection_and_criteria_narrow_it() {
    let all = vectors().unwrap();
    let functions = words(&["has", "has_any"]);
    let clauses = words(&["TRM-18"]);
    let wide = select(Selection { functions: functions.clone(), ..Selection::default() }).unwrap();
    let expected = all.iter().filter(|vector| ["has", "has_any"].contains(&vector.r#fn.as_str())).count();
    assert_eq!(wide.len(), expected);
    let narrow = select(Selection { functions, clauses, ..Selection::default() }).unwrap();
    let both =
        |vector: &&Vector| vector.clauses.contains(&"TRM-18".to_owned()) && vector.r#fn.starts_with("has");
    assert_eq!(narrow, all.iter().filter(both).cloned().collect::<Vec<_>>());
}

#[test]
fn evidence_open_selects_exactly_the_open_points() {
    let by = |word: &str| select(Selection { evidence: words(&[word]), ..Selection::default() }).unwrap();
    let is_open = |vector: &Vector| matches!(vector.want, Want::Open { .. });
    assert!(by("open").iter().any(is_open));
    assert!(!by("documented").iter().any(is_open));
    let all_open = vectors().unwrap().into_iter().filter(is_open).count();
    assert_eq!(by("open").into_iter().filter(is_open).count(), all_open);
}

#[test]
fn a_selection_that_matches_nothing_is_an_error() {
    let error = select(Selection { chapters: words(&["CMD", "XYZ"]), ..Selection::default() }).unwrap_err();
    assert_eq!(error, SelectError::Unknown { kind: "chapter", value: "XYZ".to_owned() });
    let chapters = words(&["CMD"]);
    let functions = words(&["has"]);
    let error = select(Selection { chapters, functions, ..Selection::default() }).unwrap_err();
    assert_eq!(error, SelectError::NoMatch);
}
