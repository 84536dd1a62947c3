//! Prints literals.

use std::fmt::{Display, Formatter, Result, Write};

use super::write_separated;
use crate::kql::{Dynamic, Type};
use crate::query::literal::Literal;

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match (self.r#type, &self.value) {
            (Type::Dynamic, value) => {
                f.write_str("dynamic(")?;
                write_dynamic(f, value)?;
                f.write_str(")")
            }
            (r#type, Dynamic::Null) => write!(f, "{type}(null)"),
            (Type::Int, Dynamic::Long(value)) => write!(f, "int({value})"),
            (Type::Guid, Dynamic::String(text)) => write!(f, "guid({text})"),
            (_, value) => write_dynamic(f, value),
        }
    }
}

/// Writes a value in the way of a `dynamic` literal.
fn write_dynamic(f: &mut Formatter<'_>, value: &Dynamic) -> Result {
    match value {
        Dynamic::Null => f.write_str("null"),
        Dynamic::Bool(value) => write!(f, "{value}"),
        Dynamic::Long(value) if *value < 0 => write!(f, "long({value})"),
        Dynamic::Long(value) => write!(f, "{value}"),
        Dynamic::Real(value) if value.is_nan() => f.write_str("real(nan)"),
        Dynamic::Real(value) if value.is_infinite() => write!(f, "real({value:+})"),
        Dynamic::Real(value) if value.is_sign_negative() => write!(f, "real({value:?})"),
        Dynamic::Real(value) => write!(f, "{value:?}"),
        Dynamic::String(text) => write_string(f, text),
        Dynamic::Datetime(time) => write!(f, "datetime({time})"),
        Dynamic::Timespan(span) => write!(f, "timespan({span})"),
        Dynamic::Array(elements) => {
            f.write_str("[")?;
            write_separated(f, elements, ", ", write_dynamic)?;
            f.write_str("]")
        }
        Dynamic::Bag(members) => {
            f.write_str("{")?;
            write_separated(f, members, ", ", |f, (name, value)| {
                write_string(f, name)?;
                f.write_str(": ")?;
                write_dynamic(f, value)
            })?;
            f.write_str("}")
        }
    }
}

/// Writes a string literal.
///
/// Spec: QRY-04
pub(crate) fn write_string(f: &mut impl Write, text: &str) -> Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            // All control characters are below U+00A0.
            c if c.is_control() => write!(f, "\\u{:04X}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}
