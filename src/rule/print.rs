//! Expressions and stages as KQL text.

use std::fmt::{Display, Formatter, Result, Write};

use super::{Expression, Stage};

/// How tightly a form binds; an operand that binds more loosely than its place
/// demands goes into parentheses.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Binding {
    Or,
    And,
    Comparison,
    Sum,
    Primary,
}

fn binding(expression: &Expression) -> Binding {
    match expression {
        Expression::Or(..) => Binding::Or,
        Expression::And(..) => Binding::And,
        Expression::EqCi(..) | Expression::Has(..) | Expression::HasAny(..) => Binding::Comparison,
        Expression::Add(..) => Binding::Sum,
        _ => Binding::Primary,
    }
}

/// An expression where something that binds at least so tightly must stand.
struct At<'a>(&'a Expression, Binding);

impl Display for At<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if binding(self.0) >= self.1 { write!(f, "{}", self.0) } else { write!(f, "({})", self.0) }
    }
}

fn operand(expression: &Expression) -> At<'_> {
    At(expression, Binding::Sum)
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Column(name) => write_name(f, name),
            Self::String(text) => write_string(f, text),
            Self::Long(value) => write!(f, "{value}"),
            Self::EqCi(a, b) => write!(f, "{} =~ {}", operand(a), operand(b)),
            Self::Has(text, lookup) => write!(f, "{} has {}", operand(text), operand(lookup)),
            Self::HasAny(text, lookups) => {
                write!(f, "{} has_any (", operand(text))?;
                write_list(f, lookups)?;
                f.write_str(")")
            }
            Self::And(a, b) => write!(f, "{} and {}", At(a, Binding::And), At(b, Binding::Comparison)),
            Self::Or(a, b) => write!(f, "{} or {}", a, At(b, Binding::And)),
            Self::ColumnIfExists(name, default) => {
                f.write_str("column_ifexists(")?;
                write_string(f, name)?;
                write!(f, ", {default})")
            }
            Self::ParseCommandLine(line, parser) => write!(f, "parse_command_line({line}, {parser})"),
            Self::Element(array, index) => write!(f, "{}[{index}]", At(array, Binding::Primary)),
            Self::ToString(value) => write!(f, "tostring({value})"),
            Self::Iff(condition, then, otherwise) => write!(f, "iff({condition}, {then}, {otherwise})"),
            Self::Substring(text, start, None) => write!(f, "substring({text}, {start})"),
            Self::Substring(text, start, Some(length)) => write!(f, "substring({text}, {start}, {length})"),
            Self::IndexOf(text, lookup) => write!(f, "indexof({text}, {lookup})"),
            Self::Add(a, b) => write!(f, "{} + {}", operand(a), At(b, Binding::Primary)),
        }
    }
}

impl Display for Stage {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Where(Expression::And(a, b)) => {
                let (a, b) = (At(a, Binding::And), At(b, Binding::Comparison));
                write!(f, "where {a}\n    and {b}")
            }
            Self::Where(predicate) => write!(f, "where {predicate}"),
            Self::Extend(assigned) => {
                f.write_str("extend")?;
                write_lines(f, assigned, |f, (name, value)| {
                    write_name(f, name)?;
                    write!(f, " = {value}")
                })
            }
            Self::ProjectReorder(listed) => {
                f.write_str("project-reorder")?;
                write_lines(f, listed, |f, name| write_name(f, name))
            }
        }
    }
}

/// One item on the line of its operator, several on a line each.
fn write_lines<T>(
    f: &mut Formatter<'_>,
    items: &[T],
    write_item: impl Fn(&mut Formatter<'_>, &T) -> Result,
) -> Result {
    let (first, between) = if items.len() == 1 { (" ", "") } else { ("\n    ", ",\n    ") };
    for (number, item) in items.iter().enumerate() {
        f.write_str(if number == 0 { first } else { between })?;
        write_item(f, item)?;
    }
    Ok(())
}

fn write_list(f: &mut Formatter<'_>, items: &[Expression]) -> Result {
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            f.write_str(", ")?;
        }
        write!(f, "{item}")?;
    }
    Ok(())
}

/// A name as it is where it is an identifier, else in brackets.
fn write_name(f: &mut Formatter<'_>, name: &str) -> Result {
    let starts = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if starts && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return f.write_str(name);
    }
    f.write_str("[")?;
    write_string(f, name)?;
    f.write_str("]")
}

fn write_string(f: &mut Formatter<'_>, text: &str) -> Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            '\r' => f.write_str("\\r")?,
            '\t' => f.write_str("\\t")?,
            // All control characters lie below U+00A0.
            c if c.is_control() => write!(f, "\\u{:04X}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}
