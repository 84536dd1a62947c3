//! What every word and sign of the page means.

use super::markup::{Markup, closed, element};
use crate::report::standing::Standing;
use crate::verdict::Verdict;

/// How a standing is displayed.
#[derive(Debug)]
pub struct Look {
    /// A sign, so that colour is never needed.
    pub sign: &'static str,
    /// The class of the style sheet, which is also the value of the filter.
    pub class: &'static str,
}

/// How a standing is displayed.
pub const fn look(standing: Standing) -> Look {
    let (sign, class) = match standing {
        Standing::Met => ("✓", "met"),
        Standing::Missed => ("✗", "missed"),
        Standing::PartlyAsked => ("◐", "partly-asked"),
        Standing::Unsupported => ("–", "unsupported"),
        Standing::Open => ("○", "open"),
        Standing::NotAsked => ("·", "not-asked"),
    };
    Look { sign, class }
}

/// The words that a failure begins with, and what each means.
fn verdicts() -> [(&'static str, &'static str); 12] {
    let word = |verdict: Verdict| (verdict.as_str(), meaning(&verdict));
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

const fn meaning(verdict: &Verdict) -> &'static str {
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

const NOUNS: [(&str, &str); 6] = [
    ("clause", "A sentence of the specification that can be tested, such as TRM-05."),
    ("vector", "A call with the answer that is wanted, such as trm-0007. It tests one or more clauses."),
    ("wanted, got", "The answer of the specification, and the answer of the engine."),
    ("differs", "The first place, or the rows and cells, in which they differ."),
    ("misreading", "A wrong assumption about a clause that predicts exactly the answers that are listed."),
    ("…", "A long value is cut here. The command above the failures shows it in full."),
];

/// Explains the standings openly, and everything else in lists that are closed at first.
pub fn legend() -> Markup {
    let standing = |standing: Standing| {
        let Look { sign, class } = look(standing);
        let word = format!(" {}", standing.as_str());
        let term = element("dt").class(class).of([element("b").of(sign), word.into()]);
        Markup::from([term, element("dd").of(standing.meaning())])
    };
    let pair = |(word, meaning)| Markup::from([element("dt").of(word), element("dd").of(meaning)]);
    let list = |pairs: Markup| element("dl").class("legend").of(pairs);
    let standings = list(Standing::ALL.into_iter().map(standing).collect());
    element("section").id("legend").of([
        element("h2").of("Legend"),
        standings,
        closed("The words of the failures", list(verdicts().into_iter().map(pair).collect())),
        closed("Clause, vector, misreading …", list(NOUNS.into_iter().map(pair).collect())),
        element("p").class("quiet").of([
            Markup::from("Everything has an address: "),
            element("code").of("#TRM-05"),
            Markup::from(" is a clause, "),
            element("code").of("#TRM-05/engine"),
            Markup::from(" is what an engine does with it, and "),
            element("code").of("#trm-0007/engine"),
            Markup::from(" is a failure."),
        ]),
    ])
}
