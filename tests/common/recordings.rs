//! Data recorded elsewhere, which is not part of this project.

use std::path::PathBuf;

/// A file or folder of the recorded data: in `../shared/data`, or in the folder
/// that `RULESPEC_DATA` names. `None`, with a message, where it is not there.
pub fn recording(path: &str) -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data"));
    let data = std::env::var_os("RULESPEC_DATA").map_or_else(beside, PathBuf::from);
    let found = Some(data.join(path)).filter(|found| found.exists());
    if found.is_none() {
        println!("skipped: there is no {path} in {}", data.display());
    }
    found
}
