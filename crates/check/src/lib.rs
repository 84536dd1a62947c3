//! Tests implementations of Kusto (KQL) semantics against the specification of
//! `rulespec`.
//!
//! ```
//! use rulespec::suite;
//! use rulespec_check::{check, engine::Reference};
//!
//! let mut engine = Reference::default(); // yours here
//! let report = check(&mut engine, &suite::vectors()?)?;
//! assert!(report.conforms());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod bench;
mod conformance;
pub mod digest;
pub mod engine;
#[cfg(feature = "explore")]
pub mod explore;
pub mod export;
#[cfg(feature = "harness")]
pub mod harness;
pub mod import;
pub mod known;
#[cfg(feature = "lint")]
pub mod lint;
pub mod misreading;
pub mod printable;
pub mod report;
pub mod verdict;

pub use conformance::{assert_conforms, check, check_watched};
