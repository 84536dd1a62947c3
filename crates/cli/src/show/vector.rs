//! A vector.

use serde_json::{Value as Json, json};

use super::{Sheet, Shown, place};
use rulespec::suite::{self, Clause, Vector, Want};
use rulespec_check::printable::printable;
use rulespec_check::report::call::{self, Limit};

/// Shows a vector with its clauses. Its JSON is the vector.
pub fn show(vector: &Vector, clauses: &[Clause]) -> Shown {
    Shown { text: text(vector, clauses), json: json!(vector) }
}

fn text(vector: &Vector, clauses: &[Clause]) -> String {
    let mut sheet = Sheet::new(&vector.id, &vector.title);
    sheet.add("call", [call::call(vector, Limit::LONG)]);
    match &vector.want {
        Want::Settled { .. } => sheet.add("want", [call::wanted(&vector.want, Limit::LONG)]),
        Want::Open { open, wants } => {
            sheet.add("open", [printable(open).into_owned()]);
            let line = |(name, want): (&String, &Json)| {
                let want = call::wanted(&Want::Settled { want: want.clone() }, Limit::LONG);
                format!("{}: {want}", printable(name))
            };
            sheet.add("wants", wants.iter().map(line));
        }
    }
    let cited = clauses.iter().filter(|clause| vector.clauses.contains(&clause.id));
    sheet.add("clauses", cited.map(|clause| format!("{} {}  {}", clause.id, clause.text, place(clause))));
    let evidence = vector.evidence.iter().flat_map(|evidence| suite::cited_sources(evidence));
    sheet.add("evidence", evidence.map(|(id, text)| format!("{id}  {text}")));
    sheet.add("note", vector.note.iter().map(|note| printable(note).into_owned()));
    sheet.0
}
