//! The comparison of a rule with another one, or with a port.

use std::thread;
use std::time::Duration;

use pyo3::prelude::*;
use pyo3::types::{PyDelta, PyDict, PyString};
use rulespec::kql::{Column, Dynamic, Type};
use rulespec::rule;
use rulespec_check::diff::{self as library, DiffError, Input, Plan, Watch, Which, finding_text, names_text};
use rulespec_check::engine::NOW;
use rulespec_check::report::Painter;
use rulespec_check::stop::Stop;
use rulespec_events::known_columns;

use crate::error::Failure;
use crate::port::{PythonPort, clock_of};
use crate::rule::Rule;
use crate::value::{Now, Text, to_python};

/// How often signals are looked for while two rules are compared.
const SIGNAL_INTERVAL: Duration = Duration::from_millis(10);

/// How two rules, or a rule and a port of it, differ. It is true if they do.
///
/// ``str(difference)`` is the text of ``rulespec diff``: each finding is the smallest event that shows a
/// cause of differences.
#[pyclass(frozen, module = "rulespec")]
pub struct Difference(library::Difference);

#[pymethods]
impl Difference {
    /// Whether no difference was found, and both sides could be asked to the end.
    #[getter]
    fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// The names of both sides, which are A and B in the findings.
    #[getter]
    fn sides(&self) -> (&str, &str) {
        let [a, b] = &self.0.sides;
        (a, b)
    }

    /// One dict for each cause, as in the JSON of ``rulespec diff``. ``differs`` says in which way:
    /// "selected", "rows", "columns", "error" or "table".
    #[getter]
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let findings = self.0.findings.iter();
        let json = findings.map(|finding| serde_json::to_value(finding).unwrap_or_default());
        json.map(|json| to_python(py, &Dynamic::from_json(&json))).collect()
    }

    /// How many more events differ. Their causes were not determined.
    #[getter]
    fn more(&self) -> u64 {
        self.0.more
    }

    /// How many events both sides were asked about.
    #[getter]
    fn events(&self) -> u64 {
        self.0.events
    }

    /// How many of the events at least one side selects.
    #[getter]
    fn selected(&self) -> u64 {
        self.0.selected
    }

    /// Why a port could not be asked to the end.
    #[getter]
    fn given_up(&self) -> Option<&str> {
        self.0.given_up.as_deref()
    }

    /// Whether both sides were asked about all events. If not, the time was over, or a port was given up.
    #[getter]
    fn complete(&self) -> bool {
        self.0.complete
    }

    /// Return the complete result as JSON, as ``rulespec diff --format json`` does.
    fn json(&self) -> String {
        self.0.json()
    }

    fn _repr_markdown_(&self) -> String {
        self.0.markdown()
    }

    fn __bool__(&self) -> bool {
        !self.0.is_none()
    }

    fn __str__(&self) -> String {
        let findings = self.0.findings.iter().enumerate();
        let findings =
            findings.map(|(index, finding)| finding_text(index + 1, finding, Painter::default()) + "\n");
        let names = names_text(self.0.sides.each_ref().map(String::as_str), Painter::default());
        names + &findings.collect::<String>() + self.0.summary(Painter::default()).trim_end()
    }

    fn __repr__(&self) -> String {
        let summary = self.0.summary(Painter::default());
        let summary = summary.lines().last().unwrap_or_default();
        let first = self.0.findings.first().map(|first| finding_text(1, first, Painter::default()));
        let lines = first.iter().flat_map(|text| text.lines().map(str::trim));
        let first: String = lines.map(|line| format!("; {line}")).collect();
        format!("<rulespec.Difference: {summary}{first}>")
    }
}

/// Compare a rule with another one, or with a port of it.
///
/// A rule is a :class:`Rule` or its text. A port is any function from a table to the rows that it selects:
/// dicts, a table, numbers of rows or bools. Its attribute ``takes`` is the form of the table, a list of
/// dicts by default: see ``rulespec.forms``. ``rulespec.ports`` makes ports of SQL and Sigma.
///
/// The events are made from the predicates and literals of the rules, and from the text of the port: its
/// attribute ``text``, or the literals in its source. An exception of the port is an error as the answer.
///
/// ``cases`` is the number of events: 20000 for two rules and 8192 for a port by default. The same
/// ``seed`` gives the same events. ``time`` limits the search, in seconds or as a timedelta. ``now`` is
/// what ``now()`` returns in rules, and shortly after all events. By default, it is the time that a port
/// has as its attribute ``now``, or else the current time; it is fixed for two rules. ``columns`` are the
/// names and types of all columns that the events have, by default those of DeviceProcessEvents.
///
/// >>> rule = "DeviceProcessEvents | where FileName =~ 'certutil.exe'"
/// >>> def port(events):
/// ...     return [event["FileName"] == "certutil.exe" for event in events]
/// >>> difference = diff(rule, port)
/// >>> bool(difference)
/// True
/// >>> [(finding["differs"], finding["by"]) for finding in difference.findings]
/// [('selected', 'a')]
#[pyfunction]
#[pyo3(signature = (rule, other, /, *, cases=None, seed=1, time=None, now=None, columns=None))]
pub fn diff(
    rule: &Bound<'_, PyAny>,
    other: &Bound<'_, PyAny>,
    cases: Option<u64>,
    seed: u64,
    time: Option<&Bound<'_, PyAny>>,
    now: Option<Now>,
    columns: Option<&Bound<'_, PyDict>>,
) -> PyResult<Difference> {
    let stop = time
        .map_or_else(|| Ok(Stop::default()), |time| duration(time).map(|time| Stop::default().after(time)))?;
    let columns = columns.map_or_else(|| Ok(known_columns()), columns_of)?;
    let a = rule_of(rule)?.ok_or_else(|| Failure::wrong_type("a rule or its text", rule))?;
    let plan = |cases, now| Plan { columns, now, seed, cases };
    if let Some(b) = rule_of(other)? {
        let now = now.map_or_else(|| NOW.parse().map_err(Failure::invalid), |now| Ok(now.0))?;
        let plan = plan(cases.unwrap_or(Plan::RULE_CASES), now);
        return of_rules(rule.py(), a.get(), b.get(), &plan, &stop);
    }
    if !other.is_callable() {
        return Err(Failure::wrong_type("a rule, its text or a port, which is a function", other).into());
    }
    let now = match now {
        Some(now) => now.0,
        None => Now::or_current(clock_of(other)?.map(Now))?,
    };
    let plan = plan(cases.unwrap_or(Plan::PORT_CASES), now);
    with_port(a.get(), PythonPort::new(other, stop.clone())?, &plan, stop, rule.py())
}

/// Compares two rules in another thread, while this one looks for signals.
fn of_rules(py: Python<'_>, a: &Rule, b: &Rule, plan: &Plan, stop: &Stop) -> PyResult<Difference> {
    let compare = || {
        let other = Input::Rule(&b.shown(), b.parsed());
        let watch = Watch { stop: stop.clone(), ..Watch::default() };
        library::diff((&a.shown(), a.parsed()), other, &mut std::iter::empty(), plan, watch)
    };
    let compared = py.detach(|| {
        thread::scope(|scope| {
            let worker = scope.spawn(compare);
            while !worker.is_finished() {
                thread::sleep(SIGNAL_INTERVAL);
                Python::attach(|py| py.check_signals()).inspect_err(|_| stop.request())?;
            }
            Ok::<_, PyErr>(worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
        })
    })?;
    Ok(Difference(compared.map_err(|error| failure(error, a, Some(b)))?))
}

/// Compares a rule with a port in this thread, because a port may be bound to it.
fn with_port(
    a: &Rule,
    mut port: PythonPort,
    plan: &Plan,
    stop: Stop,
    py: Python<'_>,
) -> PyResult<Difference> {
    let compared = py.detach(|| {
        let watch = Watch { stop, ..Watch::default() };
        let other = Input::Port(&mut port);
        library::diff((&a.shown(), a.parsed()), other, &mut std::iter::empty(), plan, watch)
    });
    if let Some(error) = port.ended_by {
        return Err(error);
    }
    let difference = compared.map_err(|error| failure(error, a, None))?;
    match port.gave_up {
        Some(error) if difference.findings.is_empty() => Err(error),
        _ => Ok(Difference(difference)),
    }
}

fn failure(error: DiffError, a: &Rule, b: Option<&Rule>) -> Failure {
    match error {
        DiffError::Rule(Which::B, wrong) => Failure::diagnosed(wrong, b.unwrap_or(a).parsed().text()),
        DiffError::Rule(Which::A, wrong) => Failure::diagnosed(wrong, a.parsed().text()),
        DiffError::Kql(error) => error.into(),
    }
}

/// A rule, given as such or by its text.
fn rule_of<'py>(value: &Bound<'py, PyAny>) -> PyResult<Option<Bound<'py, Rule>>> {
    if value.is_instance_of::<PyString>() {
        let rule = Rule::parse(value.py(), &value.extract::<Text<'_>>()?, rule::Rule::parse, None)?;
        return Bound::new(value.py(), rule).map(Some);
    }
    Ok(value.cast::<Rule>().ok().cloned())
}

fn duration(time: &Bound<'_, PyAny>) -> PyResult<Duration> {
    let seconds = match time.is_instance_of::<PyDelta>() {
        true => time.call_method0("total_seconds")?.extract(),
        false => time.extract::<f64>(),
    };
    let seconds = seconds.map_err(|_| Failure::wrong_type("seconds or a timedelta", time))?;
    Ok(Duration::try_from_secs_f64(seconds).map_err(|error| Failure::invalid(format!("time: {error}")))?)
}

/// The columns of a dict of their types, by name.
fn columns_of(types: &Bound<'_, PyDict>) -> PyResult<Vec<Column>> {
    let column = |(name, r#type): (Bound<'_, PyAny>, Bound<'_, PyAny>)| {
        let name = name.extract::<Text<'_>>()?.0.into_owned();
        let of_type = Type::from_name(&r#type.extract::<Text<'_>>()?.0).ok_or_else(|| {
            Failure::invalid(format!("column {name:?}: expected the name of a KQL type, got {}", r#type))
        })?;
        Ok(Column::new(name, of_type))
    };
    types.iter().map(column).collect()
}
