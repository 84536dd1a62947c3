//! Finds kept as vectors, to be asked first the next time.

use std::collections::HashSet;
use std::path::Path;

use rulespec::suite::{SuiteError, Vector, clauses, load_directory};

/// The file that finds are written to.
pub const FILE: &str = "found.json";
/// The longest title that a vector may have.
const TITLE: usize = 60;

/// The vectors that were saved in a folder; none where there is no such folder, or
/// nothing in it.
///
/// # Errors
///
/// Where a file in it cannot be read or holds no vectors.
pub fn load(folder: &Path) -> Result<Vec<Vector>, SuiteError> {
    let is_json = |entry: std::fs::DirEntry| entry.path().extension().is_some_and(|name| name == "json");
    let has_files = std::fs::read_dir(folder).is_ok_and(|all| all.flatten().any(is_json));
    if has_files { load_directory(folder, &clauses()) } else { Ok(vec![]) }
}

/// The number of the last find among vectors, 0 where there is none.
pub(super) fn last(saved: &[Vector]) -> usize {
    let number = |vector: &Vector| vector.id.strip_prefix("fnd-")?.parse().ok();
    saved.iter().filter_map(number).max().unwrap_or(0)
}

/// The title, cut to what a vector may have, and with a number where it is another's:
/// case 4 of seed 7 is another question where other functions are asked.
pub(super) fn own_title(title: &str, taken: &mut HashSet<String>) -> String {
    let numbers = (2_u64..).map(|number| format!(" ({number})"));
    let titles = std::iter::once(String::new()).chain(numbers).map(|behind| {
        let kept: String = title.chars().take(TITLE - behind.len()).collect();
        kept.trim_end().to_owned() + &behind
    });
    let mut free = titles.filter(|title| taken.insert(title.clone()));
    free.next().unwrap_or_default()
}

/// Writes vectors behind those that [`FILE`] in a folder has.
///
/// # Errors
///
/// Where the folder or the file cannot be written, or the file holds no vectors.
pub fn save(folder: &Path, vectors: &[Vector]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let file = folder.join(FILE);
    let mut all: Vec<Vector> = match std::fs::read_to_string(&file) {
        Ok(text) => serde_json::from_str(&text)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => vec![],
        Err(error) => return Err(error),
    };
    all.extend_from_slice(vectors);
    std::fs::write(file, serde_json::to_string_pretty(&all)? + "\n")
}
