//! Scripts for a real Kusto: a free cluster, the emulator, or Sentinel's logs.
//!
//! A script returns rows of `id: string` and `got: string`:
//!
//! * one for each vector whose answer is not the wanted one, or has no wanted one
//!   because the point is open; `got` is JSON text, an array that holds the answer,
//!   which no way of saving results can change;
//! * one with the id `asked`, whose `got` lists every vector of the script.
//!
//! So results stay small and say themselves what they are about: what was asked and
//! is not returned was answered as wanted. A call that may fail has a script of its
//! own, for it takes the whole query down. It returns the one row always.
//!
//! The scripts of [`open_points`] are another kind, for a person: a row a point, with
//! the name of the alternative that holds.

mod literal;
mod points;
mod scalar;
mod table;
#[cfg(test)]
mod tests;

use serde_json::{Value as Json, json};

use crate::verdict::wanted_error;
pub use literal::literal;
pub use points::{ANSWERS, NONE, OPEN_POINTS, open_points};
use rulespec::Function;
use rulespec::suite::{Vector, Want};
pub(crate) use scalar::asks;

/// The id of the row that lists the vectors of a script.
pub const ASKED: &str = "asked";

/// What a script of vectors returns, in words.
const COMPARISON: &str = "Returns the vectors that are not answered as wanted, or touch an open point.";

/// How many vectors about tables a script has at most, so that none gets too
/// complex for a Kusto.
const TABLES: usize = 20;

/// A query to run in one go. It has no blank line, by which editors of KQL tell
/// queries apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// A name for its file, without ending.
    pub name: String,
    /// What comes of it, in words.
    pub says: &'static str,
    /// The query.
    pub text: String,
    /// The vectors it asks.
    pub vectors: Vec<String>,
    /// What should come of it.
    pub expects: Expects,
}

/// What should come of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Expects {
    /// Rows.
    Rows,
    /// A failure, which is the wanted answer of its one vector.
    Failure,
    /// Either: the point is open, or U+0000 may be refused in a query.
    Either,
}

/// The scripts that ask the vectors: one a function of single values, one for some
/// vectors about tables, one a vector whose wanted answer may be an error. Vectors
/// that KQL has no words for are in none of them.
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

/// The whole of a script's file: what it is, as JSON, then the query.
pub fn file(script: &Script) -> String {
    let head = json!({
        "rulespec": env!("CARGO_PKG_VERSION"),
        "script": script.name,
        "vectors": script.vectors.len(),
        "expects": script.expects,
    });
    format!("// {head}\n// {}\n{}", script.says, script.text)
}

/// Whether a call may take its whole script down: an error is the wanted answer, by some
/// alternative if the point is open, or U+0000 is in the query, which a Kusto may refuse.
fn may_fail(vector: &Vector) -> bool {
    vector.args.iter().any(has_nul) || may_be_an_error(vector)
}

/// Whether a string in a value has U+0000.
fn has_nul(value: &Json) -> bool {
    match value {
        Json::String(text) => text.contains('\0'),
        Json::Array(elements) => elements.iter().any(has_nul),
        Json::Object(members) => members.iter().any(|(name, value)| name.contains('\0') || has_nul(value)),
        _ => false,
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

/// The wanted answer; of an open point null, which is not compared.
fn wanted(vector: &Vector) -> &Json {
    match &vector.want {
        Want::Settled { want } => want,
        Want::Open { .. } => &Json::Null,
    }
}

/// Tables of the same columns as one.
fn one_table(legs: &[String]) -> String {
    match legs {
        [leg] => leg.clone(),
        legs => {
            let legs: Vec<String> = legs.iter().map(|leg| format!("(\n{leg}\n)")).collect();
            format!("union\n{}", legs.join(",\n"))
        }
    }
}

/// A script of tables that have `id`, `open`, `got` and `want`, one after the other.
fn comparison(name: String, lets: &str, legs: &[String], vectors: &[&Vector]) -> Script {
    let ids: Vec<String> = vectors.iter().map(|vector| vector.id.clone()).collect();
    let asked = literal::dynamic(&json!(ids));
    let text = format!(
        "{lets}{}\n| where open or got != tostring(pack_array(want))\n| project id, got\n\
         | union (print id = \"{ASKED}\", got = tostring({asked}))\n",
        one_table(legs)
    );
    Script { name, says: COMPARISON, text, vectors: ids, expects: Expects::Rows }
}

fn table_scripts(vectors: &[&Vector]) -> Vec<Script> {
    let mut scripts = vec![];
    for function in Function::ALL.into_iter().filter(|function| table::is_of_tables(*function)) {
        let own: Vec<(&Vector, table::Question)> = vectors
            .iter()
            .filter(|vector| vector.r#fn == function.name())
            .filter_map(|vector| Some((*vector, table::question(vector)?)))
            .collect();
        for (number, part) in own.chunks(TABLES).enumerate() {
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
    let (says, expects) = match (is_open(vector), may_be_an_error(vector)) {
        (false, true) => ("Should fail: an error is the wanted answer.", Expects::Failure),
        (true, true) => ("May fail: the point is open.", Expects::Either),
        (_, false) => ("May fail: U+0000 in a query may be refused.", Expects::Either),
    };
    Some(Script { name: vector.id.clone(), says, text, vectors: vec![vector.id.clone()], expects })
}
