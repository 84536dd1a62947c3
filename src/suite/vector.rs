use std::collections::BTreeMap;

use serde_json::Value as Json;

use super::VECTOR_FILES;

/// One question to an engine, and the answer it should give.
///
/// The form is that of `spec/schema/vector.schema.json`.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(try_from = "Fields")]
pub struct Vector {
    /// Its permanent id, `cmd-0007`.
    pub id: String,
    /// What it shows, in a few words.
    pub title: String,
    /// The clauses it bears on.
    pub clauses: Vec<String>,
    /// The function asked, by the name KQL gives it.
    pub r#fn: String,
    /// Its arguments.
    pub args: Vec<Json>,
    /// What an engine should answer.
    #[serde(flatten)]
    pub want: Want,
    /// Who says so, where it is more than the clauses' own evidence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
    /// What a reader should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A vector's fields one by one. `flatten` and `deny_unknown_fields` do not go
/// together, and a misspelt field must not go unnoticed.
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
            _ => return Err(format!("vector {} has neither `want` alone nor `open` and `wants`", fields.id)),
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

/// The wanted answer.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
#[serde(untagged)]
pub enum Want {
    /// One answer; `{"error": kind}` where an error is due.
    Settled {
        /// The answer.
        want: Json,
    },
    /// An answer for each alternative of an open point.
    Open {
        /// The open point's id.
        open: String,
        /// The answers, by the alternative's name.
        wants: BTreeMap<String, Json>,
    },
}

/// A file of vectors that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {error}")]
pub struct LoadError {
    file: String,
    error: serde_json::Error,
}

impl LoadError {
    /// What is wrong, without the file.
    pub fn what(&self) -> String {
        self.error.to_string()
    }
}

/// Reads the vectors of one file; `file` names it in the error.
///
/// # Errors
///
/// Where the text is no JSON array of vectors, with line and column.
///
/// ```
/// let error = rulespec::suite::load("mine.json", "[{}]").unwrap_err();
/// assert!(error.to_string().starts_with("mine.json: missing field `id`"));
/// ```
pub fn load(file: &str, text: &str) -> Result<Vec<Vector>, LoadError> {
    serde_json::from_str(text).map_err(|error| LoadError { file: file.to_owned(), error })
}

/// Every vector of the embedded suite.
///
/// # Errors
///
/// Where an embedded file is broken, which a test of this crate rules out.
pub fn vectors() -> Result<Vec<Vector>, LoadError> {
    let files = VECTOR_FILES.iter().map(|(file, text)| load(file, text));
    Ok(files.collect::<Result<Vec<_>, _>>()?.concat())
}
