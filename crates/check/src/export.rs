//! Exports of the vectors, for engines that do not implement the protocol.
//!
//! | format | for |
//! |---|---|
//! | [`kql`] | a real Kusto: scripts that return the answers that differ |
//! | JSON Lines, CSV | any program: one call per line |

pub mod kql;

use serde_json::{Value as Json, json};

use crate::spreadsheet::Cells;
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

/// A vector as the cells of a CSV record. The arguments and the wanted answer are JSON; at an open point, `want`
/// is an object of the answers by alternative.
pub fn csv_record(vector: &Vector, cells: Cells) -> [String; 5] {
    let text = |text: &str| cells.text(text).into_owned();
    let (want, open) = match &vector.want {
        Want::Settled { want } => (cells.json(want), String::new()),
        Want::Open { open, wants } => (cells.json(&json!(wants)), text(open)),
    };
    [text(&vector.id), text(&vector.r#fn), cells.json(&Json::from(vector.args.clone())), want, open]
}
