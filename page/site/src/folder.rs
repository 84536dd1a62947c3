//! The folder of the site.

use std::fs;
use std::path::Path;

use anyhow::Context;

use crate::Files;

/// The file that lists the files of the site.
const LIST: &str = ".rulespec-site";

/// Writes the files, and removes those that an earlier run wrote and that are no longer there.
///
/// # Errors
///
/// Returns an error that names the file that cannot be read or written.
pub fn write(folder: &Path, files: &Files) -> anyhow::Result<()> {
    let listed = fs::read_to_string(folder.join(LIST)).unwrap_or_default();
    let is_own = |path: &&str| {
        Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)))
    };
    for stale in listed.lines().filter(|path| !files.contains_key(*path)).filter(is_own) {
        // It may have been removed by hand.
        let _ = fs::remove_file(folder.join(stale));
    }
    for (path, content) in files {
        let path = folder.join(path);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
    }
    let list: String = files.keys().map(|path| format!("{path}\n")).collect();
    fs::write(folder.join(LIST), list).with_context(|| format!("cannot write {LIST} in {}", folder.display()))
}
