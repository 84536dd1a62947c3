//! The parser of literals.

use super::cursor::{Cursor, Parsed};
use super::expression::too_deep;
use crate::kql::Dynamic;
use crate::query::diagnostic::Diagnostic;
use crate::query::literal::{Literal, is_in_nanoseconds, number, typed};
use crate::query::syntax::MAX_HEIGHT;
use crate::query::token::TokenKind;

/// The value of a word that is a literal.
pub(super) fn truth(word: &str) -> Option<bool> {
    match word {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Strings that follow one another, which are one literal.
///
/// Spec: QRY-06
pub(super) fn string(cursor: &mut Cursor) -> String {
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
pub(super) fn literal(cursor: &mut Cursor) -> Parsed<Literal> {
    let span = cursor.span();
    let (literal, what) = match cursor.peek() {
        TokenKind::Number(text) | TokenKind::Typed(_, text) if is_in_nanoseconds(text) => {
            return Err(Diagnostic::unsupported(span, "a number of nanoseconds"));
        }
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

/// Takes the one number that is a long only with a minus sign.
///
/// Spec: QRY-07
pub(super) fn take_least(cursor: &mut Cursor) -> bool {
    let is_next = matches!(cursor.peek(), TokenKind::Number(text) if text == "9223372036854775808");
    if is_next {
        cursor.advance();
    }
    is_next
}

/// The value in a `dynamic` literal: JSON, in which strings and other literals are KQL's.
///
/// Spec: QRY-09
pub(super) fn dynamic(cursor: &mut Cursor) -> Parsed<Dynamic> {
    cursor.depth += 1;
    if cursor.depth > MAX_HEIGHT {
        return Err(too_deep(cursor.span()));
    }
    let value = dynamic_value(cursor)?;
    cursor.depth -= 1;
    Ok(value)
}

fn dynamic_value(cursor: &mut Cursor) -> Parsed<Dynamic> {
    Ok(match cursor.peek().clone() {
        TokenKind::String(_) => Dynamic::String(string(cursor)),
        TokenKind::Symbol("[") => {
            cursor.advance();
            Dynamic::Array(cursor.list("]", dynamic)?)
        }
        TokenKind::Symbol("{") => {
            cursor.advance();
            Dynamic::Bag(cursor.list("}", member)?)
        }
        TokenKind::Symbol("-") => negative(cursor)?,
        TokenKind::Name(word) if word == "dynamic" && *cursor.peek_at(1) == TokenKind::Symbol("(") => {
            cursor.advance();
            cursor.advance();
            let inner = dynamic(cursor)?;
            cursor.expect(")")?;
            inner
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
    })
}

/// A minus sign and a number.
fn negative(cursor: &mut Cursor) -> Parsed<Dynamic> {
    cursor.advance();
    match if take_least(cursor) { Dynamic::Long(i64::MIN) } else { literal(cursor)?.value } {
        Dynamic::Long(value) => Ok(Dynamic::Long(value.wrapping_neg())),
        Dynamic::Real(value) => Ok(Dynamic::Real(-value)),
        _ => Err(Diagnostic::syntax(cursor.last_span(), "only a number can be negative")),
    }
}

fn member(cursor: &mut Cursor) -> Parsed<(String, Dynamic)> {
    let TokenKind::String(name) = cursor.peek().clone() else {
        return Err(cursor.unexpected("a name in quotes"));
    };
    cursor.advance();
    cursor.expect(":")?;
    Ok((name, dynamic(cursor)?))
}
