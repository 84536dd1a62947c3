//! A clause.

use serde_json::{Map, Value as Json, json};

use super::{Sheet, Shown, ids, kind, of_clause, place, source_lines, sources_json, vector_line};
use rulespec::suite::{Clause, Kind, Vector};
use rulespec_check::{misreading, site};

/// Shows a clause with its evidence, its misreadings and its vectors.
pub fn show(clause: &Clause, vectors: &[Vector]) -> Shown {
    Shown { text: text(clause, vectors), json: json(clause, vectors) }
}

fn text(clause: &Clause, vectors: &[Vector]) -> String {
    let mut sheet = Sheet::new(&clause.id, &clause.text);
    let kind = (clause.kind != Kind::Asked).then(|| kind(clause.kind).to_owned());
    sheet.add("kind", kind);
    sheet.add("place", [place(clause)]);
    sheet.add("page", site::clause(&clause.id));
    sheet.add("evidence", (!clause.evidence.is_empty()).then(|| clause.evidence.clone()));
    sheet.add("", source_lines(&clause.evidence));
    let misreadings = misreading::all().iter().filter(|misreading| misreading.breaks == clause.id);
    sheet.add("misread", misreadings.map(|misreading| format!("{}: {}", misreading.name, misreading.says)));
    sheet.add("vectors", of_clause(clause, vectors).map(vector_line));
    sheet.0
}

fn json(clause: &Clause, vectors: &[Vector]) -> Json {
    let misreadings: Map<String, Json> = misreading::all()
        .iter()
        .filter(|misreading| misreading.breaks == clause.id)
        .map(|misreading| (misreading.name.to_owned(), misreading.says.into()))
        .collect();
    let mut json = json!({
        "id": clause.id,
        "text": clause.text,
        "kind": kind(clause.kind),
        "place": place(clause),
        "evidence": clause.evidence,
        "sources": sources_json(&clause.evidence),
        "misreadings": misreadings,
        "vectors": ids(of_clause(clause, vectors)),
    });
    if let Some(page) = site::clause(&clause.id) {
        json["page"] = page.into();
    }
    json
}
