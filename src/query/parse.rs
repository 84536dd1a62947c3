//! The parser: tokens to a syntax tree, operator by operator.

mod cursor;
mod expression;
mod literal;
mod operator;

pub use operator::OPERATORS;

use super::diagnostic::{Diagnostic, Diagnostics, Span};
use super::keyword::Use;
use super::literal::type_named;
use super::syntax::{ExprKind, Let, LetValue, Name, Pipeline, Query, Source};
use super::token::{TokenKind, tokens};
use crate::kql::Type;
use cursor::{Cursor, Parsed};
use expression::{assignments, expression};
use operator::operator;

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
    let is_last = !cursor.take(";") || *cursor.peek() == TokenKind::End || cursor.peek_symbol(";");
    match cursor.peek() {
        TokenKind::End => Ok((lets, pipeline)),
        _ if !is_last => Err(Diagnostic::unsupported(cursor.span(), "a second query")),
        _ => Err(cursor.unexpected("an operator that begins with |, or the end of the query")),
    }
}

/// What follows `let`.
///
/// Spec: QRY-20
fn declaration(cursor: &mut Cursor) -> Parsed<Let> {
    let name = cursor.name_for(Use::Variable)?;
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
            TokenKind::Symbol(".") => Err(Diagnostic::unsupported(cursor.span(), "a management command")),
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

/// A column of a `datatable`: its name and its type.
fn column(cursor: &mut Cursor) -> Parsed<(Name, Type)> {
    let name = cursor.name_for(Use::Column)?;
    cursor.expect(":")?;
    let span = cursor.span();
    let type_name = cursor.word()?;
    match type_named(&type_name) {
        Some(r#type) => Ok((name, r#type)),
        None if type_name == "decimal" => Err(Diagnostic::unsupported(span, "the type decimal")),
        None => Err(Diagnostic::syntax(span, format!("there is no type {type_name:?}"))),
    }
}

/// Spec: QRY-30
fn datatable(cursor: &mut Cursor) -> Parsed<Source> {
    cursor.advance();
    cursor.expect("(")?;
    let columns: Vec<(Name, Type)> = cursor.open_list(")", column)?;
    cursor.expect("[")?;
    let cells = cursor.open_list("]", |cursor| {
        let cell = expression(cursor)?;
        let is_literal = matches!(cell.kind, ExprKind::Literal(_))
            || matches!(&cell.kind, ExprKind::Negative(value) if matches!(value.kind, ExprKind::Literal(_)));
        let message = "a cell of a datatable must be a literal";
        is_literal.then_some(cell.clone()).ok_or_else(|| Diagnostic::syntax(cell.span, message))
    })?;
    if columns.is_empty() {
        return Err(Diagnostic::unsupported(cursor.last_span(), "a table without columns"));
    }
    if cells.len() % columns.len() != 0 {
        let message = format!("{} values do not fill rows of {} columns", cells.len(), columns.len());
        return Err(Diagnostic::syntax(cursor.last_span(), message));
    }
    Ok(Source::Datatable(columns, cells))
}
