//! A source.

use serde_json::{Value as Json, json};

use super::{Sheet, Shown, clause_line, ids, vector_line};
use rulespec::suite::{self, Clause, Vector, open_points, settled_points};

/// Shows the source with this id: the clauses, the points and the vectors that cite it.
pub fn find(id: &str, clauses: &[Clause], vectors: &[Vector]) -> Option<Shown> {
    let id = suite::source_ids().find(|known| known.eq_ignore_ascii_case(id))?;
    let text = suite::source(id)?;
    let cites = |text: &str| suite::cited_sources(text).iter().any(|(cited, _)| cited == id);
    let clauses: Vec<&Clause> = clauses.iter().filter(|clause| cites(&clause.evidence)).collect();
    let vectors = vectors.iter().filter(|vector| vector.evidence.as_deref().is_some_and(cites));
    let vectors: Vec<&Vector> = vectors.collect();
    let open =
        open_points().into_iter().filter(|point| cites(&point.known)).map(|point| (point.id, point.question));
    let settled = settled_points().into_iter().filter(|point| cites(&point.record));
    let points: Vec<(String, String)> = open.chain(settled.map(|point| (point.id, point.question))).collect();
    let mut sheet = Sheet::new(id, &text);
    sheet.add("place", ["spec/sources.md".to_owned()]);
    sheet.add("clauses", clauses.iter().map(|clause| clause_line(clause)));
    sheet.add("points", points.iter().map(|(id, question)| format!("{id}  {question}")));
    sheet.add("vectors", vectors.iter().map(|vector| vector_line(vector)));
    let json = json!({
        "id": id,
        "source": text,
        "clauses": clauses.iter().map(|clause| clause.id.as_str()).collect::<Json>(),
        "points": points.iter().map(|(id, _)| id.as_str()).collect::<Json>(),
        "vectors": ids(vectors.into_iter()),
    });
    Some(Shown { text: sheet.0, json })
}
