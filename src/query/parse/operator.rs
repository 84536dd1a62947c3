//! The parser of tabular operators.

use super::cursor::{Cursor, Parsed};
use super::expression::{assignments, expression};
use crate::query::diagnostic::{Diagnostic, Span, similar};
use crate::query::keyword::Use;
use crate::query::syntax::{Direction, Expr, Key, Name, Nulls, Operator, OperatorKind, Pattern};
use crate::query::token::TokenKind;

/// Spec: QRY-10, QRY-11, TAB-26
pub(super) fn operator(cursor: &mut Cursor) -> Parsed<Operator> {
    let start = cursor.span();
    let name = cursor.operator_name()?;
    let kind = operator_kind(cursor, &name, start)?;
    Ok(Operator { kind, span: start.to(cursor.last_span()) })
}

fn operator_kind(cursor: &mut Cursor, name: &str, start: Span) -> Parsed<OperatorKind> {
    Ok(match name {
        "where" | "filter" => OperatorKind::Where(expression(cursor)?),
        "extend" => OperatorKind::Extend(assignments(cursor)?),
        "project" | "project-away" | "project-keep" | "project-reorder" if cursor.ends_operator() => {
            let what = format!("{name} without columns");
            return Err(Diagnostic::unsupported(start.to(cursor.last_span()), what));
        }
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
        "count" if cursor.take_name("as") => OperatorKind::Count(Some(cursor.name_for(Use::Column)?)),
        "count" => OperatorKind::Count(None),
        other => return Err(unknown_operator(start.to(cursor.last_span()), other)),
    })
}

/// The operators that are specified.
pub const OPERATORS: [&str; 15] = [
    "count",
    "distinct",
    "extend",
    "filter",
    "limit",
    "order",
    "project",
    "project-away",
    "project-keep",
    "project-rename",
    "project-reorder",
    "sort",
    "take",
    "top",
    "where",
];

/// The operators of KQL that are not specified.
const OTHER_OPERATORS: [&str; 46] = [
    "as",
    "assert-schema",
    "consume",
    "evaluate",
    "execute-and-cache",
    "facet",
    "find",
    "fork",
    "getschema",
    "graph-mark-components",
    "graph-match",
    "graph-merge",
    "graph-shortest-paths",
    "graph-to-table",
    "graph-where-edges",
    "graph-where-nodes",
    "inline",
    "invoke",
    "join",
    "lookup",
    "macro-expand",
    "make-graph",
    "make-series",
    "mv-apply",
    "mv-expand",
    "mvapply",
    "mvexpand",
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
    "top-nested",
    "union",
];

/// Spec: QRY-11
fn unknown_operator(span: Span, name: &str) -> Diagnostic {
    if OTHER_OPERATORS.contains(&name) {
        return Diagnostic::unsupported(span, format!("the operator {name}"));
    }
    let diagnostic = Diagnostic::syntax(span, format!("there is no operator {name:?}"));
    match similar(name, OPERATORS.into_iter().chain(OTHER_OPERATORS)) {
        Some(help) => diagnostic.with_help(help),
        None => diagnostic,
    }
}

/// The name of a column, in which `*` stands for any characters.
///
/// Spec: QRY-33
fn pattern(cursor: &mut Cursor) -> Parsed<Pattern> {
    let is_star = |cursor: &Cursor, at: usize| *cursor.peek_at(at) == TokenKind::Symbol("*");
    let is_wild = is_star(cursor, 0) || is_star(cursor, 1) && cursor.adjoins();
    if !is_wild {
        return Ok(Pattern { name: cursor.name()?, is_wild: false, order: None });
    }
    let start = cursor.span();
    let mut text = String::new();
    loop {
        match cursor.peek() {
            TokenKind::Name(part) => text += part,
            TokenKind::Number(part) if part.bytes().all(|byte| byte.is_ascii_alphanumeric()) => text += part,
            TokenKind::Symbol("*") => text.push('*'),
            _ => return Err(cursor.unexpected("the name of a column")),
        }
        let adjoins = cursor.adjoins();
        cursor.advance();
        let is_part =
            matches!(cursor.peek(), TokenKind::Name(_) | TokenKind::Number(_) | TokenKind::Symbol("*"));
        if !(adjoins && is_part) {
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
    let new = cursor.name_for(Use::Column)?;
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
    if matches!(cursor.peek(), TokenKind::Name(_)) && *cursor.peek_at(1) == TokenKind::Symbol("=") {
        return Err(Diagnostic::unsupported(cursor.span(), "a name for the key of a sort"));
    }
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
