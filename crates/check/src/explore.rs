//! The search for an input that nobody thought of.
//!
//! Questions are [made from bytes](generate), so that one set of generators serves
//! proptest, quickcheck, fuzzers and `rulespec explore` alike. [`explore`] asks an
//! engine thousands of them a second, makes each question that is answered wrongly
//! as simple as it can be, and puts further wrong answers down to what is known.
//!
//! | module | what |
//! |---|---|
//! | [`generate`] | questions, made from bytes |
//! | [`Case::simpler`](generate::Case::simpler) | from a question to simpler ones |
//! | `strategy` | both for proptest and quickcheck |
//! | [`Exploration`] | what was found, as a report, as text and as JSON |
//! | [`found`] | finds kept as vectors |

mod asked;
mod causes;
mod exploration;
pub mod found;
pub mod generate;
mod judge;
mod search;
mod show;
mod shrink;
pub mod source;
mod strategy;
mod suspects;

#[cfg(test)]
mod shortest;
#[cfg(test)]
mod tests;

pub use asked::{Engines, Make};
pub use exploration::{Exploration, Find, Followed};
pub use search::{Plan, Watch};
pub use strategy::{CaseTree, Cases, cases};

use std::time::Instant;

use crate::engine::StartError;
use rulespec::suite::Vector;

/// Searches for questions that an engine answers otherwise than the one it is held
/// against.
///
/// The same plan finds the same, whatever the number of its jobs, where it has a
/// number of cases and the engine always answers alike. `saved` are vectors that are
/// asked first.
///
/// # Errors
///
/// Where an engine cannot be run, or has none of the functions.
///
/// ```
/// use rulespec::Function;
/// use rulespec_check::engine::Engine;
/// use rulespec_check::explore::{Engines, Plan, Watch, explore};
/// use rulespec_check::misreading::named;
///
/// let wrong = || -> Box<dyn Engine> { Box::new(named("has-as-substring").unwrap().engine()) };
/// let plan = Plan { cases: Some(1000), functions: vec![Function::Has], ..Plan::default() };
/// let engines = Engines { engine: &wrong, against: None };
/// let found = explore(&plan, engines, &Watch::default(), &[])?;
/// let vector = &found.report.outcomes[0].vector;
/// assert_eq!(vector.args, ["aa", "a"]);
/// # Ok::<(), rulespec_check::engine::StartError>(())
/// ```
pub fn explore(
    plan: &Plan,
    engines: Engines<'_>,
    watch: &Watch,
    saved: &[Vector],
) -> Result<Exploration, StartError> {
    let start = Instant::now();
    let found = search::search(plan, engines, watch, saved)?;
    Ok(Exploration::of(plan, found, saved, start.elapsed()))
}
