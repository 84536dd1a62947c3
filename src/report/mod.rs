//! One result of holding an engine against the specification, and its renderings.
//!
//! A [`Report`] holds all that a reader needs, the questions too, so that a saved
//! one can be shown and compared later, whatever the suite has become since.

use serde_json::Value as Json;

use crate::engine::{Answer, Hello};
use crate::suite::{Clause, Kind, Vector, Want};
use crate::verdict::Verdict;

/// All that came of one engine and one suite.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Report {
    /// The version of this library.
    pub rulespec: String,
    /// Who the engine said it is.
    pub engine: Hello,
    /// The command that ran it; empty for an engine inside.
    pub command: Vec<String>,
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
    /// What the engine may be misreading, the best explanation first.
    pub explanations: Vec<Explanation>,
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
    /// The failing vectors whose very answer it predicts.
    pub explains: Vec<String>,
    /// How many vectors fail.
    pub failures: usize,
    /// How many answers it predicts, right and wrong ones.
    pub predicts: usize,
    /// How many answers there are.
    pub answers: usize,
}

impl Report {
    /// Whether nothing is wrong that is not known.
    pub fn conforms(&self) -> bool {
        self.outcomes.iter().all(|outcome| !outcome.is_news())
    }
}

impl Outcome {
    /// Whether this outcome needs somebody's attention: a failure that is not
    /// known, or a known failure that has gone.
    pub fn is_news(&self) -> bool {
        self.verdict.is_failure() != self.known.is_some()
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

/// How each clause fares, from what became of its vectors.
pub(crate) fn clause_outcomes(clauses: &[Clause], outcomes: &[Outcome]) -> Vec<ClauseOutcome> {
    let asked = clauses.iter().filter(|clause| clause.kind == Kind::Asked);
    asked.map(|clause| clause_outcome(clause, outcomes)).collect()
}

fn clause_outcome(clause: &Clause, outcomes: &[Outcome]) -> ClauseOutcome {
    let own = outcomes.iter().filter(|outcome| outcome.vector.clauses.contains(&clause.id));
    let verdicts: Vec<&Verdict> = own.map(|outcome| &outcome.verdict).collect();
    let settled = || verdicts.iter().filter(|verdict| !matches!(verdict, Verdict::Open(_)));
    let passed = settled().filter(|verdict| ***verdict == Verdict::Pass).count();
    let asked = settled().count();
    let standing = if verdicts.is_empty() {
        Standing::NotAsked
    } else if asked == 0 {
        Standing::Open
    } else if settled().all(|verdict| **verdict == Verdict::Unsupported) {
        Standing::Unsupported
    } else if passed == asked {
        Standing::Met
    } else {
        Standing::Missed
    };
    ClauseOutcome {
        id: clause.id.clone(),
        text: clause.text.clone(),
        place: format!("spec/{}:{}", clause.file, clause.line),
        standing,
        passed,
        asked,
    }
}

/// Which alternatives the engine follows, from its answers to open vectors.
pub(crate) fn open_point_outcomes(outcomes: &[Outcome]) -> Vec<OpenPointOutcome> {
    let points = crate::kql::Profile::POINTS.iter();
    points.filter_map(|(id, alternatives)| open_point_outcome(id, alternatives, outcomes)).collect()
}

fn open_point_outcome(id: &str, alternatives: &[&str], outcomes: &[Outcome]) -> Option<OpenPointOutcome> {
    let answered: Vec<(&str, &Vec<String>)> = outcomes
        .iter()
        .filter_map(|outcome| match (&outcome.vector.want, &outcome.verdict) {
            (Want::Open { open, .. }, Verdict::Open(followed)) if open == id => {
                Some((outcome.vector.id.as_str(), followed))
            }
            _ => None,
        })
        .collect();
    let always = |alternative: &&&str| {
        answered.iter().all(|(_, followed)| followed.iter().any(|name| name == **alternative))
    };
    let outside = answered.iter().filter(|(_, followed)| followed.is_empty());
    Some(OpenPointOutcome {
        id: id.to_owned(),
        follows: alternatives.iter().filter(always).map(|name| (*name).to_owned()).collect(),
        default: (*alternatives.first()?).to_owned(),
        asked: answered.len(),
        outside: outside.map(|(vector, _)| (*vector).to_owned()).collect(),
    })
    .filter(|point| point.asked > 0)
}

/// The difference between two values that a reader looks for first: where it
/// lies, and the two parts there.
///
/// ```
/// use rulespec::report::first_difference;
/// use serde_json::json;
///
/// let (want, got) = (json!(["foo", "", "bar"]), json!(["foo", "bar"]));
/// let (place, want, got) = first_difference(&want, &got).unwrap();
/// assert_eq!((place.as_str(), want, got), ("[1]", Some(&json!("")), Some(&json!("bar"))));
/// ```
pub fn first_difference<'a>(
    want: &'a Json,
    got: &'a Json,
) -> Option<(String, Option<&'a Json>, Option<&'a Json>)> {
    let inner = |step: String, want: Option<&'a Json>, got: Option<&'a Json>| match (want, got) {
        (Some(want), Some(got)) => {
            first_difference(want, got).map(|(place, want, got)| (format!("{step}{place}"), want, got))
        }
        (None, None) => None,
        (want, got) => Some((step, want, got)),
    };
    match (want, got) {
        (Json::Array(wanted), Json::Array(gotten)) => (0..wanted.len().max(gotten.len()))
            .find_map(|at| inner(format!("[{at}]"), wanted.get(at), gotten.get(at))),
        (Json::Object(wanted), Json::Object(gotten)) => {
            let names = wanted.keys().chain(gotten.keys().filter(|name| !wanted.contains_key(*name)));
            names
                .map(|name| (name, wanted.get(name), gotten.get(name)))
                .find_map(|(name, want, got)| inner(format!(".{name}"), want, got))
        }
        (want, got) if crate::verdict::same(want, got) => None,
        (want, got) => Some((String::new(), Some(want), Some(got))),
    }
}
