//! A mapping file, and what may be wrong with it.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Deserialize;

use super::{EventPaths, Extra, ShapeEntry};

/// The maximum length of a mapping file in bytes.
pub(super) const MAX_MAPPING_LEN: usize = 1 << 20;

/// The maximum length of a path in bytes, and the maximum number of its names.
const MAX_PATH_LEN: usize = 300;
const MAX_PATH_DEPTH: usize = 16;

/// The maximum number of paths of one value.
pub(super) const MAX_PATHS: usize = 1_000;

/// A file of paths.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Mapping {
    pub(super) event: EventPaths,
    pub(super) sysmon: Extra,
    pub(super) security: Extra,
    pub(super) row: Extra,
    pub(super) alias: BTreeMap<String, String>,
}

/// What is wrong with a mapping file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}{what}; {remedy}", place = line.map_or_else(String::new, |line| format!("line {line}: ")))]
pub struct MappingError {
    /// The line of the file, counted from 1, if it is about one.
    pub line: Option<usize>,
    /// What is wrong, in lower case, without a full stop.
    pub what: String,
    /// What to do about it.
    pub remedy: String,
}

impl MappingError {
    pub(super) fn new(what: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { line: None, what: what.into(), remedy: remedy.into() }
    }
}

impl ShapeEntry<'_> {
    pub(super) fn problem(&self) -> Option<MappingError> {
        let name = format!("{}.{}", self.section, self.value);
        if self.paths.len() > MAX_PATHS {
            let what = format!("{name} has more than {MAX_PATHS} paths");
            return Some(MappingError::new(what, "keep only the paths that are needed"));
        }
        let is_long =
            |path: &&Cow<'_, str>| path.len() > MAX_PATH_LEN || path.matches('.').count() >= MAX_PATH_DEPTH;
        if self.paths.iter().any(|path| is_long(&path)) {
            let what =
                format!("{name} has a path of more than {MAX_PATH_LEN} bytes or {MAX_PATH_DEPTH} names");
            return Some(MappingError::new(what, "begin paths at the innermost object that is an event"));
        }
        if self.section == "alias" {
            return None;
        }
        let is_invalid = |path: &&Cow<'_, str>| **path != "." && path.split(['.', '\\']).any(str::is_empty);
        let path = self.paths.iter().find(is_invalid)?;
        let what = format!("{name} has the path {path:?}, which has an empty name");
        Some(MappingError::new(what, "write the names of nested members with single dots between them"))
    }
}

pub(super) fn check_names(
    section: &str,
    extra: &Extra,
    is_known: &dyn Fn(&str) -> bool,
) -> Result<(), MappingError> {
    match extra.keys().find(|name| !is_known(name)) {
        None => Ok(()),
        Some(name) => {
            let what = format!("no value of {section} has the name {name:?}");
            Err(MappingError::new(what, "see `rulespec list shapes` for the names of values"))
        }
    }
}
