use std::fmt;

use crate::kql::ErrorKind;

/// A range of bytes in the text of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, serde::Serialize)]
pub struct Span {
    /// The offset of the first byte.
    pub start: usize,
    /// The offset after the last byte.
    pub end: usize,
}

impl Span {
    /// The range from the start of this span to the end of another.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { start: self.start, end: other.end }
    }

    /// Returns the line and the column, in characters, of the start of the span. Both are
    /// counted from 1.
    ///
    /// ```
    /// use rulespec::query::Span;
    ///
    /// assert_eq!(Span { start: 3, end: 4 }.line_and_column("T\n|x"), (2, 2));
    /// ```
    pub fn line_and_column(self, text: &str) -> (usize, usize) {
        let before = text.get(..self.start).unwrap_or(text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        (before.matches('\n').count() + 1, line.chars().count() + 1)
    }
}

/// Why a query cannot be run: what is wrong, where, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Diagnostic {
    /// The kind of error, by the name that vectors use.
    #[serde(serialize_with = "kind_name")]
    pub kind: ErrorKind,
    /// What is wrong, in lower case.
    pub message: String,
    /// Where it is in the text.
    pub span: Span,
    /// What to do about it, if that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

fn kind_name<S: serde::Serializer>(kind: &ErrorKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.as_str())
}

impl Diagnostic {
    /// Creates a diagnostic without help.
    pub fn new(kind: ErrorKind, span: Span, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), span, help: None }
    }

    /// Something that is not KQL.
    pub(super) fn syntax(span: Span, message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Syntax, span, message)
    }

    /// Something that the specification does not cover.
    pub(super) fn unsupported(span: Span, what: impl fmt::Display) -> Self {
        let message = format!("{what} is not specified");
        Self { help: Some(UNSUPPORTED.to_owned()), ..Self::new(ErrorKind::Unsupported, span, message) }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn with_help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }
}

/// What to write instead of a name that does not exist, if one of those that do is similar.
#[doc(hidden)]
pub fn similar<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let wanted = name.to_lowercase();
    let distance = |other: &&str| (distance(&wanted, &other.to_lowercase()), (*other).to_owned());
    let known = known.filter(|other| other.len().abs_diff(name.len()) <= 2 && name.len() <= 40);
    match known.map(|other| distance(&other)).min()? {
        (0, known) => Some(format!("names are case-sensitive: {known}")),
        (edits, known) if edits * 4 <= name.len() => Some(format!("did you mean {known}?")),
        _ => None,
    }
}

/// The number of characters to insert, remove or replace to get from one text to another.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (index, from) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (place, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[place + 1];
            row[place + 1] = replaced.min(diagonal + 1).min(row[place] + 1);
        }
    }
    row[b.len()]
}

const UNSUPPORTED: &str = "chapter 55 lists the operators and functions that are";

/// The reasons why a query cannot be run, in the order of the text. There is at least one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Diagnostics {
    diagnostics: Vec<Diagnostic>,
    /// Each with its line and column.
    text: String,
}

impl Diagnostics {
    /// The diagnostics of a text, ordered.
    pub(crate) fn new(mut diagnostics: Vec<Diagnostic>, text: &str) -> Self {
        diagnostics.sort_by_key(|diagnostic| diagnostic.span.start);
        let line = |diagnostic: &Diagnostic| {
            let (line, column) = diagnostic.span.line_and_column(text);
            format!("{line}:{column}: {}", diagnostic.message)
        };
        let lines: Vec<String> = diagnostics.iter().map(line).collect();
        Self { diagnostics, text: lines.join("\n") }
    }

    /// The same diagnostics, for a text that contains the query. `place` says where a part of the
    /// query is in that text.
    pub(crate) fn in_text(self, text: &str, place: impl Fn(Span) -> Span) -> Self {
        let moved = |diagnostic: Diagnostic| Diagnostic { span: place(diagnostic.span), ..diagnostic };
        Self::new(self.diagnostics.into_iter().map(moved).collect(), text)
    }

    /// Returns the diagnostics in the order of the text.
    pub fn all(&self) -> &[Diagnostic] {
        &self.diagnostics
    }
}

impl fmt::Display for Diagnostics {
    /// Writes a line for each diagnostic, as `line:column: message`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl From<Diagnostics> for crate::kql::Error {
    /// The error of the first diagnostic.
    fn from(diagnostics: Diagnostics) -> Self {
        let kind = diagnostics.diagnostics.first().map_or(ErrorKind::Syntax, |first| first.kind);
        Self::new(kind, diagnostics.text)
    }
}
