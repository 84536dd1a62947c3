//! The rule, as each detection and each alert names it.

use rulespec::rule::Rule;
use serde_json::{Value as Json, json};

/// The names of the [`values`] as columns of detections.
pub const COLUMNS: [&str; 4] = ["RuleId", "RuleName", "Severity", "Techniques"];

/// The names of the [`values`] as members, and as columns of alerts.
pub const MEMBERS: [&str; 4] = ["rule_id", "rule_name", "severity", "techniques"];

/// The ATT&CK techniques of the rule.
pub fn techniques() -> &'static [String] {
    &Rule::bitsadmin_activity().techniques
}

/// Its id, name, severity and techniques as JSON.
pub fn values() -> [Json; 4] {
    let rule = Rule::bitsadmin_activity();
    [json!(rule.id), json!(rule.name), json!(rule.severity), json!(techniques())]
}

/// Its id, name, severity and techniques as text.
pub fn texts() -> [String; 4] {
    let rule = Rule::bitsadmin_activity();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [text(&rule.id), text(&rule.name), text(&rule.severity), techniques().join(", ")]
}
