//! Binds the tabular operators.

use super::Binder;
use super::scope::{Columns, Rows};
use crate::kql::{Column, Dynamic, ErrorKind, Type};
use crate::query::Function;
use crate::query::bound::{Scalar, ScalarKind, SortKey, Step};
use crate::query::diagnostic::{Diagnostic, Span};
use crate::query::function::Naming;
use crate::query::syntax::{
    Assignment, Direction, Expr, ExprKind, Key, Name, Nulls, Operator, OperatorKind, Pattern,
};

impl Binder<'_> {
    /// Binds an operator. What is wrong with it is reported, and the operator left out.
    pub(super) fn operator(&mut self, operator: &Operator, rows: &mut Rows) {
        let columns = &mut rows.columns;
        let step = match &operator.kind {
            OperatorKind::Where(predicate) => self.predicate(predicate, columns).map(Step::Where),
            OperatorKind::Extend(assigned) => Some(self.extend(assigned, columns)),
            OperatorKind::Project(assigned) => Some(self.project(assigned, columns)),
            OperatorKind::ProjectAway(patterns) => self.keep(patterns, columns, false),
            OperatorKind::ProjectKeep(patterns) => self.keep(patterns, columns, true),
            OperatorKind::ProjectRename(renamed) => self.rename(renamed, columns),
            OperatorKind::ProjectReorder(patterns) => self.reorder(patterns, columns),
            OperatorKind::Distinct(values) => {
                if !values.is_empty() {
                    rows.steps.push(self.project(values, &mut rows.columns));
                }
                Some(Step::Distinct)
            }
            OperatorKind::Take(count) => self.count(count).map(Step::Take),
            OperatorKind::Sort(keys) => {
                let keys: Option<Vec<_>> = keys.iter().map(|key| self.key(key, columns)).collect();
                keys.map(Step::Sort)
            }
            OperatorKind::Top(count, key) => {
                let (count, key) = (self.count(count), self.key(key, columns));
                key.zip(count).map(|(key, count)| {
                    rows.steps.push(Step::Sort(vec![key]));
                    Step::Take(count)
                })
            }
            OperatorKind::Count(name) => {
                let name = name.as_ref().map_or("Count", |name| &name.text).to_owned();
                *columns = Columns::new(vec![Column::new(&name, Type::Long)]);
                Some(Step::Count(name))
            }
        };
        rows.steps.extend(step);
    }

    /// Spec: TAB-01, QRY-23
    fn predicate(&mut self, predicate: &Expr, columns: &Columns) -> Option<Scalar> {
        let scalar = self.scalar(predicate, columns)?;
        match scalar.r#type {
            Type::Bool => Some(scalar),
            r#type => {
                let message = format!("the predicate is of type {type}, but must be a bool");
                self.error(ErrorKind::WrongType, predicate.span, message)
            }
        }
    }

    /// Spec: QRY-34
    fn count(&mut self, count: &Expr) -> Option<i64> {
        match self.constant(count)? {
            (Dynamic::Long(count), _) => Some(count),
            (_, r#type) => {
                let message = format!("the number of rows is of type {type}, but must be a long");
                self.error(ErrorKind::WrongType, count.span, message)
            }
        }
    }

    /// Spec: QRY-34
    fn key(&mut self, key: &Key, columns: &Columns) -> Option<SortKey> {
        let value = self.scalar(&key.value, columns)?;
        if value.r#type == Type::Dynamic {
            let message = "the order of dynamic values";
            return self.report(Diagnostic::unsupported(key.value.span, message));
        }
        let is_descending = key.direction != Some(Direction::Ascending);
        let nulls_first = key.nulls.map_or(!is_descending, |nulls| nulls == Nulls::First);
        Some(SortKey { value, is_descending, nulls_first })
    }

    /// Spec: TAB-03, TAB-04, TAB-05, TAB-06
    fn extend(&mut self, assigned: &[Assignment], columns: &mut Columns) -> Step {
        let assigned = self.assignments(assigned, columns, |_, number| format!("Column{number}"));
        assigned.iter().for_each(|(column, _)| columns.set(column.clone()));
        Step::Extend(assigned)
    }

    /// Spec: TAB-16
    fn project(&mut self, assigned: &[Assignment], columns: &mut Columns) -> Step {
        let assigned = self.assignments(assigned, columns, |_, number| format!("Column{number}"));
        columns.columns = assigned.iter().map(|(column, _)| column.clone()).collect();
        Step::Project(assigned)
    }

    /// Binds assignments. `unnamed` gives the name of a value without one, from its index and from
    /// the number of values without a name so far.
    ///
    /// Spec: QRY-31, QRY-32
    pub(super) fn assignments(
        &mut self,
        assigned: &[Assignment],
        columns: &mut Columns,
        unnamed: impl Fn(usize, usize) -> String,
    ) -> Vec<(Column, Scalar)> {
        let mut bound: Vec<(Column, Scalar)> = vec![];
        let mut unknown = vec![];
        let mut numbered = 0;
        for (index, assignment) in assigned.iter().enumerate() {
            let (name, span) = match &assignment.name {
                Some(name) => (name.text.clone(), name.span),
                None => {
                    let derived = derived_name(&assignment.value);
                    numbered += usize::from(derived.is_none());
                    (derived.unwrap_or_else(|| unnamed(index, numbered)), assignment.value.span)
                }
            };
            match self.scalar(&assignment.value, columns) {
                None => unknown.push(name),
                Some(_) if bound.iter().any(|(column, _)| column.name == name) => {
                    let message = format!("column {name:?} is named twice");
                    self.error::<()>(ErrorKind::RepeatedColumn, span, message);
                }
                Some(value) => bound.push((Column::new(name, value.r#type), value)),
            }
        }
        columns.unknown.extend(unknown);
        bound
    }

    /// `project-keep`, or `project-away` if the matching columns are left out.
    ///
    /// Spec: TAB-17, TAB-18
    fn keep(&mut self, patterns: &[Pattern], columns: &mut Columns, keeps: bool) -> Option<Step> {
        let matching = self.matching(patterns, columns)?;
        let is_kept = |column: &Column| matching.iter().any(|(name, _)| *name == column.name) == keeps;
        let kept = columns.columns.iter().filter(|column| is_kept(column)).map(|column| {
            let value = columns.scalar(&column.name, Span::default())?;
            Some((column.clone(), value))
        });
        let kept: Vec<(Column, Scalar)> = kept.collect::<Option<_>>()?;
        columns.columns = kept.iter().map(|(column, _)| column.clone()).collect();
        Some(Step::Project(kept))
    }

    /// The columns that match each pattern, with the order of the pattern.
    ///
    /// Spec: QRY-33
    fn matching(
        &mut self,
        patterns: &[Pattern],
        columns: &Columns,
    ) -> Option<Vec<(String, Option<Direction>)>> {
        let mut all = vec![];
        for pattern in patterns {
            let text = &pattern.name.text;
            let mut names: Vec<String> = match pattern.is_wild {
                true => columns.matching(text).map(str::to_owned).collect(),
                false => columns.position(text).map(|_| text.clone()).into_iter().collect(),
            };
            if names.is_empty() && !columns.unknown.contains(text) {
                return self.unknown_column(&pattern.name, columns);
            }
            match pattern.order {
                Some(Direction::Ascending) => names.sort(),
                Some(Direction::Descending) => names.sort_by(|a, b| b.cmp(a)),
                None => {}
            }
            all.extend(names.into_iter().map(|name| (name, pattern.order)));
        }
        Some(all)
    }

    pub(super) fn unknown_column<T>(&mut self, name: &Name, columns: &Columns) -> Option<T> {
        let message = format!("there is no column {:?}", name.text);
        let diagnostic = Diagnostic::new(ErrorKind::UnknownColumn, name.span, message);
        let similar = columns.columns.iter().find(|column| column.name.eq_ignore_ascii_case(&name.text));
        self.report(match similar {
            Some(column) => diagnostic.with_help(format!("names are case-sensitive: {}", column.name)),
            None => diagnostic,
        })
    }

    /// Spec: TAB-19
    fn rename(&mut self, renamed: &[(Name, Name)], columns: &mut Columns) -> Option<Step> {
        let mut named = columns.columns.clone();
        for (new, old) in renamed {
            match columns.position(&old.text) {
                Some(index) => named[index].name.clone_from(&new.text),
                None => return self.unknown_column(old, columns),
            }
        }
        for (new, _) in renamed {
            if named.iter().filter(|column| column.name == new.text).count() > 1 {
                let message = format!("column {:?} is named twice", new.text);
                return self.error(ErrorKind::RepeatedColumn, new.span, message);
            }
        }
        let value = |(index, column): (usize, &Column)| {
            (column.clone(), Scalar::new(ScalarKind::Column(index), column.r#type, Span::default()))
        };
        let assigned = named.iter().enumerate().map(value).collect();
        columns.columns = named;
        Some(Step::Project(assigned))
    }

    /// Spec: TAB-11, TAB-12, TAB-13, TAB-14
    fn reorder(&mut self, patterns: &[Pattern], columns: &mut Columns) -> Option<Step> {
        let mut listed: Vec<String> = vec![];
        for pattern in patterns {
            for (name, _) in self.matching(std::slice::from_ref(pattern), columns)? {
                let is_listed = listed.contains(&name);
                if is_listed && !pattern.name.text.contains('*') {
                    let message = format!("column {name:?} is named twice");
                    return self.error(ErrorKind::RepeatedColumn, pattern.name.span, message);
                }
                if !is_listed {
                    listed.push(name);
                }
            }
        }
        let place = |column: &Column| listed.iter().position(|name| *name == column.name);
        columns.columns.sort_by_key(|column| place(column).unwrap_or(usize::MAX));
        Some(Step::Reorder(listed))
    }
}

/// The name of a column with this value, if it follows from the value.
///
/// Spec: QRY-32
fn derived_name(value: &Expr) -> Option<String> {
    match &value.kind {
        ExprKind::Name(name) => Some(name.clone()),
        ExprKind::Member(of, name) => Some(format!("{}_{}", derived_name(of)?, name.text)),
        ExprKind::Element(of, index) => match &index.kind {
            ExprKind::Literal(literal) => match &literal.value {
                Dynamic::Long(index) => Some(format!("{}_{index}", derived_name(of)?)),
                Dynamic::String(name) => Some(format!("{}_{name}", derived_name(of)?)),
                _ => None,
            },
            _ => None,
        },
        ExprKind::Call(name, arguments) => match Function::find(&name.text)?.naming {
            Naming::Numbered => None,
            Naming::First => derived_name(arguments.first()?),
            Naming::Prefixed => Some(format!("{}_{}", name.text, derived_name(arguments.first()?)?)),
        },
        ExprKind::Literal(_)
        | ExprKind::Negative(_)
        | ExprKind::Binary(..)
        | ExprKind::Logical(..)
        | ExprKind::List(..)
        | ExprKind::Between(..) => None,
    }
}
