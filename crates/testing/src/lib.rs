//! Code that the tests and the fuzz targets of this workspace share. Not published.

pub mod citations;
pub mod command_line;
pub mod event_log;
pub mod evtx_oracle;
pub mod external;
pub mod files;
pub mod log_damage;
pub mod query_check;
pub mod query_text;
pub mod quote;
pub mod reader;
pub mod rule;
pub mod straight_line;
pub mod targets;

/// Asserts that a list of problems is empty; otherwise panics with all of them.
pub fn assert_none(what: &str, problems: &[String]) {
    assert!(problems.is_empty(), "{} {what}:\n{}", problems.len(), problems.join("\n"));
}

/// The examples of the documents for users, which are run as documentation tests.
#[cfg(doctest)]
mod documents {
    #[doc = include_str!("../../../docs/library.md")]
    struct Library;

    #[doc = include_str!("../../events/README.md")]
    struct Events;
}
