//! Loading vectors from a directory instead of the embedded ones.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::{Clause, Vector, Want, load, settled_hint};
use crate::kql::Profile;

/// The error for a directory whose vectors cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SuiteError(String);

/// Loads the vectors of every `*.json` file of a directory, in the order of the file names.
///
/// # Errors
///
/// Returns an error if the directory or a file cannot be read, if there are no vectors, or if
/// a vector is invalid: its id is malformed or a duplicate, it has no clause, or it refers to
/// a clause or an open point that does not exist.
///
/// ```
/// let error = rulespec::suite::load_directory("no/such/place".as_ref(), &[]).unwrap_err();
/// assert!(error.to_string().starts_with("no/such/place: "));
/// ```
pub fn load_directory(directory: &Path, clauses: &[Clause]) -> Result<Vec<Vector>, SuiteError> {
    let mut vectors = vec![];
    for (file, text) in read_directory(directory)? {
        let loaded = load(&file, &text).map_err(|error| SuiteError(error.to_string()))?;
        vectors.extend(loaded.into_iter().map(|vector| (file.clone(), vector)));
    }
    if vectors.is_empty() {
        return Err(error_at(directory, &NO_VECTORS));
    }
    validate(&vectors, clauses)?;
    Ok(vectors.into_iter().map(|(_, vector)| vector).collect())
}

const NO_VECTORS: &str = "no vectors in any *.json file; name the directory that holds them";

fn error_at(path: &Path, what: &dyn std::fmt::Display) -> SuiteError {
    SuiteError(format!("{}: {what}", path.display()))
}

/// Reads every `*.json` file of a directory, in the order of the file names: path and text.
///
/// # Errors
///
/// Returns an error if the directory or a file cannot be read, or if there is no such file.
#[doc(hidden)]
pub fn read_directory(directory: &Path) -> Result<Vec<(String, String)>, SuiteError> {
    let mut files: Vec<PathBuf> = vec![];
    for entry in std::fs::read_dir(directory).map_err(|error| error_at(directory, &error))? {
        let path = entry.map_err(|error| error_at(directory, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(error_at(directory, &NO_VECTORS));
    }
    files.sort();
    let read = |path: &PathBuf| {
        let text = std::fs::read_to_string(path).map_err(|error| error_at(path, &error))?;
        Ok((path.display().to_string(), text))
    };
    files.iter().map(read).collect()
}

/// Checks that the vectors are valid and that their ids are unique.
fn validate(vectors: &[(String, Vector)], clauses: &[Clause]) -> Result<(), SuiteError> {
    let mut files: HashMap<&str, &str> = HashMap::new();
    for (file, vector) in vectors {
        let id = &vector.id;
        let fail = |problem: &str| Err(SuiteError(format!("{file}: {id:?}: {problem}")));
        if let Some(first) = files.insert(id, file) {
            return fail(&format!("the id is taken in {first}; choose another"));
        }
        if !is_id(id) {
            return fail(
                "an id has 1 to 64 ASCII letters, digits or hyphens, begins with a letter, and is not \
                 `asked`, `answers` or `open-…`",
            );
        }
        if vector.clauses.is_empty() {
            return fail("no clause; name the clauses that it tests");
        }
        let exists = |id: &String| clauses.iter().any(|clause| clause.id == *id);
        if let Some(unknown) = vector.clauses.iter().find(|id| !exists(id)) {
            return fail(&format!("there is no clause {unknown:?}; name one of spec/"));
        }
        if let Want::Open { open, .. } = &vector.want
            && !Profile::POINTS.iter().any(|(point, _)| point == open)
        {
            return fail(&settled_hint(open).unwrap_or_else(|| {
                format!("there is no open point {open:?}; name one of spec/90-open-points.md")
            }));
        }
    }
    Ok(())
}

/// Whether a text can be the id of a vector. The id is also used as a file name, as a name in
/// KQL, and as a row of the same table as open points.
fn is_id(id: &str) -> bool {
    let is_reserved = ["asked", "answers"].contains(&id) || id.to_ascii_lowercase().starts_with("open-");
    id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && id.len() <= 64
        && !is_reserved
}
