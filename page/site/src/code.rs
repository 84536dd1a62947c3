//! The code that cites a clause.

use std::collections::BTreeMap;

use rulespec_testing::citations::{citations, code};
use rulespec_testing::files::sources;

/// Where the reference is. Other code cites clauses too, but the reference is written to be read.
const REFERENCE: [&str; 3] = ["src/kql/", "src/query/", "src/rule/"];
/// How many lines of an item are shown at most.
const MAX_LINES: usize = 60;

/// A place that cites a clause.
pub struct Citation {
    /// The file and the line.
    pub place: String,
    /// The item with its documentation, if it belongs to the reference.
    pub item: Option<String>,
}

/// The places that cite each clause, those of the reference first.
pub fn by_clause() -> BTreeMap<String, Vec<Citation>> {
    let code = code(&sources());
    let mut cited: BTreeMap<String, Vec<Citation>> = BTreeMap::new();
    for (id, place) in citations(&code) {
        let item = item_at(&code, &place);
        cited.entry(id).or_default().push(Citation { place, item });
    }
    for places in cited.values_mut() {
        places.sort_by_key(|citation| citation.item.is_none());
    }
    cited
}

fn item_at(code: &[(String, String)], place: &str) -> Option<String> {
    let (path, line) = place.rsplit_once(':')?;
    let is_reference = REFERENCE.iter().any(|folder| path.starts_with(folder));
    let (_, text) = code.iter().find(|(found, _)| found == path).filter(|_| is_reference)?;
    item(text, line.parse().ok()?)
}

/// The item whose documentation has this line, counted from 1, in a file that `rustfmt` has formatted.
fn item(text: &str, line: usize) -> Option<String> {
    let lines: Vec<&str> = text.lines().collect();
    let is_documentation = |line: &str| line.trim_start().starts_with("///");
    let is_before = |line: &str| is_documentation(line) || line.trim_start().starts_with("#[");
    let at = line.checked_sub(1).filter(|at| lines.get(*at).is_some_and(|line| is_documentation(line)))?;
    let start = lines.get(..at)?.iter().rposition(|line| !is_before(line)).map_or(0, |before| before + 1);
    let first = at + lines.get(at..)?.iter().position(|line| !is_before(line))?;
    let end = first + length(lines.get(first..)?)?;
    let item = lines.get(start..end).filter(|item| item.len() <= MAX_LINES)?;
    let indentation = lines.get(first)?.len() - lines.get(first)?.trim_start().len();
    Some(item.iter().map(|line| format!("{}\n", line.get(indentation..).unwrap_or_default())).collect())
}

/// The number of lines of the item that begins on the first of these lines.
fn length(lines: &[&str]) -> Option<usize> {
    let indentation = |line: &str| line.len() - line.trim_start().len();
    let first = lines.first()?;
    if first.ends_with([';', ',', '}']) {
        return Some(1);
    }
    let closes = |line: &&str| {
        let is_closing = line.trim_start().starts_with(['}', ')', ']']);
        indentation(line) == indentation(first) && is_closing && !line.ends_with('{')
    };
    lines.iter().position(closes).map(|last| last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_shown_with_its_documentation() {
        let function =
            "/// Adds.\n///\n/// Spec: TRM-01\n#[inline]\nfn a(\n    b: u8,\n) -> u8 {\n    b\n}\n";
        let text = format!("mod x {{\n}}\n\n{function}\nfn c() {{}}\n");
        assert_eq!(item(&text, 6).as_deref(), Some(function));
        assert_eq!(
            item("/// Spec: TRM-01\nconst A: u8 = 1;\nconst B: u8 = 2;\n", 1).as_deref(),
            Some("/// Spec: TRM-01\nconst A: u8 = 1;\n")
        );
        assert_eq!(item("//! Spec: TRM-01\nmod a;\n", 1), None);
    }

    #[test]
    fn the_items_of_an_item_lose_their_indentation() {
        let text = "impl A {\n    /// Spec: TRM-01\n    fn a() {\n        b();\n    }\n}\n";
        assert_eq!(item(text, 2).as_deref(), Some("/// Spec: TRM-01\nfn a() {\n    b();\n}\n"));
    }
}
