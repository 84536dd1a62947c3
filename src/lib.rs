//! The executable specification of one detection rule, and of every piece of
//! Kusto (KQL) and Windows semantics it rests on.
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
//! The rule is *Bitsadmin Activity* (BITS abuse: T1197, T1105, T1048). Rules like
//! it are written for Microsoft's Kusto and then ported to other engines, where
//! they quietly mean something else. This crate defines what each piece means,
//! clause by clause, with the evidence, and implements it.
//!
//! | module | contents |
//! |---|---|
//! | [`kql`] | the reference functions: chapters 10 to 50 of the specification |
//! | [`rule`] | the rule as typed stages, its entities and schedule: chapter 60 |
//! | [`fast`] | the same answers, optimised for many events |
//! | [`suite`] | the clauses and the test vectors, embedded |
//! | [`Function`] | the functions an engine can be asked to call |
//!
//! Three packages build on this one: `rulespec-check` tests engines against the
//! specification, `rulespec-events` reads real telemetry (chapter 70), and
//! `rulespec-cli` is the command `rulespec`.
//!
//! # Crate features
//!
//! None is on by default.
//!
//! * `arrow`: [`fast::columns`](crate::fast), the rule over Arrow record batches.

#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod fast;
mod function;
#[doc(hidden)]
pub mod json;
pub mod kql;
pub mod rule;
pub mod suite;

pub use function::{Function, UnknownFunction};
