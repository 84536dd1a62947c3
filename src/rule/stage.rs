use super::Expression;
use crate::kql::{Column, Error, ErrorKind, Row, Semantics, Table, Type};

/// One tabular operator of the rule's pipeline.
///
/// Its `Display` is KQL text, without the `|` before it.
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
    /// Calls `change` on every part of every expression, operands before the whole.
    pub fn rewrite(&mut self, change: &mut dyn FnMut(&mut Expression)) {
        match self {
            Self::Where(predicate) => predicate.rewrite(change),
            Self::Extend(assigned) => assigned.iter_mut().for_each(|(_, value)| value.rewrite(change)),
            Self::ProjectReorder(_) => {}
        }
    }

    /// The table that comes out where this one goes in.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownColumn`], [`ErrorKind::RepeatedColumn`] and
    /// [`ErrorKind::WrongType`] where the stage does not fit the columns, whether
    /// there are rows or not; [`ErrorKind::UnknownParser`].
    ///
    /// Spec: RUL-14, RUL-15
    pub fn apply(&self, table: &Table, by: &Semantics) -> Result<Table, Error> {
        match self {
            Self::Where(predicate) => {
                require_bool(predicate, table.columns())?;
                (by.filter)(by, table, &|row| predicate.truth(row, by))
            }
            Self::Extend(assigned) => extend(table, assigned, by),
            Self::ProjectReorder(listed) => {
                let listed: Vec<&str> = listed.iter().map(String::as_str).collect();
                (by.project_reorder)(by, table, &listed)
            }
        }
    }
}

fn require_bool(predicate: &Expression, columns: &[Column]) -> Result<(), Error> {
    match predicate.type_in(columns)? {
        Type::Bool => Ok(()),
        r#type => {
            let detail = format!("{predicate} is of type {type}, and where needs a bool");
            Err(Error::new(ErrorKind::WrongType, detail))
        }
    }
}

fn extend(table: &Table, assigned: &[(String, Expression)], by: &Semantics) -> Result<Table, Error> {
    let mut columns = vec![];
    for (name, value) in assigned {
        columns.push(Column::new(name, value.type_in(table.columns())?));
    }
    let value = |row: Row<'_>, number: usize| {
        let value = assigned[number].1.evaluate(row, by)?;
        Ok(if value.is_null() { columns[number].r#type.empty() } else { value })
    };
    (by.extend)(by, table, &columns, &value)
}
