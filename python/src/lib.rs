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
//! | `rows` | the rule over a list of dicts |
//! | `suite` | which vectors there are |
//! | `engine` | an object of Python, asked as an engine |
//! | `report` | such an engine held against the suite |
//! | `command` | the `rulespec` command |
//! | `error` | the one exception |

mod activity;
mod command;
mod engine;
mod error;
mod functions;
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
    use crate::command::main;
    #[pymodule_export]
    use crate::error::Error;
    #[pymodule_export]
    use crate::functions::{element, eq_ci, has, has_any, indexof, parse_command_line, substring, tostring};
    #[pymodule_export]
    use crate::report::{Report, check};
    #[pymodule_export]
    use crate::suite::vectors;

    #[pymodule_export]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
