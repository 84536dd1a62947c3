//! Finds saved as vectors, to be asked first the next time.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use super::exploration::Exploration;
use rulespec::suite::{SuiteError, Vector, clauses, load_files};

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
    Ok(load_with_files(folder)?.into_iter().map(|(_, vector)| vector).collect())
}

fn load_with_files(folder: &Path) -> Result<Vec<(String, Vector)>, SuiteError> {
    let is_json = |entry: std::fs::DirEntry| entry.path().extension().is_some_and(|name| name == "json");
    let has_files = std::fs::read_dir(folder).is_ok_and(|all| all.flatten().any(is_json));
    if has_files { load_files(folder, &clauses()) } else { Ok(vec![]) }
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

/// The new content of [`FILE`] in a folder: its vectors, and the new finds of an exploration.
/// `None` if nothing is new.
///
/// Somebody else may have saved finds since the exploration began. So the new finds get the next
/// free ids here, in the exploration as well, and a find that was saved meanwhile gets the id that
/// it has there. Keep others from writing to the folder until the content is written.
///
/// # Errors
///
/// Returns an error if a file in the folder cannot be read or is not a list of vectors.
pub fn merge(folder: &Path, exploration: &mut Exploration) -> Result<Option<String>, SuiteError> {
    let saved = load_with_files(folder)?;
    let own = folder.join(FILE).display().to_string();
    let mut content: Vec<Vector> =
        saved.iter().filter(|(file, _)| *file == own).map(|(_, vector)| vector.clone()).collect();
    let saved: Vec<Vector> = saved.into_iter().map(|(_, vector)| vector).collect();
    let calls: HashMap<String, &Vector> = saved.iter().map(|vector| (call(vector), vector)).collect();
    let mut titles = saved.iter().map(|vector| vector.title.clone()).collect();
    let mut numbers = last(&saved) + 1..;
    let mut ids = BTreeMap::new();
    let before = content.len();
    let outcomes = exploration.report.outcomes.iter_mut().zip(&exploration.finds);
    for (outcome, _) in outcomes.filter(|(_, find)| find.case.is_some()) {
        let vector = &mut outcome.vector;
        let old = vector.id.clone();
        match calls.get(&call(vector)) {
            Some(same) => *vector = (*same).clone(),
            None => {
                vector.id = format!("fnd-{:04}", numbers.next().unwrap_or_default());
                vector.title = unique_title(&vector.title, &mut titles);
                content.push(vector.clone());
            }
        }
        ids.insert(old, vector.id.clone());
    }
    for id in exploration.report.explanations.iter_mut().flat_map(|explanation| &mut explanation.explains) {
        if let Some(new) = ids.get(id) {
            id.clone_from(new);
        }
    }
    // Serialization fails only for map keys that are not strings, which vectors do not have.
    let text = serde_json::to_string_pretty(&content).unwrap_or_default() + "\n";
    Ok((content.len() > before).then_some(text))
}

/// What a vector asks and wants, as text.
fn call(vector: &Vector) -> String {
    let Vector { r#fn, args, want, .. } = vector;
    serde_json::json!([r#fn, args, want]).to_string()
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
