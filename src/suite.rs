//! The specification as data: its clauses, its open points and its test vectors.
//!
//! All of it is embedded in the library, so a program that tests an engine needs no files. The texts are
//! statics: of a constant, each crate that uses it has its own copy.

mod clause;
mod directory;
mod point;
mod select;
mod vector;

pub use clause::{Clause, Kind, clauses};
pub use directory::{SuiteError, load_directory};
#[doc(hidden)]
pub use directory::{load_files, read_directory};
#[doc(hidden)]
pub use point::settled_hint;
pub use point::{OpenPoint, SettledPoint, open_points, settled_points};
pub use select::{SelectError, Selection};
pub use vector::{LoadError, Vector, Want, load, vectors};

/// The chapters of the specification that have clauses: file name and text.
#[doc(hidden)]
pub static CHAPTERS: &[(&str, &str)] = &[
    ("10-command-line.md", include_str!("../spec/10-command-line.md")),
    ("20-text.md", include_str!("../spec/20-text.md")),
    ("25-strings.md", include_str!("../spec/25-strings.md")),
    ("30-terms.md", include_str!("../spec/30-terms.md")),
    ("35-patterns.md", include_str!("../spec/35-patterns.md")),
    ("40-dynamic.md", include_str!("../spec/40-dynamic.md")),
    ("45-values.md", include_str!("../spec/45-values.md")),
    ("47-times.md", include_str!("../spec/47-times.md")),
    ("50-table.md", include_str!("../spec/50-table.md")),
    ("55-query.md", include_str!("../spec/55-query.md")),
    ("60-rule.md", include_str!("../spec/60-rule.md")),
    ("65-templates.md", include_str!("../spec/65-templates.md")),
    ("70-telemetry.md", include_str!("../spec/70-telemetry.md")),
    ("71-exports.md", include_str!("../spec/71-exports.md")),
    ("72-times.md", include_str!("../spec/72-times.md")),
    ("73-event-logs.md", include_str!("../spec/73-event-logs.md")),
    ("74-files.md", include_str!("../spec/74-files.md")),
    ("80-protocol.md", include_str!("../spec/80-protocol.md")),
    ("90-open-points.md", include_str!("../spec/90-open-points.md")),
];

/// The files of `spec/vectors`: file name and text.
#[doc(hidden)]
pub static VECTOR_FILES: &[(&str, &str)] = &[
    ("10-command-line.json", include_str!("../spec/vectors/10-command-line.json")),
    ("20-text.json", include_str!("../spec/vectors/20-text.json")),
    ("25-strings.json", include_str!("../spec/vectors/25-strings.json")),
    ("30-terms.json", include_str!("../spec/vectors/30-terms.json")),
    ("35-patterns.json", include_str!("../spec/vectors/35-patterns.json")),
    ("40-dynamic.json", include_str!("../spec/vectors/40-dynamic.json")),
    ("45-values.json", include_str!("../spec/vectors/45-values.json")),
    ("47-times.json", include_str!("../spec/vectors/47-times.json")),
    ("50-table.json", include_str!("../spec/vectors/50-table.json")),
    ("55-query.json", include_str!("../spec/vectors/55-query.json")),
    ("60-rule.json", include_str!("../spec/vectors/60-rule.json")),
];

/// The other files of the specification: path in `spec` and text.
static OTHER_FILES: &[(&str, &str)] = &[
    ("README.md", include_str!("../spec/README.md")),
    ("digests.md", include_str!("../spec/digests.md")),
    ("shapes.md", include_str!("../spec/shapes.md")),
    ("sources.md", SOURCES),
    ("rule.kql", include_str!("../spec/rule.kql")),
    ("rule.yaml", include_str!("../spec/rule.yaml")),
    ("schema/README.md", include_str!("../spec/schema/README.md")),
    ("schema/vector.schema.json", VECTOR_SCHEMA),
    ("schema/message.schema.json", include_str!("../spec/schema/message.schema.json")),
    ("schema/report.schema.json", include_str!("../spec/schema/report.schema.json")),
    ("schema/bench.schema.json", include_str!("../spec/schema/bench.schema.json")),
    ("schema/diff.schema.json", include_str!("../spec/schema/diff.schema.json")),
    ("schema/explore.schema.json", include_str!("../spec/schema/explore.schema.json")),
    ("schema/list.schema.json", include_str!("../spec/schema/list.schema.json")),
    ("schema/show.schema.json", include_str!("../spec/schema/show.schema.json")),
    ("schema/detection.schema.json", include_str!("../spec/schema/detection.schema.json")),
    ("schema/alert.schema.json", include_str!("../spec/schema/alert.schema.json")),
];

/// The list of the cited sources.
static SOURCES: &str = include_str!("../spec/sources.md");

/// The JSON Schema of a file of vectors.
#[doc(hidden)]
pub static VECTOR_SCHEMA: &str = include_str!("../spec/schema/vector.schema.json");

/// Returns every file of the specification: its path in `spec` and its text.
///
/// ```
/// let files = rulespec::suite::files();
/// assert!(files.iter().any(|(path, _)| path == "vectors/10-command-line.json"));
/// ```
pub fn files() -> Vec<(String, &'static str)> {
    let as_is = CHAPTERS.iter().chain(OTHER_FILES).map(|(path, text)| ((*path).to_owned(), *text));
    let vectors = VECTOR_FILES.iter().map(|(file, text)| (format!("vectors/{file}"), *text));
    as_is.chain(vectors).collect()
}

/// Returns the description of a source in `spec/sources.md`, or `None` if there is no such id.
///
/// ```
/// let source = rulespec::suite::source("S-HAS").unwrap();
/// assert!(source.starts_with("`MicrosoftDocs/dataexplorer-docs` at"));
/// assert!(source.ends_with(" `has-operator.md`"));
/// ```
pub fn source(id: &str) -> Option<String> {
    source_rows().find(|(row_id, _)| *row_id == id).map(|(_, text)| expand_prefix(text))
}

/// Returns the ids of all sources, in the order of `spec/sources.md`.
///
/// ```
/// assert!(rulespec::suite::source_ids().any(|id| id == "S-HAS"));
/// ```
pub fn source_ids() -> impl Iterator<Item = &'static str> {
    source_rows().map(|(id, _)| id)
}

/// The id and the description of each source.
fn source_rows() -> impl Iterator<Item = (&'static str, &'static str)> {
    SOURCES.lines().filter_map(|line| {
        let (id, text) = line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | ")?;
        id.starts_with("S-").then_some((id, text))
    })
}

/// Returns the sources that a text cites, with their descriptions.
#[doc(hidden)]
pub fn cited_sources(text: &str) -> Vec<(String, String)> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    let words = words.filter(|word| word.starts_with("S-"));
    words.filter_map(|word| Some((word.to_owned(), source(word)?))).collect()
}

/// Replaces the abbreviation of a repository at the start of a source's description.
fn expand_prefix(text: &str) -> String {
    let expanded = SOURCES.lines().find_map(|line| {
        let (prefix, repository) = line.strip_prefix("* ")?.split_once(" = ")?;
        let rest = text.strip_prefix(prefix).filter(|rest| rest.starts_with([' ', ',']))?;
        Some(format!("{repository}{rest}"))
    });
    expanded.unwrap_or_else(|| text.to_owned())
}
