//! The names of columns that are assigned.

use std::collections::HashMap;

use super::Binder;
use super::scope::Columns;
use crate::kql::{Column, Dynamic, ErrorKind, Type};
use crate::query::bound::{Scalar, ScalarKind};
use crate::query::diagnostic::{Diagnostic, Span};
use crate::query::function::Naming;
use crate::query::syntax::{Assignment, Expr, ExprKind};
use crate::query::{Function, Literal};

/// How an operator names columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As `project` does: a derived name that is taken gets a number.
    Project,
    /// As `extend` does: a derived name replaces the column that has it.
    Extend,
    /// As `print` does: no name is derived.
    Print,
}

/// The name of a column.
struct Named {
    name: String,
    /// Whether it is given, or that of a column, so that no other column can have it.
    is_declared: bool,
}

impl Binder<'_> {
    /// Binds assignments.
    ///
    /// Spec: QRY-31, QRY-32
    pub(super) fn assignments(
        &mut self,
        assigned: &[Assignment],
        columns: &mut Columns,
        style: Style,
    ) -> Option<Vec<(Column, Scalar)>> {
        let span = assigned.first().map_or_else(Default::default, |first| first.value.span);
        self.check_width(assigned.len(), span)?;
        self.spend(assigned.len().saturating_mul(1 + columns.columns.len()), span)?;
        let mut bound = vec![];
        let mut taken = HashMap::new();
        let mut numbered = 0;
        for (index, assignment) in assigned.iter().enumerate() {
            let value = self.scalar(&assignment.value, columns);
            let named = self.named(assignment, index, value.as_ref(), columns, (style, &mut numbered));
            let Some(named) = named.and_then(|named| self.take_name(named, assignment, &mut taken, style))
            else {
                continue;
            };
            match value {
                Some(value) => bound.push((Column::new(named, value.r#type), value)),
                None => drop(columns.unknown.insert(named)),
            }
        }
        Some(bound)
    }

    /// The name of a column.
    fn named(
        &mut self,
        assignment: &Assignment,
        index: usize,
        value: Option<&Scalar>,
        columns: &Columns,
        (style, numbered): (Style, &mut usize),
    ) -> Option<Named> {
        if let Some(name) = &assignment.name {
            if name.text.is_empty() {
                return self.report(Diagnostic::unsupported(name.span, "a column without a name"));
            }
            return Some(Named { name: name.text.clone(), is_declared: true });
        }
        if style == Style::Print {
            return Some(Named { name: format!("print_{index}"), is_declared: false });
        }
        let is_declared = value.is_some_and(is_column);
        if let Some(name) = derived_name(&assignment.value, columns).filter(|name| !name.is_empty()) {
            return Some(Named { name, is_declared });
        }
        let name = self.numbered_name(assignment.value.span, numbered)?;
        if style == Style::Extend && columns.position(&name).is_some() {
            let what = format!("another name than {name}, which is taken,");
            return self.report(Diagnostic::unsupported(assignment.value.span, what));
        }
        Some(Named { name, is_declared: false })
    }

    /// The name of the next column without a name. `numbered` counts those of the operator.
    fn numbered_name(&mut self, span: Span, numbered: &mut usize) -> Option<String> {
        if self.has_numbered && *numbered == 0 {
            return self
                .report(Diagnostic::unsupported(span, "a second operator with values without a name"));
        }
        self.has_numbered = true;
        *numbered += 1;
        Some(format!("Column{numbered}"))
    }

    /// Makes sure that a name is taken only once.
    ///
    /// Spec: QRY-32, TAB-06, TAB-16
    fn take_name(
        &mut self,
        named: Named,
        assignment: &Assignment,
        taken: &mut HashMap<String, bool>,
        style: Style,
    ) -> Option<String> {
        let Named { mut name, is_declared } = named;
        let span = assignment.name.as_ref().map_or(assignment.value.span, |name| name.span);
        match taken.get(&name) {
            None => {}
            Some(true) if is_declared => {
                let message = format!("column {name:?} is named twice");
                return self.error(ErrorKind::RepeatedColumn, span, message);
            }
            Some(_) if is_declared || style == Style::Extend => {
                let what = format!("a second value for the column {name}");
                return self.report(Diagnostic::unsupported(span, what).with_help("give each value a name"));
            }
            Some(_) => {
                let numbers = 1..=taken.len();
                let free =
                    numbers.map(|number| format!("{name}{number}")).find(|name| !taken.contains_key(name));
                name = free?;
            }
        }
        taken.insert(name.clone(), is_declared);
        Some(name)
    }
}

/// The functions that leave a value of their type as it is.
const CONVERSIONS: [&str; 10] = [
    "tobool",
    "todatetime",
    "todouble",
    "todynamic",
    "toguid",
    "toint",
    "tolong",
    "toreal",
    "tostring",
    "totimespan",
];

/// Whether a value is a column as it is.
fn is_column(value: &Scalar) -> bool {
    match &value.kind {
        ScalarKind::Column(_) => true,
        ScalarKind::Constant(_) => false,
        ScalarKind::Call(function, operands) => match operands.as_slice() {
            [operand] => {
                let is_conversion = CONVERSIONS.contains(&function.name) && operand.r#type == value.r#type;
                is_conversion && matches!(operand.kind, ScalarKind::Column(_))
            }
            _ => false,
        },
    }
}

/// What an index adds to the name of a column.
fn index_name(index: &Expr) -> Option<String> {
    let ExprKind::Literal(Literal { value, r#type }) = &index.kind else { return None };
    match (value, r#type) {
        (Dynamic::Long(index), Type::Long | Type::Int) => Some(index.to_string()),
        (Dynamic::String(name), Type::String) => Some(name.clone()),
        _ => None,
    }
}

/// The name of a column with this value, if it follows from the value.
///
/// Spec: QRY-32
fn derived_name(value: &Expr, columns: &Columns) -> Option<String> {
    let join = |of: &Expr, member: Option<String>| match derived_name(of, columns) {
        Some(of) if !of.trim().is_empty() => Some(format!("{of}_{}", member.unwrap_or_default())),
        _ => member,
    };
    match &value.kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Member(of, name) => join(of, Some(name.text.clone())),
        ExprKind::Element(of, index) => join(of, index_name(index)),
        ExprKind::Call(name, arguments) if name.text == "column_ifexists" => {
            let ExprKind::Literal(literal) = &arguments.first()?.kind else { return None };
            literal.value.as_str().filter(|name| columns.position(name).is_some()).map(str::to_owned)
        }
        ExprKind::Call(name, arguments) => {
            let first = || derived_name(arguments.first()?, columns);
            match Function::find(&name.text)?.naming {
                Naming::Numbered => None,
                Naming::First => first(),
                Naming::Prefixed(word) => Some(format!("{word}_{}", first().unwrap_or_default())),
            }
        }
        ExprKind::Literal(_)
        | ExprKind::Negative(_)
        | ExprKind::Binary(..)
        | ExprKind::Logical(..)
        | ExprKind::List(..)
        | ExprKind::Between(..) => None,
    }
}
