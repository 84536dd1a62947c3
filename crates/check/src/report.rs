//! The result of testing one engine against the specification, and its renderings.
//!
//! A [`Report`] includes the questions as well as the answers, so a saved report can
//! be shown and compared later even if the suite has changed.
//!
//! | module | output |
//! |---|---|
//! | [`text`], [`matrix`], [`summary`] | for people: one report, several side by side, a line each |
//! | [`html`] | one page for one or more reports |
//! | [`json`] | everything; can be read back |
//! | [`junit`], [`github`] | for CI systems |
//! | [`mod@call`] | questions and answers, one line each |

pub mod call;
mod cause;
#[doc(hidden)]
pub mod chapter;
mod crash;
mod difference;
pub(crate) mod escape;
pub mod github;
pub mod html;
pub mod json;
pub mod junit;
pub mod matrix;
mod model;
mod painter;
mod rows;
mod standing;
pub mod summary;
mod tally;
pub mod text;
#[doc(hidden)]
pub mod wording;

pub(crate) use cause::reason;
pub use difference::first_difference;
pub use model::{ClauseOutcome, Explanation, OpenPointOutcome, Outcome, Report, Stale, now};
pub use painter::Painter;
pub use standing::{Counts, Standing};
pub(crate) use tally::open_point_outcomes;
