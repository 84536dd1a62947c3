//! Data recorded elsewhere, which is not part of this project.

use std::env;
use std::path::PathBuf;

/// Where a file or folder of the recorded data belongs: in `../shared/data`, or in the
/// folder that `RULESPEC_DATA` names.
pub fn place(path: &str) -> PathBuf {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data"));
    env::var_os("RULESPEC_DATA").map_or_else(beside, PathBuf::from).join(path)
}

/// Whether data that is absent is a failure: if `RULESPEC_DATA_REQUIRED` is set.
pub fn is_required() -> bool {
    env::var_os("RULESPEC_DATA_REQUIRED").is_some()
}

/// A file or folder of the recorded data. `None`, with a message, if it is not there.
pub fn recording(path: &str) -> Option<PathBuf> {
    let place = place(path);
    if place.exists() {
        return Some(place);
    }
    assert!(!is_required(), "RULESPEC_DATA_REQUIRED is set, but there is no {}", place.display());
    println!("skipped: there is no {}", place.display());
    None
}
