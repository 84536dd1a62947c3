//! The `rulespec` command.

use std::ffi::OsString;

use pyo3::prelude::*;

/// Runs the `rulespec` command and returns its exit status. The first argument is the name
/// of the program.
#[pyfunction]
pub fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| rulespec_cli::main(arguments) as u8)
}
