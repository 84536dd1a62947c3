//! The parser: tokens to a syntax tree, operator by operator.

mod cursor;
mod expression;

use super::diagnostic::{Diagnostic, Diagnostics, Span};
use super::literal::type_named;
use super::syntax::{
    Direction, Expr, ExprKind, Key, Let, LetValue, Name, Nulls, Operator, OperatorKind, Pattern, Pipeline,
    Query, Source,
};
use super::token::{TokenKind, tokens};
use crate::kql::Type;
use cursor::{Cursor, Parsed};
use expression::{assignments, expression};

/// The length in bytes of the longest text that is parsed.
///
/// Spec: QRY-12
pub const MAX_LEN: usize = 1 << 20;

/// How many pipelines may be in one another.
const MAX_NESTING: usize = 20;

impl std::str::FromStr for Query {
    type Err = Diagnostics;

    /// Parses a query.
    ///
    /// # Errors
    ///
    /// Returns what is no KQL, and what the specification does not cover, in every statement and
    /// operator.
    ///
    /// Spec: QRY-01, QRY-10, QRY-12
    fn from_str(text: &str) -> Result<Self, Diagnostics> {
        let failed = |diagnostics| Diagnostics::new(diagnostics, text);
        if text.len() > MAX_LEN {
            let message = format!("the text is longer than {MAX_LEN} bytes");
            return Err(failed(vec![Diagnostic::syntax(Span::default(), message)]));
        }
        let tokens = tokens(text).map_err(|diagnostic| failed(vec![diagnostic]))?;
        let mut cursor = Cursor::new(tokens);
        let query = query(&mut cursor);
        match query {
            Ok((lets, pipeline)) if cursor.diagnostics.is_empty() => {
                Ok(Query { lets, pipeline, text: text.to_owned() })
            }
            Ok(_) => Err(failed(cursor.diagnostics)),
            Err(diagnostic) => {
                cursor.diagnostics.push(diagnostic);
                Err(failed(cursor.diagnostics))
            }
        }
    }
}

/// Spec: QRY-10, QRY-20
fn query(cursor: &mut Cursor) -> Parsed<(Vec<Let>, Pipeline)> {
    let mut lets = vec![];
    while cursor.peek_name("let") {
        cursor.advance();
        lets.push(declaration(cursor)?);
        cursor.expect(";")?;
    }
    if let Some(word) = ["set", "declare", "alias", "restrict"].iter().find(|word| cursor.peek_name(word)) {
        return Err(Diagnostic::unsupported(cursor.span(), format!("the statement {word}")));
    }
    let pipeline = pipeline(cursor, 0)?;
    while cursor.take(";") {}
    match cursor.peek() {
        TokenKind::End => Ok((lets, pipeline)),
        _ => Err(cursor.unexpected("an operator that begins with |, or the end of the query")),
    }
}

/// What follows `let`.
///
/// Spec: QRY-20
fn declaration(cursor: &mut Cursor) -> Parsed<Let> {
    let name = cursor.name()?;
    cursor.expect("=")?;
    let is_function = cursor.peek_symbol("(") && cursor.is_parameter_list();
    if is_function || cursor.peek_name("view") || cursor.peek_symbol("{") {
        return Err(Diagnostic::unsupported(cursor.span(), "a function declared with let"));
    }
    let is_table = cursor.begins_source() || cursor.begins_pipeline();
    let value = match is_table {
        true => LetValue::Table(pipeline(cursor, 0)?),
        false => LetValue::Scalar(expression(cursor)?),
    };
    Ok(Let { name, value })
}

/// Spec: QRY-10
fn pipeline(cursor: &mut Cursor, nesting: usize) -> Parsed<Pipeline> {
    if nesting > MAX_NESTING {
        return Err(Diagnostic::syntax(cursor.span(), "too many parentheses"));
    }
    let source = source(cursor, nesting)?;
    let mut operators = vec![];
    while cursor.take("|") {
        match operator(cursor) {
            Ok(operator) => operators.push(operator),
            Err(diagnostic) => cursor.recover(diagnostic),
        }
    }
    Ok(Pipeline { source, operators })
}

fn source(cursor: &mut Cursor, nesting: usize) -> Parsed<Source> {
    if cursor.take("(") {
        let inner = pipeline(cursor, nesting + 1)?;
        cursor.expect(")")?;
        return Ok(Source::Parenthesized(Box::new(inner)));
    }
    let TokenKind::Name(word) = cursor.peek().clone() else {
        return match cursor.peek() {
            TokenKind::Symbol("[") => Ok(Source::Table(cursor.name()?)),
            _ => Err(cursor.unexpected("the name of a table")),
        };
    };
    let calls = cursor.peek_at(1) == &TokenKind::Symbol("(");
    match word.as_str() {
        "print" => {
            cursor.advance();
            Ok(Source::Print(assignments(cursor)?))
        }
        "datatable" if calls => datatable(cursor),
        "union" | "range" | "search" | "find" | "evaluate" => {
            Err(Diagnostic::unsupported(cursor.span(), format!("the operator {word}")))
        }
        _ if calls => Err(Diagnostic::unsupported(cursor.span(), format!("the tabular function {word}"))),
        _ => Ok(Source::Table(cursor.name()?)),
    }
}

/// Spec: QRY-30
fn datatable(cursor: &mut Cursor) -> Parsed<Source> {
    cursor.advance();
    cursor.expect("(")?;
    let columns = cursor.list(")", |cursor| {
        let name = cursor.name()?;
        cursor.expect(":")?;
        let span = cursor.span();
        let type_name = cursor.word()?;
        match type_named(&type_name) {
            Some(r#type) => Ok((name, r#type)),
            None if type_name == "decimal" => Err(Diagnostic::unsupported(span, "the type decimal")),
            None => Err(Diagnostic::syntax(span, format!("there is no type {type_name:?}"))),
        }
    })?;
    cursor.expect("[")?;
    let cells = cursor.list("]", |cursor| {
        let cell = expression(cursor)?;
        let is_literal = matches!(cell.kind, ExprKind::Literal(_))
            || matches!(&cell.kind, ExprKind::Negative(value) if matches!(value.kind, ExprKind::Literal(_)));
        let message = "a cell of a datatable must be a literal";
        is_literal.then_some(cell.clone()).ok_or_else(|| Diagnostic::syntax(cell.span, message))
    })?;
    let columns: Vec<(Name, Type)> = columns;
    if columns.is_empty() || cells.len() % columns.len() != 0 {
        let message = format!("{} values do not fill rows of {} columns", cells.len(), columns.len());
        return Err(Diagnostic::syntax(cursor.last_span(), message));
    }
    Ok(Source::Datatable(columns, cells))
}

/// Spec: QRY-10, QRY-11
fn operator(cursor: &mut Cursor) -> Parsed<Operator> {
    let start = cursor.span();
    let name = cursor.operator_name()?;
    let kind = match name.as_str() {
        "where" | "filter" => OperatorKind::Where(expression(cursor)?),
        "extend" => OperatorKind::Extend(assignments(cursor)?),
        "project" => OperatorKind::Project(assignments(cursor)?),
        "project-away" => OperatorKind::ProjectAway(cursor.separated(pattern)?),
        "project-keep" => OperatorKind::ProjectKeep(cursor.separated(pattern)?),
        "project-rename" => OperatorKind::ProjectRename(cursor.separated(renaming)?),
        "project-reorder" => OperatorKind::ProjectReorder(cursor.separated(ordered_pattern)?),
        "distinct" if cursor.take("*") => OperatorKind::Distinct(vec![]),
        "distinct" => OperatorKind::Distinct(assignments(cursor)?),
        "take" | "limit" => OperatorKind::Take(expression(cursor)?),
        "sort" | "order" => {
            cursor.expect_name("by")?;
            OperatorKind::Sort(cursor.separated(key)?)
        }
        "top" => {
            let count = expression(cursor)?;
            cursor.expect_name("by")?;
            OperatorKind::Top(count, key(cursor)?)
        }
        "count" => OperatorKind::Count(match cursor.take_name("as") {
            true => Some(cursor.name()?),
            false => None,
        }),
        other => return Err(unknown_operator(start.to(cursor.last_span()), other)),
    };
    Ok(Operator { kind, span: start.to(cursor.last_span()) })
}

/// The operators of KQL that are not specified.
const OTHER_OPERATORS: [&str; 40] = [
    "as",
    "assert-schema",
    "consume",
    "evaluate",
    "execute-and-cache",
    "facet",
    "find",
    "fork",
    "getschema",
    "graph-match",
    "graph-merge",
    "graph-shortest-paths",
    "graph-to-table",
    "inline",
    "invoke",
    "join",
    "lookup",
    "macro-expand",
    "make-graph",
    "make-series",
    "mv-apply",
    "mv-expand",
    "parse",
    "parse-kv",
    "parse-where",
    "partition",
    "print",
    "project-by-names",
    "project-smart",
    "range",
    "reduce",
    "render",
    "sample",
    "sample-distinct",
    "scan",
    "search",
    "serialize",
    "summarize",
    "top-hitters",
    "union",
];

/// Spec: QRY-11
fn unknown_operator(span: Span, name: &str) -> Diagnostic {
    if OTHER_OPERATORS.contains(&name) || name == "top-nested" {
        return Diagnostic::unsupported(span, format!("the operator {name}"));
    }
    Diagnostic::syntax(span, format!("there is no operator {name:?}"))
}

/// The name of a column, in which `*` stands for any characters.
///
/// Spec: QRY-33
fn pattern(cursor: &mut Cursor) -> Parsed<Pattern> {
    if cursor.peek_symbol("[") {
        return Ok(Pattern { name: cursor.name()?, is_wild: false, order: None });
    }
    let start = cursor.span();
    let mut text = String::new();
    loop {
        match cursor.peek() {
            TokenKind::Name(part) | TokenKind::Number(part) => text += part,
            TokenKind::Symbol("*") => text.push('*'),
            _ => return Err(cursor.unexpected("the name of a column")),
        }
        cursor.advance();
        // The parts of a pattern adjoin.
        let follows = cursor.last_span().end == cursor.span().start;
        let is_part =
            matches!(cursor.peek(), TokenKind::Name(_) | TokenKind::Number(_) | TokenKind::Symbol("*"));
        if !(follows && is_part) {
            let name = Name { text, span: start.to(cursor.last_span()) };
            return Ok(Pattern { name, is_wild: true, order: None });
        }
    }
}

fn ordered_pattern(cursor: &mut Cursor) -> Parsed<Pattern> {
    let pattern = pattern(cursor)?;
    if let Some(word) = ["granny-asc", "granny-desc"].iter().find(|word| cursor.peek_name(&word[..6])) {
        return Err(Diagnostic::unsupported(cursor.span(), format!("the order {word}")));
    }
    Ok(Pattern { order: direction(cursor), ..pattern })
}

fn renaming(cursor: &mut Cursor) -> Parsed<(Name, Name)> {
    let new = cursor.name()?;
    cursor.expect("=")?;
    Ok((new, cursor.name()?))
}

fn direction(cursor: &mut Cursor) -> Option<Direction> {
    if cursor.take_name("asc") {
        return Some(Direction::Ascending);
    }
    cursor.take_name("desc").then_some(Direction::Descending)
}

/// Spec: QRY-34
fn key(cursor: &mut Cursor) -> Parsed<Key> {
    let value: Expr = expression(cursor)?;
    let direction = direction(cursor);
    let nulls = match cursor.take_name("nulls") {
        false => None,
        true if cursor.take_name("first") => Some(Nulls::First),
        true => {
            cursor.expect_name("last")?;
            Some(Nulls::Last)
        }
    };
    Ok(Key { value, direction, nulls })
}
