//! The rule as KQL text, `spec/rule.kql`.

use rulespec::rule;

#[test]
fn rul_38_the_printed_rule_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/spec/rule.kql");
    if std::env::var_os("RULESPEC_WRITE_RULE").is_some() {
        std::fs::write(path, rule::query()).unwrap();
    }
    let written = std::fs::read_to_string(path).unwrap();
    assert!(
        written == rule::query(),
        "spec/rule.kql is stale; update it with\nRULESPEC_WRITE_RULE=1 cargo test rule_text"
    );
}
