//! Finds saved as vectors, to be asked first the next time.

use std::collections::HashSet;
use std::path::Path;

use rulespec::json::from_slice;
use rulespec::suite::{SuiteError, Vector, clauses, load_directory};

/// The name of the file that finds are written to.
pub const FILE: &str = "found.json";
/// The longest title that a vector may have.
const MAX_TITLE_LEN: usize = 60;

/// Loads the vectors saved in a folder. If the folder does not exist or is empty, there
/// are none.
///
/// # Errors
///
/// Returns an error if a file in the folder cannot be read or is not a list of vectors.
pub fn load(folder: &Path) -> Result<Vec<Vector>, SuiteError> {
    let is_json = |entry: std::fs::DirEntry| entry.path().extension().is_some_and(|name| name == "json");
    let has_files = std::fs::read_dir(folder).is_ok_and(|all| all.flatten().any(is_json));
    if has_files { load_directory(folder, &clauses()) } else { Ok(vec![]) }
}

/// The number of the last find among vectors, or 0 if there is none.
pub(super) fn last(saved: &[Vector]) -> usize {
    let number = |vector: &Vector| vector.id.strip_prefix("fnd-")?.parse().ok();
    saved.iter().filter_map(number).max().unwrap_or(0)
}

/// The title, truncated to the longest that is allowed. If it is taken, a number is
/// appended: case 4 of seed 7 differs if other functions are called.
pub(super) fn unique_title(title: &str, taken: &mut HashSet<String>) -> String {
    let numbers = (2_u64..).map(|number| format!(" ({number})"));
    let titles = std::iter::once(String::new()).chain(numbers).map(|suffix| {
        let kept: String = title.chars().take(MAX_TITLE_LEN - suffix.len()).collect();
        kept.trim_end().to_owned() + &suffix
    });
    let mut free = titles.filter(|title| taken.insert(title.clone()));
    free.next().unwrap_or_default()
}

/// Appends vectors to [`FILE`] in a folder.
///
/// # Errors
///
/// Returns an error if the folder or the file cannot be written, or if the file is not a
/// list of vectors.
pub fn save(folder: &Path, vectors: &[Vector]) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let file = folder.join(FILE);
    let mut all: Vec<Vector> = match std::fs::read_to_string(&file) {
        Ok(text) => from_slice(text.as_bytes(), usize::MAX)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => vec![],
        Err(error) => return Err(error),
    };
    all.extend_from_slice(vectors);
    std::fs::write(file, serde_json::to_string_pretty(&all)? + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_titles_are_truncated_before_the_number() {
        let mut taken = [String::from("x").repeat(60)].into();
        assert_eq!(unique_title(&"x".repeat(70), &mut taken), "x".repeat(56) + " (2)");
        assert_eq!(unique_title("short", &mut taken), "short");
    }
}
