//! Fast implementations of the reference functions, for large numbers of events.
//!
//! They return the same results as the functions of [`crate::kql`] and [`crate::rule`]
//! under the default [`Profile`](crate::kql::Profile). Exhaustive tests over small inputs
//! and property tests compare the two. To learn what a function means, read the reference.
//!
//! | module | contents |
//! |---|---|
//! | [`command_line`] | `parse_command_line`, with arguments borrowed from the line |
//! | [`terms`] | `has` and `has_any`, with prepared lookups |
//! | [`text`] | `=~`, `indexof`, `substring` |
//! | [`plan`] | prepared plans for any query |
//! | [`rule`] | the rule over a table |
//! | [`alerts`] | the alerts of many detections |
//! | `columns` | the rule over Arrow record batches (feature `arrow`) |
//!
//! Nothing here knows the rule's columns or literals: `rule` and `columns` are its text, planned.

pub mod alerts;
mod bytes;
#[cfg(feature = "arrow")]
#[cfg_attr(docsrs, doc(cfg(feature = "arrow")))]
pub mod columns;
pub mod command_line;
mod folding;
#[cfg(feature = "arrow")]
mod literals;
pub mod plan;
pub mod rule;
mod semantics;
pub mod terms;
pub mod text;
#[cfg(feature = "arrow")]
#[doc(hidden)]
pub mod text_column;

pub use semantics::semantics;
