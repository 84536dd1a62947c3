//! Values for the columns of events: those that predicates compare a column with, and those that almost
//! are.

mod regex;
mod text;

use rulespec::kql::{Datetime, Dynamic, Timespan, Type};

use super::event::minute_before;
use super::formula::Constant;
pub(super) use text::{joined, shapes};

/// The most values of a column.
const MAX_VALUES: usize = 1_500;
/// The longest text that is made because a number in the rule may be a length.
const MAX_LEN: i64 = 300;

/// The values that a column of this type may have in events, given the constants that the rule uses with
/// it. The first are those that satisfy a predicate; none occurs twice.
pub(super) fn values(of_type: Type, constants: &[Constant], now: Datetime) -> Vec<Dynamic> {
    let mut values = Distinct::default();
    match of_type {
        Type::String | Type::Guid => {
            texts(constants).into_iter().for_each(|text| values.add(text.into()));
        }
        Type::Int | Type::Long => {
            let whole = |constant: &Constant| match &constant.value {
                Dynamic::Long(value) => Some(*value),
                Dynamic::Real(value) => Some(*value as i64),
                _ => None,
            };
            let numbers = constants.iter().filter_map(whole);
            let near = numbers.flat_map(|number| [0, 1, -1].map(|step| number.saturating_add(step)));
            near.chain([0, 1, -1]).for_each(|number| values.add(Dynamic::Long(number)));
            values.add(Dynamic::Null);
        }
        Type::Real => {
            let numbers = constants.iter().filter_map(|constant| match &constant.value {
                Dynamic::Long(value) => Some(*value as f64),
                Dynamic::Real(value) => Some(*value),
                _ => None,
            });
            let near = numbers.flat_map(|number| [0.0, 0.5, -0.5].map(|step| number + step));
            near.chain([0.0]).for_each(|number| values.add(Dynamic::Real(number)));
            values.add(Dynamic::Null);
        }
        Type::Bool => [Dynamic::Bool(true), Dynamic::Bool(false), Dynamic::Null]
            .into_iter()
            .for_each(|value| values.add(value)),
        Type::Datetime => times(constants, now).into_iter().for_each(|value| values.add(value)),
        Type::Timespan => {
            let spans = constants.iter().filter_map(|constant| match constant.value {
                Dynamic::Timespan(span) => Some(span),
                _ => None,
            });
            let near = spans.flat_map(|span| [0, 1, -1].map(|step| span.ticks().saturating_add(step)));
            near.chain([0]).for_each(|ticks| values.add(Dynamic::Timespan(Timespan::from_ticks(ticks))));
            values.add(Dynamic::Null);
        }
        Type::Dynamic => {
            values.add(Dynamic::Null);
            for text in texts(constants) {
                values.add(Dynamic::strings([text.as_str()]));
                values.add(Dynamic::String(text.clone()));
                values.add(Dynamic::Bag(vec![(text.clone(), text.into())]));
            }
        }
    }
    values.0.truncate(MAX_VALUES);
    values.0
}

/// Values, each once, in the order in which they came.
#[derive(Default)]
struct Distinct(Vec<Dynamic>, std::collections::HashSet<String>);

impl Distinct {
    fn add(&mut self, value: Dynamic) {
        if self.1.insert(format!("{value:?}")) {
            self.0.push(value);
        }
    }
}

/// Texts that match the constants, almost match them, or have a length that is one of them.
fn texts(constants: &[Constant]) -> Vec<String> {
    let mut exact = vec![];
    let mut near = vec![];
    for Constant { function, value } in constants {
        match value {
            Dynamic::String(pattern) if regex::takes_pattern(function) => {
                exact.extend(regex::samples(pattern));
            }
            Dynamic::String(text) => exact.push(text.clone()),
            Dynamic::Long(length) if (0..=MAX_LEN).contains(length) => {
                near.extend([0, 1, -1].map(|step| "a".repeat((length + step).max(0) as usize)));
            }
            other => exact.push(rulespec::kql::tostring(other, Type::Dynamic)),
        }
    }
    let all_of = constants.iter().filter(|constant| constant.function == "has_all");
    let all_of: Vec<&str> = all_of.filter_map(|constant| constant.value.as_str()).collect();
    if all_of.len() > 1 {
        exact.extend(text::joined(&all_of));
    }
    let around: Vec<Vec<String>> = exact.iter().map(|text| text::around(text)).collect();
    let most = around.iter().map(Vec::len).max().unwrap_or(0);
    // The first variant of each literal, then the second of each, and so on.
    let variants = (0..most).flat_map(|at| around.iter().filter_map(move |all| all.get(at).cloned()));
    let variants: Vec<String> = variants.take(MAX_VALUES).collect();
    let shapes = shapes().iter().map(|shape| (*shape).to_owned());
    exact.into_iter().chain([String::new()]).chain(variants).chain(near).chain(shapes).collect()
}

/// The times in a rule, and those that the spans in it lead to, to the tick.
fn times(constants: &[Constant], now: Datetime) -> Vec<Dynamic> {
    let spans: Vec<Timespan> = constants
        .iter()
        .filter_map(|constant| match constant.value {
            Dynamic::Timespan(span) => Some(span),
            _ => None,
        })
        .collect();
    let fixed = constants.iter().filter_map(|constant| constant.value.as_datetime());
    let mut times = vec![];
    for time in fixed.chain([now, minute_before(now)]) {
        times.push(time);
        for span in &spans {
            let negative = Timespan::from_ticks(span.ticks().saturating_neg());
            times.extend([time.checked_add(*span), time.checked_add(negative)].into_iter().flatten());
        }
    }
    let near = times.iter().flat_map(|time| {
        [0, 1, -1, 10_000_000, -10_000_000].map(|ticks| time.checked_add(Timespan::from_ticks(ticks)))
    });
    near.flatten().map(Dynamic::Datetime).chain([Dynamic::Null]).collect()
}
