//! The parser of scalar expressions: from the operators that bind least to those that bind most.

use super::cursor::{Cursor, Parsed};
use crate::kql::{Dynamic, Type};
use crate::query::diagnostic::{Diagnostic, Span};
use crate::query::literal::{Literal, number, typed};
use crate::query::syntax::{
    Assignment, EQUALITY, Expr, ExprKind, LISTS, MAX_HEIGHT, Name, RELATIONAL, STRINGS,
};
use crate::query::token::TokenKind;

/// The digits of the least long.
const LEAST_LONG: &str = "9223372036854775808";

/// How many expressions may be open at a time.
const MAX_DEPTH: usize = MAX_HEIGHT;

/// `name = value, …`, in which the names may be missing.
///
/// Spec: QRY-31
pub(super) fn assignments(cursor: &mut Cursor) -> Parsed<Vec<Assignment>> {
    cursor.separated(|cursor| {
        if cursor.peek_symbol("(") && cursor.assigns_several() {
            return Err(Diagnostic::unsupported(cursor.span(), "an assignment to several names"));
        }
        let has_name = match cursor.peek() {
            TokenKind::Name(_) => *cursor.peek_at(1) == TokenKind::Symbol("="),
            TokenKind::Symbol("[") => *cursor.peek_at(3) == TokenKind::Symbol("="),
            _ => false,
        };
        let name = if has_name { Some(cursor.name()?) } else { None };
        if has_name {
            cursor.expect("=")?;
        }
        Ok(Assignment { name, value: expression(cursor)? })
    })
}

impl Cursor {
    /// Whether `(name, … ) =` is next.
    fn assigns_several(&self) -> bool {
        let close =
            (1..).find(|at| !matches!(self.peek_at(*at), TokenKind::Name(_) | TokenKind::Symbol(",")));
        close.is_some_and(|at| {
            *self.peek_at(at) == TokenKind::Symbol(")") && *self.peek_at(at + 1) == TokenKind::Symbol("=")
        })
    }
}

/// Creates an expression that ends with the last token.
fn node(cursor: &Cursor, start: Span, kind: ExprKind) -> Parsed<Expr> {
    let expr = Expr::new(kind, start.to(cursor.last_span()));
    if expr.height > MAX_HEIGHT {
        let message = format!("more than {MAX_HEIGHT} expressions are in one another");
        return Err(Diagnostic::syntax(start, message));
    }
    Ok(expr)
}

/// A scalar expression.
///
/// Spec: QRY-12, QRY-13
pub(super) fn expression(cursor: &mut Cursor) -> Parsed<Expr> {
    cursor.depth += 1;
    if cursor.depth > MAX_DEPTH {
        let message = format!("more than {MAX_DEPTH} expressions are in one another");
        return Err(Diagnostic::syntax(cursor.span(), message));
    }
    let expr = logical(cursor, "or", |cursor| logical(cursor, "and", equality));
    cursor.depth -= 1;
    expr
}

fn logical(
    cursor: &mut Cursor,
    word: &'static str,
    operand: impl Fn(&mut Cursor) -> Parsed<Expr>,
) -> Parsed<Expr> {
    let start = cursor.span();
    let mut operands = vec![operand(cursor)?];
    while cursor.take_name(word) {
        operands.push(operand(cursor)?);
    }
    match operands.len() {
        1 => Ok(operands.swap_remove(0)),
        _ => node(cursor, start, ExprKind::Logical(word, operands)),
    }
}

/// Takes one of these operators.
fn take_operator<const N: usize>(cursor: &mut Cursor, operators: [&'static str; N]) -> Option<&'static str> {
    let word = match cursor.peek() {
        TokenKind::Name(word) => word.as_str(),
        TokenKind::Symbol(symbol) => symbol,
        _ => return None,
    };
    let word = match (word, cursor.peek_at(1)) {
        ("matches", TokenKind::Name(next)) if next == "regex" => "matches regex",
        ("notcontains", _) => "!contains",
        ("notcontains_cs", _) => return None,
        (word, _) => word,
    };
    let found = operators.into_iter().find(|operator| *operator == word)?;
    cursor.advance();
    if found == "matches regex" {
        cursor.advance();
    }
    Some(found)
}

fn equality(cursor: &mut Cursor) -> Parsed<Expr> {
    let start = cursor.span();
    let left = relational(cursor)?;
    if let Some(operator) = take_operator(cursor, EQUALITY) {
        let operator = if operator == "<>" { "!=" } else { operator };
        let right = relational(cursor)?;
        return node(cursor, start, ExprKind::Binary(operator, left.into(), right.into()));
    }
    if let Some(operator) = take_operator(cursor, LISTS) {
        cursor.expect("(")?;
        let elements = cursor.list(")", expression)?;
        return node(cursor, start, ExprKind::List(operator, left.into(), elements));
    }
    if let Some(operator) = take_operator(cursor, ["between", "!between"]) {
        cursor.expect("(")?;
        let low = additive(cursor)?;
        cursor.expect("..")?;
        let high = additive(cursor)?;
        cursor.expect(")")?;
        return node(cursor, start, ExprKind::Between(operator, [left, low, high].into()));
    }
    Ok(left)
}

fn relational(cursor: &mut Cursor) -> Parsed<Expr> {
    let start = cursor.span();
    let left = additive(cursor)?;
    let Some(operator) = take_operator(cursor, RELATIONAL) else { return Ok(left) };
    let right = additive(cursor)?;
    node(cursor, start, ExprKind::Binary(operator, left.into(), right.into()))
}

fn additive(cursor: &mut Cursor) -> Parsed<Expr> {
    arithmetic(cursor, ["+", "-"], |cursor| arithmetic(cursor, ["*", "/", "%"], string_operator))
}

fn arithmetic<const N: usize>(
    cursor: &mut Cursor,
    operators: [&'static str; N],
    operand: impl Fn(&mut Cursor) -> Parsed<Expr>,
) -> Parsed<Expr> {
    let start = cursor.span();
    let mut left = operand(cursor)?;
    while let Some(operator) = take_operator(cursor, operators) {
        let right = operand(cursor)?;
        left = node(cursor, start, ExprKind::Binary(operator, left.into(), right.into()))?;
    }
    Ok(left)
}

fn string_operator(cursor: &mut Cursor) -> Parsed<Expr> {
    let start = cursor.span();
    let left = signed(cursor)?;
    let Some(operator) = take_operator(cursor, STRINGS) else { return Ok(left) };
    let right = signed(cursor)?;
    node(cursor, start, ExprKind::Binary(operator, left.into(), right.into()))
}

fn signed(cursor: &mut Cursor) -> Parsed<Expr> {
    let start = cursor.span();
    if cursor.take("-") {
        // The least long has no positive counterpart.
        if *cursor.peek() == TokenKind::Number(LEAST_LONG.to_owned()) {
            cursor.advance();
            return node(cursor, start, ExprKind::Literal(Literal::new(i64::MIN, Type::Long)));
        }
        let value = postfix(cursor)?;
        return node(cursor, start, ExprKind::Negative(value.into()));
    }
    cursor.take("+");
    postfix(cursor)
}

/// A value, and the members and elements that are taken from it.
fn postfix(cursor: &mut Cursor) -> Parsed<Expr> {
    let start = cursor.span();
    let mut value = primary(cursor)?;
    loop {
        let kind = if cursor.take(".") {
            ExprKind::Member(value.into(), cursor.name()?)
        } else if cursor.take("[") {
            let index = expression(cursor)?;
            cursor.expect("]")?;
            ExprKind::Element(value.into(), index.into())
        } else {
            return Ok(value);
        };
        value = node(cursor, start, kind)?;
    }
}

fn primary(cursor: &mut Cursor) -> Parsed<Expr> {
    let start = cursor.span();
    if cursor.take("(") {
        if cursor.begins_source() {
            return Err(Diagnostic::unsupported(start, "a query inside an expression"));
        }
        let inner = expression(cursor)?;
        if cursor.peek_symbol("|") {
            return Err(Diagnostic::unsupported(start, "a query inside an expression"));
        }
        cursor.expect(")")?;
        return Ok(Expr { span: start.to(cursor.last_span()), ..inner });
    }
    let calls = *cursor.peek_at(1) == TokenKind::Symbol("(");
    let kind = match cursor.peek().clone() {
        TokenKind::Name(word) if word == "dynamic" && calls => {
            cursor.advance();
            cursor.advance();
            let value = dynamic(cursor)?;
            cursor.expect(")")?;
            ExprKind::Literal(Literal::new(value, Type::Dynamic))
        }
        TokenKind::Name(word) if !calls && truth(&word).is_some() => {
            cursor.advance();
            ExprKind::Literal(Literal::new(truth(&word) == Some(true), Type::Bool))
        }
        TokenKind::Name(_) if calls => {
            let name = function_name(cursor)?;
            cursor.expect("(")?;
            ExprKind::Call(name, cursor.list(")", expression)?)
        }
        TokenKind::Name(_) | TokenKind::Symbol("[") => ExprKind::Name(cursor.name()?.text),
        TokenKind::String(_) => ExprKind::Literal(Literal::new(string(cursor), Type::String)),
        _ => ExprKind::Literal(literal(cursor)?),
    };
    node(cursor, start, kind)
}

fn function_name(cursor: &mut Cursor) -> Parsed<Name> {
    let span = cursor.span();
    Ok(Name { text: cursor.word()?, span })
}

fn truth(word: &str) -> Option<bool> {
    match word {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Strings that follow one another, which are one literal.
///
/// Spec: QRY-06
fn string(cursor: &mut Cursor) -> String {
    let mut text = String::new();
    while let TokenKind::String(part) = cursor.peek() {
        text += part;
        cursor.advance();
    }
    text
}

/// A number or a typed literal.
///
/// Spec: QRY-07, QRY-08, QRY-09
fn literal(cursor: &mut Cursor) -> Parsed<Literal> {
    let span = cursor.span();
    let (literal, what) = match cursor.peek() {
        TokenKind::Number(text) => (number(text), format!("{text} is no number in KQL, or too large")),
        TokenKind::Typed(name, _) if name == "decimal" => {
            return Err(Diagnostic::unsupported(span, "the type decimal"));
        }
        TokenKind::Typed(name, text) => (typed(name, text), format!("{text:?} is no {name}")),
        _ => return Err(cursor.unexpected("an expression")),
    };
    let literal = literal.ok_or_else(|| Diagnostic::syntax(span, what))?;
    cursor.advance();
    Ok(literal)
}

/// The value in a `dynamic` literal: JSON, in which strings and other literals are KQL's.
///
/// Spec: QRY-09
fn dynamic(cursor: &mut Cursor) -> Parsed<Dynamic> {
    cursor.depth += 1;
    if cursor.depth > MAX_DEPTH {
        return Err(Diagnostic::syntax(cursor.span(), "the literal is nested too deeply"));
    }
    let value = match cursor.peek().clone() {
        TokenKind::String(text) => {
            cursor.advance();
            Dynamic::String(text)
        }
        TokenKind::Symbol("[") => {
            cursor.advance();
            Dynamic::Array(cursor.list("]", dynamic)?)
        }
        TokenKind::Symbol("{") => {
            cursor.advance();
            Dynamic::Bag(cursor.list("}", member)?)
        }
        TokenKind::Symbol("-") => {
            cursor.advance();
            if *cursor.peek() == TokenKind::Number(LEAST_LONG.to_owned()) {
                cursor.advance();
                cursor.depth -= 1;
                return Ok(Dynamic::Long(i64::MIN));
            }
            match literal(cursor)?.value {
                Dynamic::Long(value) => Dynamic::Long(-value),
                Dynamic::Real(value) => Dynamic::Real(-value),
                _ => return Err(Diagnostic::syntax(cursor.last_span(), "only a number can be negative")),
            }
        }
        TokenKind::Name(word) if word == "null" => {
            cursor.advance();
            Dynamic::Null
        }
        TokenKind::Name(word) if truth(&word).is_some() => {
            cursor.advance();
            Dynamic::Bool(truth(&word) == Some(true))
        }
        _ => literal(cursor)?.value,
    };
    cursor.depth -= 1;
    Ok(value)
}

fn member(cursor: &mut Cursor) -> Parsed<(String, Dynamic)> {
    let TokenKind::String(name) = cursor.peek().clone() else {
        return Err(cursor.unexpected("a name in quotes"));
    };
    cursor.advance();
    cursor.expect(":")?;
    Ok((name, dynamic(cursor)?))
}
