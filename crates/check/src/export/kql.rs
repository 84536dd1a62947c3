//! Scripts for a real Kusto: a free cluster, the emulator, or Log Analytics.
//!
//! A script returns rows with the columns `id: string` and `got: string`:
//!
//! * One row for each vector that was not answered as wanted, and for each vector of an open point,
//!   which has no wanted answer. `got` is JSON text, an array of the one answer, because text
//!   survives every way of saving results unchanged.
//! * One row with the id `asked`, whose `got` lists all vectors of the script.
//!
//! The results are therefore small and self-contained: a vector that is listed but not returned
//! was answered as wanted. A call that may fail gets its own script, because an error fails the
//! whole query. Such a script always returns the row of its vector.
//!
//! The scripts of [`open_points`] are for interactive use. They return one row per point, with
//! the name of the alternative that holds.

pub(crate) mod literal;
mod points;
mod scalar;
mod table;
#[cfg(test)]
mod tests;

use serde_json::{Value as Json, json};

use crate::verdict::wanted_error;
pub(crate) use points::point_vectors;
pub use points::{ANSWERS, NONE, OPEN_POINTS, open_points};
use rulespec::Function;
use rulespec::suite::{Vector, Want};

/// The id of the row that lists the vectors of a script.
pub const ASKED: &str = "asked";

/// The description of scripts that compare answers.
const COMPARISON: &str = "Returns the vectors that are not answered as wanted, or are about an open point.";

/// The maximum number of vectors about tables in a script, which keeps the query simple enough for
/// a Kusto.
const MAX_TABLES: usize = 20;

/// A query to run as a whole. It has no blank lines, because KQL editors treat them as separators
/// of queries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// The name of its file, without extension.
    pub name: String,
    /// What the query returns.
    pub description: &'static str,
    /// The query.
    pub text: String,
    /// The ids of the vectors that it asks.
    pub vectors: Vec<String>,
    /// The expected outcome.
    pub expects: Expects,
}

/// The expected outcome of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expects {
    /// Rows.
    Rows,
    /// An error, which is the wanted answer of its only vector.
    Failure,
    /// Rows or an error: the point is open, or the query contains U+0000, which a Kusto may reject.
    Either,
}

/// The scripts that ask these vectors: one per scalar function, one per batch of vectors about
/// tables, and one per vector whose wanted answer may be an error. Vectors that cannot be
/// expressed in KQL are left out.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::export::kql;
///
/// let scripts = kql::scripts(&suite::vectors()?);
/// let has = scripts.iter().find(|script| script.name == "has").unwrap();
/// assert!(has.text.contains("| extend got = tostring(pack_array(a has b))"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn scripts(vectors: &[Vector]) -> Vec<Script> {
    let (errors, values): (Vec<&Vector>, Vec<&Vector>) = vectors.iter().partition(|vector| may_fail(vector));
    let mut scripts = scalar::scripts(&values);
    scripts.extend(table_scripts(&values));
    scripts.extend(errors.into_iter().filter_map(error_script));
    scripts
}

/// The content of a script's file: a comment with metadata as JSON, then the query.
pub fn file(script: &Script) -> String {
    let head = json!({
        "rulespec": env!("CARGO_PKG_VERSION"),
        "script": script.name,
        "vectors": script.vectors.len(),
        "expects": script.expects,
    });
    format!("// {head}\n// {}\n{}", script.description, script.text)
}

/// Whether a call may fail its whole script: an error is the wanted answer (at an open point, of
/// any alternative), or the query contains U+0000, which a Kusto may reject.
fn may_fail(vector: &Vector) -> bool {
    vector.args.iter().any(has_nul) || may_be_an_error(vector)
}

/// Whether a value contains a string with U+0000.
fn has_nul(value: &Json) -> bool {
    match value {
        Json::String(text) => text.contains('\0'),
        Json::Array(elements) => elements.iter().any(has_nul),
        Json::Object(members) => members.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

fn may_be_an_error(vector: &Vector) -> bool {
    match &vector.want {
        Want::Settled { want } => wanted_error(want).is_some(),
        Want::Open { wants, .. } => wants.values().any(|want| wanted_error(want).is_some()),
    }
}

fn is_open(vector: &Vector) -> bool {
    matches!(vector.want, Want::Open { .. })
}

/// The wanted answer; at an open point null, which is not compared.
fn wanted(vector: &Vector) -> &Json {
    match &vector.want {
        Want::Settled { want } => want,
        Want::Open { .. } => &Json::Null,
    }
}

/// The union of tables with the same columns.
fn union_of(legs: &[String]) -> String {
    match legs {
        [leg] => leg.clone(),
        legs => {
            let legs: Vec<String> = legs.iter().map(|leg| format!("(\n{leg}\n)")).collect();
            format!("union\n{}", legs.join(",\n"))
        }
    }
}

/// A script that compares `got` with `want` in tables with the columns `id`, `open`, `got` and
/// `want`.
fn comparison(name: String, lets: &str, legs: &[String], vectors: &[&Vector]) -> Script {
    let ids: Vec<String> = vectors.iter().map(|vector| vector.id.clone()).collect();
    let asked = literal::dynamic(&json!(ids));
    let text = format!(
        "{lets}{}\n| where open or got != tostring(pack_array(want))\n| project id, got\n\
         | union (print id = \"{ASKED}\", got = tostring({asked}))\n",
        union_of(legs)
    );
    Script { name, description: COMPARISON, text, vectors: ids, expects: Expects::Rows }
}

fn table_scripts(vectors: &[&Vector]) -> Vec<Script> {
    let mut scripts = vec![];
    for function in Function::ALL.into_iter().filter(|function| table::takes_tables(*function)) {
        let questions: Vec<(&Vector, table::Question)> = vectors
            .iter()
            .filter(|vector| vector.r#fn == function.name())
            .filter_map(|vector| Some((*vector, table::question(vector)?)))
            .collect();
        // The queries of different vectors declare the same names.
        let size = if function == Function::Query { 1 } else { MAX_TABLES };
        for (number, part) in questions.chunks(size).enumerate() {
            let name = format!("{function}-{}", number + 1);
            let lets: String = part.iter().map(|(_, question)| question.definition.as_str()).collect();
            let legs: Vec<String> = part.iter().map(|(_, question)| question.row.clone()).collect();
            let asked: Vec<&Vector> = part.iter().map(|(vector, _)| *vector).collect();
            scripts.push(comparison(name, &lets, &legs, &asked));
        }
    }
    scripts
}

fn error_script(vector: &Vector) -> Option<Script> {
    let text = match table::question(vector) {
        Some(table::Question { definition, row }) => format!("{definition}{row}\n| project id, got\n"),
        None => scalar::single(vector)?,
    };
    let (description, expects) = match (is_open(vector), may_be_an_error(vector)) {
        (false, true) => ("Should fail: an error is the wanted answer.", Expects::Failure),
        (true, true) => ("May fail: the point is open.", Expects::Either),
        (_, false) => ("May fail: a Kusto may reject U+0000 in a query.", Expects::Either),
    };
    Some(Script { name: vector.id.clone(), description, text, vectors: vec![vector.id.clone()], expects })
}
