//! The style of generated cases.

use arbitrary::{Result, Unstructured};

/// Which cases are generated.
pub trait Style: std::fmt::Debug + Clone + 'static {
    /// Whether to include what the specification leaves undefined.
    const IS_WILD: bool;
}

/// Cases whose answers the specification defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WellFormed {}

/// Any cases: any characters, floating-point numbers, property bags, operands of the
/// wrong type, the wrong number of arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wild {}

impl Style for WellFormed {
    const IS_WILD: bool = false;
}

impl Style for Wild {
    const IS_WILD: bool = true;
}

/// True once in `n` times on average.
pub(super) fn once_in(n: u32, bytes: &mut Unstructured<'_>) -> Result<bool> {
    bytes.ratio(1, n)
}
