//! What every word and sign of the page means.

use super::markup::{Markup, closed, element};
use crate::glossary::{NOUNS, failures};
use crate::report::standing::Standing;

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
        closed("The words of the failures", list(failures().into_iter().map(pair).collect())),
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
