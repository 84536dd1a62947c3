//! What a query compares with which columns.

use super::bound::{BoundQuery, Scalar, ScalarKind, Step};
use crate::kql::{Column, Dynamic, Type};

/// A predicate of a query that compares a column with constants, or searches for them in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The name of the column, or of the first column of the expression that is compared.
    pub column: String,
    /// The name of the operator or function.
    pub operator: &'static str,
    /// The constants. Those of a list, and of an array, are listed one by one.
    pub values: Vec<Dynamic>,
}

impl BoundQuery {
    /// Returns the predicates that compare columns with constants, in the order of the steps.
    ///
    /// ```
    /// use rulespec::kql::{Column, Semantics, Type};
    /// use rulespec::query::{Context, Query, Schemas};
    ///
    /// let query: Query = "T | where a has_any ('x', 'y') and not(tostring(b) =~ 'z')".parse()?;
    /// let columns = ["a", "b"].map(|name| Column::new(name, Type::String)).to_vec();
    /// let context = Context { kql: &Semantics::default(), now: "2026-01-02".parse()? };
    /// let bound = query.bind(&Schemas::from([("T".to_owned(), columns)]), context)?;
    ///
    /// let found = bound.comparisons();
    /// assert_eq!((&*found[0].column, found[0].operator), ("a", "has_any"));
    /// assert_eq!(found[0].values, ["x".into(), "y".into()]);
    /// assert_eq!((&*found[1].column, found[1].operator), ("b", "=~"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn comparisons(&self) -> Vec<Comparison> {
        let mut columns = self.source.columns().to_vec();
        let mut found = vec![];
        for step in &self.steps {
            for scalar in step.scalars() {
                comparisons_in(scalar, &columns, &mut found);
            }
            columns = step.output(columns);
        }
        found
    }
}

fn comparisons_in(scalar: &Scalar, columns: &[Column], found: &mut Vec<Comparison>) {
    let ScalarKind::Call(function, operands) = &scalar.kind else { return };
    if let (Type::Bool, Some((subject, others))) = (scalar.r#type, operands.split_first()) {
        let mut values = vec![];
        others.iter().filter_map(Scalar::constant).for_each(|value| flatten(value, &mut values));
        if let (false, Some(column)) = (values.is_empty(), subject.first_column(columns)) {
            found.push(Comparison { column: column.name.clone(), operator: function.name, values });
        }
    }
    operands.iter().for_each(|operand| comparisons_in(operand, columns, found));
}

fn flatten(value: &Dynamic, values: &mut Vec<Dynamic>) {
    match value {
        Dynamic::Array(elements) => elements.iter().for_each(|element| flatten(element, values)),
        value => values.push(value.clone()),
    }
}

impl Step {
    /// The expressions of the step.
    pub fn scalars(&self) -> Vec<&Scalar> {
        match self {
            Self::Where(predicate) => vec![predicate],
            Self::Extend(assigned) | Self::Project(assigned) => {
                assigned.iter().map(|(_, value)| value).collect()
            }
            Self::Sort(keys) => keys.iter().map(|key| &key.value).collect(),
            Self::Reorder(_) | Self::Distinct | Self::Take(_) | Self::Count(_) => vec![],
        }
    }

    /// The columns of the output, given those of the input.
    pub fn output(&self, mut columns: Vec<Column>) -> Vec<Column> {
        match self {
            Self::Where(_) | Self::Distinct | Self::Take(_) | Self::Sort(_) => {}
            Self::Extend(assigned) => {
                for (column, _) in assigned {
                    match columns.iter_mut().find(|other| other.name == column.name) {
                        Some(replaced) => *replaced = column.clone(),
                        None => columns.push(column.clone()),
                    }
                }
            }
            Self::Project(assigned) => columns = assigned.iter().map(|(column, _)| column.clone()).collect(),
            Self::Reorder(listed) => {
                let place = |column: &Column| listed.iter().position(|name| *name == column.name);
                columns.sort_by_cached_key(|column| place(column).unwrap_or(usize::MAX));
            }
            Self::Count(name) => columns = vec![Column::new(name, Type::Long)],
        }
        columns
    }
}

impl Scalar {
    /// The first column that the expression refers to, given the columns of its input.
    pub fn first_column<'a>(&self, columns: &'a [Column]) -> Option<&'a Column> {
        match &self.kind {
            ScalarKind::Column(index) => columns.get(*index),
            ScalarKind::Constant(_) => None,
            ScalarKind::Call(_, operands) => {
                operands.iter().find_map(|operand| operand.first_column(columns))
            }
        }
    }
}
