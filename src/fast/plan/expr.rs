//! Expressions, prepared for evaluation row by row.

use std::ops::RangeInclusive;

use super::call::{Call, NumberCall};
use super::input::Input;
use super::state::State;
use super::text_predicate::TextPredicate;
use super::value::Value;
use crate::kql::{Dynamic, Error, and, or};

/// A prepared expression.
#[derive(Debug, Clone)]
pub(super) enum Expr {
    /// A column of the input, or one that has been computed.
    Slot(usize),
    Constant(Dynamic),
    /// An expression without columns that depends on the time of the run, by its index.
    PerRun(usize),
    /// A text that passes a test, or that does not.
    Text(Box<(Self, TextPredicate)>, bool),
    /// A call whose arguments and result are longs, datetimes or timespans.
    Number(Box<NumberCall>),
    /// A comparison of two longs, datetimes or timespans.
    Compare(Comparison, Box<[Self; 2]>),
    /// Whether such a value is between two others, or not.
    Between(Box<[Self; 3]>, bool),
    /// `and` or `or`.
    Logic(Logic),
    /// `iff`, none of whose operands can return an error.
    If(Box<[Self; 3]>),
    Call(Box<Call>),
}

/// `and`, if `all` operands must be true, or `or`.
#[derive(Debug, Clone)]
pub(super) struct Logic {
    pub all: bool,
    /// The operands that can return an error, in order, followed by the others, cheap ones first.
    pub operands: Vec<Expr>,
    /// The number of operands that can return an error. They are always evaluated, because an error is
    /// the result whatever the others are.
    pub fallible: usize,
}

/// A comparison with the value on the right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "==" => Self::Equal,
            "!=" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }

    /// The comparison with the operands swapped.
    pub(super) fn swapped(self) -> Self {
        match self {
            Self::Equal | Self::NotEqual => self,
            Self::Less => Self::Greater,
            Self::LessOrEqual => Self::GreaterOrEqual,
            Self::Greater => Self::Less,
            Self::GreaterOrEqual => Self::LessOrEqual,
        }
    }

    /// Compares two values.
    pub(super) fn holds(self, a: &Value<'_>, b: &Value<'_>) -> Option<bool> {
        let nulls = [a, b].iter().filter(|value| matches!(value, Value::Null)).count();
        let is_equality = matches!(self, Self::Equal | Self::NotEqual);
        if nulls == 2 || nulls == 1 && !is_equality {
            return None;
        }
        let order = a.order(b);
        Some(match self {
            Self::Equal => order.is_some_and(|order| order.is_eq()),
            Self::NotEqual => !order.is_some_and(|order| order.is_eq()),
            Self::Less => order.is_some_and(|order| order.is_lt()),
            Self::LessOrEqual => order.is_some_and(|order| order.is_le()),
            Self::Greater => order.is_some_and(|order| order.is_gt()),
            Self::GreaterOrEqual => order.is_some_and(|order| order.is_ge()),
        })
    }

    /// The numbers for which the comparison with a number holds; or, if the second result is false,
    /// for which it does not.
    pub(super) fn range(self, with: i64) -> (RangeInclusive<i64>, bool) {
        /// No number is in it.
        const NONE: RangeInclusive<i64> = RangeInclusive::new(1, 0);
        let range = match self {
            Self::Equal | Self::NotEqual => with..=with,
            Self::Less => with.checked_sub(1).map_or(NONE, |last| i64::MIN..=last),
            Self::LessOrEqual => i64::MIN..=with,
            Self::Greater => with.checked_add(1).map_or(NONE, |first| first..=i64::MAX),
            Self::GreaterOrEqual => with..=i64::MAX,
        };
        (range, self != Self::NotEqual)
    }
}

impl Expr {
    /// The value for the row at a position of the selection.
    pub(super) fn value<'a, I: Input>(
        &'a self,
        state: &State<'a, I>,
        position: usize,
    ) -> Result<Value<'a>, Error> {
        Ok(match self {
            Self::Slot(slot) => state.slot(*slot, position),
            Self::Constant(value) => value.into(),
            Self::PerRun(index) => state.per_run(*index)?,
            Self::Text(..) | Self::Logic(_) => self.truth(state, position)?.map_or(Value::Null, Value::Bool),
            Self::Number(call) => call.value(state, position)?,
            Self::Compare(comparison, operands) => {
                let [a, b] = &**operands;
                let (a, b) = (a.number(state, position)?, b.number(state, position)?);
                let value = |number: Option<i64>| number.map_or(Value::Null, Value::Long);
                comparison.holds(&value(a), &value(b)).map_or(Value::Null, Value::Bool)
            }
            Self::Between(operands, expected) => {
                let [value, low, high] = &**operands;
                let limits = low.number(state, position)?.zip(high.number(state, position)?);
                let inside = value.number(state, position)?.zip(limits);
                let inside = inside.map(|(value, (low, high))| (low..=high).contains(&value));
                inside.map_or(Value::Null, |inside| Value::Bool(inside == *expected))
            }
            Self::If(operands) => {
                let [condition, then, otherwise] = &**operands;
                match condition.truth(state, position)? {
                    Some(true) => then.value(state, position)?,
                    Some(false) | None => otherwise.value(state, position)?,
                }
            }
            Self::Call(call) => call.value(state, position)?,
        })
    }

    /// The value as a bool; none if it is null, or no bool.
    pub(super) fn truth<'a, I: Input>(
        &'a self,
        state: &State<'a, I>,
        position: usize,
    ) -> Result<Option<bool>, Error> {
        Ok(match self {
            Self::Text(tested, expected) => {
                let (value, test) = &**tested;
                Some(test.holds(value.value(state, position)?.text()) == *expected)
            }
            Self::Logic(logic) => logic.truth(state, position)?,
            other => other.value(state, position)?.truth(),
        })
    }

    /// Whether the value is the same for all rows.
    pub(super) fn is_constant(&self) -> bool {
        matches!(self, Self::Constant(_) | Self::PerRun(_))
    }

    /// The value as a long, or as the ticks of a time; none if it is null.
    pub(super) fn number<'a, I: Input>(
        &'a self,
        state: &State<'a, I>,
        position: usize,
    ) -> Result<Option<i64>, Error> {
        match self {
            Self::Slot(slot) => Ok(state.number(*slot, position)),
            Self::Number(call) => call.number(state, position),
            other => Ok(other.value(state, position)?.number()),
        }
    }

    /// The relative time that an evaluation takes.
    pub(super) fn cost(&self) -> u32 {
        match self {
            Self::Slot(_) | Self::Constant(_) | Self::PerRun(_) => 0,
            Self::Text(tested, _) => 2 * tested.0.cost() + tested.1.cost(),
            Self::Number(call) => 3 + call.operands().iter().map(Self::cost).sum::<u32>(),
            Self::Compare(_, operands) => 1 + operands.iter().map(Self::cost).sum::<u32>(),
            Self::Between(operands, _) => 1 + operands.iter().map(Self::cost).sum::<u32>(),
            Self::Logic(logic) => logic.operands.iter().map(Self::cost).sum(),
            Self::If(operands) => operands.iter().map(Self::cost).sum(),
            Self::Call(call) => 40 + call.operands().map(Self::cost).sum::<u32>(),
        }
    }
}

impl Expr {
    /// The relative time that a predicate takes to reject a row. Those that are about what a row must not
    /// be reject few.
    pub(super) fn cost_per_rejection(&self) -> u32 {
        self.cost() * if self.passes_most() { 10 } else { 1 }
    }

    fn passes_most(&self) -> bool {
        match self {
            Self::Text(_, expected) | Self::Between(_, expected) => !expected,
            Self::Compare(comparison, _) => *comparison == Comparison::NotEqual,
            Self::Logic(logic) if logic.all => logic.operands.iter().all(Self::passes_most),
            Self::Logic(logic) => logic.operands.iter().any(Self::passes_most),
            _ => false,
        }
    }
}

impl Logic {
    /// Sorts the operands that return no error.
    pub(super) fn sort(&mut self) {
        let cost = if self.all { Expr::cost_per_rejection } else { Expr::cost };
        self.operands.get_mut(self.fallible..).unwrap_or_default().sort_by_key(cost);
    }

    fn truth<'a, I: Input>(&'a self, state: &State<'a, I>, position: usize) -> Result<Option<bool>, Error> {
        let join = if self.all { and } else { or };
        let mut result = Some(self.all);
        for (index, operand) in self.operands.iter().enumerate() {
            if index >= self.fallible && result == Some(!self.all) {
                break;
            }
            result = join(result, operand.truth(state, position)?);
        }
        Ok(result)
    }
}
