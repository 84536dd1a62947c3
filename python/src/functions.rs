//! The functions of KQL.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};
use rulespec::fast::{
    command_line::split,
    semantics,
    terms::{Term, Terms},
    text,
};
use rulespec::kql::{Dynamic, Type};

use crate::error::Failure;
use crate::value::{Int64, Text, from_python, to_python};

/// `a =~ b`: whether two texts are equal, ignoring case.
///
/// >>> eq_ci("BITSADMIN.EXE", "bitsadmin.exe")
/// True
#[pyfunction]
#[pyo3(signature = (a, b, /))]
pub fn eq_ci(a: Text<'_>, b: Text<'_>) -> bool {
    text::eq_ci(&a.0, &b.0)
}

/// `text has lookup`: whether a text contains a term, ignoring case.
///
/// >>> has("bitsadmin /TRANSFER job", "/Transfer")
/// True
/// >>> has("bitsadmin /addfileset", "/AddFile")
/// False
#[pyfunction]
#[pyo3(signature = (text, lookup, /))]
pub fn has(text: Text<'_>, lookup: Text<'_>) -> bool {
    Term::new(&lookup.0).found_in(&text.0)
}

/// `text has_any (lookups)`: whether a text contains any of the terms.
///
/// >>> has_any("bitsadmin /addfile job", ["/Transfer", "/AddFile"])
/// True
#[pyfunction]
#[pyo3(signature = (text, lookups, /))]
pub fn has_any(text: Text<'_>, lookups: &Bound<'_, PyAny>) -> PyResult<bool> {
    if !lookups.is_instance_of::<PyList>() && !lookups.is_instance_of::<PyTuple>() {
        return Err(Failure::wrong_type("a list of terms", lookups).into());
    }
    let lookups = lookups.try_iter()?.collect::<PyResult<Vec<_>>>()?;
    let terms = lookups.iter().map(|lookup| match lookup.extract::<&str>() {
        Ok(term) => Ok(Cow::Borrowed(term)),
        Err(_) => Ok(Cow::Owned(semantics().call_tostring(&from_python(lookup)?))),
    });
    Ok(Terms::new(terms.collect::<PyResult<Vec<_>>>()?).found_in(&text.0))
}

/// `parse_command_line(line, parser)`: the arguments of a command line, split as Windows
/// does.
///
/// >>> parse_command_line(r'x.exe "a b" c\"d')
/// ['x.exe', 'a b', 'c"d']
/// >>> parse_command_line("x.exe a", "bash")
/// Traceback (most recent call last):
/// rulespec.Error: unknown-parser: parse_command_line has no parser "bash"; it has "windows"
#[pyfunction]
#[pyo3(signature = (line, parser=Text("windows".into())), text_signature = "(line, parser='windows')")]
pub fn parse_command_line<'py>(
    py: Python<'py>,
    line: Text<'_>,
    parser: Text<'_>,
) -> PyResult<Bound<'py, PyAny>> {
    if parser.0 == "windows" {
        return Ok(PyList::new(py, split(&line.0).collect::<Vec<_>>())?.into_any());
    }
    let by = semantics();
    let parsed = (by.parse_command_line)(&by, &line.0, &parser.0).map_err(Failure::from)?;
    to_python(py, &parsed)
}

/// `indexof(text, lookup)`: the offset of the first occurrence, in code points; -1 if
/// there is none, None if `lookup` is empty.
///
/// >>> indexof("zürich.example", ".")
/// 6
/// >>> indexof("host", "") is None
/// True
#[pyfunction]
#[pyo3(signature = (text, lookup, /))]
pub fn indexof(text: Text<'_>, lookup: Text<'_>) -> Option<i64> {
    text::indexof(&text.0, &lookup.0)
}

/// `substring(text, start, length)`: a part of a text, in code points. Without a length,
/// it extends to the end.
///
/// >>> substring("host.corp", 5)
/// 'corp'
/// >>> substring("zürich", -5, 2)
/// 'ür'
#[pyfunction]
#[pyo3(signature = (text, start, length=None))]
pub fn substring(text: Text<'_>, start: Int64, length: Option<Int64>) -> String {
    text::substring(&text.0, start.0, length.map(|length| length.0)).to_owned()
}

/// `array[index]`: an element, counted from 0, or from the end if the index is negative;
/// None if there is no such element.
///
/// >>> element(["bitsadmin", "url", "file"], -1)
/// 'file'
/// >>> element(["bitsadmin"], 1) is None
/// True
#[pyfunction]
#[pyo3(signature = (array, index, /))]
pub fn element<'py>(array: &Bound<'py, PyAny>, index: Int64) -> PyResult<Bound<'py, PyAny>> {
    let by = semantics();
    let Ok(list) = array.cast::<PyList>() else {
        return to_python(array.py(), &(by.element)(&by, &from_python(array)?, index.0));
    };
    // Looks up the position, so that the element itself is not converted.
    let positions = Dynamic::Array((0..list.len() as i64).map(Dynamic::Long).collect());
    match (by.element)(&by, &positions, index.0).as_long().and_then(|at| usize::try_from(at).ok()) {
        Some(position) => list.get_item(position),
        None => Ok(array.py().None().into_bound(array.py())),
    }
}

/// `tostring(value)`: a value as text; never None.
///
/// The type of the value is dynamic unless another KQL type is named.
///
/// >>> tostring(None)
/// ''
/// >>> tostring(["a", True])
/// '["a",true]'
/// >>> tostring(True), tostring(True, "bool")
/// ('true', 'True')
#[pyfunction]
#[pyo3(signature = (value, of_type="dynamic", /))]
pub fn tostring(value: &Bound<'_, PyAny>, of_type: &str) -> PyResult<String> {
    let by = semantics();
    let of_type = Type::from_name(of_type)
        .ok_or_else(|| Failure::invalid(format!("expected the name of a KQL type, got {of_type:?}")))?;
    Ok((by.tostring)(&by, &from_python(value)?, of_type))
}
