//! The values of expressions.

use super::Expression;
use crate::kql::{Dynamic, Error, ErrorKind, Row, Semantics, Type};

impl Expression {
    /// The value of the expression for one row, computed by the functions of `kql`.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::UnknownParser`]. Returns [`ErrorKind::UnknownColumn`] and
    /// [`ErrorKind::WrongType`] only if [`Expression::type_in`] fails too.
    pub fn evaluate(&self, row: Row<'_>, kql: &Semantics) -> Result<Dynamic, Error> {
        Ok(match self {
            Self::Column(name) => row.cell(name)?.clone(),
            Self::String(text) => Dynamic::String(text.clone()),
            Self::Long(value) => Dynamic::Long(*value),
            Self::EqCi(a, b) => (kql.eq_ci)(kql, &a.text(row, kql)?, &b.text(row, kql)?).into(),
            Self::Has(text, lookup) => (kql.has)(kql, &text.text(row, kql)?, &lookup.text(row, kql)?).into(),
            Self::HasAny(text, lookups) => {
                let lookups = lookups.iter().map(|lookup| lookup.evaluate(row, kql));
                let lookups: Vec<Dynamic> = lookups.collect::<Result<_, _>>()?;
                (kql.has_any)(kql, &text.text(row, kql)?, &lookups).into()
            }
            Self::And(a, b) => from_truth(and(a.truth(row, kql)?, b.truth(row, kql)?)),
            Self::Or(a, b) => from_truth(or(a.truth(row, kql)?, b.truth(row, kql)?)),
            Self::ColumnIfExists(name, default) => {
                (kql.column_ifexists)(kql, row, name, default.evaluate(row, kql)?)
            }
            Self::ParseCommandLine(line, parser) => {
                (kql.parse_command_line)(kql, &line.text(row, kql)?, &parser.text(row, kql)?)?
            }
            Self::Element(array, index) => match index.long(row, kql)? {
                Some(index) => (kql.element)(kql, &array.evaluate(row, kql)?, index),
                None => Dynamic::Null,
            },
            Self::ToString(value) => {
                (kql.tostring)(kql, &value.evaluate(row, kql)?, value.type_in(row.columns())?).into()
            }
            Self::Iff(condition, then, otherwise) => {
                let (then, otherwise) = (then.evaluate(row, kql)?, otherwise.evaluate(row, kql)?);
                (kql.iff)(kql, condition.truth(row, kql)?, then, otherwise)
            }
            Self::Substring(text, start, length) => substring(text, start, length.as_deref(), row, kql)?,
            Self::IndexOf(text, lookup) => {
                let index = (kql.indexof)(kql, &text.text(row, kql)?, &lookup.text(row, kql)?);
                index.map_or(Dynamic::Null, Dynamic::Long)
            }
            Self::Add(a, b) => match (a.long(row, kql)?, b.long(row, kql)?) {
                (Some(a), Some(b)) => Dynamic::Long(a.wrapping_add(b)),
                _ => Dynamic::Null,
            },
        })
    }

    /// The value as a string. A dynamic value is converted by `tostring`.
    ///
    /// Spec: TXT-04, RUL-17
    fn text(&self, row: Row<'_>, kql: &Semantics) -> Result<String, Error> {
        match self.evaluate(row, kql)? {
            Dynamic::String(text) => Ok(text),
            // A string is never null: see TXT-04.
            Dynamic::Null => Ok(String::new()),
            value if self.type_in(row.columns())? == Type::Dynamic => Ok(kql.call_tostring(&value)),
            _ => Err(self.wrong_type(Type::String)),
        }
    }

    /// The value as a long; `None` if it is null.
    fn long(&self, row: Row<'_>, kql: &Semantics) -> Result<Option<i64>, Error> {
        match self.evaluate(row, kql)? {
            Dynamic::Long(value) => Ok(Some(value)),
            Dynamic::Null => Ok(None),
            _ => Err(self.wrong_type(Type::Long)),
        }
    }

    /// The value as a bool; `None` if it is null.
    pub(super) fn truth(&self, row: Row<'_>, kql: &Semantics) -> Result<Option<bool>, Error> {
        match self.evaluate(row, kql)? {
            Dynamic::Bool(value) => Ok(Some(value)),
            Dynamic::Null => Ok(None),
            _ => Err(self.wrong_type(Type::Bool)),
        }
    }

    fn wrong_type(&self, expected: Type) -> Error {
        Error::new(ErrorKind::WrongType, format!("{self} must be of type {expected}"))
    }
}

fn substring(
    text: &Expression,
    start: &Expression,
    length: Option<&Expression>,
    row: Row<'_>,
    kql: &Semantics,
) -> Result<Dynamic, Error> {
    let text = text.text(row, kql)?;
    let length = length.map(|length| length.long(row, kql)).transpose()?;
    Ok(match (start.long(row, kql)?, length) {
        (Some(start), None) => (kql.substring)(kql, &text, start, None).into(),
        (Some(start), Some(Some(length))) => (kql.substring)(kql, &text, start, Some(length)).into(),
        _ => Type::String.empty(),
    })
}

fn from_truth(value: Option<bool>) -> Dynamic {
    value.map_or(Dynamic::Null, Dynamic::Bool)
}

fn and(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    and(a.map(|a| !a), b.map(|b| !b)).map(|neither| !neither)
}
