//! How an engine does on a clause, and how many clauses have which state.

use serde::{Deserialize, Serialize};

use super::model::ClauseOutcome;
use crate::glossary;

/// How an engine does on a clause.
///
/// A wrong answer is an answer other than the expected one, a crash, a timeout, or a message that
/// breaks the protocol. Vectors about open points do not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Every vector was asked, and passes.
    Met,
    /// At least one answer is wrong.
    Missed,
    /// Every vector that was asked passes, but not all could be asked.
    PartlyAsked,
    /// No vector could be asked: the engine does not have the functions.
    Unsupported,
    /// No vector was asked: none was selected, or the run ended early.
    NotAsked,
    /// All vectors are about open points, so it can be neither met nor missed.
    Open,
}

impl Standing {
    /// All states, in the order of a legend.
    pub const ALL: [Self; 6] =
        [Self::Met, Self::Missed, Self::PartlyAsked, Self::Unsupported, Self::Open, Self::NotAsked];

    /// The states of clauses that can be met or missed. Each such clause has one of them.
    pub(crate) const COUNTED: [Self; 5] =
        [Self::Met, Self::Missed, Self::PartlyAsked, Self::Unsupported, Self::NotAsked];

    /// The word for this state in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::PartlyAsked => "partly asked",
            Self::Unsupported => "unsupported",
            Self::NotAsked => "not asked",
            Self::Open => "open",
        }
    }

    /// What the state means, in a few words.
    pub fn meaning(self) -> &'static str {
        glossary::standing(self)
    }
}

/// How many clauses have which state. Clauses that no selected vector tests are left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts([usize; 6]);

impl Counts {
    /// The number of clauses with a state.
    pub fn of(&self, standing: Standing) -> usize {
        self.0.get(standing as usize).copied().unwrap_or_default()
    }

    /// The number of clauses that can be met or missed: all but open ones. The numbers of
    /// [`Standing::Met`], [`Missed`](Standing::Missed), [`PartlyAsked`](Standing::PartlyAsked),
    /// [`Unsupported`](Standing::Unsupported) and [`NotAsked`](Standing::NotAsked) add up to it.
    pub fn total(&self) -> usize {
        Standing::COUNTED.iter().map(|standing| self.of(*standing)).sum()
    }

    /// The number of clauses of which at least one vector was asked.
    pub fn asked(&self) -> usize {
        self.of(Standing::Met) + self.of(Standing::Missed) + self.of(Standing::PartlyAsked)
    }
}

impl<'a> FromIterator<&'a ClauseOutcome> for Counts {
    fn from_iter<T: IntoIterator<Item = &'a ClauseOutcome>>(clauses: T) -> Self {
        let mut counts = Self::default();
        for clause in clauses.into_iter().filter(|clause| clause.is_selected()) {
            if let Some(count) = counts.0.get_mut(clause.standing as usize) {
                *count += 1;
            }
        }
        counts
    }
}
