//! Conformance in a test of your own: one line, and the test fails with what an
//! engine gets wrong.
//!
//! For a test a vector see `harness` (feature `harness`).

use crate::check::check;
use crate::engine::Engine;
use crate::report::text;
use crate::suite;

/// Holds an engine against the whole specification.
///
/// # Panics
///
/// Where the engine does not conform or cannot be run; the message is the report
/// that `rulespec check` shows.
///
/// ```
/// use rulespec::{conformance::assert_conforms, engine::Reference};
///
/// assert_conforms(&mut Reference::default()); // yours here
/// ```
#[track_caller]
pub fn assert_conforms(engine: &mut dyn Engine) {
    let vectors = suite::vectors().unwrap_or_else(|error| panic!("the suite is broken: {error}"));
    let report = check(engine, &vectors).unwrap_or_else(|error| panic!("the engine cannot be run: {error}"));
    assert!(report.conforms(), "\n{}", text::render(&report, text::Options::default()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::misreading;

    #[test]
    #[should_panic(expected = "looks like  has-as-substring: explains all")]
    fn a_misreading_is_told_with_its_explanation() {
        assert_conforms(&mut misreading::named("has-as-substring").unwrap().engine());
    }
}
