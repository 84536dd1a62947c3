//! The files of this project.

use std::fs;
use std::path::{Path, PathBuf};

/// The root folder of the project.
pub const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Returns the path of a file or folder, which is given relative to the root.
pub fn path(relative: &str) -> PathBuf {
    Path::new(ROOT).join(relative)
}

/// Returns every Rust source file: its path relative to the root, and its text.
pub fn sources() -> Vec<(String, String)> {
    let folders = [
        "src",
        "crates",
        "tests",
        "benches",
        "fuzz/fuzz_targets",
        "page/bind/src",
        "page/site",
        "page/wasm/src",
        "python/src",
    ];
    folders.map(|folder| files(folder, "rs")).concat()
}

/// Returns every file with that extension in a folder and its subfolders, sorted by path:
/// its path relative to the root, and its text.
pub fn files(folder: &str, extension: &str) -> Vec<(String, String)> {
    let mut files = vec![];
    let mut folders = vec![PathBuf::from(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(Path::new(ROOT).join(&folder)).unwrap() {
            let entry = entry.unwrap();
            let path = folder.join(entry.file_name());
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|found| found == extension) {
                files.push((path.display().to_string(), fs::read_to_string(entry.path()).unwrap()));
            }
        }
    }
    files.sort();
    files
}
