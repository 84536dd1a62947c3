//! What the words of reports mean. The legend of the page, the summary of `check` and `rulespec show` have
//! the meanings from here.

use crate::report::Standing;
use crate::verdict::Verdict;

/// A word, and what it means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry {
    /// The word, or several with commas between them.
    pub word: &'static str,
    /// What it is said of: `clause`, `vector`, `report` or `diff`.
    pub of: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// All words. One that is said of clauses and of vectors is there twice.
pub fn entries() -> impl Iterator<Item = Entry> {
    let of = |of| move |(word, meaning)| Entry { word, of, meaning };
    let standings = Standing::ALL.into_iter().map(|standing| (standing.as_str(), standing.meaning()));
    let pass = (Verdict::Pass.as_str(), verdict(&Verdict::Pass));
    let verdicts = std::iter::once(pass).chain(failures());
    standings
        .map(of("clause"))
        .chain(verdicts.map(of("vector")))
        .chain(NOUNS.map(of("report")))
        .chain(DIFFERENCE.map(of("diff")))
}

pub(crate) const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "every vector was asked and passes",
        Standing::Missed => "an answer is wrong; a crash or a timeout is one, too",
        Standing::PartlyAsked => "what was asked passes, but not all could be asked",
        Standing::Unsupported => "the engine does not have the functions",
        Standing::NotAsked => "not selected, or the run ended early",
        Standing::Open => "only open points, which no engine fails",
    }
}

const fn verdict(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "The answer is the wanted one.",
        Verdict::Fail => "The answer is another value, or another kind of error.",
        Verdict::Unsupported => "The engine says that it does not have the function.",
        Verdict::Refused => "The answer is an error, but a value is wanted.",
        Verdict::Accepted => "The answer is a value, but an error is wanted.",
        Verdict::Crashed => "The engine ended before it answered.",
        Verdict::Stalled => "The engine did not answer in time.",
        Verdict::Garbled => "What the engine wrote is not an answer of the protocol.",
        Verdict::Flaky => "The answer is right, but only when the engine was asked again.",
        Verdict::NotAsked => "The engine was not asked.",
        Verdict::Open(_) => {
            "The vector is about an open point. It says which alternatives the answer follows."
        }
    }
}

/// The words that a failure begins with, and what each means.
pub(crate) fn failures() -> [(&'static str, &'static str); 12] {
    let word = |one: Verdict| (one.as_str(), verdict(&one));
    [
        word(Verdict::Fail),
        word(Verdict::Refused),
        word(Verdict::Accepted),
        word(Verdict::Unsupported),
        word(Verdict::Crashed),
        word(Verdict::Stalled),
        word(Verdict::Garbled),
        word(Verdict::Flaky),
        word(Verdict::NotAsked),
        word(Verdict::Open(vec![])),
        ("known", "The vector fails, and a list of known failures gives the reason."),
        ("unexpected pass", "The vector passes, but a list of known failures says that it fails."),
    ]
}

pub(crate) const NOUNS: [(&str, &str); 6] = [
    ("clause", "A sentence of the specification that can be tested, such as TRM-05."),
    ("vector", "A call with the answer that is wanted, such as trm-0007. It tests one or more clauses."),
    ("wanted, got", "The answer of the specification, and the answer of the engine."),
    ("differs", "The first place, or the rows and cells, in which they differ."),
    ("misreading", "A wrong assumption about a clause that predicts exactly the answers that are listed."),
    ("…", "A long value is cut here. The command above the failures shows it in full."),
];

/// The words of `rulespec diff`.
const DIFFERENCE: [(&str, &str); 6] = [
    ("complete", "Both sides were asked about all events: the search was not cut short."),
    ("given up", "The port could not be asked to the end."),
    ("unfit", "A value of a recorded event that was left out: it does not have the type of its column."),
    ("unread", "A part of the files of recorded events that could not be read, so it was not compared."),
    ("unstable", "The port gives another answer when it is asked about this event alone."),
    ("untold", "An event that was not compared, because the port would have to be run for each."),
];
