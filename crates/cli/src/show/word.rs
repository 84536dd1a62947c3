//! A word of reports.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::{Value as Json, json};

use super::{Sheet, Shown};
use rulespec::suite;
use rulespec_check::glossary::{self, Entry};

/// The words of reports, and those of the evidence of clauses.
fn entries() -> impl Iterator<Item = Entry> {
    glossary::entries().chain(evidence())
}

/// The words of evidence, from the table in `spec/README.md`.
fn evidence() -> impl Iterator<Item = Entry> {
    let files = suite::files();
    let text = files.into_iter().find(|(path, _)| path == "README.md").map_or("", |(_, text)| text);
    let rows = text.lines().skip_while(|line| *line != "| evidence | meaning |").skip(2);
    let rows = rows.map_while(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    rows.map(|(word, meaning)| {
        // The link to another chapter leads nowhere on a terminal.
        let meaning = meaning.split(": see [").next().unwrap_or(meaning);
        Entry { word, of: "evidence", meaning }
    })
}

/// The words of an entry, such as `wanted, got`.
fn words(entry: &Entry) -> impl Iterator<Item = &'static str> {
    entry.word.split(", ")
}

/// All words that can be typed, with hyphens for blanks.
pub fn names() -> impl Iterator<Item = &'static str> {
    static NAMES: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let entries: Vec<Entry> = entries().collect();
        let all = entries.iter().flat_map(words).filter(|word| word.is_ascii());
        all.map(|word| word.replace(' ', "-")).collect()
    });
    NAMES.iter().map(String::as_str)
}

/// Shows what a word means, wherever it is used.
pub fn find(name: &str) -> Option<Shown> {
    let name = name.replace(['-', '_'], " ");
    let is_named = |entry: &Entry| words(entry).any(|word| word.eq_ignore_ascii_case(&name));
    let found: Vec<Entry> = entries().filter(is_named).collect();
    let mut sheet = Sheet::new(found.first()?.word, "a word of reports");
    for entry in &found {
        sheet.add(entry.of, [entry.meaning.to_owned()]);
    }
    let meanings = found.iter().map(|entry| json!({"of": entry.of, "meaning": entry.meaning}));
    let json = json!({"word": found.first()?.word, "meanings": meanings.collect::<Json>()});
    Some(Shown { text: sheet.0, json })
}
