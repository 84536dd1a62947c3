use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::VECTOR_FILES;
use crate::json::from_slice;

/// A test vector: a call for an engine to make, and the expected result.
///
/// Its JSON has the form of `spec/schema/vector.schema.json`.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Fields")]
pub struct Vector {
    /// Its permanent id, such as `cmd-0007`.
    pub id: String,
    /// What it shows, in a few words.
    pub title: String,
    /// The ids of the clauses it tests.
    pub clauses: Vec<String>,
    /// The function to call, by its name in KQL.
    pub r#fn: String,
    /// The arguments of the call.
    pub args: Vec<Json>,
    /// The expected result.
    #[serde(flatten)]
    pub want: Want,
    /// Its evidence beyond that of its clauses, if any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// A note for the reader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The fields of a vector as JSON has them.
///
/// serde does not support `flatten` with `deny_unknown_fields`, and a misspelled field must be
/// an error.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Fields {
    id: String,
    title: String,
    clauses: Vec<String>,
    r#fn: String,
    args: Vec<Json>,
    #[serde(default, deserialize_with = "crate::json::present")]
    want: Option<Json>,
    open: Option<String>,
    wants: Option<BTreeMap<String, Json>>,
    evidence: Option<String>,
    note: Option<String>,
}

impl TryFrom<Fields> for Vector {
    type Error = String;

    fn try_from(fields: Fields) -> Result<Self, String> {
        let want = match (fields.want, fields.open, fields.wants) {
            (Some(want), None, None) => Want::Settled { want },
            (None, Some(open), Some(wants)) => Want::Open { open, wants },
            _ => {
                return Err(format!(
                    "vector {} must have either `want`, or both `open` and `wants`",
                    fields.id
                ));
            }
        };
        Ok(Self {
            id: fields.id,
            title: fields.title,
            clauses: fields.clauses,
            r#fn: fields.r#fn,
            args: fields.args,
            want,
            evidence: fields.evidence,
            note: fields.note,
        })
    }
}

/// The expected result of a vector.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum Want {
    /// One result, which is `{"error": kind}` if an error is expected.
    Settled {
        /// The result.
        want: Json,
    },
    /// A result for each alternative of an open point.
    Open {
        /// The id of the open point.
        open: String,
        /// The results, by the name of the alternative.
        wants: BTreeMap<String, Json>,
    },
}

/// The error for a file of vectors that cannot be parsed.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {error}")]
pub struct LoadError {
    file: String,
    error: serde_json::Error,
}

impl LoadError {
    /// Returns the error message without the name of the file.
    pub fn message(&self) -> String {
        self.error.to_string()
    }
}

/// Parses the vectors of a file. `file` is its name for error messages.
///
/// # Errors
///
/// Returns an error, with line and column, if the text is not a JSON array of vectors, or if a
/// whole number does not fit signed 64 bits.
///
/// ```
/// let error = rulespec::suite::load("mine.json", "[{}]").unwrap_err();
/// assert!(error.to_string().starts_with("mine.json: missing field `id`"));
/// ```
///
/// Spec: PRO-19
pub fn load(file: &str, text: &str) -> Result<Vec<Vector>, LoadError> {
    from_slice(text.as_bytes(), usize::MAX).map_err(|error| LoadError { file: file.to_owned(), error })
}

/// Returns every vector of the embedded suite.
///
/// # Errors
///
/// Returns an error if an embedded file is invalid. A test of this crate ensures that none is.
pub fn vectors() -> Result<Vec<Vector>, LoadError> {
    let files = VECTOR_FILES.iter().map(|(file, text)| load(file, text));
    Ok(files.collect::<Result<Vec<_>, _>>()?.concat())
}
