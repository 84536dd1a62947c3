//! Forms of calls that are evaluated faster than by a call of the function.

use std::collections::BTreeSet;

use super::call::NumberCall;
use super::expr::{Comparison, Expr, Logic};
use super::safety::infallible;
use super::text_predicate::{Case, TextPredicate};
use crate::kql::Type;
use crate::query::bound::{Scalar, ScalarKind};

/// A test of a text against constants, and the columns whose texts must be short for it.
pub(super) fn text_predicate(
    name: &str,
    arguments: &[Scalar],
    operands: &[Expr],
) -> Option<(Expr, BTreeSet<usize>)> {
    let constant = |operand: &Expr| match operand {
        Expr::Constant(value) => Some(value.clone()),
        _ => None,
    };
    let is_swapped =
        matches!(name, "==" | "!=") && operands.first().is_some_and(|first| constant(first).is_some());
    let text = usize::from(is_swapped);
    let (scalar, operand) = (arguments.get(text)?, operands.get(text)?);
    if scalar.r#type != Type::String {
        return None;
    }
    let others = operands.iter().enumerate().filter(|(index, _)| *index != text);
    let constants = others.map(|(_, operand)| constant(operand)).collect::<Option<Vec<_>>>()?;
    let (test, expected) = TextPredicate::new(name, &constants.iter().collect::<Vec<_>>())?;
    let of = |operand: &Expr, test| Expr::Text(Box::new((operand.clone(), test)), expected);
    let of_uncased = cased(scalar, operand)
        .and_then(|(case, uncased, short)| Some((of(uncased, test.clone().after(case)?), short)));
    Some(of_uncased.unwrap_or_else(|| (of(operand, test), BTreeSet::new())))
}

/// The case that a text is changed to, the text, and the columns whose texts must be short for that.
fn cased<'a>(scalar: &Scalar, operand: &'a Expr) -> Option<(Case, &'a Expr, BTreeSet<usize>)> {
    let (ScalarKind::Call(function, arguments), Expr::Call(call)) = (&scalar.kind, operand) else {
        return None;
    };
    let case = Case::of(function.name).filter(|_| arguments.iter().all(|a| a.r#type == Type::String))?;
    Some((case, call.operands().next()?, infallible(scalar)?))
}

/// A function or a comparison of longs, datetimes and timespans.
pub(super) fn of_numbers(name: &str, arguments: &[Scalar], operands: &[Expr], r#type: Type) -> Option<Expr> {
    let kind = |argument: &Scalar| match argument.r#type {
        Type::Int | Type::Long => Some(Type::Long),
        of @ (Type::Datetime | Type::Timespan) => Some(of),
        _ => None,
    };
    let types = arguments.iter().map(|argument| argument.r#type).collect::<Vec<_>>();
    if let Some(call) = NumberCall::new(name, operands, &types, r#type) {
        return Some(Expr::Number(Box::new(call)));
    }
    let first = kind(arguments.first()?)?;
    if !arguments.iter().all(|argument| kind(argument) == Some(first)) {
        return None;
    }
    match operands {
        [value, low, high] => {
            let expected = ["!between", "between"].iter().position(|known| *known == name)? == 1;
            Some(Expr::Between(Box::new([value.clone(), low.clone(), high.clone()]), expected))
        }
        [a, b] => {
            let comparison = Comparison::named(name)?;
            let (comparison, a, b) = match a.is_constant() {
                true => (comparison.swapped(), b, a),
                false => (comparison, a, b),
            };
            Some(Expr::Compare(comparison, Box::new([a.clone(), b.clone()])))
        }
        _ => None,
    }
}

/// `not(expr)`, if it has a form of its own.
pub(super) fn negated(expr: &Expr) -> Option<Expr> {
    match expr.clone() {
        Expr::Text(tested, expected) => Some(Expr::Text(tested, !expected)),
        Expr::Between(operands, expected) => Some(Expr::Between(operands, !expected)),
        Expr::Logic(Logic { all, operands, fallible }) => {
            let operands = operands.iter().map(negated).collect::<Option<_>>()?;
            Some(Expr::Logic(Logic { all: !all, operands, fallible }))
        }
        _ => None,
    }
}
