//! Prints a syntax tree as KQL text that parses to an equal tree.

use std::fmt::{Display, Formatter, Result, Write};

use super::literal::Literal;
use super::syntax::{
    Assignment, Direction, EQUALITY, Expr, ExprKind, Key, Let, LetValue, Name, Nulls, Operator, OperatorKind,
    Pattern, Pipeline, Query, RELATIONAL, Source,
};
use crate::kql::{Dynamic, Type};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.lets.iter().try_for_each(|declared| write!(f, "{declared};\n"))?;
        write!(f, "{}", self.pipeline)
    }
}

impl Display for Let {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "let {} = ", self.name)?;
        match &self.value {
            LetValue::Scalar(value) => write!(f, "{value}"),
            LetValue::Table(pipeline) => write!(f, "{pipeline}"),
        }
    }
}

impl Display for Pipeline {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.source {
            Source::Table(name) => write!(f, "{name}")?,
            Source::Print(values) => {
                f.write_str("print")?;
                write_items(f, values)?;
            }
            Source::Parenthesized(inner) => write!(f, "({inner})")?,
            Source::Datatable(columns, cells) => {
                f.write_str("datatable (")?;
                write_separated(f, columns, ", ", |f, (name, r#type)| write!(f, "{name}: {type}"))?;
                f.write_str(") [")?;
                write_separated(f, cells, ", ", |f, cell| write!(f, "{cell}"))?;
                f.write_str("]")?;
            }
        }
        self.operators.iter().try_for_each(|operator| write!(f, "\n| {operator}"))
    }
}

impl Display for Operator {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.kind {
            OperatorKind::Where(predicate) => write_predicate(f, predicate),
            OperatorKind::Extend(assigned) => write_operator(f, "extend", assigned),
            OperatorKind::Project(assigned) => write_operator(f, "project", assigned),
            OperatorKind::ProjectAway(patterns) => write_operator(f, "project-away", patterns),
            OperatorKind::ProjectKeep(patterns) => write_operator(f, "project-keep", patterns),
            OperatorKind::ProjectReorder(patterns) => write_operator(f, "project-reorder", patterns),
            OperatorKind::ProjectRename(renamed) => {
                f.write_str("project-rename ")?;
                write_separated(f, renamed, ", ", |f, (new, old)| write!(f, "{new} = {old}"))
            }
            OperatorKind::Distinct(values) if values.is_empty() => f.write_str("distinct *"),
            OperatorKind::Distinct(values) => write_operator(f, "distinct", values),
            OperatorKind::Take(count) => write!(f, "take {count}"),
            OperatorKind::Sort(keys) => write_operator(f, "sort by", keys),
            OperatorKind::Top(count, key) => write!(f, "top {count} by {key}"),
            OperatorKind::Count(None) => f.write_str("count"),
            OperatorKind::Count(Some(name)) => write!(f, "count as {name}"),
        }
    }
}

fn write_operator<T: Display>(f: &mut Formatter<'_>, name: &str, items: &[T]) -> Result {
    f.write_str(name)?;
    write_items(f, items)
}

/// Writes a predicate, with each part of a conjunction on a line of its own.
fn write_predicate(f: &mut Formatter<'_>, predicate: &Expr) -> Result {
    f.write_str("where ")?;
    match &predicate.kind {
        ExprKind::Logical("and", operands) => write_separated(f, operands, "\n    and ", |f, operand| {
            write_at_least(f, operand, Tier::Equality)
        }),
        _ => write!(f, "{predicate}"),
    }
}

/// Writes a single item on the same line, and several on lines of their own.
fn write_items<T: Display>(f: &mut Formatter<'_>, items: &[T]) -> Result {
    f.write_str(if items.len() == 1 { " " } else { "\n    " })?;
    write_separated(f, items, ",\n    ", |f, item| write!(f, "{item}"))
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

impl Display for Assignment {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if let Some(name) = &self.name {
            write!(f, "{name} = ")?;
        }
        write!(f, "{}", self.value)
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.is_wild && self.name.text.contains('*') {
            true => f.write_str(&self.name.text)?,
            false => write!(f, "{}", self.name)?,
        }
        self.order.iter().try_for_each(|direction| write!(f, " {direction}"))
    }
}

impl Display for Direction {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(match self {
            Self::Ascending => "asc",
            Self::Descending => "desc",
        })
    }
}

impl Display for Key {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}", self.value)?;
        self.direction.iter().try_for_each(|direction| write!(f, " {direction}"))?;
        match self.nulls {
            None => Ok(()),
            Some(Nulls::First) => f.write_str(" nulls first"),
            Some(Nulls::Last) => f.write_str(" nulls last"),
        }
    }
}

/// How strongly the outermost operator of an expression binds, from the least.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
enum Tier {
    Or,
    And,
    Equality,
    Relational,
    Sum,
    Product,
    Strings,
    Signed,
    Primary,
}

impl Tier {
    /// Spec: QRY-13
    fn of(expr: &Expr) -> Self {
        match &expr.kind {
            ExprKind::Logical("or", _) => Self::Or,
            ExprKind::Logical(..) => Self::And,
            ExprKind::List(..) | ExprKind::Between(..) => Self::Equality,
            ExprKind::Binary(operator, ..) if EQUALITY.contains(operator) => Self::Equality,
            ExprKind::Binary(operator, ..) if RELATIONAL.contains(operator) => Self::Relational,
            ExprKind::Binary("+" | "-", ..) => Self::Sum,
            ExprKind::Binary("*" | "/" | "%", ..) => Self::Product,
            ExprKind::Binary(..) => Self::Strings,
            ExprKind::Negative(_) => Self::Signed,
            ExprKind::Literal(_)
            | ExprKind::Name(_)
            | ExprKind::Call(..)
            | ExprKind::Member(..)
            | ExprKind::Element(..) => Self::Primary,
        }
    }

    /// The tiers that the operands of a binary operator of this tier must have.
    fn operands(self) -> (Self, Self) {
        match self {
            Self::Equality => (Self::Relational, Self::Relational),
            Self::Relational => (Self::Sum, Self::Sum),
            Self::Sum => (Self::Sum, Self::Product),
            Self::Product => (Self::Product, Self::Strings),
            _ => (Self::Signed, Self::Signed),
        }
    }
}

fn write_at_least(f: &mut Formatter<'_>, expr: &Expr, tier: Tier) -> Result {
    if Tier::of(expr) >= tier { write!(f, "{expr}") } else { write!(f, "({expr})") }
}

impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match &self.kind {
            ExprKind::Literal(literal) => write!(f, "{literal}"),
            ExprKind::Name(name) => write_name(f, name),
            ExprKind::Negative(value) => {
                f.write_str("-")?;
                write_at_least(f, value, Tier::Primary)
            }
            ExprKind::Logical(word, operands) => {
                let tier = if *word == "or" { Tier::And } else { Tier::Equality };
                write_separated(f, operands, &format!(" {word} "), |f, part| write_at_least(f, part, tier))
            }
            ExprKind::Binary(operator, left, right) => {
                let (left_tier, right_tier) = Tier::of(self).operands();
                write_at_least(f, left, left_tier)?;
                write!(f, " {operator} ")?;
                write_at_least(f, right, right_tier)
            }
            ExprKind::List(operator, value, elements) => {
                write_at_least(f, value, Tier::Relational)?;
                write!(f, " {operator} ")?;
                write_arguments(f, elements)
            }
            ExprKind::Between(operator, operands) => {
                let [value, low, high] = &**operands;
                write_at_least(f, value, Tier::Relational)?;
                write!(f, " {operator} (")?;
                write_at_least(f, low, Tier::Sum)?;
                f.write_str(" .. ")?;
                write_at_least(f, high, Tier::Sum)?;
                f.write_str(")")
            }
            ExprKind::Call(name, arguments) => {
                f.write_str(&name.text)?;
                write_arguments(f, arguments)
            }
            ExprKind::Member(value, name) => {
                write_at_least(f, value, Tier::Primary)?;
                write!(f, ".{name}")
            }
            ExprKind::Element(value, index) => {
                write_at_least(f, value, Tier::Primary)?;
                write!(f, "[{index}]")
            }
        }
    }
}

fn write_arguments(f: &mut Formatter<'_>, arguments: &[Expr]) -> Result {
    f.write_str("(")?;
    write_separated(f, arguments, ", ", |f, argument| write!(f, "{argument}"))?;
    f.write_str(")")
}

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

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write_name(f, &self.text)
    }
}

/// The words that must be in brackets if they are names.
const KEYWORDS: [&str; 18] = [
    "and",
    "asc",
    "between",
    "by",
    "contains",
    "datatable",
    "desc",
    "dynamic",
    "false",
    "has",
    "in",
    "let",
    "matches",
    "nulls",
    "or",
    "print",
    "true",
    "view",
];

/// Writes a name as it is if it is an identifier, otherwise quoted in brackets.
pub(crate) fn write_name(f: &mut impl Write, name: &str) -> Result {
    let has_first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_identifier = has_first && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_identifier && !KEYWORDS.contains(&name.to_ascii_lowercase().as_str()) {
        return f.write_str(name);
    }
    f.write_str("[")?;
    write_string(f, name)?;
    f.write_str("]")
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
