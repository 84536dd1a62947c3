//! The suite in other forms, for those who ask their engine by other means.
//!
//! | form | for |
//! |---|---|
//! | [`kql`] | a real Kusto: scripts that return the answers that differ |
//! | JSON Lines, CSV | any program: one question a line |

pub mod kql;

use serde_json::{Value as Json, json};

use rulespec::suite::{Vector, Want};

/// A vector as one line of JSON: `{"id", "fn", "args"}`, without its answer.
///
/// ```
/// let vectors = rulespec::suite::vectors()?;
/// assert!(rulespec_check::export::question(&vectors[0]).starts_with(r#"{"id":""#));
/// # Ok::<(), rulespec::suite::LoadError>(())
/// ```
pub fn question(vector: &Vector) -> String {
    json!({"id": vector.id, "fn": vector.r#fn, "args": vector.args}).to_string()
}

/// A vector as the cells of a table: id, function, arguments, and the wanted
/// answer as JSON text; for an open point the answers by alternative.
pub fn cells(vector: &Vector) -> [String; 5] {
    let (want, open) = match &vector.want {
        Want::Settled { want } => (want.to_string(), String::new()),
        Want::Open { open, wants } => (json!(wants).to_string(), open.clone()),
    };
    [vector.id.clone(), vector.r#fn.clone(), Json::from(vector.args.clone()).to_string(), want, open]
}

/// The heads of [`cells`].
pub const HEADS: [&str; 5] = ["id", "fn", "args", "want", "open"];
