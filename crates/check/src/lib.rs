//! Tests implementations of Kusto (KQL) semantics against the specification of [`rulespec`].
//!
//! ```
//! use rulespec::suite;
//! use rulespec_check::{check, engine::Reference};
//!
//! let mut engine = Reference::default(); // your engine
//! let report = check(&mut engine, &suite::vectors()?)?;
//! assert!(report.conforms());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Overview
//!
//! * [`engine::Engine`] is the trait of an implementation under test.
//!   [`engine::process::Process`] is an engine in any language that runs as its own process.
//! * [`check()`] asks an engine every test vector and returns a [`report::Report`].
//!   [`assert_conforms()`] does the same as an assertion for a test, and `harness` runs one test
//!   per vector.
//! * [`verdict`] compares one answer with what a vector wants.
//! * [`report`] renders a report as text, HTML, JSON, JUnit XML and more.
//! * [`stop`] ends a run early.
//! * [`known`] reads lists of known failures, so that a test fails only when something changes.
//! * [`misreading`] has engines that each get one clause of the specification wrong. They test the
//!   vectors, and explain the failures of other engines.
//! * `diff` compares two rules, or a rule and a port of it.
//! * `explore` searches for further calls that an engine answers incorrectly.
//! * [`export`] writes vectors as KQL queries, and [`import`] reads the results of Kusto.
//!
//! # Crate features
//!
//! None is enabled by default.
//!
//! * **diff** adds the module `diff`: a search for events about which two rules, or a rule and a port of it,
//!   disagree.
//! * **explore** adds the module `explore`: generated calls, and a search for wrong answers.
//! * **harness** adds the module `harness`: one test per vector for `cargo test`.
//! * **lint** adds the module `lint`: checks for hand-written vectors.
//! * **proptest** adds `explore::cases`: generated calls as a strategy of proptest.

#![cfg_attr(docsrs, feature(doc_cfg))]

#[doc(hidden)]
pub mod bench;
mod bounded;
mod clock;
mod conformance;
#[cfg(feature = "diff")]
#[cfg_attr(docsrs, doc(cfg(feature = "diff")))]
pub mod diff;
#[doc(hidden)]
pub mod digest;
pub mod engine;
#[cfg(feature = "explore")]
#[cfg_attr(docsrs, doc(cfg(feature = "explore")))]
pub mod explore;
pub mod export;
#[doc(hidden)]
pub mod glossary;
#[cfg(feature = "harness")]
#[cfg_attr(docsrs, doc(cfg(feature = "harness")))]
pub mod harness;
pub mod import;
pub mod known;
#[cfg(feature = "lint")]
#[cfg_attr(docsrs, doc(cfg(feature = "lint")))]
pub mod lint;
pub mod misreading;
mod os_limit;
mod panic_text;
#[doc(hidden)]
pub mod printable;
pub mod report;
mod rule_columns;
#[doc(hidden)]
pub mod site;
pub mod spreadsheet;
pub mod stop;
mod table_difference;
pub mod verdict;

pub use conformance::{CheckOptions, assert_conforms, check, check_with};
#[doc(hidden)]
pub use panic_text::panic_text;
