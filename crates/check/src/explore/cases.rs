//! The cases of a search, by their numbers.

use arbitrary::Unstructured;

use super::case::Case;
use super::generate::{WellFormed, Wild};
use super::plan::Plan;
use super::source;
use crate::engine::Hello;
use rulespec::Function;

/// How often each function is called, relative to the others: more often if it has more
/// that can go wrong.
const WEIGHTS: [(Function, usize); Function::ALL.len()] = [
    (Function::ParseCommandLine, 7),
    (Function::Has, 6),
    (Function::BitsadminActivity, 5),
    (Function::HasAny, 3),
    (Function::Substring, 2),
    (Function::IndexOf, 2),
    (Function::EqCi, 2),
    (Function::Element, 2),
    (Function::ToString, 2),
    (Function::Iff, 2),
    (Function::ColumnIfExists, 2),
    (Function::Where, 2),
    (Function::Extend, 2),
    (Function::ProjectReorder, 2),
    (Function::Query, 6),
];

/// The cases of a search. Each depends only on its number, the seed and the functions.
#[derive(Debug, Clone)]
pub(super) struct Cases {
    seed: u64,
    is_wild: bool,
    /// The functions to call, each repeated by its weight.
    functions: Vec<Function>,
}

impl Cases {
    /// The cases of a plan, without functions that one of the engines does not have.
    pub(super) fn of(plan: &Plan, engines: &[Option<&Hello>]) -> Self {
        let is_wanted = |function: &Function| plan.functions.is_empty() || plan.functions.contains(function);
        let is_supported = |function: &Function| {
            engines.iter().all(|hello| hello.is_none_or(|hello| hello.has(function.name())))
        };
        let chosen = WEIGHTS.iter().filter(|(function, _)| is_wanted(function) && is_supported(function));
        let functions = chosen.flat_map(|(function, weight)| std::iter::repeat_n(*function, *weight));
        Self { seed: plan.seed, is_wild: plan.wild, functions: functions.collect() }
    }

    /// Whether no function can be called.
    pub(super) fn is_empty(&self) -> bool {
        self.functions.is_empty()
    }

    /// The same cases with calls of one function only.
    pub(super) fn only(&self, function: Function) -> Self {
        Self { functions: vec![function], ..self.clone() }
    }

    /// The case with this number.
    pub(super) fn case(&self, number: u64) -> Option<Case> {
        let at = usize::try_from(number % self.functions.len().max(1) as u64).ok()?;
        let function = *self.functions.get(at)?;
        let length = if function == Function::BitsadminActivity { 1536 } else { 128 };
        let bytes = source::bytes(self.seed, number, length);
        let generate = if self.is_wild { Case::of::<Wild> } else { Case::of::<WellFormed> };
        generate(function, &mut Unstructured::new(&bytes)).ok()
    }

    /// The first cases.
    pub(super) fn first(self, count: u64) -> impl Iterator<Item = Case> {
        (0..count).filter_map(move |number| self.case(number))
    }
}

/// All functions, in the order in which they are called.
pub(super) fn functions() -> impl Iterator<Item = Function> {
    WEIGHTS.iter().map(|(function, _)| *function)
}
