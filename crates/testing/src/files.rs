//! The project's own files.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the project.
pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The path of a file or folder of the project.
pub fn at(path: &str) -> PathBuf {
    Path::new(ROOT).join(path)
}

/// Every file of Rust of this project, and its text.
pub fn sources() -> Vec<(String, String)> {
    ["src", "crates", "tests", "benches", "fuzz/fuzz_targets", "python/src"]
        .map(|folder| files(folder, "rs"))
        .concat()
}

/// Every file below a folder of the project with that extension, in order: its
/// path there, and its text.
pub fn files(folder: &str, extension: &str) -> Vec<(String, String)> {
    let mut files = vec![];
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(Path::new(ROOT).join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = folder.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|its| its == extension) {
                files.push((path.display().to_string(), fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    files.sort();
    files
}
