//! The executable specification of one detection rule, and of every piece of
//! Kusto (KQL) and Windows semantics it rests on.
pub mod kql;
pub mod rule;
#[cfg(feature = "telemetry")]
pub mod telemetry;
