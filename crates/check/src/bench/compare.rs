//! Finds the functions that became slower from one run to another.
//!
//! Ratios to the reference are compared, so the two runs may be from two machines. A
//! function became slower if the intervals of the two ratios do not overlap *and* the
//! new median is more than 20 % above the old one. The first condition excludes noise
//! within a run. The second excludes effects that are constant within a run, such as
//! another memory layout: with one build on one quiet machine, ratios of consecutive
//! runs differed by 14 % while the interval of each was only 2 % wide. Faster is
//! defined likewise.

use super::run::{Asked, Figure, Outcome, Run};
use crate::printable::shortened;

/// The minimum relative change of a median that counts.
pub const MIN_CHANGE: f64 = 0.20;

/// How a function's ratio changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// No significant change.
    Same,
    /// It takes longer.
    Slower,
    /// It takes less time.
    Faster,
    /// It had times before, and the engine no longer supports it.
    Gone,
    /// It has times now, and before it had none or was wrong.
    New,
}

impl Change {
    /// Whether this is a regression.
    pub fn is_worse(self) -> bool {
        matches!(self, Self::Slower | Self::Gone)
    }
}

/// Two runs cannot be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}; {remedy}")]
pub struct Incomparable {
    what: String,
    remedy: &'static str,
}

/// Compares the functions that both runs have, in the order of the new run.
///
/// # Errors
///
/// Returns an error if the runs have no function in common, or differ in their
/// questions, the build of rulespec, or how the reference was asked.
pub fn compare(before: &Run, now: &Run) -> Result<Vec<(String, Change)>, Incomparable> {
    check_settings(before, now)?;
    let pairs = now.figures.iter().filter_map(|figure| Some((before.figure(&figure.r#fn)?, figure)));
    let pairs: Vec<_> = pairs.collect();
    if pairs.is_empty() && !now.figures.is_empty() {
        return Err(incomparable("it has none of these functions", "measure the same ones by --fn"));
    }
    if let Some((_, other)) = pairs.iter().find(|(before, now)| before.workload != now.workload) {
        let what = format!("it asked other questions of {}", other.r#fn);
        return Err(incomparable(&what, "measure both with one version of rulespec"));
    }
    let changes =
        pairs.into_iter().filter_map(|(before, now)| Some((now.r#fn.clone(), change(before, now)?)));
    Ok(changes.collect())
}

/// The change of one function.
pub(super) fn change_of(changes: &[(String, Change)], function: &str) -> Option<Change> {
    changes.iter().find(|(changed, _)| changed == function).map(|(_, change)| *change)
}

/// Checks that two runs can be compared, whatever functions they have.
fn check_settings(before: &Run, now: &Run) -> Result<(), Incomparable> {
    if before.build != now.build {
        let what = "one of the two is of a build of rulespec that is not optimised";
        return Err(incomparable(what, "measure both with `cargo run --release` or an installed rulespec"));
    }
    if before.reference != now.reference {
        let inside = match now.reference {
            Asked::Inside => now,
            Asked::Served => before,
        };
        let name = shortened(&inside.engine.engine, 80);
        return Err(incomparable(
            &format!("{name} was asked in this process, and the other engine by the protocol"),
            "compare two engines after --, or two embedded engines",
        ));
    }
    Ok(())
}

fn incomparable(what: &str, remedy: &'static str) -> Incomparable {
    Incomparable { what: what.to_owned(), remedy }
}

fn change(before: &Figure, now: &Figure) -> Option<Change> {
    let (before, now) = match (before.ratio(), now.ratio()) {
        (Some(before), Some(now)) => (before, now),
        // Wrong answers are reported, and fail, without a comparison.
        (Some(_), None) => return (now.outcome == Outcome::Unsupported).then_some(Change::Gone),
        (None, Some(_)) => return Some(Change::New),
        (None, None) => return None,
    };
    let factor = now.median / before.median;
    Some(if before.overlaps(&now) {
        Change::Same
    } else if factor > 1.0 + MIN_CHANGE {
        Change::Slower
    } else if factor < 1.0 / (1.0 + MIN_CHANGE) {
        Change::Faster
    } else {
        Change::Same
    })
}
