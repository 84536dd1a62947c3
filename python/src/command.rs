//! The `rulespec` command.

use std::ffi::OsString;

use pyo3::prelude::*;

/// Runs the `rulespec` command, the first of the arguments the name it was called by;
/// returns what the process is to exit with.
#[pyfunction]
pub fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| rulespec_cli::main(arguments) as u8)
}
