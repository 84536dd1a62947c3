//! What the tests and the fuzz targets of this workspace share. It is not published.

pub mod by_hand;
mod decoded;
pub mod event_log;
pub mod external;
pub mod files;
pub mod held;
pub mod quoted;
pub mod reading;
pub mod targets;

/// Asserts that a list of offences is empty, and shows it whole.
pub fn assert_none(what: &str, offences: &[String]) {
    assert!(offences.is_empty(), "{} {what}:\n{}", offences.len(), offences.join("\n"));
}
