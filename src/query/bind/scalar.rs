//! Binds scalar expressions.

use super::Binder;
use super::scope::{Columns, Declared};
use crate::kql::{Dynamic, ErrorKind, Type};
use crate::query::Function;
use crate::query::bound::{Scalar, ScalarKind};
use crate::query::diagnostic::{Diagnostic, Span, similar};
use crate::query::function::{Parameter, Returns};
use crate::query::syntax::{Expr, ExprKind, Name};

impl Binder<'_> {
    /// Binds an expression. Returns none if something in it is wrong, which has been reported.
    pub(super) fn scalar(&mut self, expr: &Expr, columns: &Columns) -> Option<Scalar> {
        let span = expr.span;
        let operands = || expr.kind.operands().collect::<Vec<&Expr>>();
        match &expr.kind {
            ExprKind::Literal(literal) => {
                Some(Scalar::new(ScalarKind::Constant(literal.value.clone()), literal.r#type, span))
            }
            ExprKind::Name(name) => self.name(name, span, columns),
            ExprKind::Negative(_) => self.call("-", span, &operands(), columns),
            ExprKind::Binary(operator, ..)
            | ExprKind::Logical(operator, _)
            | ExprKind::Between(operator, _) => self.call(operator, span, &operands(), columns),
            ExprKind::List(operator, ..) => self.list(operator, span, &operands(), columns),
            ExprKind::Call(name, arguments) => match name.text.as_str() {
                "column_ifexists" => self.column_ifexists(span, arguments, columns),
                "extract" if arguments.len() == 4 => self.typed_extract(span, arguments, columns),
                _ => self.named_call(name, span, arguments, columns),
            },
            ExprKind::Member(value, name) => {
                let value = self.scalar(value, columns)?;
                let text = Dynamic::from(name.text.as_str());
                let name = Scalar::new(ScalarKind::Constant(text), Type::String, name.span);
                self.apply(Function::find("[]")?, span, vec![value, name])
            }
            ExprKind::Element(value, index) => self.element(value, index, span, columns),
        }
    }

    fn element(&mut self, value: &Expr, index: &Expr, span: Span, columns: &Columns) -> Option<Scalar> {
        let (value, bound) = (self.scalar(value, columns), self.scalar(index, columns)?);
        if matches!(bound.r#type, Type::Int | Type::Long | Type::String | Type::Dynamic) {
            return self.apply(Function::find("[]")?, span, vec![value?, bound]);
        }
        let message = format!("the index is of type {}, but must be a long or a string", bound.r#type);
        self.error(ErrorKind::WrongType, index.span, message)
    }

    /// Spec: QRY-21
    fn name(&mut self, name: &str, span: Span, columns: &Columns) -> Option<Scalar> {
        if columns.unknown.contains(name) {
            return None;
        }
        if let Some(column) = columns.scalar(name, span) {
            return Some(column);
        }
        match self.declared.get(name) {
            Some(Declared::Scalar(value, r#type)) => {
                Some(Scalar::new(ScalarKind::Constant(value.clone()), *r#type, span))
            }
            Some(Declared::Unknown) => None,
            Some(Declared::Table(_)) => {
                self.report(Diagnostic::unsupported(span, "a table in an expression"))
            }
            None if self.is_table(name) => {
                self.report(Diagnostic::unsupported(span, "a table in an expression"))
            }
            None => self.unknown_column(&Name { text: name.to_owned(), span }, columns),
        }
    }

    fn named_call(
        &mut self,
        name: &Name,
        span: Span,
        arguments: &[Expr],
        columns: &Columns,
    ) -> Option<Scalar> {
        let is_function = name.text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if is_function && !matches!(name.text.as_str(), "and" | "or") && Function::find(&name.text).is_some()
        {
            return self.call(&name.text, span, &arguments.iter().collect::<Vec<_>>(), columns);
        }
        for argument in arguments {
            self.scalar(argument, columns);
        }
        let message = format!("there is no function {:?}", name.text);
        let diagnostic = Diagnostic::new(ErrorKind::UnknownFunction, name.span, message);
        let known = Function::all().map(|function| function.name).chain(["column_ifexists"]);
        self.report(match similar(&name.text, known) {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        })
    }

    /// Binds a call of a function or an operator that exists.
    pub(super) fn call(
        &mut self,
        name: &str,
        span: Span,
        operands: &[&Expr],
        columns: &Columns,
    ) -> Option<Scalar> {
        let Some(function) = Function::find(name) else {
            return self.report(Diagnostic::unsupported(span, format!("the operator {name}")));
        };
        let bound = self.operands(operands, columns)?;
        self.apply(function, span, bound)
    }

    /// Binds every operand, so that all that is wrong is reported.
    pub(super) fn operands(&mut self, operands: &[&Expr], columns: &Columns) -> Option<Vec<Scalar>> {
        let bound: Vec<Option<Scalar>> =
            operands.iter().map(|operand| self.scalar(operand, columns)).collect();
        bound.into_iter().collect()
    }

    /// Checks the arguments of a function, and converts them.
    ///
    /// Spec: QRY-23, RUL-17
    pub(super) fn apply(
        &mut self,
        function: &'static Function,
        span: Span,
        arguments: Vec<Scalar>,
    ) -> Option<Scalar> {
        let count = arguments.len();
        self.check_count(function, count, span)?;
        let mut converted = vec![];
        for (index, argument) in arguments.into_iter().enumerate() {
            let parameter = function.parameter(index, count)?;
            converted.push(self.argument(function, parameter, argument)?);
        }
        let types: Vec<Type> = converted.iter().map(|argument| argument.r#type).collect();
        let r#type = match returned_type(function, &types, &mut converted) {
            Ok(r#type) => r#type,
            Err(kind) => {
                let types: Vec<&str> = types.iter().map(|r#type| r#type.as_str()).collect();
                let operands = format!("{} for {}", function.name, types.join(" and "));
                return match kind {
                    ErrorKind::Unsupported => self.report(Diagnostic::unsupported(span, operands)),
                    kind => self.error(kind, span, format!("there is no {operands}")),
                };
            }
        };
        self.check(function, &converted, span)?;
        Some(Scalar::new(ScalarKind::Call(function, converted), r#type, span))
    }

    /// Checks the number of arguments of a function.
    fn check_count(&mut self, function: &Function, count: usize, span: Span) -> Option<()> {
        let least = function.required.len();
        let most = least + function.optional.len();
        if count >= least && (count <= most || function.rest.is_some()) {
            return Some(());
        }
        let expected = match function.rest {
            Some(_) => format!("{least} or more"),
            None if most > least => format!("{least} to {most}"),
            None => least.to_string(),
        };
        let message = format!("{} takes {expected} arguments, not {count}", function.name);
        self.error(ErrorKind::WrongCount, span, message)
    }

    fn argument(&mut self, function: &Function, parameter: Parameter, argument: Scalar) -> Option<Scalar> {
        if !parameter.accepts(argument.r#type) {
            let (found, expected) = (argument.r#type, parameter.expected());
            let message = format!("this is of type {found}, but {} needs {expected} here", function.name);
            return self.error(ErrorKind::WrongType, argument.span, message);
        }
        let mut argument = argument;
        let wanted = match (parameter, argument.r#type) {
            (Parameter::Text, Type::Dynamic) | (Parameter::AsText, _) => Some(Type::String),
            (Parameter::Truth, Type::Dynamic) => Some(Type::Bool),
            _ => None,
        };
        wanted.into_iter().for_each(|wanted| convert(&mut argument, wanted));
        Some(argument)
    }

    /// Spec: TAB-07, TAB-08, TAB-09, RUL-03
    fn column_ifexists(&mut self, span: Span, arguments: &[Expr], columns: &Columns) -> Option<Scalar> {
        let [name, default] = arguments else {
            let message = format!("column_ifexists takes 2 arguments, not {}", arguments.len());
            return self.error(ErrorKind::WrongCount, span, message);
        };
        let default = self.scalar(default, columns)?;
        let (Dynamic::String(text), _) = self.constant(name)? else {
            let message = "the name of the column must be a string";
            return self.error(ErrorKind::WrongType, name.span, message);
        };
        let Some(column) = columns.scalar(&text, span) else { return Some(Scalar { span, ..default }) };
        if column.r#type == default.r#type {
            return Some(column);
        }
        let message = format!("the column is of type {}, but the default {}", column.r#type, default.r#type);
        self.error(ErrorKind::WrongType, span, message)
    }
}

/// Converts an expression to another type.
pub(super) fn convert(scalar: &mut Scalar, to: Type) {
    let conversion = match (scalar.r#type, to) {
        (from, to) if from == to => return,
        (Type::Int, Type::Long) => {
            scalar.r#type = to;
            return;
        }
        (_, Type::String) => "tostring",
        (_, Type::Bool) => "tobool",
        (_, Type::Int) => "toint",
        (_, Type::Long) => "tolong",
        (_, Type::Real) => "todouble",
        (_, Type::Datetime) => "todatetime",
        (_, Type::Timespan) => "totimespan",
        (_, Type::Guid) => "toguid",
        (_, Type::Dynamic) => "todynamic",
    };
    if let Some(function) = Function::find(conversion) {
        let span = scalar.span;
        let argument = std::mem::replace(scalar, Scalar::new(ScalarKind::Constant(Dynamic::Null), to, span));
        scalar.kind = ScalarKind::Call(function, vec![argument]);
    }
}

/// The type that values of these types have in common.
///
/// Spec: QRY-24, VAL-35
pub(super) fn common_type(types: impl Iterator<Item = Type>) -> Option<Type> {
    types.map(Some).reduce(|a, b| match (a?, b?) {
        (a, b) if a == b => Some(a),
        (Type::Int, Type::Long) | (Type::Long, Type::Int) => Some(Type::Long),
        (Type::Int | Type::Long, Type::Real) | (Type::Real, Type::Int | Type::Long) => Some(Type::Real),
        _ => None,
    })?
}

/// The type of the result of a function for arguments of these types. Arguments that can be the result
/// are converted to it.
///
/// # Errors
///
/// Returns the kind of error if there is no such function.
fn returned_type(function: &Function, types: &[Type], arguments: &mut [Scalar]) -> Result<Type, ErrorKind> {
    let is_result = match function.returns {
        Returns::Type(r#type) => return Ok(r#type),
        Returns::Of(returned) => return returned(types),
        Returns::Common(is_result) => is_result,
    };
    let results = (0..types.len()).filter(|index| is_result(*index, types.len()));
    let common = common_type(results.clone().filter_map(|index| types.get(index).copied()));
    let is_open = types.contains(&Type::Dynamic);
    let common = common.ok_or(if is_open { ErrorKind::Unsupported } else { ErrorKind::WrongType })?;
    results.for_each(|index| convert(&mut arguments[index], common));
    Ok(common)
}
