//! Chapter 60: the rule Bitsadmin Activity.
//!
//! The rule is a pipeline of six [`stages`]. [`bitsadmin_activity`] runs them with
//! the reference functions of [`crate::kql`], [`query`] prints them as KQL text,
//! and [`explain()`] shows which predicates decided about a row.
//!
//! A [`Stage`] is a tabular operator and an [`Expression`] a scalar one. Both are
//! type-checked against the columns of a table, evaluated, and printed as KQL text.
//!
//! | module | contents |
//! |---|---|
//! | [`mod@explain`] | why a row is selected or not |
//! | [`entities`] | the hosts and processes of a row, and how well they are identified |
//! | [`schedule`] | when the rule runs, and which runs raise an alert |

mod bitsadmin;
mod check;
mod definition;
pub mod entities;
mod evaluate;
pub mod explain;
mod expression;
mod print;
pub mod schedule;
mod source;
mod stage;
mod types;
#[cfg(feature = "yaml")]
mod yaml;

#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use crate::kql::{Error, Profile, Semantics, Table, Type, eq_ci, has};

pub use check::Problem;
pub use definition::{Connector, Rule};
pub use entities::{Entity, EntityMapping};
pub use explain::explain;
pub use expression::Expression;
pub use stage::Stage;

/// The program the rule looks for.
pub const PROGRAM: &str = "bitsadmin.exe";
/// The column with the original file name of the program. A table may lack it.
pub const ORIGINAL_FILE_NAME: &str = "ProcessVersionInfoOriginalFileName";
/// The switches that transfer a file. The command line must have one of them.
pub const SWITCHES: [&str; 4] = ["/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges"];
/// The switch that distinguishes an upload from a download.
pub const UPLOAD: &str = "/Upload";
/// The index of the URL in the arguments: the last but one.
const REMOTE_URL: i64 = -2;
/// The index of the local file in the arguments: the last.
const LOCAL_FILE: i64 = -1;
/// The columns that a table must have: those that the rule refers to outside `column_ifexists`.
///
/// Spec: RUL-14, TEL-45
pub const REQUIRED_COLUMNS: [(&str, Type); 10] = [
    ("TimeGenerated", Type::Datetime),
    ("DeviceId", Type::String),
    ("DeviceName", Type::String),
    ("FileName", Type::String),
    ("InitiatingProcessFolderPath", Type::String),
    ("InitiatingProcessAccountDomain", Type::String),
    ("InitiatingProcessAccountName", Type::String),
    ("InitiatingProcessSHA256", Type::String),
    ("ProcessId", Type::Long),
    ("ProcessCommandLine", Type::String),
];
/// The first columns of the output, in order.
///
/// Spec: RUL-09
pub const FIRST_COLUMNS: [&str; 12] = [
    "TimeGenerated",
    "DeviceId",
    "DeviceName",
    "Direction",
    "RemoteUrl",
    "LocalFile",
    "InitiatingProcessFolderPath",
    "InitiatingProcessAccountDomain",
    "InitiatingProcessAccountName",
    "InitiatingProcessSHA256",
    "ProcessId",
    "ProcessCommandLine",
];

/// The six stages of the rule, in order.
///
/// ```
/// use rulespec::rule::{Stage, stages};
///
/// assert_eq!(stages().len(), 6);
/// assert!(matches!(stages()[0], Stage::Where(_)));
/// ```
///
/// Spec: RUL-01, RUL-02, RUL-03, RUL-04, RUL-05, RUL-06, RUL-07, RUL-08, RUL-09, RUL-10, RUL-11
pub fn stages() -> &'static [Stage] {
    static STAGES: LazyLock<Vec<Stage>> = LazyLock::new(|| {
        vec![
            Stage::Where(selection()),
            extend([("ParsedCommandLine", parsed_command_line())]),
            extend([
                ("RemoteUrl", argument(REMOTE_URL)),
                ("LocalFile", argument(LOCAL_FILE)),
                ("Direction", direction()),
            ]),
            Stage::ProjectReorder(FIRST_COLUMNS.map(str::to_owned).to_vec()),
            extend([("HostName", host_name())]),
            extend([("DnsDomain", dns_domain())]),
        ]
    });
    &STAGES
}

/// Runs the rule over a table of process creations.
///
/// Returns each selected row once, in input order, with the six computed columns added or replaced.
///
/// # Errors
///
/// Returns [`UnknownColumn`](crate::kql::ErrorKind::UnknownColumn) if the table lacks
/// one of the [`REQUIRED_COLUMNS`], and [`WrongType`](crate::kql::ErrorKind::WrongType)
/// if a column has a type that the rule cannot use. Both apply to empty tables too.
///
/// ```
/// use rulespec::kql::{Profile, Table};
/// use rulespec::rule::bitsadmin_activity;
///
/// let string = ["DeviceId", "DeviceName", "FileName", "InitiatingProcessFolderPath",
///     "InitiatingProcessAccountDomain", "InitiatingProcessAccountName", "InitiatingProcessSHA256",
///     "ProcessCommandLine"].map(|name| serde_json::json!({"name": name, "type": "string"}));
/// let mut columns = string.to_vec();
/// columns.push(serde_json::json!({"name": "TimeGenerated", "type": "datetime"}));
/// columns.push(serde_json::json!({"name": "ProcessId", "type": "long"}));
/// let row = serde_json::json!(["id", "pc.corp", "bitsadmin.exe", "", "", "", "",
///     r"bitsadmin /transfer j http://x/a C:\a", null, 7]);
/// let table = Table::from_json(&serde_json::json!({"columns": columns, "rows": [row]}))?;
///
/// let selected = bitsadmin_activity(&table, &Profile::default())?;
/// let urls = selected.rows_by_name().map(|row| row.cell("RemoteUrl").cloned());
/// assert_eq!(urls.collect::<Result<Vec<_>, _>>()?, ["http://x/a".into()]);
/// # Ok::<(), rulespec::kql::Error>(())
/// ```
///
/// Spec: RUL-12, RUL-13, RUL-14, RUL-15, RUL-16
pub fn bitsadmin_activity(table: &Table, profile: &Profile) -> Result<Table, Error> {
    run(stages(), table, &Semantics::with_profile(*profile))
}

/// Runs stages over a table with the functions in `kql`, which may differ from the reference.
///
/// # Errors
///
/// Returns the first error of [`Stage::apply`].
pub fn run(stages: &[Stage], table: &Table, kql: &Semantics) -> Result<Table, Error> {
    stages.iter().try_fold(table.clone(), |table, stage| stage.apply(&table, kql))
}

/// The rule as KQL text, with a trailing newline.
///
/// Spec: RUL-38
pub fn query() -> String {
    let stages = stages().iter().map(|stage| format!("| {stage}\n"));
    std::iter::once("DeviceProcessEvents\n".to_owned()).chain(stages).collect()
}

/// Whether the rule selects an event, given the values that its first stage reads.
///
/// ```
/// use rulespec::{kql::Profile, rule::selects};
///
/// let profile = Profile::default();
/// let line = r"x /transfer j http://x/a C:\a";
/// assert!(selects("x.exe", Some("bitsadmin.exe"), line, &profile));
/// assert!(!selects("x.exe", None, line, &profile));
/// ```
///
/// Spec: RUL-01, RUL-02, RUL-03, RUL-04
pub fn selects(
    file_name: &str,
    original_file_name: Option<&str>,
    command_line: &str,
    profile: &Profile,
) -> bool {
    let named = |name: &str| eq_ci(name, PROGRAM, profile);
    (named(file_name) || original_file_name.is_some_and(named))
        && SWITCHES.iter().any(|switch| has(command_line, switch, profile))
}

fn extend<const N: usize>(assigned: [(&str, Expression); N]) -> Stage {
    Stage::Extend(assigned.map(|(name, value)| (name.to_owned(), value)).to_vec())
}

/// Spec: RUL-01, RUL-02, RUL-03, RUL-04
fn selection() -> Expression {
    let original_name = Expression::column_ifexists(ORIGINAL_FILE_NAME, string("ColumnNotAvailable"));
    let is_program = column("FileName").eq_ci(string(PROGRAM)).or(original_name.eq_ci(string(PROGRAM)));
    is_program.and(command_line().has_any(SWITCHES.map(string)))
}

/// Spec: RUL-05
fn parsed_command_line() -> Expression {
    command_line().parse_command_line(string("windows"))
}

/// Spec: RUL-06, RUL-07
fn argument(index: i64) -> Expression {
    column("ParsedCommandLine").element(Expression::Long(index)).tostring()
}

/// Spec: RUL-08
fn direction() -> Expression {
    is_upload().iff(string("Upload"), string("Download"))
}

fn is_upload() -> Expression {
    command_line().has(string(UPLOAD))
}

/// Spec: RUL-10
fn host_name() -> Expression {
    let host = device_name().substring(Expression::Long(0), first_dot());
    has_dot().iff(host, device_name())
}

/// Spec: RUL-11
fn dns_domain() -> Expression {
    let domain = device_name().substring(first_dot().add(Expression::Long(1)), None);
    has_dot().iff(domain, string(""))
}

fn has_dot() -> Expression {
    device_name().has(string("."))
}

fn first_dot() -> Expression {
    device_name().indexof(string("."))
}

fn command_line() -> Expression {
    column("ProcessCommandLine")
}

fn device_name() -> Expression {
    column("DeviceName")
}

fn column(name: &str) -> Expression {
    Expression::column(name)
}

fn string(text: &str) -> Expression {
    Expression::string(text)
}
