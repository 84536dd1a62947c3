//! Chapter 55: the text of queries.

use rulespec::kql::{Semantics, Table};
use rulespec::query::{BoundQuery, Context, Diagnostics, Query, Schemas};

/// Binds a query to the columns of the rule's table.
fn bind(text: &str, columns: &Table) -> Result<BoundQuery, Diagnostics> {
    let query: Query = text.parse()?;
    let schemas = Schemas::from([("DeviceProcessEvents".to_owned(), columns.columns().to_vec())]);
    let kql = Semantics::default();
    query.bind(&schemas, Context { kql: &kql, now: "2026-01-02".parse().unwrap() })
}

#[test]
fn the_rule_is_parsed_bound_and_printed() {
    let text = include_str!("../spec/rule.kql");
    let query: Query = text.parse().unwrap();
    assert_eq!(format!("{query}\n"), text);
    let columns =
        rulespec::rule::REQUIRED_COLUMNS.map(|(name, r#type)| rulespec::kql::Column::new(name, r#type));
    let table = Table::new(columns.to_vec()).unwrap();
    let bound = bind(text, &table).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    assert_eq!(bound.columns.len(), 16);
}
