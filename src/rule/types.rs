//! The types of expressions.

use super::Expression;
use crate::kql::{Column, Error, ErrorKind, Type, unknown_column};

impl Expression {
    /// Checks the expression against these columns and returns its type.
    ///
    /// KQL binds a query before it runs it, so an invalid expression is an error even
    /// if the table has no rows.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::UnknownColumn`] if the expression refers to a column that
    /// does not exist, and [`ErrorKind::WrongType`] if an operand has the wrong type.
    ///
    /// Spec: RUL-03, RUL-14, RUL-17
    pub fn type_in(&self, columns: &[Column]) -> Result<Type, Error> {
        let require = |operand: &Self, r#type| self.require(operand, r#type, columns);
        let require_both = |a, b, r#type| require(a, r#type).and_then(|()| require(b, r#type));
        let require_text = |operand: &Self| self.require_text(operand, columns);
        Ok(match self {
            Self::Column(name) => column_type(name, columns)?,
            Self::String(_) => Type::String,
            Self::Long(_) => Type::Long,
            Self::EqCi(a, b) | Self::Has(a, b) => {
                require_text(a)?;
                require(b, Type::String)?;
                Type::Bool
            }
            Self::HasAny(text, lookups) => {
                require_text(text)?;
                lookups.iter().try_for_each(|lookup| require(lookup, Type::String))?;
                Type::Bool
            }
            Self::And(a, b) | Self::Or(a, b) => {
                require_both(a, b, Type::Bool)?;
                Type::Bool
            }
            Self::ColumnIfExists(name, default) => self.default_type(name, default, columns)?,
            Self::ParseCommandLine(line, parser) => {
                require_both(line, parser, Type::String)?;
                Type::Dynamic
            }
            Self::Element(array, index) => {
                require(array, Type::Dynamic)?;
                require(index, Type::Long)?;
                Type::Dynamic
            }
            Self::ToString(value) => {
                value.type_in(columns)?;
                Type::String
            }
            Self::Iff(condition, then, otherwise) => {
                require(condition, Type::Bool)?;
                let r#type = then.type_in(columns)?;
                require(otherwise, r#type)?;
                r#type
            }
            Self::Substring(text, start, length) => {
                require_text(text)?;
                require(start, Type::Long)?;
                length.iter().try_for_each(|length| require(length, Type::Long))?;
                Type::String
            }
            Self::IndexOf(text, lookup) => {
                require_text(text)?;
                require_text(lookup)?;
                Type::Long
            }
            Self::Add(a, b) => {
                require_both(a, b, Type::Long)?;
                Type::Long
            }
        })
    }

    /// The left operand of `=~`, `has` and `has_any`, and the string arguments of `indexof` and
    /// `substring`, may be dynamic. They are then converted to strings.
    ///
    /// Spec: RUL-17
    fn require_text(&self, operand: &Self, columns: &[Column]) -> Result<(), Error> {
        match operand.type_in(columns)? {
            Type::Dynamic => Ok(()),
            _ => self.require(operand, Type::String, columns),
        }
    }

    fn require(&self, operand: &Self, expected: Type, columns: &[Column]) -> Result<(), Error> {
        let found = operand.type_in(columns)?;
        if found == expected {
            return Ok(());
        }
        let detail = format!("{operand} is of type {found}, but must be of type {expected} in {self}");
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
    column.map(|column| column.r#type).ok_or_else(|| unknown_column(name))
}
