//! Times an engine, function by function, and compares it with the reference.
//!
//! Every function of the protocol has a fixed [workload]. The engine and the reference
//! are asked it in turn, round by round. The result is the ratio of their times in one
//! round. It depends little on the machine, so runs on two machines can be
//! [compared](compare). Answers are checked against the reference while they are timed.
//!
//! | module | content |
//! |---|---|
//! | [workload] | the questions of each function |
//! | [measure](mod@measure) | rounds, clocks and answers |
//! | [statistics] | the median and its confidence interval |
//! | [saved] | a run as JSON, which can be read back |
//! | [compare] | which functions became slower |
//! | [text], [csv], [chart] | a run for people, for spreadsheets, and for a web page |

pub mod chart;
pub mod compare;
pub mod csv;
#[doc(hidden)]
pub mod data;
mod machine;
pub mod measure;
mod run;
pub mod saved;
pub mod statistics;
pub mod text;
mod units;
pub mod workload;

pub use machine::Machine;
pub use measure::{Effort, Sides, measure};
pub use run::{Asked, Build, Figure, Outcome, Run, Times, Wrong};
pub use statistics::Interval;
