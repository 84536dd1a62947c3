//! A misreading.

use serde_json::json;

use super::{Sheet, Shown, clause_line, engine, ids, of_clause, vector_line};
use rulespec::suite::{Clause, Vector};
use rulespec_check::engine::Engine;
use rulespec_check::misreading::{Misreading, all};
use rulespec_check::verdict::{Verdict, judge};

/// Shows the misreading with this name: the clause, the vectors of it that detect the misreading, and
/// the real engines that have it.
pub fn find(name: &str, clauses: &[Clause], vectors: &[Vector]) -> Option<Shown> {
    let misreading = all().iter().find(|misreading| misreading.name.eq_ignore_ascii_case(name))?;
    let clause = clauses.iter().find(|clause| clause.id == misreading.breaks)?;
    let detecting = detecting(misreading, clause, vectors);
    let engines = engine::with_misreading(misreading.name);
    let mut sheet = Sheet::new(misreading.name, misreading.says);
    sheet.add("misreads", [clause_line(clause)]);
    sheet.add("engines", (!engines.is_empty()).then(|| engines.join(", ")));
    sheet.add("vectors", detecting.iter().map(|vector| vector_line(vector)));
    let json = json!({
        "name": misreading.name,
        "says": misreading.says,
        "clause": clause.id,
        "text": clause.text,
        "engines": engines,
        "vectors": ids(detecting.into_iter()),
    });
    Some(Shown { text: sheet.0, json })
}

/// The vectors of a clause that an engine with the misreading answers wrongly.
fn detecting<'a>(misreading: &Misreading, clause: &'a Clause, vectors: &'a [Vector]) -> Vec<&'a Vector> {
    let mut engine = misreading.engine();
    let mut is_wrong = |vector: &&Vector| {
        let verdict = judge(&vector.want, &engine.ask(&vector.r#fn, &vector.args));
        match verdict {
            Verdict::Open(follows) => follows.is_empty(),
            verdict => verdict != Verdict::Pass,
        }
    };
    of_clause(clause, vectors).filter(|vector| is_wrong(vector)).collect()
}
