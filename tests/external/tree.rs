//! Queries as trees.
//!
//! Any function and any binary operator has its place in a tree. Whether it is covered is
//! for the evaluation to say.

use rulespec::kql::Column;

use super::value::Value;

/// An expression. A call and an operator alike have a name, arguments and a place.
#[derive(Debug)]
pub enum Expr {
    Value(Value),
    /// A literal that is not read, named.
    Unknown(String),
    Column(String),
    Call(usize, String, Vec<Expr>),
    List(Vec<Expr>),
}

/// An expression and the name of the column it makes.
pub type Named = (String, Expr);

/// What a query begins with.
#[derive(Debug)]
pub enum Source {
    Datatable(Vec<Column>, Vec<Expr>),
    Print(Vec<Named>),
}

/// A column to sort by.
#[derive(Debug)]
pub struct Key {
    pub of: Expr,
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
    /// The new names, and the columns that get them.
    ProjectRename(Vec<Named>),
    Sort(Vec<Key>),
    Count,
}

/// A source, and the operators after it with their places.
#[derive(Debug)]
pub struct Query {
    pub source: Source,
    pub stages: Vec<(usize, Stage)>,
}

/// Binary operators, those that bind least first.
pub const OPERATORS: [&[&str]; 5] = [
    &["or"],
    &["and"],
    &[
        "==",
        "!=",
        "=~",
        "!~",
        "<",
        "<=",
        ">",
        ">=",
        "has",
        "!has",
        "has_any",
        "!has_any",
        "has_all",
        "has_cs",
        "!has_cs",
        "contains",
        "!contains",
        "contains_cs",
        "!contains_cs",
        "startswith",
        "!startswith",
        "startswith_cs",
        "endswith",
        "!endswith",
        "endswith_cs",
        "hasprefix",
        "!hasprefix",
        "hassuffix",
        "!hassuffix",
        "in",
        "!in",
        "in~",
        "!in~",
        "between",
        "!between",
        "matches",
    ],
    &["+", "-"],
    &["*", "/", "%"],
];
