//! The syntax tree of a query.
//!
//! Two names or expressions are equal if they differ only in where they are in the text.

mod operators;

use super::diagnostic::Span;
use super::literal::Literal;
use crate::kql::Type;

pub use operators::is_operator;
pub(super) use operators::{LISTS, Tier, operator};

/// A name, and where it is.
#[derive(Debug, Clone)]
pub struct Name {
    /// The name, without brackets and quotes.
    pub text: String,
    /// Where it is.
    pub span: Span,
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

/// A query: `let` statements, and a pipeline.
///
/// Its `Display` is KQL text that parses to an equal query.
#[derive(Debug, Clone)]
pub struct Query {
    /// The names that are declared first, in order.
    pub lets: Vec<Let>,
    /// The pipeline that gives the result.
    pub pipeline: Pipeline,
    /// The text that was parsed, for diagnostics.
    pub(super) text: String,
}

impl Query {
    /// Creates a query. Its text is what it prints.
    ///
    /// ```
    /// use rulespec::query::Query;
    ///
    /// let query: Query = "T | count".parse()?;
    /// let printed = Query::new(query.lets.clone(), query.pipeline.clone());
    /// assert_eq!(printed.to_string(), "T\n| count");
    /// # Ok::<(), rulespec::query::Diagnostics>(())
    /// ```
    pub fn new(lets: Vec<Let>, pipeline: Pipeline) -> Self {
        let query = Self { lets, pipeline, text: String::new() };
        Self { text: query.to_string(), ..query }
    }

    /// Returns the text that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Query {
    fn eq(&self, other: &Self) -> bool {
        (&self.lets, &self.pipeline) == (&other.lets, &other.pipeline)
    }
}

/// `let name = value;`.
#[derive(Debug, Clone, PartialEq)]
pub struct Let {
    /// The name.
    pub name: Name,
    /// What it stands for.
    pub value: LetValue,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq)]
pub enum LetValue {
    /// A scalar. A single name may be that of a table.
    Scalar(Expr),
    /// A table.
    Table(Pipeline),
}

/// A source of rows, and operators that are applied one after the other.
#[derive(Debug, Clone, PartialEq)]
pub struct Pipeline {
    /// Where the rows come from.
    pub source: Source,
    /// The operators, in order.
    pub operators: Vec<Operator>,
}

/// Where rows come from.
#[derive(Debug, Clone, PartialEq)]
pub enum Source {
    /// A table, or a name declared with `let`.
    Table(Name),
    /// `datatable(name: type, …) [value, …]`.
    Datatable(Vec<(Name, Type)>, Vec<Expr>),
    /// `print name = value, …`.
    Print(Vec<Assignment>),
    /// `(pipeline)`.
    Parenthesized(Box<Pipeline>),
}

/// A tabular operator, and where it is.
#[derive(Debug, Clone)]
pub struct Operator {
    /// What it does.
    pub kind: OperatorKind,
    /// Where it is, from its name on.
    pub span: Span,
}

impl PartialEq for Operator {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// What a tabular operator does.
#[derive(Debug, Clone, PartialEq)]
pub enum OperatorKind {
    /// `where predicate`, or `filter`.
    Where(Expr),
    /// `extend name = value, …`.
    Extend(Vec<Assignment>),
    /// `project name = value, …`.
    Project(Vec<Assignment>),
    /// `project-away name, …`.
    ProjectAway(Vec<Pattern>),
    /// `project-keep name, …`.
    ProjectKeep(Vec<Pattern>),
    /// `project-rename new = old, …`.
    ProjectRename(Vec<(Name, Name)>),
    /// `project-reorder name, …`.
    ProjectReorder(Vec<Pattern>),
    /// `distinct value, …`; empty for `distinct *`.
    Distinct(Vec<Assignment>),
    /// `take count`, or `limit`.
    Take(Expr),
    /// `sort by key, …`, or `order`.
    Sort(Vec<Key>),
    /// `top count by key`.
    Top(Expr, Key),
    /// `count`, with the name of its column.
    Count(Option<Name>),
}

/// `name = value`, or a value whose name is derived from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Assignment {
    /// The name, if there is one.
    pub name: Option<Name>,
    /// The value.
    pub value: Expr,
}

/// The name of a column, in which `*` may stand for any characters.
#[derive(Debug, Clone, PartialEq)]
pub struct Pattern {
    /// The name.
    pub name: Name,
    /// Whether it has a `*`, and no brackets, so that `*` is special.
    pub is_wild: bool,
    /// For `project-reorder`, how the matching columns are ordered.
    pub order: Option<Direction>,
}

/// A key of `sort` or `top`.
#[derive(Debug, Clone, PartialEq)]
pub struct Key {
    /// The value that is compared.
    pub value: Expr,
    /// The direction; descending if there is none.
    pub direction: Option<Direction>,
    /// Where nulls come; where the direction puts them if there is none.
    pub nulls: Option<Nulls>,
}

/// A direction of sorting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// `asc`.
    Ascending,
    /// `desc`.
    Descending,
}

/// Where nulls come in an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nulls {
    /// `nulls first`.
    First,
    /// `nulls last`.
    Last,
}

/// A scalar expression, and where it is.
#[derive(Debug, Clone)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it is.
    pub span: Span,
    /// How many expressions are in one another, itself included.
    pub(super) height: usize,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// What a scalar expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum ExprKind {
    /// A literal.
    Literal(Literal),
    /// A column, or a name declared with `let`.
    Name(String),
    /// `-value`.
    Negative(Box<Expr>),
    /// `left operator right`, for an operator of two operands.
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// `a and b and c`, or `a or b or c`.
    Logical(&'static str, Vec<Expr>),
    /// `value operator (element, …)`: `in`, `has_any`, `has_all`.
    List(&'static str, Box<Expr>, Vec<Expr>),
    /// `value between (low .. high)`, or `!between`.
    Between(&'static str, Box<[Expr; 3]>),
    /// `name(argument, …)`.
    Call(Name, Vec<Expr>),
    /// `value.name`.
    Member(Box<Expr>, Name),
    /// `value[index]`.
    Element(Box<Expr>, Box<Expr>),
}

/// How many expressions may be in one another.
///
/// Spec: QRY-12
pub const MAX_HEIGHT: usize = 100;

impl Expr {
    /// Creates an expression.
    pub fn new(kind: ExprKind, span: Span) -> Self {
        let height = 1 + kind.operands().map(|operand| operand.height).max().unwrap_or_default();
        Self { kind, span, height }
    }
}

impl ExprKind {
    /// The expressions directly in this one, in the order of the text.
    pub fn operands(&self) -> Box<dyn Iterator<Item = &Expr> + '_> {
        match self {
            Self::Literal(_) | Self::Name(_) => Box::new(std::iter::empty()),
            Self::Negative(value) | Self::Member(value, _) => Box::new([&**value].into_iter()),
            Self::Binary(_, a, b) | Self::Element(a, b) => Box::new([&**a, &**b].into_iter()),
            Self::Logical(_, operands) | Self::Call(_, operands) => Box::new(operands.iter()),
            Self::List(_, value, elements) => Box::new(std::iter::once(&**value).chain(elements)),
            Self::Between(_, operands) => Box::new(operands.iter()),
        }
    }
}
