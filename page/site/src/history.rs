//! The table of results that were recorded: `spec/observed/history.csv`.

use std::path::Path;

use anyhow::Context;

/// The result of an engine at a time.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Recording {
    /// The time in RFC 3339, UTC.
    pub date: String,
    /// The name of the engine's folder.
    pub engine: String,
    /// Its version.
    pub version: String,
    /// The number of clauses of that time that it can meet or miss.
    pub clauses: usize,
    /// The number of clauses that it met.
    pub met: usize,
    /// The number of clauses that it missed.
    pub missed: usize,
    /// The number of clauses that it meets as far as it could be asked.
    pub partly_asked: usize,
    /// The number of clauses whose functions it did not have.
    pub unsupported: usize,
}

impl Recording {
    /// The day, without the time.
    pub fn day(&self) -> &str {
        self.date.split('T').next().unwrap_or_default()
    }
}

/// Reads the table, in order of time.
///
/// # Errors
///
/// Returns an error if the file is missing or a row is invalid.
pub fn read(path: &Path) -> anyhow::Result<Vec<Recording>> {
    let place = || format!("cannot read {}", path.display());
    let mut reader = csv::Reader::from_path(path).with_context(place)?;
    let mut rows: Vec<Recording> = reader.deserialize().collect::<Result<_, _>>().with_context(place)?;
    rows.sort_by(|a, b| (&a.date, &a.engine).cmp(&(&b.date, &b.engine)));
    Ok(rows)
}
