//! Prints expressions and stages as KQL text.

use std::fmt::{Display, Formatter, Result, Write};

use super::{Expression, Stage};

/// The precedence of an expression, lowest first.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Precedence {
    Or,
    And,
    Comparison,
    Sum,
    Primary,
}

fn precedence(expression: &Expression) -> Precedence {
    match expression {
        Expression::Or(..) => Precedence::Or,
        Expression::And(..) => Precedence::And,
        Expression::EqCi(..) | Expression::Has(..) | Expression::HasAny(..) => Precedence::Comparison,
        Expression::Add(..) => Precedence::Sum,
        Expression::Column(_)
        | Expression::String(_)
        | Expression::Long(_)
        | Expression::ColumnIfExists(..)
        | Expression::ParseCommandLine(..)
        | Expression::Element(..)
        | Expression::ToString(_)
        | Expression::Iff(..)
        | Expression::Substring(..)
        | Expression::IndexOf(..) => Precedence::Primary,
    }
}

/// An expression that is parenthesized if its precedence is lower than the given one.
struct AtLeast<'a>(&'a Expression, Precedence);

impl Display for AtLeast<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if precedence(self.0) >= self.1 { write!(f, "{}", self.0) } else { write!(f, "({})", self.0) }
    }
}

fn operand(expression: &Expression) -> AtLeast<'_> {
    AtLeast(expression, Precedence::Sum)
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
                write_separated(f, lookups, ", ", |f, lookup| write!(f, "{lookup}"))?;
                f.write_str(")")
            }
            Self::And(a, b) => {
                write!(f, "{} and {}", AtLeast(a, Precedence::And), AtLeast(b, Precedence::Comparison))
            }
            Self::Or(a, b) => write!(f, "{} or {}", a, AtLeast(b, Precedence::And)),
            Self::ColumnIfExists(name, default) => {
                f.write_str("column_ifexists(")?;
                write_string(f, name)?;
                write!(f, ", {default})")
            }
            Self::ParseCommandLine(line, parser) => write!(f, "parse_command_line({line}, {parser})"),
            Self::Element(array, index) => write!(f, "{}[{index}]", AtLeast(array, Precedence::Primary)),
            Self::ToString(value) => write!(f, "tostring({value})"),
            Self::Iff(condition, then, otherwise) => write!(f, "iff({condition}, {then}, {otherwise})"),
            Self::Substring(text, start, None) => write!(f, "substring({text}, {start})"),
            Self::Substring(text, start, Some(length)) => write!(f, "substring({text}, {start}, {length})"),
            Self::IndexOf(text, lookup) => write!(f, "indexof({text}, {lookup})"),
            Self::Add(a, b) => write!(f, "{} + {}", operand(a), AtLeast(b, Precedence::Primary)),
        }
    }
}

impl Display for Stage {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Where(Expression::And(a, b)) => {
                let (a, b) = (AtLeast(a, Precedence::And), AtLeast(b, Precedence::Comparison));
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

/// Writes a single item on the line of its operator, and several items on one line each.
fn write_lines<T>(
    f: &mut Formatter<'_>,
    items: &[T],
    write_item: impl Fn(&mut Formatter<'_>, &T) -> Result,
) -> Result {
    f.write_str(if items.len() == 1 { " " } else { "\n    " })?;
    write_separated(f, items, ",\n    ", write_item)
}

fn write_separated<T>(
    f: &mut Formatter<'_>,
    items: &[T],
    separator: &str,
    write_item: impl Fn(&mut Formatter<'_>, &T) -> Result,
) -> Result {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            f.write_str(separator)?;
        }
        write_item(f, item)?;
    }
    Ok(())
}

/// Writes a name as it is if it is an identifier, otherwise quoted in brackets.
fn write_name(f: &mut Formatter<'_>, name: &str) -> Result {
    let has_first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if has_first && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
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
            // All control characters are below U+00A0.
            c if c.is_control() => write!(f, "\\u{:04X}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}
