//! The answers of the reference, at the pace of memory.
//!
//! Everything here answers under the default [`Profile`](crate::kql::Profile), and
//! as the functions of [`crate::kql`] and [`crate::rule`] do: exhaustion over small
//! scopes and properties hold it to them. What it is for is many events; to read
//! what a function means, read the reference.
//!
//! | module | what |
//! |---|---|
//! | [`command_line`] | `parse_command_line`, borrowing from the line |
//! | [`terms`] | `has` and `has_any`, of terms that are prepared once |
//! | [`text`] | `=~`, `indexof`, `substring` |
//! | `columns` | the rule over Arrow record batches (feature `arrow`) |
//! | [`rule`] | the rule: names first, command lines only of what is left |

mod bytes;
#[cfg(feature = "arrow")]
pub mod columns;
pub mod command_line;
mod folding;
pub mod rule;
mod semantics;
pub mod terms;
pub mod text;
#[cfg(feature = "arrow")]
#[doc(hidden)]
pub mod text_column;

pub use semantics::semantics;
