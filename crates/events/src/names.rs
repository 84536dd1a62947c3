//! The fields that a filter sees.

use crate::Missing;
use crate::defender::{COMMAND_LINE, FILE_NAME, ORIGINAL_FILE_NAME};

/// The fields of a process creation that [`Options::keep`](crate::Options::keep) sees. They are
/// the ones that the rule selects events by, borrowed before the row is built.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// `FileName`.
    pub file_name: &'a str,
    /// `ProcessVersionInfoOriginalFileName`, if the table has this column.
    pub original_file_name: Option<&'a str>,
    /// `ProcessCommandLine`.
    pub command_line: &'a str,
}

impl<'a> Names<'a> {
    /// The columns of the three fields, in the order of [`Names::new`].
    pub const COLUMNS: [&'static str; 3] = [FILE_NAME, ORIGINAL_FILE_NAME, COMMAND_LINE];

    /// Combines the three fields.
    pub fn new(file_name: &'a str, original_file_name: Option<&'a str>, command_line: &'a str) -> Self {
        Self { file_name, original_file_name, command_line }
    }

    /// What the process creation does not report.
    pub(crate) fn missing(&self) -> Missing {
        Missing { program: self.file_name.is_empty(), command_line: self.command_line.is_empty() }
    }
}
