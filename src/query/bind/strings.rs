//! Binds what strings need besides the types of their functions.

use super::Binder;
use super::scalar::{common_type, convert};
use super::scope::Columns;
use crate::kql::{Dynamic, ErrorKind, Type};
use crate::query::Function;
use crate::query::bound::{Scalar, ScalarKind};
use crate::query::diagnostic::{Diagnostic, Span};
use crate::query::run::{Context, evaluate_constant};
use crate::query::syntax::{Expr, ExprKind};

impl Binder<'_> {
    /// Binds an operator whose right operand is a list. A string in the list of `in` is converted
    /// to the type of the left operand.
    ///
    /// Spec: TXT-33
    pub(super) fn list(
        &mut self,
        operator: &'static str,
        span: Span,
        operands: &[&Expr],
        columns: &Columns,
    ) -> Option<Scalar> {
        let mut bound = self.operands(operands, columns)?;
        if let ("in" | "!in" | "in~" | "!in~", Some((left, elements))) = (operator, bound.split_first_mut()) {
            for element in elements {
                if element.r#type == Type::String && left.r#type != Type::Dynamic {
                    convert(element, left.r#type);
                }
                let types = [left.r#type, element.r#type];
                if !types.contains(&Type::Dynamic) && common_type(types.into_iter()).is_none() {
                    let message = format!("a {} in a list in which a {} is looked up", types[1], types[0]);
                    return self.report(Diagnostic::unsupported(element.span, message));
                }
            }
        }
        self.apply(Function::find(operator)?, span, bound)
    }

    /// Binds `extract(pattern, group, text, typeof(type))`.
    ///
    /// Spec: RGX-04
    pub(super) fn typed_extract(
        &mut self,
        span: Span,
        arguments: &[Expr],
        columns: &Columns,
    ) -> Option<Scalar> {
        let (last, arguments) = arguments.split_last()?;
        let mut text = self.call("extract", span, &arguments.iter().collect::<Vec<_>>(), columns)?;
        let Some(r#type) = type_literal(last) else {
            return self.error(ErrorKind::WrongType, last.span, "this must be a type, as in typeof(long)");
        };
        convert(&mut text, r#type);
        if text.r#type == r#type {
            return Some(text);
        }
        self.report(Diagnostic::unsupported(last.span, format!("extract to the type {type}")))
    }

    /// Checks the arguments of a call that must be constants.
    ///
    /// Spec: RGX-02, RGX-03, STR-20
    pub(super) fn check(&mut self, function: &Function, arguments: &[Scalar], span: Span) -> Option<()> {
        let context = self.context;
        let check = function.check.filter(|_| !context.kql.unchecked.contains(&function.name));
        let constants: Vec<Option<Dynamic>> = match check {
            Some(_) => arguments.iter().map(|argument| constant(argument, context)).collect(),
            None => vec![],
        };
        match check.map_or(Ok(()), |check| check(&constants)) {
            Ok(()) => Some(()),
            Err(error) => self.error(error.kind(), span, error.detail()),
        }
    }
}

/// The value of an expression that refers to no column.
fn constant(scalar: &Scalar, context: Context<'_>) -> Option<Dynamic> {
    fn is_constant(scalar: &Scalar) -> bool {
        match &scalar.kind {
            ScalarKind::Column(_) => false,
            ScalarKind::Constant(_) => true,
            ScalarKind::Call(_, arguments) => arguments.iter().all(is_constant),
        }
    }
    is_constant(scalar).then(|| evaluate_constant(scalar, context).ok())?
}

/// The type that `typeof(type)` names.
fn type_literal(expr: &Expr) -> Option<Type> {
    match &expr.kind {
        ExprKind::Call(name, arguments) if name.text == "typeof" => match &arguments[..] {
            [Expr { kind: ExprKind::Name(name), .. }] => Type::from_name(name),
            _ => None,
        },
        _ => None,
    }
}
