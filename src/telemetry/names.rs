//! What an event that is not built yet is decided by.

use std::borrow::Cow;

/// The three values the rule's first stage looks at, borrowed from an event that
/// is not built yet.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    /// `FileName`.
    pub file_name: &'a str,
    /// `ProcessVersionInfoOriginalFileName`, where the table has it.
    pub original_file_name: Option<&'a str>,
    command_line: CommandLine<'a>,
}

#[derive(Clone, Copy)]
enum CommandLine<'a> {
    Text(&'a str),
    Untaken { most: usize, take: &'a dyn Fn() -> String },
}

impl<'a> Names<'a> {
    /// Those three.
    pub fn new(file_name: &'a str, original_file_name: Option<&'a str>, command_line: &'a str) -> Self {
        Self { file_name, original_file_name, command_line: CommandLine::Text(command_line) }
    }

    /// The same with a command line, of so many bytes at most, that is still to be taken
    /// out of its record: most events are decided by the names alone.
    pub(super) fn taking(self, most: usize, take: &'a dyn Fn() -> String) -> Self {
        Self { command_line: CommandLine::Untaken { most, take }, ..self }
    }

    /// `ProcessCommandLine`. It may have to be taken out of a record first: look at the
    /// names before it.
    pub fn command_line(&self) -> Cow<'a, str> {
        match self.command_line {
            CommandLine::Text(text) => text.into(),
            CommandLine::Untaken { take, .. } => take().into(),
        }
    }

    /// How many bytes the command line has at most.
    pub(super) fn most(&self) -> usize {
        match self.command_line {
            CommandLine::Text(text) => text.len(),
            CommandLine::Untaken { most, .. } => most,
        }
    }
}
