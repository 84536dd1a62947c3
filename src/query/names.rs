//! The columns and functions that the text of a query names.

use std::collections::BTreeSet;

use super::literal::Literal;
use super::syntax::{
    Assignment, Expr, ExprKind, Key, LetValue, OperatorKind, Pattern, Pipeline, Query, Source,
};
use crate::kql::Dynamic;

impl Query {
    /// Returns the names in the query that can be those of columns. A name that is given to
    /// `column_ifexists` is not one of them.
    ///
    /// ```
    /// let query: rulespec::query::Query = "T | where A has 'x' | project B = C".parse()?;
    /// assert_eq!(query.column_names().into_iter().collect::<Vec<_>>(), ["A", "C"]);
    /// # Ok::<(), rulespec::query::Diagnostics>(())
    /// ```
    pub fn column_names(&self) -> BTreeSet<&str> {
        self.names().columns
    }

    /// Returns the names that are given to `column_ifexists`.
    ///
    /// ```
    /// let query: rulespec::query::Query = "T | where column_ifexists('A', '') has 'x'".parse()?;
    /// assert_eq!(query.optional_column_names().into_iter().collect::<Vec<_>>(), ["A"]);
    /// # Ok::<(), rulespec::query::Diagnostics>(())
    /// ```
    pub fn optional_column_names(&self) -> BTreeSet<&str> {
        self.names().optional
    }

    /// Returns the functions and operators that are called in expressions.
    ///
    /// ```
    /// let query: rulespec::query::Query = "T | where strlen(A) > 3 and not(B)".parse()?;
    /// assert_eq!(query.function_names().into_iter().collect::<Vec<_>>(), [">", "and", "not", "strlen"]);
    /// # Ok::<(), rulespec::query::Diagnostics>(())
    /// ```
    pub fn function_names(&self) -> BTreeSet<&str> {
        self.names().functions
    }

    fn names(&self) -> Names<'_> {
        let mut names = Names::default();
        for declared in &self.lets {
            match &declared.value {
                LetValue::Scalar(value) => in_expr(value, &mut names),
                LetValue::Table(pipeline) => in_pipeline(pipeline, &mut names),
            }
        }
        in_pipeline(&self.pipeline, &mut names);
        names
    }
}

#[derive(Default)]
struct Names<'a> {
    columns: BTreeSet<&'a str>,
    optional: BTreeSet<&'a str>,
    functions: BTreeSet<&'a str>,
}

fn in_pipeline<'a>(pipeline: &'a Pipeline, names: &mut Names<'a>) {
    match &pipeline.source {
        Source::Table(_) | Source::Datatable(..) => {}
        Source::Print(values) => in_assignments(values, names),
        Source::Parenthesized(inner) => in_pipeline(inner, names),
    }
    for operator in &pipeline.operators {
        match &operator.kind {
            OperatorKind::Where(value) | OperatorKind::Take(value) => in_expr(value, names),
            OperatorKind::Extend(assigned) | OperatorKind::Project(assigned) => {
                in_assignments(assigned, names)
            }
            OperatorKind::Distinct(values) => in_assignments(values, names),
            OperatorKind::ProjectAway(patterns)
            | OperatorKind::ProjectKeep(patterns)
            | OperatorKind::ProjectReorder(patterns) => {
                names.columns.extend(patterns.iter().map(|Pattern { name, .. }| name.text.as_str()));
            }
            OperatorKind::ProjectRename(renamed) => {
                names.columns.extend(renamed.iter().map(|(_, old)| old.text.as_str()));
            }
            OperatorKind::Sort(keys) => keys.iter().for_each(|Key { value, .. }| in_expr(value, names)),
            OperatorKind::Top(count, key) => {
                in_expr(count, names);
                in_expr(&key.value, names);
            }
            OperatorKind::Count(_) => {}
        }
    }
}

fn in_assignments<'a>(assigned: &'a [Assignment], names: &mut Names<'a>) {
    assigned.iter().for_each(|assignment| in_expr(&assignment.value, names));
}

fn in_expr<'a>(expr: &'a Expr, names: &mut Names<'a>) {
    names.functions.extend(called(&expr.kind));
    match &expr.kind {
        ExprKind::Name(name) => drop(names.columns.insert(name)),
        ExprKind::Call(function, arguments) if function.text == "column_ifexists" => {
            let literal = arguments.first().map(|argument| &argument.kind);
            if let Some(ExprKind::Literal(Literal { value: Dynamic::String(name), .. })) = literal {
                names.optional.insert(name);
            }
        }
        _ => {}
    }
    expr.kind.operands().for_each(|operand| in_expr(operand, names));
}

/// The function or operator that an expression calls itself.
fn called(kind: &ExprKind) -> Option<&str> {
    match kind {
        ExprKind::Binary(name, ..)
        | ExprKind::Logical(name, _)
        | ExprKind::List(name, ..)
        | ExprKind::Between(name, _) => Some(name),
        ExprKind::Call(name, _) => Some(&name.text),
        ExprKind::Literal(_)
        | ExprKind::Name(_)
        | ExprKind::Negative(_)
        | ExprKind::Member(..)
        | ExprKind::Element(..) => None,
    }
}
