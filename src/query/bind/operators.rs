//! Binds the tabular operators.

use super::Binder;
use super::names::Style;
use super::scope::{Columns, Rows};
use crate::kql::{Column, Dynamic, ErrorKind, Type};
use crate::query::bound::{Scalar, SortKey, Step};
use crate::query::diagnostic::Diagnostic;
use crate::query::syntax::{Assignment, Direction, Expr, Key, Nulls, Operator, OperatorKind};

impl Binder<'_> {
    /// Binds an operator. What is wrong with it is reported, and the operator left out. Returns
    /// none if the query is too large.
    ///
    /// Spec: TAB-25
    pub(super) fn operator(&mut self, operator: &Operator, rows: &mut Rows) -> Option<()> {
        let columns = &mut rows.columns;
        self.check_width(columns.columns.len(), operator.span)?;
        let work = 1 + columns.columns.len();
        self.spend(work, operator.span)?;
        rows.work += work;
        let step = match &operator.kind {
            OperatorKind::Where(predicate) => self.predicate(predicate, columns).map(Step::Where),
            OperatorKind::Extend(assigned) => self.extend(assigned, columns),
            OperatorKind::Project(assigned) => self.project(assigned, columns),
            OperatorKind::ProjectAway(patterns) => self.keep(patterns, columns, false),
            OperatorKind::ProjectKeep(patterns) => self.keep(patterns, columns, true),
            OperatorKind::ProjectRename(renamed) => self.rename(renamed, columns),
            OperatorKind::ProjectReorder(patterns) => self.reorder(patterns, columns),
            OperatorKind::Distinct(values) => self.distinct(operator, values, rows),
            OperatorKind::Take(count) => self.count(count).map(Step::Take),
            OperatorKind::Sort(keys) => {
                let keys: Option<Vec<_>> = keys.iter().map(|key| self.key(key, columns, "sort")).collect();
                keys.map(Step::Sort)
            }
            OperatorKind::Top(count, key) => self.top(count, key, rows),
            OperatorKind::Count(name) => {
                let name = name.as_ref().map_or("Count", |name| &name.text).to_owned();
                *columns = Columns::new(vec![Column::new(&name, Type::Long)]);
                Some(Step::Count(name))
            }
        };
        rows.steps.extend(step);
        Some(())
    }

    /// `top` sorts, which becomes a step of its own, and takes the first rows.
    fn top(&mut self, count: &Expr, key: &Key, rows: &mut Rows) -> Option<Step> {
        let (count, key) = (self.count(count), self.key(key, &rows.columns, "top"));
        let (key, count) = key.zip(count)?;
        rows.steps.push(Step::Sort(vec![key]));
        Some(Step::Take(count))
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
            (Dynamic::Long(count), _) if count >= 0 => Some(count),
            (Dynamic::Long(_) | Dynamic::Null, Type::Int | Type::Long) => {
                self.report(Diagnostic::unsupported(count.span, "a number of rows that is null or negative"))
            }
            (_, r#type) => {
                let message = format!("the number of rows is of type {type}, but must be a long");
                self.error(ErrorKind::WrongType, count.span, message)
            }
        }
    }

    /// Spec: QRY-34
    fn key(&mut self, key: &Key, columns: &Columns, operator: &str) -> Option<SortKey> {
        let value = self.scalar(&key.value, columns)?;
        if value.r#type == Type::Dynamic && operator == "top" {
            return self.report(Diagnostic::unsupported(key.value.span, "top by a dynamic"));
        }
        if value.r#type == Type::Dynamic {
            let message = "this is of type dynamic, which has no order";
            let diagnostic = Diagnostic::new(ErrorKind::WrongType, key.value.span, message);
            return self.report(diagnostic.with_help("convert it, as with tostring(…)"));
        }
        if value.r#type == Type::Guid {
            return self.report(Diagnostic::unsupported(key.value.span, "the order of guids"));
        }
        let is_descending = key.direction != Some(Direction::Ascending);
        let nulls_first = key.nulls.map_or(!is_descending, |nulls| nulls == Nulls::First);
        Some(SortKey { value, is_descending, nulls_first })
    }

    /// Spec: TAB-03, TAB-04, TAB-05, TAB-06
    fn extend(&mut self, assigned: &[Assignment], columns: &mut Columns) -> Option<Step> {
        let assigned = self.assignments(assigned, columns, Style::Extend)?;
        assigned.iter().for_each(|(column, _)| columns.set(column.clone()));
        Some(Step::Extend(assigned))
    }

    /// Spec: TAB-16
    fn project(&mut self, assigned: &[Assignment], columns: &mut Columns) -> Option<Step> {
        let assigned = self.assignments(assigned, columns, Style::Project)?;
        columns.columns = assigned.iter().map(|(column, _)| column.clone()).collect();
        Some(Step::Project(assigned))
    }

    /// Spec: TAB-20
    fn distinct(&mut self, operator: &Operator, values: &[Assignment], rows: &mut Rows) -> Option<Step> {
        if !values.is_empty() {
            let step = self.project(values, &mut rows.columns)?;
            rows.steps.push(step);
        }
        match rows.columns.columns.iter().find(|column| column.r#type == Type::Dynamic) {
            None => Some(Step::Distinct),
            Some(column) => {
                let message =
                    format!("column {:?} is of type dynamic, which distinct does not compare", column.name);
                self.error(ErrorKind::WrongType, operator.span, message)
            }
        }
    }
}
