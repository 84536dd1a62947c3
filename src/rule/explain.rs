//! Explains why a rule selects a row or not.

mod search;

use super::Rule;
use crate::kql::{Column, Dynamic, Error, Row, Table};
use crate::query::bound::{Scalar, ScalarKind, Step};
use crate::query::syntax::{ExprKind, Source};
use crate::query::{BoundQuery, Context, Function, Query, Span};
pub use search::Occurrence;
use search::Search;

/// Why a rule selects a row or not, by the steps that look at each row alone. `sort`, `take` and the
/// like, and what follows them, are not looked at.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// Whether every `where` selects the row.
    pub matched: bool,
    /// The result of each predicate, in the order of the query, up to the first `where` that does not
    /// select the row.
    pub findings: Vec<Finding>,
    /// The indices of the findings that determined `matched`.
    pub decided_by: Vec<usize>,
    /// The columns that the query computes from the row. If it is not selected, those up to the first
    /// that has an error.
    pub computed: Vec<Computed>,
}

/// The result of one predicate.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Finding {
    /// The predicate, as KQL text.
    pub predicate: String,
    /// Where the predicate is in [`Rule::text`].
    pub span: Span,
    /// The left operand of the predicate, as KQL text.
    pub looked_at: String,
    /// The value of the left operand.
    pub value: Dynamic,
    /// The missing column, if `value` is the default of `column_ifexists`.
    pub absent: Option<String>,
    /// The value of the predicate; `None` if it is null.
    pub holds: Option<bool>,
    /// The texts that the predicate searches for.
    pub terms: Vec<String>,
    /// The first occurrence of any of them.
    pub occurrence: Option<Occurrence>,
}

/// A column that the query computes.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Computed {
    /// The name of the column.
    pub column: String,
    /// Its value.
    pub value: Dynamic,
    /// If the value is an element of an array in a column: the name of that column, and the index of
    /// the element, if there is one.
    pub element: Option<(String, Option<usize>)>,
    /// If the value is chosen by `iff`: the predicates of its condition.
    pub condition: Vec<Finding>,
}

impl Rule {
    /// Explains why the rule selects a row or not.
    ///
    /// If an `and` is false, its first false operand decides. If an `or` is true, its first true
    /// operand decides. Otherwise, every operand whose value equals the result decides. What decides
    /// about the operand of `not` decides about the `not`.
    ///
    /// # Errors
    ///
    /// Returns an error if the row does not have the columns that the query is bound to, or the first
    /// error of a function.
    ///
    /// ```
    /// use rulespec::kql::{Semantics, Table};
    /// use rulespec::query::Context;
    /// use rulespec::rule::Rule;
    ///
    /// let table = Table::from_json(&serde_json::json!({
    ///     "columns": [{"name": "FileName", "type": "string"}, {"name": "ProcessCommandLine", "type": "string"}],
    ///     "rows": [["bitsadmin.exe", "bitsadmin /list"]],
    /// }))?;
    /// let rule = Rule::from_kql(
    ///     "DeviceProcessEvents | where FileName =~ 'bitsadmin.exe' and ProcessCommandLine has '/addfile'",
    /// )?;
    /// let context = Context { kql: &Semantics::default(), now: "2026-01-02".parse()? };
    /// let bound = rule.bind(table.columns(), context)?;
    /// for row in table.rows_by_name() {
    ///     let explanation = rule.explain(&bound, row, context)?;
    ///     assert!(!explanation.matched);
    ///     let decider = &explanation.findings[explanation.decided_by[0]];
    ///     assert_eq!(decider.predicate, "ProcessCommandLine has \"/addfile\"");
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// Spec: RUL-50, RUL-51
    pub fn explain(
        &self,
        bound: &BoundQuery,
        row: Row<'_>,
        context: Context<'_>,
    ) -> Result<Explanation, Error> {
        let mut table = Table::new(row.columns().to_vec())?;
        table.push(row.cells().to_vec())?;
        let looker = Looker { rule: self, context };
        let mut explanation =
            Explanation { matched: true, findings: vec![], decided_by: vec![], computed: vec![] };
        for step in &bound.steps[..bound.row_steps()] {
            match looker.step(step, &table, &mut explanation) {
                Err(_) if !explanation.matched => break,
                stepped => table = stepped?,
            }
        }
        Ok(explanation)
    }
}

/// The value of a predicate, and the indices of the findings that determined it.
struct Decision {
    holds: Option<bool>,
    decided_by: Vec<usize>,
}

/// Looks at the expressions of a rule.
struct Looker<'a> {
    rule: &'a Rule,
    context: Context<'a>,
}

impl Looker<'_> {
    /// Explains one step, and returns its output: one row, also if it is not selected.
    fn step(&self, step: &Step, table: &Table, explanation: &mut Explanation) -> Result<Table, Error> {
        let Some(row) = table.rows_by_name().next() else { return Ok(table.clone()) };
        match step {
            Step::Where(predicate) if explanation.matched => {
                let decision = self.decide(predicate, row, &mut explanation.findings)?;
                explanation.matched = decision.holds == Some(true);
                if !explanation.matched {
                    explanation.decided_by.clear();
                }
                explanation.decided_by.extend(decision.decided_by);
                Ok(table.clone())
            }
            Step::Where(_) => Ok(table.clone()),
            Step::Extend(assigned) | Step::Project(assigned) => {
                let output = step.run(table, self.context)?;
                for (column, value) in assigned {
                    if let (ScalarKind::Call(..), Some(output)) = (&value.kind, output.rows_by_name().next())
                    {
                        explanation.computed.push(self.computed(column, value, row, output)?);
                    }
                }
                Ok(output)
            }
            step => step.run(table, self.context),
        }
    }

    /// Spec: RUL-50
    fn decide(
        &self,
        predicate: &Scalar,
        row: Row<'_>,
        findings: &mut Vec<Finding>,
    ) -> Result<Decision, Error> {
        let holds = predicate.evaluate(row, self.context)?.as_bool();
        let (operands, deciding) = match &predicate.kind {
            ScalarKind::Call(Function { name: "and", .. }, operands) => (operands, false),
            ScalarKind::Call(Function { name: "or", .. }, operands) => (operands, true),
            ScalarKind::Call(Function { name: "not", .. }, operands) if operands.len() == 1 => {
                let inner = self.decide(&operands[0], row, findings)?;
                return Ok(Decision { holds, ..inner });
            }
            _ => {
                findings.push(self.inspect(predicate, row, holds)?);
                return Ok(Decision { holds, decided_by: vec![findings.len() - 1] });
            }
        };
        let decisions = operands.iter().map(|operand| self.decide(operand, row, findings));
        let decisions: Vec<Decision> = decisions.collect::<Result<_, _>>()?;
        let max_deciders = if holds == Some(deciding) { 1 } else { decisions.len() };
        let deciders = decisions.into_iter().filter(|operand| operand.holds == holds).take(max_deciders);
        Ok(Decision { holds, decided_by: deciders.flat_map(|operand| operand.decided_by).collect() })
    }

    /// Spec: RUL-51
    fn inspect(&self, leaf: &Scalar, row: Row<'_>, holds: Option<bool>) -> Result<Finding, Error> {
        let (operator, operands) = match &leaf.kind {
            ScalarKind::Call(function, operands) if !operands.is_empty() => (function.name, &operands[..]),
            _ => ("", std::slice::from_ref(leaf)),
        };
        let subject = &operands[0];
        let value = subject.evaluate(row, self.context)?;
        let (mut searched, mut occurrences) = (vec![], vec![]);
        if let Some(search) = Search::by(operator) {
            let text = self.context.kql.call_tostring(&value);
            for term in operands[1..].iter().filter_map(Scalar::constant).flat_map(terms) {
                let term = self.context.kql.call_tostring(term);
                occurrences.extend(search.first(&text, &term, self.context)?);
                searched.push(term);
            }
        }
        let subject = self.print(subject.span);
        Ok(Finding {
            predicate: self.print(leaf.span).0,
            span: self.rule.source.span(leaf.span),
            looked_at: subject.0,
            absent: subject.1.filter(|name| row.get(name).is_none()),
            value,
            holds,
            terms: searched,
            occurrence: occurrences.into_iter().min_by_key(|occurrence| occurrence.at),
        })
    }

    /// A part of the query as KQL text, and the column that it names in `column_ifexists`.
    fn print(&self, span: Span) -> (String, Option<String>) {
        let text = self.rule.query.text().get(span.start..span.end).unwrap_or_default();
        let parsed: Result<Query, _> = format!("print {text}").parse();
        let Ok(Source::Print(values)) = parsed.map(|query| query.pipeline.source) else {
            return (text.to_owned(), None);
        };
        let printed: Vec<String> = values.iter().map(|value| value.value.to_string()).collect();
        let absent = values.first().and_then(|value| match &value.value.kind {
            ExprKind::Call(name, arguments) if name.text == "column_ifexists" => {
                match &arguments.first()?.kind {
                    ExprKind::Literal(name) => name.value.as_str().map(str::to_owned),
                    _ => None,
                }
            }
            _ => None,
        });
        (printed.join(", "), absent)
    }

    /// The column and the index of the element that an expression is, perhaps converted.
    fn element(&self, value: &Scalar, row: Row<'_>) -> Result<Option<(String, Option<usize>)>, Error> {
        let ScalarKind::Call(function, operands) = &value.kind else { return Ok(None) };
        let (place, index) = match (function.name, &operands[..]) {
            ("tostring", [value]) => return self.element(value, row),
            ("[]", [Scalar { kind: ScalarKind::Column(place), .. }, index]) => (*place, index),
            _ => return Ok(None),
        };
        let Some(index) = index.evaluate(row, self.context)?.as_long() else { return Ok(None) };
        let count = match row.cells().get(place) {
            Some(Dynamic::Array(elements)) => elements.len() as i64,
            _ => 0,
        };
        let index = if index < 0 { count.saturating_add(index) } else { index };
        let index = usize::try_from(index).ok().filter(|_| index < count);
        Ok(row.columns().get(place).map(|column| (column.name.clone(), index)))
    }

    fn computed(
        &self,
        column: &Column,
        value: &Scalar,
        row: Row<'_>,
        output: Row<'_>,
    ) -> Result<Computed, Error> {
        let mut condition = vec![];
        if let ScalarKind::Call(Function { name: "iff" | "iif", .. }, operands) = &value.kind {
            self.decide(&operands[0], row, &mut condition)?;
        }
        Ok(Computed {
            column: column.name.clone(),
            value: output.cell(&column.name)?.clone(),
            element: self.element(value, row)?,
            condition,
        })
    }
}

/// The elements of an array, or the value itself.
fn terms(value: &Dynamic) -> &[Dynamic] {
    match value {
        Dynamic::Array(elements) => elements,
        value => std::slice::from_ref(value),
    }
}
