//! Which vectors a selection selects.

use rulespec::suite::{SelectError, Selection, Vector, Want, clauses, vectors};

fn select(selection: Selection) -> Result<Vec<Vector>, SelectError> {
    selection.of(&vectors().unwrap(), &clauses())
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn nothing_asked_for_is_everything() {
    assert_eq!(select(Selection::default()).unwrap(), vectors().unwrap());
}

#[test]
fn ids_are_taken_in_any_case_and_in_the_order_of_the_suite() {
    let ids = words(&["TXT-0001", "cmd-0002"]);
    let chosen = select(Selection { ids, ..Selection::default() }).unwrap();
    let chosen: Vec<&str> = chosen.iter().map(|vector| vector.id.as_str()).collect();
    assert_eq!(chosen, ["cmd-0002", "txt-0001"]);
}

#[test]
fn kinds_narrow_and_values_of_one_kind_widen() {
    let all = vectors().unwrap();
    let functions = words(&["has", "has_any"]);
    let clauses = words(&["TRM-18"]);
    let wide = select(Selection { functions: functions.clone(), ..Selection::default() }).unwrap();
    let wanted = all.iter().filter(|vector| ["has", "has_any"].contains(&vector.r#fn.as_str())).count();
    assert_eq!(wide.len(), wanted);
    let narrow = select(Selection { functions, clauses, ..Selection::default() }).unwrap();
    let both =
        |vector: &&Vector| vector.clauses.contains(&"TRM-18".to_owned()) && vector.r#fn.starts_with("has");
    assert_eq!(narrow, all.iter().filter(both).cloned().collect::<Vec<_>>());
}

#[test]
fn open_points_are_evidence_of_their_own() {
    let by = |word: &str| select(Selection { evidence: words(&[word]), ..Selection::default() }).unwrap();
    let is_open = |vector: &Vector| matches!(vector.want, Want::Open { .. });
    assert!(by("open").iter().any(is_open));
    assert!(!by("documented").iter().any(is_open));
    let all_open = vectors().unwrap().into_iter().filter(is_open).count();
    assert_eq!(by("open").into_iter().filter(is_open).count(), all_open);
}

#[test]
fn what_fits_nothing_is_told() {
    let error = select(Selection { chapters: words(&["CMD", "XYZ"]), ..Selection::default() }).unwrap_err();
    assert_eq!(error, SelectError::Unknown { kind: "chapter", value: "XYZ".to_owned() });
    let chapters = words(&["CMD"]);
    let functions = words(&["has"]);
    let error = select(Selection { chapters, functions, ..Selection::default() }).unwrap_err();
    assert_eq!(error, SelectError::Nothing);
}
