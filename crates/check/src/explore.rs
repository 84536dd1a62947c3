//! A search for cases that an engine answers wrongly.
//!
//! Cases are [generated from bytes](generate), so that proptest, fuzzers and `rulespec
//! explore` share one set of generators. [`explore`] asks an engine thousands of cases a
//! second, simplifies those that are answered wrongly, and attributes further wrong
//! answers to known causes.
//!
//! | module | purpose |
//! |---|---|
//! | [`generate`] | generates cases from bytes |
//! | [`Case::simpler`](generate::Case::simpler) | simplifies a case by one step |
//! | `cases`, with feature `proptest` | a proptest strategy of cases |
//! | [`Exploration`] | the result, as a report, as text and as JSON |
//! | [`found`] | saves finds as vectors |

mod case;
mod cases;
mod cause;
mod comparison;
mod description;
mod exploration;
pub mod found;
pub mod generate;
mod judge;
mod narrow;
mod pace;
mod plan;
mod reduce;
mod search;
mod shape;
mod show;
pub(crate) mod shrink;
pub(crate) mod source;
#[cfg(feature = "proptest")]
mod strategy;
mod suspects;
mod triage;

pub use comparison::{Engines, Make};
pub use exploration::{Exploration, Find, Followed};
pub use plan::{Plan, Watch};
#[cfg(feature = "proptest")]
#[cfg_attr(docsrs, doc(cfg(feature = "proptest")))]
pub use strategy::cases;

use crate::clock::Instant;
use crate::engine::StartError;
use rulespec::suite::Vector;

/// Searches for cases that an engine answers differently from the one it is compared
/// with. The vectors in `saved` are asked first.
///
/// If the plan limits the number of cases and the engine is deterministic, the result
/// depends only on the plan, and not on the number of jobs. An engine so slow that a case cannot
/// be simplified within ten seconds is an exception.
///
/// [`explore_with`] also reports finds as soon as they are made.
///
/// # Errors
///
/// Returns an error if an engine cannot be run or has none of the functions.
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
    explore_with(plan, engines, watch, saved, &mut |_| {})
}

/// Like [`explore()`], and reports each find when it is made: an exploration with this one find. If a
/// simpler case shows the same cause later, the find is reported again.
///
/// The engine is asked for about two seconds before a new find is reported, however slow it is. Its
/// case is simplified further while the search goes on.
///
/// # Errors
///
/// Returns an error if an engine cannot be run or has none of the functions.
pub fn explore_with(
    plan: &Plan,
    engines: Engines<'_>,
    watch: &Watch,
    saved: &[Vector],
    on_find: &mut dyn FnMut(Exploration),
) -> Result<Exploration, StartError> {
    let start = Instant::now();
    let found = search::search(plan, engines, watch, saved, &mut |found, at| {
        on_find(Exploration::of_find(plan, found, at, saved, start.elapsed()));
    })?;
    Ok(Exploration::new(plan, found, saved, start.elapsed()))
}
