//! The executable specification of one detection rule, and of every piece of
//! Kusto (KQL) and Windows semantics it rests on.
//!
//! The rule is *Bitsadmin Activity* (BITS abuse: T1197, T1105, T1048). Rules like
//! it are written for Microsoft's Kusto and then ported to other engines, where
//! they quietly mean something else. This crate says what each piece means, clause
//! by clause, on what evidence, and answers by it.
//!
//! | module | what |
//! |---|---|
//! | [`kql`] | the reference functions: chapters 10 to 50 of the specification |
//! | [`rule`] | the rule as typed stages, its entities and schedule: chapter 60 |
//! | [`fast`] | the same answers at the pace of memory |
//! | `telemetry` | real events as rows of DeviceProcessEvents: chapter 70 (feature `telemetry`) |
//! | [`suite`] | the clauses and the test vectors, embedded |
//! | [`Function`] | what an engine can be asked for |
//! | [`engine`] | how an engine is asked |
//! | [`check`](mod@check), [`verdict`] | an engine held against the suite, question by question |
//! | [`bench`](mod@bench) | how long an engine takes, beside the reference |
//! | [`conformance`] | the same in one line of a test |
//! | `harness` | a test a vector for `cargo test` (feature `harness`) |
//! | [`misreading`] | engines that are wrong in one way, and which of them an engine looks like |
//! | [`report`] | one result, rendered many ways |
//! | `explore` | questions made from bytes, and the search for a wrong answer (feature `explore`) |
//! | [`export`] | the suite in other forms, for a real Kusto above all |
//! | `digest` | one hash for all the answers of a small scope (feature `cli`) |
//! | `targets` | what is fuzzed (feature `fuzzing`) |
//! | `import` | what such a Kusto answered, as a report (feature `cli`) |
//! | `cli` | the `rulespec` command (feature `cli`) |
//! | [`printable`](mod@printable) | text of others, made safe to show |
//!
//! # What does `has` mean?
//!
//! ```
//! use rulespec::kql::{Profile, has};
//!
//! let profile = Profile::default();
//! assert!(has("bitsadmin /TRANSFER job", "/Transfer", &profile));
//! assert!(!has("bitsadmin /addfileset", "/AddFile", &profile));
//! assert!(has("host.domain", ".", &profile));
//! ```
//!
//! # How is a command line split?
//!
//! ```
//! use rulespec::kql::{Dynamic, Profile, parse_command_line};
//!
//! let parsed = parse_command_line(r#"foo "" bar"#, "windows", &Profile::default())?;
//! assert_eq!(parsed, Dynamic::strings(["foo", "", "bar"]));
//! # Ok::<(), rulespec::kql::Error>(())
//! ```
//!
//! # Does my engine agree?
//!
//! ```
//! use rulespec::{check::check, engine::Reference, suite};
//!
//! let mut engine = Reference::default(); // yours here
//! let report = check(&mut engine, &suite::vectors()?)?;
//! assert!(report.conforms());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod bench;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod conformance;
#[cfg(feature = "cli")]
pub mod digest;
pub mod engine;
#[cfg(feature = "explore")]
pub mod explore;
pub mod export;
pub mod fast;
mod function;
#[cfg(feature = "harness")]
pub mod harness;
#[cfg(feature = "cli")]
pub mod import;
pub mod kql;
pub mod misreading;
pub mod printable;
pub mod report;
pub mod rule;
pub mod suite;
#[cfg(any(feature = "fuzzing", all(test, feature = "explore", feature = "telemetry")))]
pub mod targets;
#[cfg(feature = "telemetry")]
pub mod telemetry;
#[cfg(feature = "arrow")]
mod text_column;
pub mod verdict;

pub use function::{Function, UnknownFunction};
