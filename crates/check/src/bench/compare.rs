//! What became slower from one run to another.
//!
//! What is compared is the ratio to the reference, so that the two runs may be of two
//! machines. A function has become slower where the intervals of the two ratios have
//! no value in common and the new median is more than 20 % above the old one: the
//! first rules out noise within a run, the second what does not show within one (another
//! place in memory). Of one build on one quiet machine, ratios of nearby runs were seen
//! to differ by 14 % while each had an interval of 2 %. Faster is the same the other way.

use super::{Figure, Outcome, Run};
use crate::printable::shortened;

/// By how much a median must differ to count.
pub const MARGIN: f64 = 0.20;

/// What became of a function's ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// Nothing beyond the noise.
    Same,
    /// It takes longer.
    Slower,
    /// It takes less long.
    Faster,
    /// It had times and has none any more.
    Gone,
    /// It has times and had none, or was wrong.
    New,
}

impl Change {
    /// Whether it is one for the worse.
    pub fn is_worse(self) -> bool {
        matches!(self, Self::Slower | Self::Gone)
    }

    /// The word that is shown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Slower => "slower",
            Self::Faster => "faster",
            Self::Gone => "gone",
            Self::New => "new",
        }
    }
}

/// Two runs that say nothing about each other.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}; {remedy}")]
pub struct Incomparable {
    what: String,
    remedy: &'static str,
}

/// One comparison a figure of the new run that has something to be compared with, in
/// their order.
///
/// # Errors
///
/// Where the runs are of other questions, of another build of rulespec or of a
/// reference asked otherwise, or have no function in common.
pub fn compare(before: &Run, now: &Run) -> Result<Vec<(String, Change)>, Incomparable> {
    comparable(before, now)?;
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

/// Whether two runs can be compared at all, whatever functions they have.
fn comparable(before: &Run, now: &Run) -> Result<(), Incomparable> {
    if before.build != now.build {
        let what = "one of the two is of a build of rulespec that is not optimised";
        return Err(incomparable(what, "measure both with `cargo run --release` or an installed rulespec"));
    }
    if before.reference != now.reference {
        let what = format!(
            "{} was asked in this process, and the other engine by the protocol",
            match now.reference {
                super::Asked::Inside => name(now),
                super::Asked::Served => name(before),
            }
        );
        return Err(incomparable(
            &what,
            "compare an engine after -- with such a one, and one inside with one inside",
        ));
    }
    Ok(())
}

fn name(run: &Run) -> String {
    shortened(&run.engine.engine, 80)
}

fn incomparable(what: &str, remedy: &'static str) -> Incomparable {
    Incomparable { what: what.to_owned(), remedy }
}

fn change(before: &Figure, now: &Figure) -> Option<Change> {
    let (before, now) = match (before.ratio(), now.ratio()) {
        (Some(before), Some(now)) => (before, now),
        // That it is wrong now is told, and counts, without any comparison.
        (Some(_), None) => return (now.outcome == Outcome::Unsupported).then_some(Change::Gone),
        (None, Some(_)) => return Some(Change::New),
        (None, None) => return None,
    };
    Some(match now.median / before.median {
        _ if before.overlaps(&now) => Change::Same,
        by if by > 1.0 + MARGIN => Change::Slower,
        by if by < 1.0 / (1.0 + MARGIN) => Change::Faster,
        _ => Change::Same,
    })
}
