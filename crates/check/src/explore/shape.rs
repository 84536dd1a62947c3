//! In what respect an answer is wrong.

use std::collections::BTreeSet;

use super::comparison::Comparison;
use crate::engine::Answer;
use crate::table_difference::{RowDifference, TableDifference};

/// How many columns a title names.
const MAX_NAMED: usize = 2;

/// In what respect an answer is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// There is no answer.
    Unanswered,
    /// It is an error instead of a value.
    Error(String),
    /// It is a value instead of an error.
    Value,
    /// It is another kind of error.
    OtherError,
    /// It is a table that differs only in its columns.
    Columns,
    /// It is a table that differs in its rows.
    Rows(Rows),
    /// It is another value.
    Other,
}

/// How the rows of a table differ.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rows {
    /// The columns with cells that differ.
    cells: BTreeSet<String>,
    is_missing: bool,
    is_unexpected: bool,
}

impl Shape {
    pub(super) fn of(compared: &Comparison) -> Self {
        match (&compared.expected, &compared.got) {
            (_, got) if !got.is_given() => Self::Unanswered,
            (Answer::Error(_), Answer::Error(_)) => Self::OtherError,
            (_, Answer::Error(text)) => Self::Error(text.clone()),
            (Answer::Error(_), _) => Self::Value,
            (Answer::Value(want), Answer::Value(got)) => {
                TableDifference::of(want, got).map_or(Self::Other, |difference| Self::of_tables(&difference))
            }
            _ => Self::Other,
        }
    }

    fn of_tables(difference: &TableDifference<'_>) -> Self {
        if difference.rows.is_empty() {
            return if difference.columns.is_some() { Self::Columns } else { Self::Other };
        }
        let mut rows = Rows::default();
        for row in &difference.rows {
            match row {
                RowDifference::Changed { cells, .. } => rows.cells.extend(cells.iter().cloned()),
                RowDifference::Missing(_) => rows.is_missing = true,
                RowDifference::Unexpected(_) => rows.is_unexpected = true,
            }
        }
        Self::Rows(rows)
    }

    /// Whether everything that is wrong here is also wrong there.
    pub(super) fn is_within(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Rows(rows), Self::Rows(others)) => {
                rows.cells.is_subset(&others.cells)
                    && rows.is_missing <= others.is_missing
                    && rows.is_unexpected <= others.is_unexpected
            }
            (one, other) => one == other,
        }
    }

    /// Whether this distinguishes causes: what is wrong with a table does, but not that a value is
    /// another one.
    pub(super) fn is_telling(&self) -> bool {
        match self {
            Self::Columns | Self::Rows(_) | Self::Error(_) => true,
            Self::Unanswered | Self::Value | Self::OtherError | Self::Other => false,
        }
    }

    /// What is wrong, in a few words.
    pub(super) fn title(&self) -> String {
        match self {
            Self::Unanswered => "gives no answer".to_owned(),
            Self::Error(_) => "gives an error, not a value".to_owned(),
            Self::Value => "gives a value, not an error".to_owned(),
            Self::OtherError => "gives another error".to_owned(),
            Self::Columns => "the columns differ".to_owned(),
            Self::Rows(rows) => rows.title(),
            Self::Other => "gives another value".to_owned(),
        }
    }
}

impl Rows {
    fn title(&self) -> String {
        let Self { cells, is_missing, is_unexpected } = self;
        match (is_missing, is_unexpected) {
            (true, true) => "the rows differ".to_owned(),
            (true, false) => "a row is missing".to_owned(),
            (false, true) => "a row is not expected".to_owned(),
            (false, false) if cells.len() > MAX_NAMED => {
                let first: Vec<&str> = cells.iter().take(MAX_NAMED - 1).map(String::as_str).collect();
                format!("{} and {} more columns differ", first.join(", "), cells.len() + 1 - MAX_NAMED)
            }
            (false, false) => {
                let names: Vec<&str> = cells.iter().map(String::as_str).collect();
                format!("{} differ{}", names.join(" and "), if names.len() == 1 { "s" } else { "" })
            }
        }
    }
}
