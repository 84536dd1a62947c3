//! The executable specification of one detection rule, and of every piece of
//! Kusto (KQL) and Windows semantics it rests on.
pub mod engine;
pub mod kql;
pub mod rule;
pub mod suite;
#[cfg(feature = "telemetry")]
pub mod telemetry;
