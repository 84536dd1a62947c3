//! What a query demands of the columns of its table: its predicates and results, with the columns that
//! it computes replaced by their definitions.

use std::collections::BTreeSet;

use rulespec::kql::{Column, Dynamic};
use rulespec::query::BoundQuery;
use rulespec::query::bound::{BoundSource, Scalar, ScalarKind, Step};

/// The largest expression that is looked through, in nodes.
const MAX_NODES: usize = 2_000;

/// A query in terms of the columns of its table, up to the first step that looks at several rows.
#[derive(Debug, Clone, Default)]
pub(super) struct Formula {
    /// The predicates of all `where`, which must be true.
    pub(super) predicates: Vec<Scalar>,
    /// The columns of the result, with their names.
    pub(super) results: Vec<(String, Scalar)>,
    /// The keys by which the rows are sorted then.
    pub(super) sorted_by: Vec<Scalar>,
    /// The definitions of columns, with the columns that they read when they are defined.
    pub(super) definitions: Vec<(String, BTreeSet<String>)>,
}

impl Formula {
    pub(super) fn new(query: &BoundQuery) -> Self {
        let BoundSource::Table(_, columns) = &query.source else { return Self::default() };
        let place = |(index, column): (usize, &Column)| {
            let kind = ScalarKind::Column(index);
            (column.clone(), Scalar { kind, r#type: column.r#type, span: rulespec::query::Span::default() })
        };
        let mut current: Vec<(Column, Scalar)> = columns.iter().enumerate().map(place).collect();
        let mut formula = Self::default();
        let (of_rows, others) = query.steps.split_at(query.row_steps());
        of_rows.iter().for_each(|step| formula.add(step, &mut current));
        if let Some(Step::Sort(keys)) = others.first() {
            formula.sorted_by = keys.iter().map(|key| inlined(&key.value, &current)).collect();
        }
        formula.results = current.into_iter().map(|(column, value)| (column.name, value)).collect();
        formula
    }

    /// Adds a step, given its input, which becomes its output.
    fn add(&mut self, step: &Step, current: &mut Vec<(Column, Scalar)>) {
        match step {
            Step::Where(predicate) => self.predicates.push(inlined(predicate, current)),
            Step::Extend(assigned) | Step::Project(assigned) => {
                let names = |scalar: &Scalar| {
                    let mut read = BTreeSet::new();
                    columns_in(scalar, &mut read);
                    read.iter().filter_map(|index| Some(current.get(*index)?.0.name.clone())).collect()
                };
                let is_computed = |scalar: &Scalar| matches!(scalar.kind, ScalarKind::Call(..));
                let computed = assigned.iter().filter(|(_, value)| is_computed(value));
                self.definitions.extend(computed.map(|(column, value)| (column.name.clone(), names(value))));
                let value = |(column, value): &(Column, Scalar)| (column.clone(), inlined(value, current));
                let assigned: Vec<(Column, Scalar)> = assigned.iter().map(value).collect();
                let before = std::mem::take(current);
                let columns = step.output(before.iter().map(|(column, _)| column.clone()).collect());
                *current = columns
                    .into_iter()
                    .filter_map(|column| {
                        let mut all = assigned.iter().chain(&before);
                        all.find(|(other, _)| other.name == column.name).cloned()
                    })
                    .collect();
            }
            step => {
                let columns = step.output(current.iter().map(|(column, _)| column.clone()).collect());
                let find = |column: &Column| current.iter().find(|(other, _)| other.name == column.name);
                *current = columns.iter().filter_map(find).cloned().collect();
            }
        }
    }

    /// The columns that stand for a column of the result in the text of the rule: the column itself if
    /// others are computed from it, or else those that its definition reads.
    pub(super) fn roots(&self, name: &str) -> BTreeSet<String> {
        let is_read = self.definitions.iter().any(|(_, read)| read.contains(name));
        let definition = self.definitions.iter().rev().find(|(defined, _)| defined == name);
        match definition {
            Some((_, read)) if !is_read && !read.is_empty() => read.clone(),
            _ => BTreeSet::from([name.to_owned()]),
        }
    }
}

/// The expression with each column replaced by its definition. One that becomes too large is null.
fn inlined(scalar: &Scalar, columns: &[(Column, Scalar)]) -> Scalar {
    let inlined = replaced(scalar, columns);
    match nodes(&inlined) {
        ..=MAX_NODES => inlined,
        _ => Scalar { kind: ScalarKind::Constant(Dynamic::Null), ..inlined },
    }
}

fn replaced(scalar: &Scalar, columns: &[(Column, Scalar)]) -> Scalar {
    let kind = match &scalar.kind {
        ScalarKind::Column(index) => match columns.get(*index) {
            Some((_, definition)) => return Scalar { span: scalar.span, ..definition.clone() },
            None => ScalarKind::Constant(Dynamic::Null),
        },
        ScalarKind::Call(function, operands) => {
            ScalarKind::Call(function, operands.iter().map(|operand| replaced(operand, columns)).collect())
        }
        ScalarKind::Constant(value) => ScalarKind::Constant(value.clone()),
    };
    Scalar { kind, ..scalar.clone() }
}

fn nodes(scalar: &Scalar) -> usize {
    match &scalar.kind {
        ScalarKind::Call(_, operands) => 1 + operands.iter().map(nodes).sum::<usize>(),
        ScalarKind::Column(_) | ScalarKind::Constant(_) => 1,
    }
}

/// The operands of `and`, `or` and `not` that are none of these.
pub(super) fn leaves(scalar: &Scalar) -> Vec<&Scalar> {
    match &scalar.kind {
        ScalarKind::Call(function, operands) if matches!(function.name, "and" | "or" | "not") => {
            operands.iter().flat_map(leaves).collect()
        }
        _ => vec![scalar],
    }
}

/// Adds the indices of the columns in an expression.
pub(super) fn columns_in(scalar: &Scalar, found: &mut BTreeSet<usize>) {
    match &scalar.kind {
        ScalarKind::Column(index) => drop(found.insert(*index)),
        ScalarKind::Call(_, operands) => operands.iter().for_each(|operand| columns_in(operand, found)),
        ScalarKind::Constant(_) => {}
    }
}

/// A constant, and the function that it is given to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Constant {
    pub(super) function: &'static str,
    pub(super) value: Dynamic,
}

/// Adds the constants in an expression. Those of a list, and of an array, are added one by one.
pub(super) fn constants_in(scalar: &Scalar, found: &mut Vec<Constant>) {
    let ScalarKind::Call(function, operands) = &scalar.kind else { return };
    for operand in operands {
        match operand.constant() {
            Some(value) => flatten(function.name, value, found),
            None => constants_in(operand, found),
        }
    }
}

fn flatten(function: &'static str, value: &Dynamic, found: &mut Vec<Constant>) {
    match value {
        Dynamic::Array(elements) => elements.iter().for_each(|element| flatten(function, element, found)),
        value => {
            let constant = Constant { function, value: value.clone() };
            if !found.contains(&constant) {
                found.push(constant);
            }
        }
    }
}
