//! Chapter 60: detection rules, and the rule Bitsadmin Activity.
//!
//! A [`Rule`] is a query over `DeviceProcessEvents` and what a template of Sentinel has besides. It is
//! read from KQL or, with the feature `yaml`, from a template. [`Rule::run`] runs it with the reference
//! functions of [`crate::kql`], [`Rule::explain`] shows which predicates decided about a row, and
//! [`Rule::check`] what is wrong with the rest.
//!
//! | module | contents |
//! |---|---|
//! | [`explain`] | why a row is selected or not |
//! | [`entities`] | the entities of a row, and how well they are identified |
//! | [`schedule`] | when a rule runs, and which runs raise an alert |

mod bitsadmin;
mod check;
pub mod entities;
pub mod explain;
pub mod schedule;
mod source;
#[cfg(feature = "yaml")]
mod yaml;

#[cfg(test)]
mod tests;

use crate::kql::{Column, Error, Table};
use crate::query::{BoundQuery, Context, Diagnostics, Query, Schemas};
use schedule::Schedule;
use source::Source;

pub use check::Problem;
pub use entities::{Entity, EntityMapping};
pub use explain::Explanation;

/// The table of process creations.
const TABLE: &str = "DeviceProcessEvents";

/// A detection rule: a query over `DeviceProcessEvents`, and what a template has besides.
///
/// Rules are equal if they mean the same, whatever their text looks like.
///
/// ```
/// use rulespec::kql::{Semantics, Table};
/// use rulespec::query::Context;
/// use rulespec::rule::Rule;
///
/// let rule = Rule::from_kql("DeviceProcessEvents | where FileName =~ 'CERTUTIL.EXE'")?;
/// let table = Table::from_json(&serde_json::json!({
///     "columns": [{"name": "FileName", "type": "string"}],
///     "rows": [["certutil.exe"], ["cmd.exe"]],
/// }))?;
/// let context = Context { kql: &Semantics::default(), now: "2026-01-02".parse()? };
/// assert_eq!(rule.run(&table, context)?.rows().len(), 1);
///
/// let error = Rule::from_kql("DeviceProcessEvents | where FileName").unwrap();
/// assert!(error.bind(table.columns(), context).unwrap_err().to_string().starts_with("1:29: "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Spec: RUL-53
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Rule {
    /// The query.
    pub query: Query,
    /// The GUID of the template.
    pub id: Option<String>,
    /// The display name.
    pub name: Option<String>,
    /// What the rule detects.
    pub description: Option<String>,
    /// The version of the template.
    pub version: Option<String>,
    /// The kind of rule, such as `Scheduled`. A hunting query has none.
    pub kind: Option<String>,
    /// The severity of its alerts.
    pub severity: Option<String>,
    /// The availability of the template.
    pub status: Option<String>,
    /// The data connectors that provide its tables.
    pub required_data_connectors: Vec<Connector>,
    /// The ATT&CK tactics, in Sentinel's spelling.
    pub tactics: Vec<String>,
    /// The ids of the ATT&CK techniques.
    pub techniques: Vec<String>,
    /// When the rule runs, over which period, and when it raises an alert.
    pub schedule: Option<Schedule>,
    /// The columns that identify the entities of a row.
    pub entity_mappings: Vec<EntityMapping>,
    source: Source,
}

/// A data connector.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Connector {
    /// The id of the connector.
    pub connector_id: String,
    /// The tables of the connector that the rule reads.
    pub data_types: Vec<String>,
}

impl Rule {
    /// Parses a query. The rule has nothing else.
    ///
    /// # Errors
    ///
    /// Returns what is no KQL, and what the specification does not cover.
    pub fn from_kql(text: &str) -> Result<Self, Diagnostics> {
        let source = Source { text: text.to_owned(), ..Source::default() };
        Ok(Self::new(text.parse()?, source))
    }

    /// A rule without metadata.
    fn new(query: Query, source: Source) -> Self {
        Self {
            query,
            id: None,
            name: None,
            description: None,
            version: None,
            kind: None,
            severity: None,
            status: None,
            required_data_connectors: vec![],
            tactics: vec![],
            techniques: vec![],
            schedule: None,
            entity_mappings: vec![],
            source,
        }
    }

    /// The text that the rule was parsed from: the query, or a template.
    pub fn text(&self) -> &str {
        &self.source.text
    }

    /// Resolves the names of the query, given the columns of `DeviceProcessEvents`, and checks its
    /// types.
    ///
    /// # Errors
    ///
    /// Returns every name that does not exist, such as that of another table, every operand that has
    /// the wrong type, and what the specification does not cover. The places are those in
    /// [`Rule::text`].
    ///
    /// Spec: RUL-14, RUL-17
    pub fn bind(&self, columns: &[Column], context: Context<'_>) -> Result<BoundQuery, Diagnostics> {
        let tables = Schemas::from([(TABLE.to_owned(), columns.to_vec())]);
        self.query.bind(&tables, context).map_err(|of_query| self.source.diagnostics(of_query))
    }

    /// Runs the query over a table of process creations.
    ///
    /// # Errors
    ///
    /// Returns the error of the first diagnostic of [`Rule::bind`], even if the table has no rows, or
    /// the first error of a function.
    ///
    /// Spec: RUL-14, RUL-15, RUL-17
    pub fn run(&self, table: &Table, context: Context<'_>) -> Result<Table, Error> {
        self.bind(table.columns(), context)?.run(table, context)
    }
}
