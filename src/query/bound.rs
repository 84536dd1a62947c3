//! A bound query: every name is resolved, and every expression has a type.

use super::diagnostic::Span;
use super::function::Function;
use crate::kql::{Column, Dynamic, Table, Type};

/// A query that is bound to the columns of its table.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundQuery {
    /// Where the rows come from.
    pub source: BoundSource,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The columns of the result.
    pub columns: Vec<Column>,
}

/// Where the rows of a bound query come from.
#[derive(Debug, Clone, PartialEq)]
pub enum BoundSource {
    /// A table with this name and these columns.
    Table(String, Vec<Column>),
    /// The rows of a `datatable`, or the one row of a `print`.
    Rows(Table),
}

impl BoundSource {
    /// The columns of the rows.
    pub fn columns(&self) -> &[Column] {
        match self {
            Self::Table(_, columns) => columns,
            Self::Rows(table) => table.columns(),
        }
    }
}

/// One step of a bound query. A column of its input is given by its index.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// Keeps the rows for which the predicate is true.
    Where(Scalar),
    /// Adds or replaces columns.
    Extend(Vec<(Column, Scalar)>),
    /// Replaces all columns.
    Project(Vec<(Column, Scalar)>),
    /// Moves these columns to the front.
    Reorder(Vec<String>),
    /// Keeps the first of equal rows.
    Distinct,
    /// Keeps this many rows at most.
    Take(i64),
    /// Sorts the rows. Equal rows keep their order.
    Sort(Vec<SortKey>),
    /// Replaces all rows by one with their number.
    Count(String),
}

/// A key of a sort.
#[derive(Debug, Clone, PartialEq)]
pub struct SortKey {
    /// The value that is compared.
    pub value: Scalar,
    /// Whether larger values come first.
    pub is_descending: bool,
    /// Whether nulls come first.
    pub nulls_first: bool,
}

/// A bound scalar expression.
#[derive(Debug, Clone)]
pub struct Scalar {
    /// What it is.
    pub kind: ScalarKind,
    /// Its type.
    pub r#type: Type,
    /// Where it is in the text.
    pub span: Span,
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind && self.r#type == other.r#type
    }
}

/// What a bound scalar expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum ScalarKind {
    /// A column of the input, by its index.
    Column(usize),
    /// A constant.
    Constant(Dynamic),
    /// A call of a function or an operator.
    Call(&'static Function, Vec<Scalar>),
}

impl Scalar {
    /// Creates an expression.
    pub(super) fn new(kind: ScalarKind, r#type: Type, span: Span) -> Self {
        Self { kind, r#type, span }
    }

    /// The constant, if it is one.
    pub fn constant(&self) -> Option<&Dynamic> {
        match &self.kind {
            ScalarKind::Constant(value) => Some(value),
            ScalarKind::Column(_) | ScalarKind::Call(..) => None,
        }
    }
}
