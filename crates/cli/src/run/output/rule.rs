//! The rule, as each detection and each alert names it.

use rulespec::rule::metadata;
use serde_json::{Value as Json, json};

/// The names of the [`values`] as columns of detections.
pub const COLUMNS: [&str; 4] = ["RuleId", "RuleName", "Severity", "Techniques"];

/// The names of the [`values`] as members, and as columns of alerts.
pub const MEMBERS: [&str; 4] = ["rule_id", "rule_name", "severity", "techniques"];

/// The ATT&CK techniques of the rule.
pub fn techniques() -> Vec<&'static str> {
    metadata().attack.iter().map(|attack| attack.technique).collect()
}

/// Its id, name, severity and techniques as JSON.
pub fn values() -> [Json; 4] {
    let rule = metadata();
    [json!(rule.id), json!(rule.name), json!(rule.severity), json!(techniques())]
}

/// Its id, name, severity and techniques as text.
pub fn texts() -> [String; 4] {
    let rule = metadata();
    [rule.id.to_owned(), rule.name.to_owned(), rule.severity.to_owned(), techniques().join(", ")]
}
