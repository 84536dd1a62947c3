//! What a name stands for.

use std::collections::HashSet;

use crate::kql::{Column, Dynamic, Type};
use crate::query::bound::{BoundSource, Scalar, ScalarKind, Step};
use crate::query::diagnostic::Span;

/// What a name that is declared with `let` stands for.
pub(super) enum Declared {
    Scalar(Dynamic, Type),
    Table(Rows),
    /// Something with an error, which has been reported.
    Unknown,
}

/// Rows, and the columns that they have.
#[derive(Debug, Clone)]
pub(super) struct Rows {
    pub source: BoundSource,
    pub steps: Vec<Step>,
    pub columns: Columns,
    /// How many columns the steps have in all.
    pub work: usize,
}

impl Rows {
    /// The rows of a source.
    pub fn new(source: BoundSource) -> Self {
        let columns = Columns::new(source.columns().to_vec());
        Self { source, steps: vec![], columns, work: 0 }
    }
}

/// The columns of the input of an operator.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    pub columns: Vec<Column>,
    /// The names of columns whose type is not known because of an error.
    pub unknown: HashSet<String>,
}

impl Columns {
    pub fn new(columns: Vec<Column>) -> Self {
        Self { columns, unknown: HashSet::new() }
    }

    pub fn position(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// The column with this name as an expression.
    pub fn scalar(&self, name: &str, span: Span) -> Option<Scalar> {
        let index = self.position(name)?;
        Some(Scalar::new(ScalarKind::Column(index), self.columns[index].r#type, span))
    }

    /// Adds a column, or replaces the one with its name.
    pub fn set(&mut self, column: Column) {
        match self.position(&column.name) {
            Some(index) => self.columns[index] = column,
            None => self.columns.push(column),
        }
    }

    /// The names of the columns that match a pattern, in order.
    ///
    /// Spec: QRY-33
    pub fn matching<'a>(&'a self, pattern: &'a str) -> impl Iterator<Item = &'a str> {
        let names = self.columns.iter().map(|column| column.name.as_str());
        names.filter(move |name| matches(pattern, name))
    }
}

/// Whether a name matches a pattern, in which `*` stands for any characters.
fn matches(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut name) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = name.find(part) else { return false };
        name = &name[at + part.len()..];
    }
    name.ends_with(last)
}
