//! The types of expressions.

use super::Expression;
use crate::kql::{Column, Error, ErrorKind, Type, table};

impl Expression {
    /// The type of the expression over these columns.
    ///
    /// KQL binds a query before it runs it, so what is wrong here is an error
    /// even for a table without rows.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::UnknownColumn`] if it names a column that is not there;
    /// [`ErrorKind::WrongType`] if an operand is not of the type that it must have.
    ///
    /// Spec: RUL-03, RUL-14, RUL-17
    pub fn type_in(&self, columns: &[Column]) -> Result<Type, Error> {
        let operand = |operand: &Self, r#type| self.require(operand, r#type, columns);
        let both = |a: &Self, b: &Self, r#type| operand(a, r#type).and_then(|()| operand(b, r#type));
        let coerced = |operand: &Self| self.require_text(operand, columns);
        Ok(match self {
            Self::Column(name) => column_type(name, columns)?,
            Self::String(_) => Type::String,
            Self::Long(_) => Type::Long,
            Self::EqCi(a, b) | Self::Has(a, b) => {
                coerced(a)?;
                operand(b, Type::String)?;
                Type::Bool
            }
            Self::HasAny(text, lookups) => {
                coerced(text)?;
                lookups.iter().try_for_each(|lookup| operand(lookup, Type::String))?;
                Type::Bool
            }
            Self::And(a, b) | Self::Or(a, b) => {
                both(a, b, Type::Bool)?;
                Type::Bool
            }
            Self::ColumnIfExists(name, default) => self.default_type(name, default, columns)?,
            Self::ParseCommandLine(line, parser) => {
                both(line, parser, Type::String)?;
                Type::Dynamic
            }
            Self::Element(array, index) => {
                operand(array, Type::Dynamic)?;
                operand(index, Type::Long)?;
                Type::Dynamic
            }
            Self::ToString(value) => {
                value.type_in(columns)?;
                Type::String
            }
            Self::Iff(condition, then, otherwise) => {
                operand(condition, Type::Bool)?;
                let r#type = then.type_in(columns)?;
                operand(otherwise, r#type)?;
                r#type
            }
            Self::Substring(text, start, length) => {
                coerced(text)?;
                operand(start, Type::Long)?;
                length.iter().try_for_each(|length| operand(length, Type::Long))?;
                Type::String
            }
            Self::IndexOf(text, lookup) => {
                coerced(text)?;
                coerced(lookup)?;
                Type::Long
            }
            Self::Add(a, b) => {
                both(a, b, Type::Long)?;
                Type::Long
            }
        })
    }

    /// The left operand of `=~`, `has` and `has_any`, and the texts of `indexof` and `substring`,
    /// may be dynamic; then their text counts.
    ///
    /// Spec: RUL-17
    fn require_text(&self, operand: &Self, columns: &[Column]) -> Result<(), Error> {
        match operand.type_in(columns)? {
            Type::Dynamic => Ok(()),
            _ => self.require(operand, Type::String, columns),
        }
    }

    fn require(&self, operand: &Self, r#type: Type, columns: &[Column]) -> Result<(), Error> {
        let found = operand.type_in(columns)?;
        if found == r#type {
            return Ok(());
        }
        let detail = format!("{operand} is of type {found}, and must be of type {type} in {self}");
        Err(Error::new(ErrorKind::WrongType, detail))
    }

    /// Spec: RUL-03
    fn default_type(&self, name: &str, default: &Self, columns: &[Column]) -> Result<Type, Error> {
        let r#type = default.type_in(columns)?;
        if columns.iter().any(|column| column.name == name) {
            self.require(&Self::column(name), r#type, columns)?;
        }
        Ok(r#type)
    }
}

fn column_type(name: &str, columns: &[Column]) -> Result<Type, Error> {
    let column = columns.iter().find(|column| column.name == name);
    column.map(|column| column.r#type).ok_or_else(|| table::unknown(name))
}
