//! Prepares a plan for a bound query.

use std::collections::BTreeSet;

use super::call::Call;
use super::expr::{Expr, Logic};
use super::forms::{negated, of_numbers, text_predicate};
use super::safety::infallible;
use super::{Operation, Plan};
use crate::kql::{Column, Datetime, Semantics, Type};
use crate::query::bound::{BoundQuery, Scalar, ScalarKind, Step};
use crate::query::{Context, Function, Span, evaluate_constant};

/// The number of nodes up to which an expression is evaluated where it is used, instead of once.
const MAX_SIZE: usize = 200;

/// A plan in the making.
///
/// A column of the current rows is an expression in which columns are slots: those of the input, or
/// those that have been computed.
pub(super) struct Preparation<'a> {
    query: &'a BoundQuery,
    semantics: &'a Semantics,
    operations: Vec<Operation>,
    per_run: Vec<Scalar>,
    /// The slots whose texts the next operation needs to be short.
    short_columns: BTreeSet<usize>,
    read_columns: BTreeSet<usize>,
    #[cfg(feature = "arrow")]
    list_slots: BTreeSet<usize>,
    /// The number of slots.
    slots: usize,
    columns: Vec<(Column, Scalar)>,
}

impl<'a> Preparation<'a> {
    pub(super) fn new(query: &'a BoundQuery, semantics: &'a Semantics) -> Self {
        let columns = query.source.columns().iter().enumerate();
        Self {
            query,
            semantics,
            operations: vec![],
            per_run: vec![],
            short_columns: BTreeSet::new(),
            read_columns: BTreeSet::new(),
            #[cfg(feature = "arrow")]
            list_slots: BTreeSet::new(),
            slots: columns.len(),
            columns: columns
                .map(|(slot, column)| (column.clone(), column_scalar(slot, column.r#type)))
                .collect(),
        }
    }

    pub(super) fn plan(mut self) -> Plan {
        let mut count = None;
        for (index, step) in self.query.steps.iter().enumerate() {
            if let Step::Count(name) = step {
                count = Some((name.clone(), self.query.steps[index + 1..].to_vec()));
                break;
            }
            self.step(step);
        }
        #[cfg(feature = "arrow")]
        let lists = self.lists();
        let output = match count {
            Some(_) => vec![],
            None => self.output(),
        };
        let columns = self.query.source.columns().len();
        Plan {
            query: self.query.clone(),
            operations: self.operations,
            output,
            count,
            per_run: self.per_run,
            read_columns: self.read_columns.into_iter().filter(|slot| *slot < columns).collect(),
            #[cfg(feature = "arrow")]
            lists,
            semantics: self.semantics.clone(),
        }
    }

    /// The predicates of each `where` that nothing comes before that looks at several rows, or that
    /// could return an error if the texts of these columns are short.
    pub(super) fn first_predicates(&mut self, known: &[usize]) -> Vec<Scalar> {
        let is_check =
            |operation: &Operation| matches!(operation, Operation::CheckShort(slot) if known.contains(slot));
        let mut predicates = vec![];
        for step in &self.query.steps {
            match step {
                Step::Where(predicate) => {
                    let predicate = self.substituted(predicate, true);
                    let is_safe = infallible(&predicate)
                        .is_some_and(|short| short.iter().all(|slot| known.contains(slot)));
                    if !is_safe || !self.operations.iter().all(is_check) {
                        break;
                    }
                    predicates.push(predicate);
                }
                Step::Extend(_) | Step::Project(_) | Step::Reorder(_) => self.step(step),
                Step::Distinct | Step::Take(_) | Step::Sort(_) | Step::Count(_) => break,
            }
        }
        predicates
    }

    /// The columns of the result. They return no error, because what could has been computed.
    fn output(&mut self) -> Vec<Expr> {
        let values: Vec<Scalar> = self.columns.iter().map(|(_, value)| value.clone()).collect();
        let expr = |value: &Scalar| match value.kind {
            ScalarKind::Column(slot) => Expr::Slot(slot),
            _ => self.expr(value),
        };
        values.iter().map(expr).collect()
    }

    /// The columns of the result whose values are always arrays of strings.
    #[cfg(feature = "arrow")]
    fn lists(&self) -> BTreeSet<usize> {
        let is_list = |index: &usize| match self.columns[*index].1.kind {
            ScalarKind::Column(slot) => self.list_slots.contains(&slot),
            _ => is_list(&self.columns[*index].1),
        };
        (0..self.columns.len()).filter(is_list).collect()
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Where(predicate) => {
                let predicate = self.substituted(predicate, true);
                self.filter(&predicate);
            }
            Step::Extend(assigned) => {
                for (column, value) in self.values(assigned) {
                    match self.columns.iter_mut().find(|(other, _)| other.name == column.name) {
                        Some(replaced) => *replaced = (column, value),
                        None => self.columns.push((column, value)),
                    }
                }
            }
            Step::Project(assigned) => self.columns = self.values(assigned),
            Step::Reorder(listed) => {
                let place = |name: &str| listed.iter().position(|listed| listed == name);
                self.columns.sort_by_key(|(column, _)| place(&column.name).unwrap_or(usize::MAX));
            }
            Step::Distinct => {
                let slots: Vec<usize> = (0..self.columns.len()).map(|column| self.slot(column)).collect();
                self.read_columns.extend(&slots);
                self.operations.push(Operation::Distinct(slots));
            }
            Step::Take(count) => self.operations.push(Operation::Take(*count)),
            Step::Sort(keys) => {
                let values = keys.iter().map(|key| {
                    let value = self.substituted(&key.value, false);
                    self.expr(&value)
                });
                let values = values.collect();
                self.check_short();
                self.operations.push(Operation::Sort(values, keys.clone()));
            }
            // The caller stops there.
            Step::Count(_) => {}
        }
    }

    /// Adds a filter, or another predicate to the filter before it, so that it is evaluated over whole
    /// columns too.
    fn filter(&mut self, predicate: &Scalar) {
        let mut logic = match self.expr(predicate) {
            Expr::Logic(logic) if logic.all => logic,
            other => self.logic(true, std::slice::from_ref(predicate), &[other]),
        };
        let is_same_filter = logic.fallible == 0 && self.short_columns.is_empty();
        if let Some(Operation::Filter(before)) = self.operations.last_mut().filter(|_| is_same_filter) {
            before.operands.append(&mut logic.operands);
            before.sort();
            return;
        }
        self.check_short();
        self.operations.push(Operation::Filter(logic));
    }

    /// The values of assigned columns. Those that can return an error are computed now.
    fn values(&mut self, assigned: &[(Column, Scalar)]) -> Vec<(Column, Scalar)> {
        let mut values = vec![];
        for (column, value) in assigned {
            let is_simple = !matches!(value.kind, ScalarKind::Call(..));
            let inlined = self.substituted(value, true);
            let value = match infallible(&inlined) {
                Some(short) if is_simple || size(&inlined) <= MAX_SIZE => {
                    self.short_columns.extend(short);
                    self.check_short();
                    inlined
                }
                _ => {
                    let value = self.substituted(value, false);
                    self.computed(&value)
                }
            };
            values.push((column.clone(), value));
        }
        values
    }

    /// Checks the columns that expressions need to be short from here on.
    fn check_short(&mut self) {
        self.operations
            .extend(std::mem::take(&mut self.short_columns).into_iter().map(Operation::CheckShort));
    }

    /// An expression in which columns are replaced by their values. Values that are not to be inlined,
    /// or are too large, are computed once.
    fn substituted(&mut self, scalar: &Scalar, inlines: bool) -> Scalar {
        let kind = match &scalar.kind {
            ScalarKind::Constant(_) => return scalar.clone(),
            ScalarKind::Column(column) => match self.columns.get(*column) {
                Some((_, value)) if inlines && size(value) <= MAX_SIZE => value.kind.clone(),
                _ => ScalarKind::Column(self.slot(*column)),
            },
            ScalarKind::Call(function, arguments) => {
                let arguments = arguments.iter().map(|argument| self.substituted(argument, inlines));
                ScalarKind::Call(function, arguments.collect())
            }
        };
        folded(Scalar { kind, r#type: scalar.r#type, span: scalar.span }, self.semantics)
    }

    /// The slot of a column, which is computed if it has none yet.
    fn slot(&mut self, column: usize) -> usize {
        let Some((_, value)) = self.columns.get(column) else { return usize::MAX };
        if let ScalarKind::Column(slot) = value.kind {
            return slot;
        }
        let computed = self.computed(&value.clone());
        let slot = self.slots - 1;
        if let Some((_, value)) = self.columns.get_mut(column) {
            *value = computed;
        }
        slot
    }

    /// Computes a value, and returns its column.
    fn computed(&mut self, value: &Scalar) -> Scalar {
        let expr = self.expr(value);
        self.check_short();
        self.operations.push(Operation::Compute(expr));
        #[cfg(feature = "arrow")]
        if is_list(value) {
            self.list_slots.insert(self.slots);
        }
        self.slots += 1;
        column_scalar(self.slots - 1, value.r#type)
    }

    /// Prepares an expression.
    pub(super) fn expr(&mut self, scalar: &Scalar) -> Expr {
        let (function, arguments) = match &scalar.kind {
            ScalarKind::Column(slot) => {
                self.read_columns.insert(*slot);
                return Expr::Slot(*slot);
            }
            ScalarKind::Constant(value) => return Expr::Constant(value.clone()),
            ScalarKind::Call(function, arguments) => (*function, arguments),
        };
        if !has_column(scalar) {
            self.per_run.push(scalar.clone());
            return Expr::PerRun(self.per_run.len() - 1);
        }
        let prepared: Vec<Expr> = arguments.iter().map(|argument| self.expr(argument)).collect();
        let special = match (function.name, &prepared[..]) {
            (name @ ("and" | "or"), operands) => {
                Some(Expr::Logic(self.logic(name == "and", arguments, operands)))
            }
            ("not", [operand]) => negated(operand),
            ("iff" | "iif", [condition, then, otherwise]) => infallible(scalar).map(|short| {
                self.short_columns.extend(short);
                Expr::If(Box::new([condition.clone(), then.clone(), otherwise.clone()]))
            }),
            (name, operands) => match text_predicate(name, arguments, operands) {
                Some((test, short)) => {
                    self.short_columns.extend(short);
                    Some(test)
                }
                None => of_numbers(name, arguments, operands, scalar.r#type),
            },
        };
        special.unwrap_or_else(|| {
            let arguments = prepared.into_iter().zip(arguments.iter().map(|argument| argument.r#type));
            Expr::Call(Box::new(Call::new(function, arguments.collect(), scalar.r#type)))
        })
    }

    fn logic(&mut self, all: bool, arguments: &[Scalar], operands: &[Expr]) -> Logic {
        let (mut fallible, mut others) = (vec![], vec![]);
        for (argument, operand) in arguments.iter().zip(operands) {
            match infallible(argument) {
                Some(short) => {
                    self.short_columns.extend(short);
                    others.push(operand.clone());
                }
                None => fallible.push(operand.clone()),
            }
        }
        let mut logic = Logic { all, fallible: fallible.len(), operands: [fallible, others].concat() };
        logic.sort();
        logic
    }
}

fn column_scalar(slot: usize, r#type: Type) -> Scalar {
    Scalar { kind: ScalarKind::Column(slot), r#type, span: Span::default() }
}

/// The expression as a constant, if it is a call with constants that returns no error and does not depend
/// on the time.
fn folded(scalar: Scalar, semantics: &Semantics) -> Scalar {
    let ScalarKind::Call(function, arguments) = &scalar.kind else { return scalar };
    if depends_on_time(function) || arguments.iter().any(|value| value.constant().is_none()) {
        return scalar;
    }
    let Some(now) = Datetime::from_ticks_since_1970(0) else { return scalar };
    match evaluate_constant(&scalar, Context { kql: semantics, now }) {
        Ok(value) => Scalar { kind: ScalarKind::Constant(value), ..scalar },
        Err(_) => scalar,
    }
}

/// Whether the value of an expression is always an array of strings.
#[cfg(feature = "arrow")]
fn is_list(scalar: &Scalar) -> bool {
    let ScalarKind::Call(function, arguments) = &scalar.kind else { return false };
    function.name == "parse_command_line" || function.name == "split" && arguments.len() == 2
}

/// Whether the result of a function depends on the time of the run.
pub(super) fn depends_on_time(function: &Function) -> bool {
    ["now", "ago"].contains(&function.name)
}

/// The number of nodes of an expression.
fn size(scalar: &Scalar) -> usize {
    match &scalar.kind {
        ScalarKind::Call(_, arguments) => 1 + arguments.iter().map(size).sum::<usize>(),
        ScalarKind::Column(_) | ScalarKind::Constant(_) => 1,
    }
}

pub(super) fn has_column(scalar: &Scalar) -> bool {
    match &scalar.kind {
        ScalarKind::Column(_) => true,
        ScalarKind::Constant(_) => false,
        ScalarKind::Call(_, arguments) => arguments.iter().any(has_column),
    }
}
