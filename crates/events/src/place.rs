//! Where in an input something is.

use std::fmt;
use std::sync::Arc;

/// A place in an input.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The file. The member of an archive follows a `!`: `logs.zip!a.json`.
    pub file: Arc<str>,
    /// The position in the file.
    pub position: Position,
}

impl Place {
    pub(crate) fn new(file: &Arc<str>, position: Position) -> Self {
        Self { file: file.clone(), position }
    }
}

/// A position in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Position {
    /// The file as a whole.
    Whole,
    /// A record of an event log, by its EventRecordID.
    Record(u64),
    /// A line, counted from 1.
    Line(u64),
    /// An element of an array, an event of an XML document or a row of a table, counted from 1.
    Element(u64),
    /// A byte, counted from 0.
    Byte(u64),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        match self.position {
            Position::Whole => Ok(()),
            Position::Record(n) => write!(f, ": record {n}"),
            Position::Line(n) => write!(f, ":{n}"),
            Position::Element(n) => write!(f, ": event {n}"),
            Position::Byte(n) => write!(f, ": byte {n}"),
        }
    }
}
