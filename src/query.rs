//! Chapter 55: the text of a query.
//!
//! A text is parsed to a [`Query`], bound to the columns of a table, and run:
//!
//! ```
//! use rulespec::kql::{Semantics, Table};
//! use rulespec::query::{Context, Query, Schemas};
//!
//! let table = Table::from_json(&serde_json::json!({
//!     "columns": [{"name": "FileName", "type": "string"}],
//!     "rows": [["bitsadmin.exe"], ["cmd.exe"]],
//! }))?;
//! let query: Query = "Events | where FileName has 'BITSADMIN'".parse()?;
//!
//! let schemas = Schemas::from([("Events".to_owned(), table.columns().to_vec())]);
//! let kql = Semantics::default();
//! let context = Context { kql: &kql, now: "2026-01-02".parse().unwrap() };
//! let bound = query.bind(&schemas, context)?;
//! assert_eq!(bound.run(&table, context)?.rows().len(), 1);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | module | contents |
//! |---|---|
//! | [`syntax`] | the syntax tree, which prints itself as text |
//! | [`bound`] | the bound query |
//! | [`function`] | the functions and operators of expressions, with their parameters |

mod bind;
pub mod bound;
mod diagnostic;
pub mod function;
mod keyword;
mod literal;
mod literals;
mod names;
mod parse;
mod print;
mod run;
pub mod syntax;
mod token;
mod trace;

pub use bind::Schemas;
pub use bound::BoundQuery;
#[doc(hidden)]
pub use diagnostic::similar;
pub use diagnostic::{Diagnostic, Diagnostics, Span};
pub use function::Function;
pub use literal::Literal;
pub use literals::Comparison;
pub use parse::MAX_LEN;
#[doc(hidden)]
pub use parse::OPERATORS;
pub use run::Context;
pub(crate) use run::{evaluate_constant, sorted_by};
pub use syntax::Query;
