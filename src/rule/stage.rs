//! The tabular operators that the rule uses.

use super::Expression;
use crate::kql::{Column, Error, ErrorKind, Row, Semantics, Table, Type};

/// One tabular operator of the rule's pipeline.
///
/// Its `Display` is KQL text, without the leading `|`.
///
/// Spec: RUL-38
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stage {
    /// `where predicate`.
    Where(Expression),
    /// `extend name = value, …`.
    Extend(Vec<(String, Expression)>),
    /// `project-reorder name, …`.
    ProjectReorder(Vec<String>),
}

impl Stage {
    /// Calls `change` on every node of every expression, operands first.
    pub fn rewrite(&mut self, change: &mut dyn FnMut(&mut Expression)) {
        match self {
            Self::Where(predicate) => predicate.rewrite(change),
            Self::Extend(assigned) => assigned.iter_mut().for_each(|(_, value)| value.rewrite(change)),
            Self::ProjectReorder(_) => {}
        }
    }

    /// Applies the stage to a table, with the functions of `kql`.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::UnknownColumn`], [`ErrorKind::RepeatedColumn`] or
    /// [`ErrorKind::WrongType`] if the stage is invalid for the columns of the table,
    /// even if it has no rows. Returns [`ErrorKind::UnknownParser`].
    ///
    /// Spec: RUL-14, RUL-15
    pub fn apply(&self, table: &Table, kql: &Semantics) -> Result<Table, Error> {
        match self {
            Self::Where(predicate) => {
                require_bool(predicate, table.columns())?;
                (kql.filter)(kql, table, &|row| predicate.truth(row, kql))
            }
            Self::Extend(assigned) => extend(table, assigned, kql),
            Self::ProjectReorder(listed) => {
                let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
                (kql.project_reorder)(kql, table, &listed)
            }
        }
    }
}

fn require_bool(predicate: &Expression, columns: &[Column]) -> Result<(), Error> {
    match predicate.type_in(columns)? {
        Type::Bool => Ok(()),
        r#type => {
            let detail = format!("{predicate} is of type {type}, but where needs a bool");
            Err(Error::new(ErrorKind::WrongType, detail))
        }
    }
}

fn extend(table: &Table, assigned: &[(String, Expression)], kql: &Semantics) -> Result<Table, Error> {
    let mut columns = vec![];
    for (name, value) in assigned {
        columns.push(Column::new(name, value.type_in(table.columns())?));
    }
    let value = |row: Row<'_>, number: usize| {
        let value = assigned[number].1.evaluate(row, kql)?;
        Ok(if value.is_null() { columns[number].r#type.empty() } else { value })
    };
    (kql.extend)(kql, table, &columns, &value)
}
