//! Tests of the specification, of the reference and of the repository.

mod clauses;
mod mutants;
mod norms;
mod properties;
mod publishing;
mod query;
mod records;
mod selection;
mod traceability;
