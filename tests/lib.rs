//! Tests of the specification, of the reference and of the repository.

mod clauses;
mod mutants;
mod norms;
mod properties;
mod query;
mod records;
mod rule_text;
mod selection;
mod traceability;
