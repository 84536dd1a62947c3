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
            ExprKind::Literal(literal) => match &literal.value {
                Dynamic::String(text) => {
                    let shorter: String = text.chars().skip(1).collect();
                    let others = [format!("{text}x"), shorter, text.to_uppercase(), String::new()];
                    others.iter().for_each(|other| self.add(expr.span, &format!("{other:?}"), "literal"));
                }
                Dynamic::Long(number) => {
                    for other in [number + 1, number - 1] {
                        self.add(expr.span, &other.to_string(), "number");
                    }
                }
                _ => {}
            },
            ExprKind::Negative(value) => {
                let inner = self.of(value.span).to_owned();
                self.add(expr.span, &inner, "sign");
            }
            ExprKind::Name(_) => {
                COLUMNS.iter().for_each(|column| self.add(expr.span, column, "column"));
            }
            ExprKind::Binary(operator, left, right) => {
                let exchanged =
                    OPERATORS.iter().find(|(name, _)| name == operator).map(|(_, others)| *others);
                for other in exchanged.unwrap_or_default() {
                    self.add(
                        Span { start: left.span.end, end: right.span.start },
                        &format!(" {other} "),
                        "operator",
                    );
                }
                for side in [left, right] {
                    let kept = self.of(side.span).to_owned();
                    self.add(expr.span, &kept, "keeps one operand");
                }
            }
            ExprKind::Logical(operator, operands) => {
                let other = if *operator == "and" { "or" } else { "and" };
                for pair in operands.windows(2) {
                    self.add(
                        Span { start: pair[0].span.end, end: pair[1].span.start },
                        &format!(" {other} "),
                        "operator",
                    );
                }
                for (at, operand) in operands.iter().enumerate() {
                    let others = operands.iter().enumerate().filter(|(other, _)| *other != at);
                    let rest: Vec<&str> = others.map(|(_, other)| self.of(other.span)).collect();
                    let rest = rest.join(&format!(" {operator} "));
                    self.add(expr.span, &rest, "drops a predicate");
                    let doubled = format!("{0} {operator} {0}", self.of(operand.span));
                    self.add(operand.span, &doubled, "doubles a predicate");
                    self.add(operand.span, &format!("not({})", self.of(operand.span)), "negates");
                }
            }
            ExprKind::List(operator, value, elements) => {
                let other = if *operator == "has_any" { "has_all" } else { "has_any" };
                let list = format!(
                    "{} {other} {}",
                    self.of(value.span),
                    &self.of(expr.span)[self.of(expr.span).find('(').unwrap_or(0)..]
                );
                self.add(expr.span, &list, "operator");
                for (at, element) in elements.iter().enumerate().take(elements.len() - 1) {
                    let end = elements[at + 1].span.start;
                    self.add(Span { start: element.span.start, end }, "", "drops a literal");
                }
            }
            ExprKind::Call(name, arguments) if name.text == "iff" => {
                let swapped = format!(
                    "iff({}, {}, {})",
                    self.of(arguments[0].span),
                    self.of(arguments[2].span),
                    self.of(arguments[1].span)
                );
                self.add(expr.span, &swapped, "swaps the branches");
            }
            _ => {}
        }
        expr.kind.operands().for_each(|operand| self.expr(operand));
    }
}
