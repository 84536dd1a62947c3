//! An executable specification of one detection rule, and of the Kusto (KQL) and Windows
//! semantics it depends on.
//!
//! ```
//! use rulespec::kql::{Dynamic, Profile, has, parse_command_line};
//!
//! let profile = Profile::default();
//! assert!(has("bitsadmin /TRANSFER job", "/Transfer", &profile));
//! assert!(!has("bitsadmin /addfileset", "/AddFile", &profile));
//!
//! let arguments = parse_command_line(r#"foo "" bar"#, "windows", &profile)?;
//! assert_eq!(arguments, Dynamic::strings(["foo", "", "bar"]));
//! # Ok::<(), rulespec::kql::Error>(())
//! ```
//!
//! The rule is *Bitsadmin Activity* (BITS abuse: T1197, T1105, T1048). Rules like it are
//! written for Microsoft's Kusto and then ported to other engines, where their meaning
//! changes without notice. This crate defines what each part means, clause by clause and
//! with the evidence, and implements it.
//!
//! # Overview
//!
//! * [`kql`] has the reference functions of chapters 10 to 50 of the specification, such as
//!   [`kql::has`] and [`kql::parse_command_line`]. They take and return a [`kql::Dynamic`]
//!   or a [`kql::Table`], and answer open points as a [`kql::Profile`] says.
//! * [`query`] is chapter 55: the text of a query, parsed, bound and run over a table.
//! * [`rule`] is chapter 60: rules, their entities and their schedule. [`rule::Rule::run`] runs one.
//! * [`fast`] gives the same answers, optimized for many events.
//! * [`suite`] has the specification as data: each [`suite::Clause`] and each test
//!   [`suite::Vector`], embedded in the library.
//! * [`Function`] lists the functions that an engine can be asked to call.
//!
//! Three packages build on this one: `rulespec-check` tests engines against the
//! specification, `rulespec-events` reads real telemetry (chapters 70 to 74), and `rulespec-cli`
//! is the command `rulespec`.
//!
//! # Crate features
//!
//! No feature is enabled by default.
//!
//! * `arrow`: `fast::plan` and `fast::columns` over Arrow record batches.
//! * `yaml`: `rule::Rule::parse` and `from_yaml`, rules in YAML.

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod fast;
mod function;
#[doc(hidden)]
pub mod json;
pub mod kql;
pub mod query;
pub mod rule;
pub mod suite;

pub use function::{Function, UnknownFunction};
