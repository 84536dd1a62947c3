//! Where the code cites clauses.

/// Returns the words of a text that have the form of a clause id.
pub fn clause_ids(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-').filter(|word| {
        let (chapter, number) = word.split_once('-').unwrap_or_default();
        chapter.len() == 3
            && chapter.bytes().all(|b| b.is_ascii_uppercase())
            && matches!(number.len(), 2 | 3)
            && number.bytes().all(|b| b.is_ascii_digit())
    })
}

/// Returns every clause id after `Spec:` in a doc comment, with its place. If a line ends in a
/// comma, the list continues in the next line.
pub fn citations(files: &[(String, String)]) -> Vec<(String, String)> {
    let mut found = vec![];
    for (path, text) in files {
        let mut continues = false;
        for (number, line) in text.lines().enumerate() {
            let doc = line.trim_start();
            let doc = doc.strip_prefix("///").or_else(|| doc.strip_prefix("//!"));
            let list = doc.and_then(|doc| match doc.split_once("Spec:") {
                Some((_, list)) => Some(list),
                None => continues.then_some(doc),
            });
            let list = list.unwrap_or_default();
            continues = list.trim_end().ends_with(',');
            found.extend(clause_ids(list).map(|id| (id.to_owned(), format!("{path}:{}", number + 1))));
        }
    }
    found
}

/// Returns the sources that are not tests.
pub fn code(sources: &[(String, String)]) -> Vec<(String, String)> {
    let is_code = |path: &str| {
        let is_library = path.starts_with("src/") || path.starts_with("crates/") && path.contains("/src/");
        is_library && !path.starts_with("crates/testing/") && !path.contains("/tests")
    };
    sources.iter().filter(|(path, _)| is_code(path)).cloned().collect()
}
