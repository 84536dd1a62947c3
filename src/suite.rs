//! The specification as data: its clauses, its open points and its test vectors.
//!
//! All are embedded in the library, so that a program that holds an engine
//! against the specification needs no files.

mod clause;
mod directory;
mod point;
mod select;
mod vector;

pub use clause::{Clause, Kind, clauses};
pub use directory::{SuiteError, load_directory, read_directory};
pub use point::{OpenPoint, SettledPoint, open_points, retired, settled_points};
pub use select::{SelectError, Selection};
pub use vector::{LoadError, Vector, Want, load, vectors};

/// The chapters of the specification that hold clauses: file name and text.
pub const CHAPTERS: &[(&str, &str)] = &[
    ("10-command-line.md", include_str!("../spec/10-command-line.md")),
    ("20-text.md", include_str!("../spec/20-text.md")),
    ("30-terms.md", include_str!("../spec/30-terms.md")),
    ("40-dynamic.md", include_str!("../spec/40-dynamic.md")),
    ("50-table.md", include_str!("../spec/50-table.md")),
    ("60-rule.md", include_str!("../spec/60-rule.md")),
    ("70-telemetry.md", include_str!("../spec/70-telemetry.md")),
    ("71-exports.md", include_str!("../spec/71-exports.md")),
    ("80-protocol.md", include_str!("../spec/80-protocol.md")),
    ("90-open-points.md", include_str!("../spec/90-open-points.md")),
];

/// The vectors as they stand in `spec/vectors`: file name and text.
pub const VECTOR_FILES: &[(&str, &str)] = &[
    ("10-command-line.json", include_str!("../spec/vectors/10-command-line.json")),
    ("20-text.json", include_str!("../spec/vectors/20-text.json")),
    ("30-terms.json", include_str!("../spec/vectors/30-terms.json")),
    ("40-dynamic.json", include_str!("../spec/vectors/40-dynamic.json")),
    ("50-table.json", include_str!("../spec/vectors/50-table.json")),
    ("60-rule.json", include_str!("../spec/vectors/60-rule.json")),
];

/// What else belongs to the specification: path in `spec` and text.
const OTHERS: &[(&str, &str)] = &[
    ("README.md", include_str!("../spec/README.md")),
    ("digests.md", include_str!("../spec/digests.md")),
    ("sources.md", SOURCES),
    ("rule.kql", include_str!("../spec/rule.kql")),
    ("schema/vector.schema.json", VECTOR_SCHEMA),
    ("schema/message.schema.json", include_str!("../spec/schema/message.schema.json")),
    ("schema/report.schema.json", include_str!("../spec/schema/report.schema.json")),
    ("schema/bench.schema.json", include_str!("../spec/schema/bench.schema.json")),
];

/// The list of every source that is cited.
const SOURCES: &str = include_str!("../spec/sources.md");

/// The form of a file of vectors, as a JSON Schema.
pub const VECTOR_SCHEMA: &str = include_str!("../spec/schema/vector.schema.json");

/// Every file of the specification: its path in `spec`, and its text.
///
/// ```
/// let files = rulespec::suite::files();
/// assert!(files.iter().any(|(path, _)| path == "vectors/10-command-line.json"));
/// ```
pub fn files() -> Vec<(String, &'static str)> {
    let as_is = CHAPTERS.iter().chain(OTHERS).map(|(path, text)| ((*path).to_owned(), *text));
    let vectors = VECTOR_FILES.iter().map(|(file, text)| (format!("vectors/{file}"), *text));
    as_is.chain(vectors).collect()
}

/// What a source is and where: the row of `spec/sources.md` with this id.
///
/// ```
/// let source = rulespec::suite::source("S-HAS").unwrap();
/// assert!(source.starts_with("`MicrosoftDocs/dataexplorer-docs` at"));
/// assert!(source.ends_with(" `has-operator.md`"));
/// ```
pub fn source(id: &str) -> Option<String> {
    let row = |line: &str| {
        let (own, text) = line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | ")?;
        (own == id).then(|| text.to_owned())
    };
    SOURCES.lines().find_map(row).map(spelt_out)
}

/// A source with the repository in place of the prefix that stands for it.
fn spelt_out(text: String) -> String {
    let full = |line: &str| {
        let (prefix, repository) = line.strip_prefix("* ")?.split_once(" = ")?;
        let rest = text.strip_prefix(prefix).filter(|rest| rest.starts_with([' ', ',']))?;
        Some(format!("{repository}{rest}"))
    };
    SOURCES.lines().find_map(full).unwrap_or(text)
}
