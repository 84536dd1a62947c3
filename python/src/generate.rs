//! Calls generated from bytes.

use arbitrary::Unstructured;
use pyo3::prelude::*;
use rulespec::Function;
use rulespec::kql::Dynamic;
use rulespec_check::explore::generate::{Case, WellFormed, Wild};

use crate::error::Failure;
use crate::value::to_python;

/// Generates the arguments of a call of a function from bytes, as `rulespec explore` does.
#[pyfunction]
#[pyo3(signature = (function, source, wild=false))]
pub fn arguments<'py>(
    py: Python<'py>,
    function: &str,
    source: &[u8],
    wild: bool,
) -> PyResult<Vec<Bound<'py, PyAny>>> {
    let unknown = |_| Failure::usage(format!("there is no function {function:?}"));
    let function: Function = function.parse().map_err(unknown)?;
    let mut source = Unstructured::new(source);
    let generate = if wild { Case::of::<Wild> } else { Case::of::<WellFormed> };
    let case = generate(function, &mut source).map_err(Failure::usage)?;
    case.args.iter().map(|arg| to_python(py, &Dynamic::from_json(arg))).collect()
}
