//! The parser of scalar expressions: from the operators that bind least to those that bind most.

use super::cursor::{Cursor, Parsed};
use super::literal::{dynamic, literal, string, take_least, truth};
use crate::kql::Type;
use crate::query::Function;
use crate::query::diagnostic::{Diagnostic, Span};
use crate::query::keyword::{Use, is_kusto_function};
use crate::query::literal::Literal;
use crate::query::syntax::{Assignment, Expr, ExprKind, LISTS, MAX_HEIGHT, Tier, operator};
use crate::query::token::TokenKind;

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
        let name = if has_name { Some(cursor.name_for(Use::Column)?) } else { None };
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
    if expr.height > MAX_HEIGHT { Err(too_deep(expr.span)) } else { Ok(expr) }
}

pub(super) fn too_deep(span: Span) -> Diagnostic {
    Diagnostic::syntax(span, format!("more than {MAX_HEIGHT} expressions are in one another"))
}

/// A scalar expression.
///
/// Spec: QRY-13
pub(super) fn expression(cursor: &mut Cursor) -> Parsed<Expr> {
    at_least(cursor, Tier::Or)
}

/// An expression whose operators bind at least as strongly as a tier.
///
/// Spec: QRY-12, QRY-13
fn at_least(cursor: &mut Cursor, least: Tier) -> Parsed<Expr> {
    cursor.depth += 1;
    if cursor.depth > MAX_HEIGHT {
        return Err(too_deep(cursor.span()));
    }
    let start = cursor.span();
    let mut left = signed(cursor)?;
    let mut last: Option<Tier> = None;
    while let Some((name, tier)) = peek_operator(cursor)? {
        // A stronger operator has been taken with the operand on the right.
        let follows = last.is_none_or(|last| tier < last || tier == last && tier.is_chained());
        if tier < least || !follows {
            break;
        }
        cursor.advance();
        last = Some(tier);
        let kind = operands(cursor, name, tier, left)?;
        left = node(cursor, start, kind)?;
    }
    cursor.depth -= 1;
    Ok(left)
}

/// The operator that is next, if there is one, and its tier.
fn peek_operator(cursor: &Cursor) -> Parsed<Option<(&'static str, Tier)>> {
    match cursor.peek() {
        TokenKind::Name(word) if OLD_OPERATORS.contains(&word.as_str()) => {
            Err(Diagnostic::unsupported(cursor.span(), format!("the operator {word}")))
        }
        TokenKind::Name(word) => Ok(operator(word)),
        TokenKind::Symbol(symbol) => Ok(operator(symbol)),
        TokenKind::String(_) | TokenKind::Number(_) | TokenKind::Typed(..) | TokenKind::End => Ok(None),
    }
}

/// The operators of strings that KQL has, but does not document.
const OLD_OPERATORS: [&str; 7] =
    ["containscs", "like", "likecs", "notcontains", "notcontainscs", "notlike", "notlikecs"];

/// What an operator, which has been taken, makes of its left operand and of what follows.
fn operands(cursor: &mut Cursor, name: &'static str, tier: Tier, left: Expr) -> Parsed<ExprKind> {
    match name {
        "and" | "or" => {
            let mut operands = vec![left, at_least(cursor, tier.next())?];
            while cursor.take_name(name) {
                operands.push(at_least(cursor, tier.next())?);
            }
            Ok(ExprKind::Logical(name, operands))
        }
        "between" | "!between" => {
            cursor.expect("(")?;
            let low = at_least(cursor, Tier::Sum)?;
            cursor.expect("..")?;
            let high = at_least(cursor, Tier::Sum)?;
            cursor.expect(")")?;
            Ok(ExprKind::Between(name, [left, low, high].into()))
        }
        name if LISTS.contains(&name) => {
            cursor.expect("(")?;
            let elements = cursor.separated(argument)?;
            cursor.expect(")")?;
            Ok(ExprKind::List(name, left.into(), elements))
        }
        name => {
            let right = at_least(cursor, tier.next())?;
            let name = if name == "<>" { "!=" } else { name };
            Ok(ExprKind::Binary(name, left.into(), right.into()))
        }
    }
}

fn signed(cursor: &mut Cursor) -> Parsed<Expr> {
    let start = cursor.span();
    if cursor.take("-") {
        if take_least(cursor) {
            return node(cursor, start, ExprKind::Literal(Literal::new(i64::MIN, Type::Long)));
        }
        let value = postfix(cursor)?;
        return node(cursor, start, ExprKind::Negative(value.into()));
    }
    if cursor.take("+") && !matches!(cursor.peek(), TokenKind::Number(_)) {
        return Err(Diagnostic::unsupported(start, "the sign + before what is no number"));
    }
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

/// The diagnostic of a pipeline where only an expression is specified.
fn subquery(span: Span) -> Diagnostic {
    Diagnostic::unsupported(span, "a query inside an expression")
}

/// An argument of a function or an element of a list.
fn argument(cursor: &mut Cursor) -> Parsed<Expr> {
    let start = cursor.span();
    if matches!(cursor.peek(), TokenKind::Name(_)) && *cursor.peek_at(1) == TokenKind::Symbol("=") {
        return Err(Diagnostic::unsupported(start, "an argument with a name"));
    }
    let argument = expression(cursor)?;
    if cursor.peek_symbol("|") { Err(subquery(start)) } else { Ok(argument) }
}

fn primary(cursor: &mut Cursor) -> Parsed<Expr> {
    let start = cursor.span();
    if cursor.begins_source() {
        return Err(subquery(start));
    }
    if cursor.take("(") {
        let inner = argument(cursor)?;
        cursor.expect(")")?;
        return Ok(Expr { span: start.to(cursor.last_span()), ..inner });
    }
    let calls = *cursor.peek_at(1) == TokenKind::Symbol("(");
    let kind = match cursor.peek().clone() {
        TokenKind::Name(word) if truth(&word).is_some() => {
            cursor.advance();
            ExprKind::Literal(Literal::new(truth(&word) == Some(true), Type::Bool))
        }
        TokenKind::Name(word) if calls => call(cursor, &word)?,
        TokenKind::Name(_) | TokenKind::Symbol("[") => ExprKind::Name(cursor.name()?.text),
        TokenKind::Symbol("*")
            if matches!(cursor.peek_at(1), TokenKind::Name(_) | TokenKind::Symbol("==" | "!=")) =>
        {
            return Err(Diagnostic::unsupported(start, "a comparison of every column"));
        }
        TokenKind::String(_) => ExprKind::Literal(Literal::new(string(cursor), Type::String)),
        _ => ExprKind::Literal(literal(cursor)?),
    };
    node(cursor, start, kind)
}

/// A name that is followed by a parenthesis: `dynamic(…)`, `typeof(…)`, or a call of a function.
fn call(cursor: &mut Cursor, word: &str) -> Parsed<ExprKind> {
    if word == "dynamic" {
        cursor.advance();
        cursor.advance();
        let value = dynamic(cursor)?;
        cursor.expect(")")?;
        return Ok(ExprKind::Literal(Literal::new(value, Type::Dynamic)));
    }
    let is_specified = Function::find(word).is_some() || word == "column_ifexists";
    if is_kusto_function(word) && !is_specified {
        return Err(Diagnostic::unsupported(cursor.span(), format!("the function {word}")));
    }
    let name = cursor.name_for(Use::Reference)?;
    cursor.expect("(")?;
    if word != "typeof" {
        return Ok(ExprKind::Call(name, cursor.list(")", argument)?));
    }
    let span = cursor.span();
    let of = Expr::new(ExprKind::Name(cursor.word()?), span);
    cursor.expect(")")?;
    Ok(ExprKind::Call(name, vec![of]))
}
