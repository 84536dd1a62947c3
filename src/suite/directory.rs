//! Loading vectors from a directory instead of the embedded ones.

use std::collections::{HashMap, HashSet};
use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Clause, Vector, Want, load, settled_hint};
use crate::kql::Profile;

/// The error for a directory whose vectors cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SuiteError(String);

/// The size of the largest file, in bytes.
const MAX_LEN: u64 = 256 << 20;

/// Loads the vectors of every `*.json` file of a directory, in the order of the file names. If
/// there is no such file, those of its subdirectory `vectors` are loaded, as in a copy of `spec/`.
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
    Ok(load_files(directory, clauses)?.into_iter().map(|(_, vector)| vector).collect())
}

/// Like [`load_directory`], with the file of each vector.
///
/// # Errors
///
/// Returns the errors of [`load_directory`].
#[doc(hidden)]
pub fn load_files(directory: &Path, clauses: &[Clause]) -> Result<Vec<(String, Vector)>, SuiteError> {
    let mut vectors = vec![];
    for (file, text) in read_directory(directory)? {
        let loaded = load(&file, &text).map_err(|error| SuiteError(error.to_string()))?;
        vectors.extend(loaded.into_iter().map(|vector| (file.clone(), vector)));
    }
    if vectors.is_empty() {
        return Err(error_at(directory, &NO_VECTORS));
    }
    validate(&vectors, clauses)?;
    Ok(vectors)
}

const NO_VECTORS: &str = "no vectors in any *.json file; name the directory that holds them";

fn error_at(path: &Path, what: &dyn std::fmt::Display) -> SuiteError {
    SuiteError(format!("{}: {what}", path.display()))
}

/// Reads every `*.json` file of a directory or else of its subdirectory `vectors`, in the order of
/// the file names: path and text.
///
/// # Errors
///
/// Returns an error if the directory or a file cannot be read, if a file is no regular file or is
/// larger than 256 MiB, or if there is no such file.
#[doc(hidden)]
pub fn read_directory(directory: &Path) -> Result<Vec<(String, String)>, SuiteError> {
    let mut files = json_files(directory)?;
    let copied = directory.join("vectors");
    if files.is_empty() && copied.is_dir() {
        files = json_files(&copied)?;
    }
    if files.is_empty() {
        return Err(error_at(directory, &NO_VECTORS));
    }
    files.iter().map(|path| Ok((path.display().to_string(), read(path)?))).collect()
}

/// The paths of the `*.json` files of a directory, in order.
fn json_files(directory: &Path) -> Result<Vec<PathBuf>, SuiteError> {
    let mut files = vec![];
    for entry in std::fs::read_dir(directory).map_err(|error| error_at(directory, &error))? {
        let path = entry.map_err(|error| error_at(directory, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a file. Pipes and devices are rejected before they are opened, because that may block.
fn read(path: &Path) -> Result<String, SuiteError> {
    let failed = |error: std::io::Error| error_at(path, &error);
    let metadata = path.metadata().map_err(failed)?;
    if !metadata.is_file() {
        return Err(error_at(path, &"not a regular file; remove it from the suite"));
    }
    if metadata.len() > MAX_LEN {
        let remedy = format!("the limit is {} MiB; split it", MAX_LEN >> 20);
        return Err(error_at(path, &format!("has {} bytes; {remedy}", metadata.len())));
    }
    let mut text = String::new();
    // A file may grow while it is being read.
    let file = std::fs::File::open(path).map_err(failed)?.take(MAX_LEN);
    { file }.read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}

/// Checks that the vectors are valid and that their ids are unique.
fn validate(vectors: &[(String, Vector)], clauses: &[Clause]) -> Result<(), SuiteError> {
    let mut files: HashMap<&str, &str> = HashMap::new();
    let clauses: HashSet<&str> = clauses.iter().map(|clause| clause.id.as_str()).collect();
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
        if let Some(unknown) = vector.clauses.iter().find(|id| !clauses.contains(id.as_str())) {
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
