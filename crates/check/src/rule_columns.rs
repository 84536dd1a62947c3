//! The columns of the tables that a rule can read, and what it compares them with.

use rulespec::kql::{Column, Datetime, ErrorKind, Semantics, Type};
use rulespec::query::{Comparison, Context};
use rulespec::rule::Rule;

/// The columns of the tables that a rule can read.
#[derive(Debug, Default)]
pub(crate) struct RuleColumns {
    /// The columns without which the rule cannot be bound.
    pub required: Vec<Column>,
    /// The columns that it reads if they are there.
    pub optional: Vec<Column>,
    /// The columns of its output that are not in its input.
    pub computed: Vec<Column>,
    /// What it compares columns with.
    pub comparisons: Vec<Comparison>,
}

impl RuleColumns {
    /// The columns of a rule: those that binding it asks for, and those in `column_ifexists`.
    pub fn of(rule: &Rule) -> Self {
        let kql = Semantics::default();
        let context = Context { kql: &kql, now: Datetime::UNIX_EPOCH };
        let mut found = Self::default();
        while let Err(diagnostics) = rule.bind(&found.required, context) {
            let known = found.required.len();
            for diagnostic in diagnostics.all() {
                let name = rule.text().get(diagnostic.span.start..diagnostic.span.end).unwrap_or_default();
                let is_known = found.required.iter().any(|column| column.name == name);
                if diagnostic.kind == ErrorKind::UnknownColumn && !is_known {
                    found.required.push(column(name));
                }
            }
            if found.required.len() == known {
                return found;
            }
        }
        found.optional = rule.query.optional_column_names().into_iter().map(column).collect();
        let all: Vec<Column> = found.required.iter().chain(&found.optional).cloned().collect();
        if let Ok(bound) = rule.bind(&all, context) {
            found.comparisons = bound.comparisons();
            found.computed = bound.columns.into_iter().filter(|column| !all.contains(column)).collect();
        }
        found
    }
}

/// A column of DeviceProcessEvents. Its type follows from its name.
fn column(name: &str) -> Column {
    let r#type = match name {
        "Timestamp" | "TimeGenerated" => Type::Datetime,
        name if name.ends_with("Time") => Type::Datetime,
        name if name.ends_with("ProcessId") || name.ends_with("FileSize") => Type::Long,
        _ => Type::String,
    };
    Column::new(name, r#type)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(columns: &[Column]) -> Vec<&str> {
        columns.iter().map(|column| column.name.as_str()).collect()
    }

    #[test]
    fn the_columns_are_those_that_the_rule_reads() {
        let found = RuleColumns::of(Rule::bitsadmin_activity());
        assert_eq!(found.required.len(), 10);
        assert_eq!(names(&found.optional), ["ProcessVersionInfoOriginalFileName"]);
        assert_eq!(found.computed.len(), 6);
        let mut compared = found.comparisons.iter().map(|found| (&*found.column, found.operator));
        assert_eq!(compared.next_back(), Some(("DeviceName", "has")));
        let rule =
            Rule::from_kql("DeviceProcessEvents | where ProcessId > 1 | project A = Timestamp").unwrap();
        let found = RuleColumns::of(&rule);
        let required = [Column::new("ProcessId", Type::Long), Column::new("Timestamp", Type::Datetime)];
        assert_eq!(found.required, required);
    }
}
