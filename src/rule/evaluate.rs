//! The values of expressions.

use super::Expression;
use crate::kql::{Dynamic, Error, ErrorKind, Row, Semantics, Type};

impl Expression {
    /// The value of the expression for one row.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownColumn`] and [`ErrorKind::WrongType`] only where
    /// [`Expression::type_in`] has one too; [`ErrorKind::UnknownParser`].
    pub fn evaluate(&self, row: Row<'_>, by: &Semantics) -> Result<Dynamic, Error> {
        Ok(match self {
            Self::Column(name) => row.cell(name)?.clone(),
            Self::String(text) => Dynamic::String(text.clone()),
            Self::Long(value) => Dynamic::Long(*value),
            Self::EqCi(a, b) => (by.eq_ci)(by, &a.text(row, by)?, &b.text(row, by)?).into(),
            Self::Has(text, lookup) => (by.has)(by, &text.text(row, by)?, &lookup.text(row, by)?).into(),
            Self::HasAny(text, lookups) => {
                let lookups = lookups.iter().map(|lookup| lookup.evaluate(row, by));
                let lookups: Vec<Dynamic> = lookups.collect::<Result<_, _>>()?;
                (by.has_any)(by, &text.text(row, by)?, &lookups).into()
            }
            Self::And(a, b) => truth(and(a.truth(row, by)?, b.truth(row, by)?)),
            Self::Or(a, b) => truth(or(a.truth(row, by)?, b.truth(row, by)?)),
            Self::ColumnIfExists(name, default) => {
                (by.column_ifexists)(by, row, name, default.evaluate(row, by)?)
            }
            Self::ParseCommandLine(line, parser) => {
                (by.parse_command_line)(by, &line.text(row, by)?, &parser.text(row, by)?)?
            }
            Self::Element(array, index) => match index.long(row, by)? {
                Some(index) => (by.element)(by, &array.evaluate(row, by)?, index),
                None => Dynamic::Null,
            },
            Self::ToString(value) => {
                (by.tostring)(by, &value.evaluate(row, by)?, value.type_in(row.columns())?).into()
            }
            Self::Iff(condition, then, otherwise) => {
                let (then, otherwise) = (then.evaluate(row, by)?, otherwise.evaluate(row, by)?);
                (by.iff)(by, condition.truth(row, by)?, then, otherwise)
            }
            Self::Substring(text, start, length) => part(text, start, length.as_deref(), row, by)?,
            Self::IndexOf(text, lookup) => {
                let at = (by.indexof)(by, &text.text(row, by)?, &lookup.text(row, by)?);
                at.map_or(Dynamic::Null, Dynamic::Long)
            }
            Self::Add(a, b) => match (a.long(row, by)?, b.long(row, by)?) {
                (Some(a), Some(b)) => Dynamic::Long(a.wrapping_add(b)),
                _ => Dynamic::Null,
            },
        })
    }

    /// The text of the expression for one row; of a dynamic value, what `tostring` makes of it.
    ///
    /// Spec: TXT-04, RUL-17
    fn text(&self, row: Row<'_>, by: &Semantics) -> Result<String, Error> {
        match self.evaluate(row, by)? {
            Dynamic::String(text) => Ok(text),
            // A string is never null: see TXT-04.
            Dynamic::Null => Ok(String::new()),
            value if self.type_in(row.columns())? == Type::Dynamic => Ok(by.call_tostring(&value)),
            _ => Err(self.wrong_type(Type::String)),
        }
    }

    fn long(&self, row: Row<'_>, by: &Semantics) -> Result<Option<i64>, Error> {
        match self.evaluate(row, by)? {
            Dynamic::Long(value) => Ok(Some(value)),
            Dynamic::Null => Ok(None),
            _ => Err(self.wrong_type(Type::Long)),
        }
    }

    /// The truth of the expression for one row; `None` where it is null.
    pub(super) fn truth(&self, row: Row<'_>, by: &Semantics) -> Result<Option<bool>, Error> {
        match self.evaluate(row, by)? {
            Dynamic::Bool(value) => Ok(Some(value)),
            Dynamic::Null => Ok(None),
            _ => Err(self.wrong_type(Type::Bool)),
        }
    }

    fn wrong_type(&self, r#type: Type) -> Error {
        Error::new(ErrorKind::WrongType, format!("{self} must be of type {type}"))
    }
}

fn part(
    text: &Expression,
    start: &Expression,
    length: Option<&Expression>,
    row: Row<'_>,
    by: &Semantics,
) -> Result<Dynamic, Error> {
    let text = text.text(row, by)?;
    let length = length.map(|length| length.long(row, by)).transpose()?;
    Ok(match (start.long(row, by)?, length) {
        (Some(start), None) => (by.substring)(by, &text, start, None).into(),
        (Some(start), Some(Some(length))) => (by.substring)(by, &text, start, Some(length)).into(),
        _ => Type::String.empty(),
    })
}

fn truth(value: Option<bool>) -> Dynamic {
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
