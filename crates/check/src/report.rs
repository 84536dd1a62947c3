//! One result of holding an engine against the specification, and its renderings.
//!
//! A [`Report`] holds all that a reader needs, the questions too, so that a saved
//! one can be shown and compared later, whatever the suite has become since.

//!
//! | module | what |
//! |---|---|
//! | [`text`], [`matrix`], [`summary`] | for people: one result, several side by side, a line each |
//! | [`html`] | one page for one result or several |
//! | [`json`] | everything, to be read again |
//! | [`junit`], [`github`] | for the machines that run tests |
//! | [`mod@call`] | questions and answers in a line |

pub mod call;
mod cause;
mod chapter;
mod difference;
pub mod github;
pub mod html;
pub mod json;
pub mod junit;
pub mod matrix;
pub mod summary;
mod tally;
pub mod text;

pub(crate) use cause::reason;
pub use difference::first_difference;
pub(crate) use tally::{clause_outcomes, open_point_outcomes};

use std::collections::BTreeMap;
use std::time::Duration;

use crate::engine::{Answer, Hello};
use crate::verdict::Verdict;
use rulespec::suite::{Vector, clauses};

/// All that came of one engine and one suite.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Report {
    /// The version of this library.
    pub rulespec: String,
    /// Who the engine said it is.
    pub engine: Hello,
    /// The command that ran it; empty for an engine inside.
    pub command: Vec<String>,
    /// The directory that the vectors came from; the embedded suite where `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suite: Option<String>,
    /// Where the answers had been recorded; an engine was asked where `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<String>,
    /// When, in RFC 3339, UTC.
    pub date: String,
    /// How long all questions took together, in milliseconds.
    pub took_ms: u64,
    /// One a vector, in the order of the suite.
    pub outcomes: Vec<Outcome>,
    /// One a clause that engines are asked about, in the order of the chapters.
    pub clauses: Vec<ClauseOutcome>,
    /// One an open point that was touched.
    pub open_points: Vec<OpenPointOutcome>,
    /// What the engine may be misreading, the best explanation first, each on top
    /// of those before it.
    pub explanations: Vec<Explanation>,
    /// Known failures of vectors that are no more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stale: Vec<Stale>,
    /// The command that asks a question again that is of no suite, by its id.
    #[serde(skip)]
    pub again: BTreeMap<String, String>,
}

impl Report {
    /// What is plain from the outcomes of an engine that took so long; the rest is
    /// empty.
    pub(crate) fn of(engine: Hello, outcomes: Vec<Outcome>, took: Duration) -> Self {
        Self {
            rulespec: env!("CARGO_PKG_VERSION").to_owned(),
            engine,
            command: vec![],
            suite: None,
            answers: None,
            date: now(),
            took_ms: took.as_millis() as u64,
            clauses: clause_outcomes(&clauses(), &outcomes),
            outcomes,
            open_points: vec![],
            explanations: vec![],
            stale: vec![],
            again: BTreeMap::new(),
        }
    }
}

/// The time in RFC 3339, UTC, to the second.
pub fn now() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// A known failure that names no vector of the suite.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Stale {
    /// The id that no vector has.
    pub id: String,
    /// The file that names it.
    pub file: String,
    /// The line there, counted from 1.
    pub line: usize,
}

/// What became of one vector.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Outcome {
    /// The vector, whole.
    #[serde(flatten)]
    pub vector: Vector,
    /// What the engine answered.
    pub answer: Answer,
    /// What that is worth.
    pub verdict: Verdict,
    /// Why this failure is known, where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<String>,
}

/// How an engine stands towards a clause.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ClauseOutcome {
    /// The clause's id.
    pub id: String,
    /// What it says.
    pub text: String,
    /// Where it stands: `spec/10-command-line.md:41`.
    pub place: String,
    /// How the engine stands.
    pub standing: Standing,
    /// How many of its vectors pass, open ones left out.
    pub passed: usize,
    /// How many there were, open ones left out.
    pub asked: usize,
}

/// Whether a clause is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Every vector that was asked passes.
    Met,
    /// Some vector does not pass.
    Missed,
    /// The engine has none of the functions its vectors ask for.
    Unsupported,
    /// Only open points were asked: nothing to meet or miss.
    Open,
    /// No vector was asked.
    NotAsked,
}

/// Which alternative of an open point an engine follows.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct OpenPointOutcome {
    /// The open point's id.
    pub id: String,
    /// The alternatives that every answer follows; none where the answers agree
    /// on none.
    pub follows: Vec<String>,
    /// The reference's own alternative.
    pub default: String,
    /// How many vectors touched it and were answered.
    pub asked: usize,
    /// The vectors whose answer follows no alternative at all.
    pub outside: Vec<String>,
}

/// A misreading, or several together, and how well it predicts an engine.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Explanation {
    /// The names of the misreadings.
    pub misreadings: Vec<String>,
    /// The vectors that are answered wrongly and whose very answer it predicts,
    /// but for those that an explanation before it explains.
    pub explains: Vec<String>,
    /// How many vectors are answered wrongly: otherwise than wanted, or, at an
    /// open point, by no alternative.
    pub failures: usize,
    /// How many answers, right and wrong ones, it and those before it predict.
    pub predicts: usize,
    /// How many answers there are, those left out that follow some alternative of
    /// an open point.
    pub answers: usize,
}

impl Report {
    /// Whether nothing is wrong that is not known, and all that is known is so.
    pub fn conforms(&self) -> bool {
        self.stale.is_empty() && self.outcomes.iter().all(|outcome| !outcome.is_news())
    }

    /// How long all questions took together: `12 ms`, `1.50 s`.
    pub fn took(&self) -> String {
        match self.took_ms {
            short @ 0..1000 => format!("{short} ms"),
            long => format!("{:.2} s", long as f64 / 1000.0),
        }
    }

    /// How many clauses are met, and how many were asked about.
    pub fn clauses_met(&self) -> (usize, usize) {
        let standing = |wanted: &[Standing]| {
            self.clauses.iter().filter(|clause| wanted.contains(&clause.standing)).count()
        };
        let met = standing(&[Standing::Met]);
        (met, met + standing(&[Standing::Missed, Standing::Unsupported]))
    }
}

impl Outcome {
    /// Whether this outcome needs somebody's attention: a failure that is not
    /// known, or a known failure that has gone.
    pub fn is_news(&self) -> bool {
        self.verdict.is_failure() != self.known.is_some()
    }

    /// The clause it bears on first.
    pub fn clause(&self) -> &str {
        self.vector.clauses.first().map_or("", String::as_str)
    }

    /// The word that reports use: the verdict's, `known` or `unexpected pass`.
    pub fn word(&self) -> &'static str {
        match (&self.known, self.verdict.is_failure()) {
            (None, _) => self.verdict.as_str(),
            (Some(_), true) => "known",
            (Some(_), false) => "unexpected pass",
        }
    }
}
