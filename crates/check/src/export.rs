//! Exports of the vectors, for engines that do not implement the protocol.
//!
//! | format | for |
//! |---|---|
//! | [`kql`] | a real Kusto: scripts that return the answers that differ |
//! | JSON Lines, CSV | any program: one call per line |

pub mod kql;

use serde_json::{Value as Json, json};

use rulespec::suite::{Vector, Want};

/// The call of a vector as one line of JSON: `{"id", "fn", "args"}`, without the wanted answer.
///
/// ```
/// let vectors = rulespec::suite::vectors()?;
/// assert!(rulespec_check::export::call_json(&vectors[0]).starts_with(r#"{"id":""#));
/// # Ok::<(), rulespec::suite::LoadError>(())
/// ```
pub fn call_json(vector: &Vector) -> String {
    json!({"id": vector.id, "fn": vector.r#fn, "args": vector.args}).to_string()
}

/// The columns of [`csv_record`].
pub const CSV_HEADER: [&str; 5] = ["id", "fn", "args", "want", "open"];

/// A vector as a CSV record. The arguments and the wanted answer are JSON; at an open point, `want`
/// is an object of the answers by alternative.
pub fn csv_record(vector: &Vector) -> [String; 5] {
    let (want, open) = match &vector.want {
        Want::Settled { want } => (want.to_string(), String::new()),
        Want::Open { open, wants } => (json!(wants).to_string(), open.clone()),
    };
    [vector.id.clone(), vector.r#fn.clone(), Json::from(vector.args.clone()).to_string(), want, open]
}
