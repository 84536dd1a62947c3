//! Rules that differ from another in one token.

use std::collections::BTreeMap;

use rulespec::kql::{Dynamic, Semantics};
use rulespec::query::syntax::{Assignment, Expr, ExprKind, OperatorKind};
use rulespec::query::{Context, Query, Span};
use rulespec::rule::Rule;

/// Operators of two operands, and what they are exchanged for.
const OPERATORS: &[(&str, &[&str])] = &[
    ("=~", &["==", "!~", "has", "contains", "startswith"]),
    ("has", &["has_cs", "!has", "contains", "startswith", "=~"]),
    ("+", &["-"]),
];
/// Columns of `DeviceProcessEvents`, each in place of those of the rule.
const COLUMNS: &[&str] = &["FolderPath", "InitiatingProcessFileName", "InitiatingProcessCommandLine"];

/// A rule that differs from another in one token.
#[derive(Debug)]
pub struct Mutant {
    /// What was changed.
    pub change: String,
    /// The rule.
    pub rule: Rule,
}

/// Every rule with one literal, operator, index, column, predicate or stage changed, dropped or doubled,
/// that can be bound.
pub fn mutants(rule: &Rule) -> Vec<Mutant> {
    let text = rule.query.text();
    let mut edits = Edits { text, found: BTreeMap::new() };
    for operator in &rule.query.pipeline.operators {
        let line = text[..operator.span.start].rfind('|').unwrap_or(operator.span.start);
        edits.add(Span { start: line, ..operator.span }, "", "drops the stage");
        match &operator.kind {
            OperatorKind::Where(predicate) => edits.expr(predicate),
            OperatorKind::Extend(assigned) | OperatorKind::Project(assigned) => {
                for Assignment { name, value } in assigned {
                    edits.expr(value);
                    if let Some(name) = name {
                        edits.add(name.span, &format!("{}2", name.text), "renames");
                    }
                }
            }
            OperatorKind::ProjectReorder(patterns) => {
                for pattern in patterns {
                    edits.add(pattern.name.span, "FolderPath", "reorders");
                }
            }
            _ => {}
        }
    }
    let columns = super::columns();
    let kql = Semantics::default();
    let context = Context { kql: &kql, now: super::now() };
    let mutants = edits.found.into_iter().filter_map(|(text, change)| {
        let rule = Rule::from_kql(&text).ok()?;
        rule.bind(&columns, context).ok()?;
        Some(Mutant { change, rule })
    });
    mutants.collect()
}

/// The edits of a text, by the text that results.
struct Edits<'a> {
    text: &'a str,
    found: BTreeMap<String, String>,
}

impl Edits<'_> {
    fn of(&self, span: Span) -> &str {
        &self.text[span.start..span.end]
    }

    fn add(&mut self, span: Span, other: &str, how: &str) {
        let before = self.of(span).split_whitespace().collect::<Vec<_>>().join(" ");
        let text = format!("{}{other}{}", &self.text[..span.start], &self.text[span.end..]);
        let other = other.split_whitespace().collect::<Vec<_>>().join(" ");
        let change = format!("{how}: {before} -> {other}");
        if text != self.text && text.parse::<Query>().is_ok() {
            self.found.entry(text).or_insert(change);
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match &expr.kind {
            ExprKind::Literal(literal) => self.literal(expr, &literal.value),
            ExprKind::Negative(value) => {
                let inner = self.of(value.span).to_owned();
                self.add(expr.span, &inner, "sign");
            }
            ExprKind::Name(_) => {
                COLUMNS.iter().for_each(|column| self.add(expr.span, column, "column"));
            }
            ExprKind::Binary(operator, left, right) => self.binary(expr, operator, [left, right]),
            ExprKind::Logical(operator, operands) => self.logical(expr, operator, operands),
            ExprKind::List(operator, value, elements) => self.list(expr, operator, value, elements),
            ExprKind::Call(name, arguments) if name.text == "iff" => {
                let [condition, yes, no] = [0, 1, 2].map(|at| self.of(arguments[at].span));
                let swapped = format!("iff({condition}, {no}, {yes})");
                self.add(expr.span, &swapped, "swaps the branches");
            }
            _ => {}
        }
        expr.kind.operands().for_each(|operand| self.expr(operand));
    }

    fn literal(&mut self, expr: &Expr, value: &Dynamic) {
        let others = match value {
            Dynamic::String(text) => {
                let shorter: String = text.chars().skip(1).collect();
                let others = [format!("{text}x"), shorter, text.to_uppercase(), String::new()];
                others.map(|other| format!("{other:?}")).to_vec()
            }
            Dynamic::Long(number) => vec![(number + 1).to_string(), (number - 1).to_string()],
            _ => vec![],
        };
        others.iter().for_each(|other| self.add(expr.span, other, "literal"));
    }

    fn binary(&mut self, expr: &Expr, operator: &str, [left, right]: [&Expr; 2]) {
        let exchanged = OPERATORS.iter().find(|(name, _)| *name == operator).map(|(_, others)| *others);
        let between = Span { start: left.span.end, end: right.span.start };
        for other in exchanged.unwrap_or_default() {
            self.add(between, &format!(" {other} "), "operator");
        }
        for side in [left, right] {
            let kept = self.of(side.span).to_owned();
            self.add(expr.span, &kept, "keeps one operand");
        }
    }

    fn logical(&mut self, expr: &Expr, operator: &str, operands: &[Expr]) {
        let other = if operator == "and" { "or" } else { "and" };
        for pair in operands.windows(2) {
            let between = Span { start: pair[0].span.end, end: pair[1].span.start };
            self.add(between, &format!(" {other} "), "operator");
        }
        for (at, operand) in operands.iter().enumerate() {
            let others = operands.iter().enumerate().filter(|(other, _)| *other != at);
            let rest: Vec<&str> = others.map(|(_, other)| self.of(other.span)).collect();
            let rest = rest.join(&format!(" {operator} "));
            self.add(expr.span, &rest, "drops a predicate");
            let text = self.of(operand.span).to_owned();
            self.add(operand.span, &format!("{text} {operator} {text}"), "doubles a predicate");
            self.add(operand.span, &format!("not({text})"), "negates");
        }
    }

    fn list(&mut self, expr: &Expr, operator: &str, value: &Expr, elements: &[Expr]) {
        let other = if operator == "has_any" { "has_all" } else { "has_any" };
        let text = self.of(expr.span);
        let list = &text[text.find('(').unwrap_or_default()..];
        let exchanged = format!("{} {other} {list}", self.of(value.span));
        self.add(expr.span, &exchanged, "operator");
        for pair in elements.windows(2) {
            self.add(Span { start: pair[0].span.start, end: pair[1].span.start }, "", "drops a literal");
        }
    }
}
