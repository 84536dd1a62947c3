//! What a test finds fault with.

/// Asserts that a list of offences is empty, and shows it whole.
pub fn assert_none(what: &str, offences: &[String]) {
    assert!(offences.is_empty(), "{} {what}:\n{}", offences.len(), offences.join("\n"));
}
