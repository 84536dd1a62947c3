//! Rules, over any kind of table that Python has.

use std::borrow::Cow;
use std::hash::{DefaultHasher, Hash, Hasher};

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};
use rulespec::fast::plan;
use rulespec::kql::{Column, Datetime, Dynamic, Semantics, Table};
use rulespec::query::{BoundQuery, Context, Diagnostics};
use rulespec::rule;
use rulespec_events::known_columns;

use crate::arrow::{self, Plan};
use crate::describe;
use crate::error::Failure;
use crate::rows::{self, Rows};
use crate::value::{Now, Text, from_python, to_python};

/// Run the rule Bitsadmin Activity over a table of process creations.
///
/// This is ``Rule.bitsadmin_activity().run(table)``.
///
/// >>> columns = ["TimeGenerated", "DeviceId", "DeviceName", "FileName", "ProcessId",
/// ...     "InitiatingProcessFolderPath", "InitiatingProcessAccountDomain",
/// ...     "InitiatingProcessAccountName", "InitiatingProcessSHA256"]
/// >>> event = dict.fromkeys(columns) | {"FileName": "bitsadmin.exe",
/// ...     "ProcessCommandLine": r"bitsadmin /transfer j http://x/a C:\a"}
/// >>> bitsadmin_activity([event])[0]["RemoteUrl"]
/// 'http://x/a'
#[pyfunction]
#[pyo3(signature = (table, /))]
pub fn bitsadmin_activity<'py>(table: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    run(rule::Rule::bitsadmin_activity(), table, Datetime::UNIX_EPOCH)
}

/// A detection rule: a query in KQL over DeviceProcessEvents, and what a template of Sentinel has
/// besides.
///
/// The text is KQL, or a template in YAML: an analytic rule or a hunting query. It is a template
/// if it begins like one, with a name and a colon. :meth:`from_kql` and :meth:`from_yaml` do not
/// guess. Rules are equal if they mean the same.
///
/// >>> rule = Rule("DeviceProcessEvents | where FileName =~ 'certutil.exe' | project FileName")
/// >>> rule.run([{"FileName": "CertUtil.exe"}, {"FileName": "cmd.exe"}])
/// [{'FileName': 'CertUtil.exe'}]
/// >>> Rule("DeviceProcessEvents | wher true")
/// Traceback (most recent call last):
/// rulespec.Error: syntax: 1:23: there is no operator "wher"
#[pyclass(frozen, module = "rulespec")]
pub struct Rule {
    rule: Cow<'static, rule::Rule>,
    /// The static method that made the rule, if the class did not.
    made_by: Option<&'static str>,
}

impl Rule {
    /// Parses a text.
    pub fn parse(
        py: Python<'_>,
        text: &Text<'_>,
        parse: fn(&str) -> Result<rule::Rule, Diagnostics>,
        made_by: Option<&'static str>,
    ) -> PyResult<Self> {
        let text: &str = &text.0;
        let parsed = py.detach(|| parse(text));
        let rule = parsed.map_err(|wrong| Failure::diagnosed(wrong, text))?;
        Ok(Self { rule: Cow::Owned(rule), made_by })
    }

    /// The rule itself.
    pub fn parsed(&self) -> &rule::Rule {
        &self.rule
    }

    /// The name of the rule, or else the beginning of its query.
    pub fn shown(&self) -> String {
        const MAX_LEN: usize = 60;
        let shown = self.rule.name.clone().unwrap_or_else(|| one_line(&self.query()));
        match shown.char_indices().nth(MAX_LEN) {
            Some((end, _)) => format!("{}…", &shown[..end]),
            None => shown,
        }
    }

    /// The rule, bound to all columns of DeviceProcessEvents.
    fn bind_to_known(&self) -> Result<BoundQuery, Failure> {
        bind(&self.rule, &known_columns(), Datetime::UNIX_EPOCH)
    }
}

#[pymethods]
impl Rule {
    #[new]
    #[pyo3(signature = (text, /))]
    fn new(py: Python<'_>, text: Text<'_>) -> PyResult<Self> {
        Self::parse(py, &text, rule::Rule::parse, None)
    }

    /// Parse a query in KQL.
    #[staticmethod]
    #[pyo3(signature = (text, /))]
    fn from_kql(py: Python<'_>, text: Text<'_>) -> PyResult<Self> {
        Self::parse(py, &text, rule::Rule::from_kql, Some("from_kql"))
    }

    /// Parse a template of Sentinel in YAML.
    ///
    /// >>> Rule.from_yaml("name: Certutil\nquery: DeviceProcessEvents | take 1").name
    /// 'Certutil'
    #[staticmethod]
    #[pyo3(signature = (text, /))]
    fn from_yaml(py: Python<'_>, text: Text<'_>) -> PyResult<Self> {
        Self::parse(py, &text, rule::Rule::from_yaml, Some("from_yaml"))
    }

    /// The rule Bitsadmin Activity, which the specification is about.
    #[staticmethod]
    fn bitsadmin_activity() -> Self {
        let rule = Cow::Borrowed(rule::Rule::bitsadmin_activity());
        Self { rule, made_by: Some("bitsadmin_activity") }
    }

    /// The text that the rule was parsed from.
    #[getter]
    fn text(&self) -> &str {
        self.rule.text()
    }

    /// The query, as the specification prints it.
    #[getter]
    fn query(&self) -> String {
        self.rule.query.to_string()
    }

    /// The id of the template, which is a GUID.
    #[getter]
    fn id(&self) -> Option<&str> {
        self.rule.id.as_deref()
    }

    /// The display name.
    #[getter]
    fn name(&self) -> Option<&str> {
        self.rule.name.as_deref()
    }

    /// What the rule detects.
    #[getter]
    fn description(&self) -> Option<&str> {
        self.rule.description.as_deref()
    }

    /// The version of the template.
    #[getter]
    fn version(&self) -> Option<&str> {
        self.rule.version.as_deref()
    }

    /// The kind of rule, such as "Scheduled". A hunting query has none.
    #[getter]
    fn kind(&self) -> Option<&str> {
        self.rule.kind.as_deref()
    }

    /// The severity of its alerts.
    #[getter]
    fn severity(&self) -> Option<&str> {
        self.rule.severity.as_deref()
    }

    /// The availability of the template.
    #[getter]
    fn status(&self) -> Option<&str> {
        self.rule.status.as_deref()
    }

    /// The ATT&CK tactics, in Sentinel's spelling.
    #[getter]
    fn tactics(&self) -> &[String] {
        &self.rule.tactics
    }

    /// The ids of the ATT&CK techniques.
    #[getter]
    fn techniques(&self) -> &[String] {
        &self.rule.techniques
    }

    /// When the rule runs and when it raises an alert: "frequency" and "period" are timedeltas,
    /// and "operator" compares the number of results with "threshold".
    #[getter]
    fn schedule<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        to_python(py, &self.rule.schedule.map_or(Dynamic::Null, describe::schedule))
    }

    /// Run the rule over a table, and return a table of the same kind.
    ///
    /// The table is a list of dicts, or an object with the Arrow PyCapsule interface, or a dict
    /// with "columns" and "rows" as in the protocol. The answer to an Arrow table is a
    /// :class:`Table`. ``now`` is what ``now()`` returns, in UTC if it has no time zone; without
    /// it, the current time.
    ///
    /// >>> from datetime import datetime
    /// >>> rule = Rule("DeviceProcessEvents | where TimeGenerated > ago(1h) | count")
    /// >>> rule.run([{"TimeGenerated": datetime(2026, 1, 2, 3)}], now=datetime(2026, 1, 2, 3, 30))
    /// [{'Count': 1}]
    #[pyo3(signature = (table, /, now=None))]
    fn run<'py>(&self, table: &Bound<'py, PyAny>, now: Option<Now>) -> PyResult<Bound<'py, PyAny>> {
        run(&self.rule, table, Now::or_current(now)?)
    }

    #[pyo3(signature = (table, /, now=None))]
    fn __call__<'py>(&self, table: &Bound<'py, PyAny>, now: Option<Now>) -> PyResult<Bound<'py, PyAny>> {
        self.run(table, now)
    }

    /// Bind the rule to the columns of an Arrow schema, to run it over many tables.
    ///
    /// ``now`` is what ``now()`` returns in each run; without it, the current time of the run.
    #[pyo3(signature = (columns, /, now=None))]
    fn plan(&self, columns: &Bound<'_, PyAny>, now: Option<Now>) -> PyResult<Plan> {
        Plan::new(&self.rule, columns, now.map(|now| now.0))
    }

    /// Return the columns of the result, with their types, for a table with all columns of
    /// DeviceProcessEvents.
    ///
    /// >>> Rule("DeviceProcessEvents | project ProcessId, Name = tolower(FileName)").columns()
    /// {'ProcessId': 'long', 'Name': 'string'}
    fn columns<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let columns = PyDict::new(py);
        for column in self.bind_to_known()?.columns {
            columns.set_item(column.name, column.r#type.as_str())?;
        }
        Ok(columns)
    }

    /// Return what is wrong with the rule besides its query, such as an entity mapping to a
    /// column that the result does not have. The result is that of :meth:`columns`.
    fn problems<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let problems = self.rule.check(&self.bind_to_known()?.columns);
        to_python(py, &describe::problems(&problems, self.rule.text()))
    }

    /// Explain why the rule selects a row or not.
    ///
    /// ``sort``, ``take`` and the like, and what follows them, are not looked at.
    ///
    /// >>> rule = Rule("DeviceProcessEvents | where FileName has 'cmd' and ProcessId > 4")
    /// >>> explanation = rule.explain({"FileName": "cmd.exe", "ProcessId": 4})
    /// >>> explanation["matched"]
    /// False
    /// >>> [finding["predicate"] for finding in explanation["findings"] if finding["decides"]]
    /// ['ProcessId > 4']
    #[pyo3(signature = (row, /, now=None))]
    fn explain<'py>(&self, row: &Bound<'py, PyAny>, now: Option<Now>) -> PyResult<Bound<'py, PyAny>> {
        let now = Now::or_current(now)?;
        let rows = Rows::new(vec![dict(row)?], |_| true)?;
        rows.check_named(&self.rule)?;
        let bound = rows.bind(&self.rule, now)?;
        let context = Context { kql: &Semantics::default(), now };
        let explained = rows.table.rows_by_name().map(|row| self.rule.explain(&bound, row, context)).next();
        let explained = explained.transpose().map_err(Failure::from)?;
        let text = self.rule.text();
        let described = explained.map_or(Dynamic::Null, |found| describe::explanation(&found, text));
        to_python(row.py(), &described)
    }

    /// Return the entities of a row of the rule's result.
    ///
    /// >>> row = {"DeviceId": "1", "HostName": "ws07", "DnsDomain": "corp.example"}
    /// >>> entities = Rule.bitsadmin_activity().entities(row)
    /// >>> entities[0]["type"], entities[0]["identifiers"]["HostName"]
    /// ('Host', 'ws07')
    #[pyo3(signature = (row, /))]
    fn entities<'py>(&self, row: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
        let rows = Rows::new(vec![dict(row)?], |_| true)?;
        let mappings = self.rule.entity_mappings.iter().flat_map(|mapping| &mapping.identifiers);
        rows.check_readable(mappings.map(|identifier| &*identifier.column))?;
        let entities = rows.table.rows_by_name().flat_map(|row| self.rule.entities(row));
        to_python(row.py(), &Dynamic::Array(entities.map(describe::entity).collect()))
    }

    fn __eq__(&self, other: &Bound<'_, PyAny>) -> bool {
        other.cast::<Self>().is_ok_and(|other| self.rule == other.get().rule)
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.query().hash(&mut hasher);
        hasher.finish()
    }

    /// Pickles the text. That of Bitsadmin Activity is only its query.
    fn __reduce__<'py>(slf: &Bound<'py, Self>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let (py, class, rule) = (slf.py(), slf.get_type(), slf.get());
        let make = rule.made_by.map_or(Ok(class.clone().into_any()), |name| class.getattr(name))?;
        let arguments = match rule.rule {
            Cow::Borrowed(_) => PyTuple::empty(py),
            Cow::Owned(_) => PyTuple::new(py, [rule.text()])?,
        };
        Ok((make, arguments))
    }

    fn __repr__(&self) -> String {
        format!("<rulespec.Rule: {}>", self.shown())
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Binds a rule to the columns of a table.
pub fn bind(rule: &rule::Rule, columns: &[Column], now: Datetime) -> Result<BoundQuery, Failure> {
    let context = Context { kql: &Semantics::default(), now };
    rule.bind(columns, context).map_err(|wrong| Failure::diagnosed(wrong, rule.text()))
}

/// Runs a rule over a table of any kind.
fn run<'py>(rule: &rule::Rule, table: &Bound<'py, PyAny>, now: Datetime) -> PyResult<Bound<'py, PyAny>> {
    if let Ok(rows) = table.cast::<PyList>() {
        rows::select(rule, rows, now).map(Bound::into_any)
    } else if let Ok(dict) = table.cast::<PyDict>() {
        select_from_protocol(rule, dict, now)
    } else if arrow::is_table(table)? {
        Ok(Bound::new(table.py(), arrow::select(rule, table, now)?)?.into_any())
    } else {
        let expected = "an Arrow table, a list of dicts, or a dict of columns and rows";
        Err(Failure::wrong_type(expected, table).into())
    }
}

/// Runs a rule over a table in the form of the protocol, which is that of the vectors.
///
/// Spec: PRO-04
fn select_from_protocol<'py>(
    rule: &rule::Rule,
    dict: &Bound<'py, PyDict>,
    now: Datetime,
) -> PyResult<Bound<'py, PyAny>> {
    let table = Table::from_json(&from_python(dict)?.to_json()).map_err(Failure::from)?;
    let plan = plan::Plan::new(&bind(rule, table.columns(), now)?);
    let selected = dict.py().detach(|| plan.run(&table, now)).map_err(Failure::from)?;
    to_python(dict.py(), &Dynamic::from_json(&selected.to_json()))
}

fn dict<'py>(row: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyDict>> {
    match row.cast::<PyDict>() {
        Ok(row) => Ok(row.clone()),
        Err(_) => Err(Failure::wrong_type("a dict", row).into()),
    }
}
