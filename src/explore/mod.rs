//! The search for an input that nobody thought of.
//!
//! Questions are [made from bytes](generate), so that one set of generators serves
//! proptest, quickcheck, fuzzers and `rulespec explore` alike.

pub mod generate;
mod shrink;
pub mod source;
