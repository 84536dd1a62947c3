//! The syntax tree of a query.
//!
//! The tree can contain any function and any binary operator. The evaluation decides which of
//! them are supported.

use rulespec::kql::Column;

use super::value::Value;

/// An expression. A call of a function and an operator have the same form: a position in the
/// query, a name and arguments.
#[derive(Debug)]
pub enum Expr {
    Value(Value),
    /// The name of a literal that is not supported.
    Unsupported(String),
    Column(String),
    Call(usize, String, Vec<Expr>),
    List(Vec<Expr>),
}

/// A column name and the expression assigned to it.
pub type Named = (String, Expr);

/// The source of the rows of a query.
#[derive(Debug)]
pub enum Source {
    Datatable(Vec<Column>, Vec<Expr>),
    Print(Vec<Named>),
}

/// A sort key.
#[derive(Debug)]
pub struct Key {
    pub expr: Expr,
    pub descending: bool,
    pub nulls_first: bool,
}

/// An operator after a `|`.
#[derive(Debug)]
pub enum Stage {
    Where(Expr),
    Extend(Vec<Named>),
    Project(Vec<Named>),
    ProjectAway(Vec<String>),
    ProjectReorder(Vec<String>),
    /// New column names, and the columns that they replace.
    ProjectRename(Vec<Named>),
    Sort(Vec<Key>),
    Count,
}

/// A source, and the operators after it with their positions in the query.
#[derive(Debug)]
pub struct Query {
    pub source: Source,
    pub stages: Vec<(usize, Stage)>,
}

/// The binary operators by precedence, from the lowest to the highest.
pub const OPERATORS: [&str; 5] = [
    "or",
    "and",
    "== != =~ !~ < <= > >= has !has has_any !has_any has_all has_cs !has_cs contains !contains contains_cs \
     !contains_cs startswith !startswith startswith_cs endswith !endswith endswith_cs hasprefix !hasprefix \
     hassuffix !hassuffix in !in in~ !in~ between !between matches",
    "+ -",
    "* / %",
];
