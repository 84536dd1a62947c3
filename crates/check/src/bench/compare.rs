//! Finds the functions that became slower from one run to another.
//!
//! Ratios to the reference are compared, so the two runs may be from two machines, or of two
//! engines. The [differences](Difference) are shown in every format, because a change then may not
//! be one of the engine. A function became slower if the intervals of the two ratios do not overlap *and* the
//! new median is more than 20 % above the old one. The first condition excludes noise
//! within a run. The second excludes effects that are constant within a run, such as
//! another memory layout: with one build on one quiet machine, ratios of consecutive
//! runs differed by 14 % while the interval of each was only 2 % wide. Faster is
//! defined likewise.

use super::run::{Asked, Figure, Outcome, Run};
use crate::printable::shortened;

/// The minimum relative change of a median that counts.
pub const MIN_CHANGE: f64 = 0.20;

/// The maximum number of characters of a name in a message.
const MAX_SHOWN: usize = 80;

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

/// The result of a comparison. Empty if there was nothing to compare with.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison {
    /// How each function that both runs have changed, in the order of the new run.
    pub changes: Vec<(String, Change)>,
    /// What else changed.
    pub differences: Vec<Difference>,
}

impl Comparison {
    /// Whether something became slower or is missing.
    pub fn is_worse(&self) -> bool {
        self.changes.iter().any(|(_, change)| change.is_worse())
    }

    /// The change of one function.
    pub(super) fn change_of(&self, function: &str) -> Option<Change> {
        self.changes.iter().find(|(changed, _)| changed == function).map(|(_, change)| *change)
    }
}

/// Something that is not the same in two runs, and may be the reason why ratios differ.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// What differs.
    pub what: &'static str,
    /// Its value in the old run, escaped.
    pub before: String,
    /// Its value in the new run, escaped.
    pub now: String,
}

/// Compares the functions that both runs have, and what was measured where.
///
/// # Errors
///
/// Returns an error if the runs have no function in common, or differ in their
/// questions, the build of rulespec, or how the reference was asked.
pub fn compare(before: &Run, now: &Run) -> Result<Comparison, Incomparable> {
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
    Ok(Comparison { changes: changes.collect(), differences: differences(before, now) })
}

/// What differs between the runs: the engine, the machine or a version.
fn differences(before: &Run, now: &Run) -> Vec<Difference> {
    let values = |run: &Run| {
        let Run { rulespec, machine, engine, .. } = run;
        [&engine.engine, &engine.version, rulespec, &machine.cpu, &machine.cores.to_string(), &machine.os]
            .map(Clone::clone)
    };
    let names = ["engine", "engine version", "rulespec version", "processor", "cores", "system"];
    let pairs = values(before).into_iter().zip(values(now));
    let differing = names.into_iter().zip(pairs).filter(|(_, (before, now))| before != now);
    let shown = |text: &str| shortened(text, MAX_SHOWN);
    let differing =
        differing.map(|(what, (before, now))| Difference { what, before: shown(&before), now: shown(&now) });
    differing.collect()
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
        let name = shortened(&inside.engine.engine, MAX_SHOWN);
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
