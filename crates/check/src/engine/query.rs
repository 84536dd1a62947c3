//! How the reference runs a query over tables.

use std::collections::BTreeMap;

use rulespec::kql::{Error, ErrorKind, Semantics, Table};
use rulespec::query::bound::BoundSource;
use rulespec::query::{BoundQuery, Context, Query, Schemas};

/// What `now()` returns when a query is asked.
///
/// Spec: PRO-25
pub const NOW: &str = "2026-01-02T03:04:05.6789012Z";

/// The tables that a query can read, by name.
pub type Tables = BTreeMap<String, Table>;

/// Runs the text of a query over tables. `now()` is `NOW`.
pub type RunQuery = fn(&Semantics, &str, &Tables) -> Result<Table, Error>;

/// Parses, binds and runs a query.
pub(crate) fn run_query(kql: &Semantics, text: &str, tables: &Tables) -> Result<Table, Error> {
    run_changed(kql, &text.parse()?, tables, |_| {})
}

/// Binds a query, changes it, and runs it.
pub(crate) fn run_changed(
    kql: &Semantics,
    query: &Query,
    tables: &Tables,
    change: fn(&mut BoundQuery),
) -> Result<Table, Error> {
    let schema = |(name, table): (&String, &Table)| (name.clone(), table.columns().to_vec());
    let schemas: Schemas = tables.iter().map(schema).collect();
    let now = NOW.parse().map_err(|_| Error::new(ErrorKind::WrongType, NOW))?;
    let context = Context { kql, now };
    let mut bound = query.bind(&schemas, context)?;
    change(&mut bound);
    let none = Table::default();
    let table = match &bound.source {
        BoundSource::Table(name, _) => tables.get(name).unwrap_or(&none),
        BoundSource::Rows(_) => &none,
    };
    bound.run(table, context)
}
