//! Vectors of a directory, in place of the embedded ones.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{Clause, Vector, Want, load, retired};
use crate::kql::Profile;

/// A suite that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SuiteError(String);

/// Reads every `*.json` of a directory, in the order of their names.
///
/// # Errors
///
/// Where the directory or a file cannot be read, holds no vectors, or holds ones
/// that contradict themselves: an id twice, a clause or an open point that does
/// not exist.
///
/// ```
/// let error = rulespec::suite::load_directory("no/such/place".as_ref(), &[]).unwrap_err();
/// assert!(error.to_string().starts_with("no/such/place: "));
/// ```
pub fn load_directory(directory: &Path, clauses: &[Clause]) -> Result<Vec<Vector>, SuiteError> {
    let mut vectors = vec![];
    for (file, text) in read_directory(directory)? {
        let own = load(&file, &text).map_err(|error| SuiteError(error.to_string()))?;
        vectors.extend(own.into_iter().map(|vector| (file.clone(), vector)));
    }
    if vectors.is_empty() {
        return Err(wrong(directory, &NO_VECTORS));
    }
    coherent(vectors, clauses)
}

const NO_VECTORS: &str = "no vectors in any *.json file; name the directory that holds them";

fn wrong(path: &Path, what: &dyn std::fmt::Display) -> SuiteError {
    SuiteError(format!("{}: {what}", path.display()))
}

/// Every `*.json` of a directory, by name and text, in the order of their names;
/// never none.
///
/// # Errors
///
/// Where the directory or a file cannot be read, or there is no such file.
pub fn read_directory(directory: &Path) -> Result<Vec<(String, String)>, SuiteError> {
    let mut files: Vec<PathBuf> = vec![];
    for entry in std::fs::read_dir(directory).map_err(|error| wrong(directory, &error))? {
        let path = entry.map_err(|error| wrong(directory, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(wrong(directory, &NO_VECTORS));
    }
    files.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).map_err(|error| wrong(path, &error))?;
        Ok((path.display().to_string(), text))
    };
    files.iter().map(read).collect()
}

/// The vectors, where they agree with each other and with the clauses.
fn coherent(vectors: Vec<(String, Vector)>, clauses: &[Clause]) -> Result<Vec<Vector>, SuiteError> {
    let mut files: HashMap<&str, &str> = HashMap::new();
    for (file, vector) in &vectors {
        let id = &vector.id;
        let wrong = |what: String| SuiteError(format!("{file}: {id:?}: {what}"));
        if let Some(first) = files.insert(id, file) {
            return Err(wrong(format!("the id is taken in {first}; choose another")));
        }
        if !is_id(id) {
            return Err(wrong(
                "an id is up to 64 letters, digits and hyphens of ASCII and begins with a letter, and \
                 neither `asked`, `answers` nor `open-…` is one"
                    .to_owned(),
            ));
        }
        if vector.clauses.is_empty() {
            return Err(wrong("no clause; name the clauses it bears on".to_owned()));
        }
        let exists = |id: &String| clauses.iter().any(|clause| clause.id == *id);
        if let Some(unknown) = vector.clauses.iter().find(|id| !exists(id)) {
            return Err(wrong(format!("there is no clause {unknown:?}; name one of spec/")));
        }
        if let Want::Open { open, .. } = &vector.want
            && !Profile::POINTS.iter().any(|(point, _)| point == open)
        {
            return Err(wrong(retired(open).unwrap_or_else(|| {
                format!("there is no open point {open:?}; name one of spec/90-open-points.md")
            })));
        }
    }
    Ok(vectors.into_iter().map(|(_, vector)| vector).collect())
}

/// Whether a text can be the id of a vector, which becomes a file name, a name in KQL and
/// a row beside those of the open points.
fn is_id(id: &str) -> bool {
    let is_reserved = ["asked", "answers"].contains(&id) || id.to_ascii_lowercase().starts_with("open-");
    id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && id.len() <= 64
        && !is_reserved
}
