use std::fmt;

/// The reason why a call has no result.
///
/// The specification compares only the [kind](Error::kind), so engines are free to choose
/// the message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind}: {detail}")]
pub struct Error {
    kind: ErrorKind,
    detail: String,
}

impl Error {
    /// Creates an error. `detail` says what is wrong, in lower case.
    pub fn new(kind: ErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }

    /// What is wrong.
    pub(crate) fn detail(&self) -> &str {
        &self.detail
    }

    /// The kind of error.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

/// The kinds of error that vectors name in `{"error": "kind"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// `parse_command_line` does not have the parser.
    UnknownParser,
    /// An operator names a column that its input does not have.
    UnknownColumn,
    /// An operator names a column twice.
    RepeatedColumn,
    /// An argument has a type that the function does not accept.
    WrongType,
    /// A call has too many or too few arguments.
    WrongCount,
    /// An argument has a value that the function does not accept.
    InvalidArgument,
    /// The specification has no function of that name.
    UnknownFunction,
    /// A query reads a table that does not exist.
    UnknownTable,
    /// A text is not KQL.
    Syntax,
    /// A query has something that the specification does not cover.
    Unsupported,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::UnknownParser,
        Self::UnknownColumn,
        Self::RepeatedColumn,
        Self::WrongType,
        Self::WrongCount,
        Self::InvalidArgument,
        Self::UnknownFunction,
        Self::UnknownTable,
        Self::Syntax,
        Self::Unsupported,
    ];

    /// The name that vectors and the protocol use.
    ///
    /// ```
    /// assert_eq!(rulespec::kql::ErrorKind::UnknownColumn.as_str(), "unknown-column");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::UnknownParser => "unknown-parser",
            Self::UnknownColumn => "unknown-column",
            Self::RepeatedColumn => "repeated-column",
            Self::WrongType => "wrong-type",
            Self::WrongCount => "wrong-count",
            Self::InvalidArgument => "invalid-argument",
            Self::UnknownFunction => "unknown-function",
            Self::UnknownTable => "unknown-table",
            Self::Syntax => "syntax",
            Self::Unsupported => "unsupported",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
