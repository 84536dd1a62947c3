//! The functions and operators of chapters 10 to 35.

mod lists;
mod patterns;
mod search;
mod text;

pub(super) use lists::FUNCTIONS as LISTS;
pub(super) use patterns::FUNCTIONS as PATTERNS;
pub(super) use search::FUNCTIONS as SEARCH;
pub(super) use text::FUNCTIONS as TEXT;

use crate::kql::{Argument, Error, ErrorKind};

/// The integer of an argument, which must not be null.
fn integer(argument: &Argument) -> Result<i64, Error> {
    argument.value.as_long().ok_or_else(|| unsupported("a number that is null"))
}

/// The error for a case that the specification leaves out.
fn unsupported(detail: &str) -> Error {
    Error::new(ErrorKind::Unsupported, detail)
}
