//! The rule, as each detection and each alert names it.

use std::rc::Rc;

use rulespec::query::BoundQuery;
use rulespec::query::bound::Step;
use rulespec::rule::Rule;
use serde_json::{Value as Json, json};

/// The names of the values of [`About`] as columns of detections.
pub const COLUMNS: [&str; 4] = ["RuleId", "RuleName", "Severity", "Techniques"];

/// The names of the values of [`About`] as members, and as columns of alerts.
pub const MEMBERS: [&str; 4] = ["rule_id", "rule_name", "severity", "techniques"];

/// The columns that are shown if the rule names none for its result.
const DEFAULT: [&str; 7] = [
    "TimeGenerated",
    "DeviceName",
    "AccountDomain",
    "AccountName",
    "FileName",
    "ProcessCommandLine",
    "InitiatingProcessFileName",
];

/// The columns that a transfer has besides the time and the device.
const TRANSFER: [&str; 3] = ["Direction", "RemoteUrl", "LocalFile"];

/// What outputs say of a rule.
#[derive(Debug, Clone)]
pub struct About {
    /// The GUID of the rule.
    id: Option<String>,
    /// Its name.
    name: Option<String>,
    severity: Option<String>,
    techniques: Vec<String>,
    /// The columns of the result that outputs with few columns have.
    pub columns: Vec<String>,
}

impl About {
    /// What outputs say of a rule, given its query bound to all columns of DeviceProcessEvents. A rule
    /// without a name has that of its file.
    pub fn new(rule: &Rule, bound: &BoundQuery, file: Option<&str>) -> Rc<Self> {
        Rc::new(Self {
            id: rule.id.clone(),
            name: rule.name.clone().or_else(|| file.map(str::to_owned)),
            severity: rule.severity.clone(),
            techniques: rule.techniques.clone(),
            columns: columns(bound),
        })
    }

    /// What outputs say of Bitsadmin Activity.
    #[cfg(test)]
    pub fn builtin() -> Rc<Self> {
        let kql = rulespec::kql::Semantics::default();
        let context = rulespec::query::Context { kql: &kql, now: "2026-01-02".parse().unwrap() };
        let rule = Rule::bitsadmin_activity();
        Self::new(rule, &rule.bind(&rulespec_events::known_columns(), context).unwrap(), None)
    }

    /// The name of the rule, for a heading.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or("A rule without a name")
    }

    /// Whether a detection is a transfer, with a direction, a URL and a file.
    pub fn is_transfer(&self) -> bool {
        TRANSFER.iter().all(|name| self.columns.iter().any(|column| column == name))
    }

    /// Its id, name, severity and techniques as JSON.
    pub fn values(&self) -> [Json; 4] {
        [json!(self.id), json!(self.name), json!(self.severity), json!(self.techniques)]
    }

    /// Its id, name, severity and techniques as text.
    pub fn texts(&self) -> [String; 4] {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        [text(&self.id), text(&self.name), text(&self.severity), self.techniques.join(", ")]
    }
}

/// The columns that a rule chose for its result: those it projects or moves to the front, and those
/// that it adds.
fn columns(bound: &BoundQuery) -> Vec<String> {
    let mut chosen: Vec<String> = vec![];
    let mut added: Vec<String> = vec![];
    for step in &bound.steps {
        match step {
            Step::Project(assigned) => {
                chosen = assigned.iter().map(|(column, _)| column.name.clone()).collect();
                added.clear();
            }
            Step::Reorder(listed) => chosen.clone_from(listed),
            Step::Extend(assigned) => added.extend(assigned.iter().map(|(column, _)| column.name.clone())),
            Step::Count(_) | Step::Distinct | Step::Sort(_) | Step::Take(_) | Step::Where(_) => {}
        }
    }
    if chosen.is_empty() {
        chosen = DEFAULT.map(str::to_owned).to_vec();
    }
    for name in added {
        if !chosen.contains(&name) {
            chosen.push(name);
        }
    }
    let exists = |name: &String| bound.columns.iter().any(|column| column.name == *name);
    chosen.retain(exists);
    chosen
}
