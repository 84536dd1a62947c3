//! The specification as data: its clauses and its test vectors.
//!
//! Both are embedded in the library, so that a program that holds an engine
//! against the specification needs no files.

mod clause;
mod directory;
pub mod known;
mod select;
mod vector;

pub use clause::{Clause, Kind, clauses};
pub use directory::{SuiteError, load_directory};
pub use known::{Known, KnownError};
pub use select::{SelectError, Selection};
pub use vector::{LoadError, Vector, Want, load, vectors};

/// The chapters of the specification that hold clauses: file name and text.
pub const CHAPTERS: &[(&str, &str)] = &[
    ("10-command-line.md", include_str!("../../spec/10-command-line.md")),
    ("20-text.md", include_str!("../../spec/20-text.md")),
    ("30-terms.md", include_str!("../../spec/30-terms.md")),
    ("40-dynamic.md", include_str!("../../spec/40-dynamic.md")),
    ("50-table.md", include_str!("../../spec/50-table.md")),
    ("60-rule.md", include_str!("../../spec/60-rule.md")),
    ("70-telemetry.md", include_str!("../../spec/70-telemetry.md")),
    ("71-exports.md", include_str!("../../spec/71-exports.md")),
    ("80-protocol.md", include_str!("../../spec/80-protocol.md")),
    ("90-open-points.md", include_str!("../../spec/90-open-points.md")),
];

/// The vectors as they stand in `spec/vectors`: file name and text.
pub const VECTOR_FILES: &[(&str, &str)] = &[
    ("10-command-line.json", include_str!("../../spec/vectors/10-command-line.json")),
    ("20-text.json", include_str!("../../spec/vectors/20-text.json")),
    ("30-terms.json", include_str!("../../spec/vectors/30-terms.json")),
    ("40-dynamic.json", include_str!("../../spec/vectors/40-dynamic.json")),
    ("50-table.json", include_str!("../../spec/vectors/50-table.json")),
    ("60-rule.json", include_str!("../../spec/vectors/60-rule.json")),
];
