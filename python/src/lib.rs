//! The extension module of the Python package `rulespec`.
//!
//! It turns values of Python into those of the library and back, and means nothing
//! of its own: every answer is the library's.
//!
//! | module | what |
//! |---|---|
//! | `functions` | the functions of KQL, one by one |
//! | `value` | values of Python as those of KQL, and back |
//! | `activity` | the rule over whatever Python calls a table |
//! | `arrow` | the rule over tables of Arrow |
//! | `rows` | the rule over a list of dicts |
//! | `suite` | which vectors there are |
//! | `engine` | an object of Python, asked as an engine |
//! | `report` | such an engine held against the suite |
//! | `questions` | questions to engines, made from bytes |
//! | `command` | the `rulespec` command |
//! | `error` | the one exception |

mod activity;
mod arrow;
mod command;
mod engine;
mod error;
mod functions;
mod questions;
mod report;
mod rows;
mod suite;
mod value;

use pyo3::prelude::*;

/// What the package `rulespec` is made of.
#[pymodule]
mod _rulespec {
    #[pymodule_export]
    use crate::activity::bitsadmin_activity;
    #[pymodule_export]
    use crate::arrow::{Plan, Table};
    #[pymodule_export]
    use crate::command::main;
    #[pymodule_export]
    use crate::error::Error;
    #[pymodule_export]
    use crate::functions::{element, eq_ci, has, has_any, indexof, parse_command_line, substring, tostring};
    #[pymodule_export]
    use crate::questions::arguments;
    #[pymodule_export]
    use rulespec_check::report::{Report, check};
    #[pymodule_export]
    use rulespec::suite::vectors;

    #[pymodule_export]
    #[allow(non_upper_case_globals)] // Python's name for it
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
