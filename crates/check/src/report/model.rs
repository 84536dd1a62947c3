use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::engine::{Answer, Hello};
use crate::verdict::Verdict;
use rulespec::suite::Vector;

/// The result of testing one engine against one suite.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// The version of this library.
    pub rulespec: String,
    /// The engine's answer to `hello`.
    pub engine: Hello,
    /// The command that ran the engine; empty for an embedded engine.
    pub command: Vec<String>,
    /// The directory of the vectors; `None` for the embedded suite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suite: Option<String>,
    /// The file of recorded answers; `None` if an engine was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// The date in RFC 3339, UTC.
    pub date: String,
    /// The time that all questions took together, in milliseconds.
    pub took_ms: u64,
    /// How often the engine had to be started again. Calls that were open were asked again.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub restarts: u64,
    /// One per vector, in the order of the suite.
    pub outcomes: Vec<Outcome>,
    /// One per clause that engines are asked about, in the order of the chapters.
    pub clauses: Vec<ClauseOutcome>,
    /// One per open point that some answered vector touches.
    pub open_points: Vec<OpenPointOutcome>,
    /// Likely misreadings, best explanation first. Each adds to those before it.
    pub explanations: Vec<Explanation>,
    /// Known failures whose vector no longer exists.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<Stale>,
    /// For questions that are in no suite: the command that asks each again, by id.
    #[serde(skip)]
    pub again: BTreeMap<String, String>,
}

/// The current time in RFC 3339, UTC, to the second.
pub fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// For `serde`, which passes a reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// A known failure that names no vector of the suite.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stale {
    /// The id that no vector has.
    pub id: String,
    /// The file of known failures.
    pub file: String,
    /// The line in that file, counted from 1.
    pub line: usize,
}

/// The outcome of one vector.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The complete vector.
    #[serde(flatten)]
    pub vector: Vector,
    /// The engine's answer.
    pub answer: Answer,
    /// The verdict on the answer.
    pub verdict: Verdict,
    /// If this is a known failure, the reason given for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
}

/// How an engine does on one clause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClauseOutcome {
    /// The clause's id.
    pub id: String,
    /// The clause's sentence.
    pub text: String,
    /// Its source location: `spec/10-command-line.md:41`.
    pub place: String,
    /// Whether the engine meets it.
    pub standing: Standing,
    /// The number of its vectors that pass, without open ones.
    pub passed: usize,
    /// The number of its vectors, without open ones.
    pub asked: usize,
}

/// Whether an engine meets a clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Every vector that was asked passes.
    Met,
    /// At least one vector does not pass.
    Missed,
    /// The engine has none of the functions that its vectors call.
    Unsupported,
    /// Only open points were asked, so it can be neither met nor missed.
    Open,
    /// No vector was asked.
    NotAsked,
}

/// Which alternative of an open point an engine follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenPointOutcome {
    /// The open point's id.
    pub id: String,
    /// The alternatives that all answers follow. Empty if there is no such alternative.
    pub follows: Vec<String>,
    /// The alternative that the reference follows.
    pub default: String,
    /// The number of vectors that touch it and were answered.
    pub asked: usize,
    /// The vectors whose answer follows no alternative.
    pub outside: Vec<String>,
}

/// One misreading, or several combined, and how well it predicts an engine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Explanation {
    /// The names of the misreadings.
    pub misreadings: Vec<String>,
    /// The vectors whose wrong answer it predicts exactly, without those that an
    /// earlier explanation predicts.
    pub explains: Vec<String>,
    /// The number of wrong answers: not the expected answer or, at an open point,
    /// none of the alternatives.
    pub failures: usize,
    /// The number of answers, right or wrong, that it and the earlier explanations
    /// predict.
    pub predicts: usize,
    /// The number of answers, without those that follow an alternative of an open
    /// point.
    pub answers: usize,
}

impl Report {
    /// Whether every failure is known and every known failure still fails.
    pub fn conforms(&self) -> bool {
        self.stale.is_empty() && self.outcomes.iter().all(|outcome| !outcome.is_news())
    }

    /// The time that all questions took together: `12 ms`, `1.50 s`.
    pub fn took(&self) -> String {
        match self.took_ms {
            short @ 0..1000 => format!("{short} ms"),
            long => format!("{:.2} s", long as f64 / 1000.0),
        }
    }

    /// The number of clauses that are met, and the number that were asked about.
    pub fn clauses_met(&self) -> (usize, usize) {
        let met = self.count(Standing::Met);
        (met, met + self.count(Standing::Missed) + self.count(Standing::Unsupported))
    }

    /// The number of clauses with a standing.
    pub fn count(&self, standing: Standing) -> usize {
        self.clauses.iter().filter(|clause| clause.standing == standing).count()
    }

    /// The clauses that a vector tests.
    pub(crate) fn clauses_of(&self, outcome: &Outcome) -> impl Iterator<Item = &ClauseOutcome> {
        self.clauses.iter().filter(|clause| outcome.vector.clauses.contains(&clause.id))
    }

    /// The explanations by vector.
    pub(crate) fn explained(&self) -> Explained<'_> {
        let ids = |explanation| -> (&Explanation, &[String]) { (explanation, &explanation.explains) };
        // Reversed, so that the best explanation of a vector is the one that stays.
        let all = self.explanations.iter().rev().map(ids);
        Explained(all.flat_map(|(one, ids)| ids.iter().map(move |id| (id.as_str(), one))).collect())
    }
}

/// The best explanation of each vector whose exact answer one predicts.
#[derive(Debug)]
pub(crate) struct Explained<'a>(HashMap<&'a str, &'a Explanation>);

impl<'a> Explained<'a> {
    /// The best explanation that predicts the engine's exact answer to a vector.
    pub(crate) fn get(&self, outcome: &Outcome) -> Option<&'a Explanation> {
        self.0.get(outcome.vector.id.as_str()).copied()
    }
}

impl Outcome {
    /// Whether this outcome needs attention: an unknown failure, a known failure that now
    /// passes, or a vector that was not asked.
    pub fn is_news(&self) -> bool {
        self.verdict == Verdict::NotAsked || self.verdict.is_failure() != self.known.is_some()
    }

    /// The first clause that the vector tests.
    pub fn clause(&self) -> &str {
        self.vector.clauses.first().map_or("", String::as_str)
    }

    /// The word used in reports: the verdict, `known` or `unexpected pass`.
    pub fn word(&self) -> &'static str {
        match (&self.known, self.verdict.is_failure()) {
            (Some(_), true) if self.verdict == Verdict::NotAsked => self.verdict.as_str(),
            (None, _) => self.verdict.as_str(),
            (Some(_), true) => "known",
            (Some(_), false) => "unexpected pass",
        }
    }
}
