//! The rule over a table.

use super::plan::Plan;
use crate::kql::{Column, Datetime, Error, Semantics, Table};
use crate::query::{BoundQuery, Context};
use crate::rule::Rule;

/// Binds the rule to the columns of a table of process creations.
pub(super) fn bind(columns: &[Column]) -> Result<BoundQuery, Error> {
    let context = Context { kql: &Semantics::default(), now: Datetime::UNIX_EPOCH };
    Ok(Rule::bitsadmin_activity().bind(columns, context)?)
}

/// Runs the rule over a table of process creations.
///
/// # Errors
///
/// Returns the same errors as [`Rule::run`].
///
/// Spec: RUL-12, RUL-13, RUL-14, RUL-15, RUL-16
pub fn bitsadmin_activity(table: &Table) -> Result<Table, Error> {
    Plan::new(&bind(table.columns())?).run(table, Datetime::UNIX_EPOCH)
}
