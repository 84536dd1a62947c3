//! Prints a syntax tree as KQL text that parses to an equal tree.

mod literal;

use std::fmt::{Display, Formatter, Result, Write};

use super::keyword::{Use, is_keyword};
use super::syntax::{
    Assignment, Direction, Expr, ExprKind, Key, Let, LetValue, Name, Nulls, Operator, OperatorKind, Pattern,
    Pipeline, Query, Source, Tier, operator,
};

pub(crate) use literal::write_string;

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        self.lets.iter().try_for_each(|declared| writeln!(f, "{declared};"))?;
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
        match self.is_wild {
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

impl Tier {
    /// Spec: QRY-13
    fn of(expr: &Expr) -> Self {
        match &expr.kind {
            ExprKind::Logical(name, _) | ExprKind::Binary(name, ..) => {
                operator(name).map_or(Self::Primary, |(_, tier)| tier)
            }
            ExprKind::List(..) | ExprKind::Between(..) => Self::Equality,
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
        (if self.is_chained() { self } else { self.next() }, self.next())
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
                write_operator_between(f, operator, [left, right], Tier::of(self))
            }
            ExprKind::List(operator, value, elements) => {
                write_at_least(f, value, Tier::Relational)?;
                write!(f, " {operator} ")?;
                write_arguments(f, elements)
            }
            ExprKind::Between(operator, operands) => write_between(f, operator, operands),
            ExprKind::Call(name, arguments) => write_call(f, &name.text, arguments),
            ExprKind::Member(value, name) => write_member(f, value, name),
            ExprKind::Element(value, index) => {
                write_at_least(f, value, Tier::Primary)?;
                write!(f, "[{index}]")
            }
        }
    }
}

fn write_operator_between(
    f: &mut Formatter<'_>,
    operator: &str,
    [left, right]: [&Expr; 2],
    tier: Tier,
) -> Result {
    let (left_tier, right_tier) = tier.operands();
    write_at_least(f, left, left_tier)?;
    write!(f, " {operator} ")?;
    write_at_least(f, right, right_tier)
}

fn write_between(f: &mut Formatter<'_>, operator: &str, [value, low, high]: &[Expr; 3]) -> Result {
    write_at_least(f, value, Tier::Relational)?;
    write!(f, " {operator} (")?;
    write_at_least(f, low, Tier::Sum)?;
    f.write_str(" .. ")?;
    write_at_least(f, high, Tier::Sum)?;
    f.write_str(")")
}

fn write_member(f: &mut Formatter<'_>, value: &Expr, name: &Name) -> Result {
    match &value.kind {
        ExprKind::Literal(_) => write!(f, "({value})")?,
        _ => write_at_least(f, value, Tier::Primary)?,
    }
    write!(f, ".{name}")
}

fn write_call(f: &mut Formatter<'_>, name: &str, arguments: &[Expr]) -> Result {
    f.write_str(name)?;
    match arguments {
        [Expr { kind: ExprKind::Name(of), .. }] if name == "typeof" => write!(f, "({of})"),
        arguments => write_arguments(f, arguments),
    }
}

fn write_arguments(f: &mut Formatter<'_>, arguments: &[Expr]) -> Result {
    f.write_str("(")?;
    write_separated(f, arguments, ", ", |f, argument| write!(f, "{argument}"))?;
    f.write_str(")")
}

impl Display for Name {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write_name(f, &self.text)
    }
}

/// The words that begin something else, though they can be names.
const BEGINNINGS: [&str; 8] = ["alias", "declare", "evaluate", "let", "range", "restrict", "search", "view"];

/// Writes a name as it is if it is an identifier, otherwise quoted in brackets.
pub(crate) fn write_name(f: &mut impl Write, name: &str) -> Result {
    let has_first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let is_identifier = has_first && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let is_word = [Use::Column, Use::Variable, Use::Reference].iter().any(|used| is_keyword(name, *used));
    if is_identifier && !is_word && !BEGINNINGS.contains(&name) {
        return f.write_str(name);
    }
    f.write_str("[")?;
    write_string(f, name)?;
    f.write_str("]")
}
