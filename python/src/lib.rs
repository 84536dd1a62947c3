//! The extension module of the Python package `rulespec`.
//!
//! It converts Python values to those of the Rust library and back. It has no semantics of
//! its own: every answer is the library's.
//!
//! | module | contents |
//! |---|---|
//! | `functions` | the functions of KQL |
//! | `value` | conversion between Python values and KQL values |
//! | `rule` | rules, over any kind of table |
//! | `arrow` | a rule over Arrow tables |
//! | `rows` | a rule over a list of dicts |
//! | `describe` | what rules say, as values |
//! | `suite` | the vectors, and their selection |
//! | `engine` | a Python object as an engine |
//! | `report` | the check of an engine against the suite |
//! | `diff` | the comparison of a rule with another one, or with a port |
//! | `port` | a Python function as a port |
//! | `generate` | calls generated from bytes |
//! | `command` | the `rulespec` command |
//! | `error` | the exception type |

mod arrow;
mod command;
mod describe;
mod diff;
mod engine;
mod error;
mod functions;
mod generate;
mod port;
mod report;
mod rows;
mod rule;
mod suite;
mod value;

use pyo3::prelude::*;

/// The contents of the extension module.
#[pymodule]
mod _rulespec {
    #[pymodule_export]
    use crate::arrow::{Plan, Table};
    #[pymodule_export]
    use crate::command::main;
    #[pymodule_export]
    use crate::diff::{Difference, diff};
    #[pymodule_export]
    use crate::error::Error;
    #[pymodule_export]
    use crate::functions::{element, eq_ci, has, has_any, indexof, parse_command_line, substring, tostring};
    #[pymodule_export]
    use crate::generate::arguments;
    #[pymodule_export]
    use crate::report::{Report, check};
    #[pymodule_export]
    use crate::rule::{Rule, bitsadmin_activity};
    #[pymodule_export]
    use crate::suite::vectors;

    #[pymodule_export]
    #[allow(non_upper_case_globals)] // Python's name for it
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
