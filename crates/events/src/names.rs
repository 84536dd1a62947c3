//! The values that decide whether an event is wanted.

/// The three values the rule's first stage looks at, borrowed from an event
/// whose row is not built yet.
#[derive(Debug, Clone, Copy)]
pub struct Names<'a> {
    /// `FileName`.
    pub file_name: &'a str,
    /// `ProcessVersionInfoOriginalFileName`, if the table has it.
    pub original_file_name: Option<&'a str>,
    /// `ProcessCommandLine`.
    pub command_line: &'a str,
}

impl<'a> Names<'a> {
    /// Those three.
    pub fn new(file_name: &'a str, original_file_name: Option<&'a str>, command_line: &'a str) -> Self {
        Self { file_name, original_file_name, command_line }
    }
}
