//! Whether an answer is right, follows another alternative of an open point, or is
//! wrong.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::comparison::Comparison;
use crate::engine::{Answer, Engine, Reference};
use crate::verdict::{Verdict, judge};
use rulespec::kql::Profile;
use rulespec::suite::Want;

/// How many open points are tried in combination.
const MAX_COMBINED: usize = 4;

/// A choice at an open point: the point's id, and the alternative's name.
pub(super) type Choice = (&'static str, &'static str);

/// The reference's answers under other choices that differ from the expected answer, by
/// open point.
type Others = BTreeMap<&'static str, Vec<(Choice, Answer)>>;

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Judgement {
    /// The answer is the expected one.
    Right,
    /// It is the reference's answer under these choices.
    Follows(Vec<Choice>),
    /// The engine does not have the function.
    Unsupported,
    /// It is wrong: what is wanted, and the verdict.
    Wrong(Want, Verdict),
}

/// The reference under each choice that is not the default.
pub(super) struct Judge(Vec<(Choice, Reference)>);

impl Judge {
    pub(super) fn new() -> Self {
        Self(choices().map(|choice| (choice, reference_under(&[choice]))).collect())
    }

    /// Judges an answer. Open points count only if the reference is expected.
    pub(super) fn judge(&mut self, compared: &Comparison, expects_reference: bool) -> Judgement {
        if compared.is_unspecified() {
            return Judgement::Right;
        }
        if matches!(compared.got, Answer::Unsupported(_)) {
            return Judgement::Unsupported;
        }
        if compared.agrees {
            return Judgement::Right;
        }
        let others = if expects_reference { self.others(compared) } else { Others::new() };
        if let Some(choices) = followed(compared, &others) {
            return Judgement::Follows(choices);
        }
        let want = want_of(compared, &others);
        match judge(&want, &compared.got) {
            // The other engine failed to answer, and this one answered with an error.
            Verdict::Pass => Judgement::Right,
            verdict => Judgement::Wrong(want, verdict),
        }
    }

    fn others(&mut self, compared: &Comparison) -> Others {
        let mut others = Others::new();
        for (choice, reference) in &mut self.0 {
            let answer = reference.ask(compared.case.function.name(), &compared.case.args);
            if answer != compared.expected {
                others.entry(choice.0).or_default().push((*choice, answer));
            }
        }
        others
    }
}

/// Each choice that is not the default.
fn choices() -> impl Iterator<Item = Choice> {
    let points = Profile::POINTS.iter();
    points.flat_map(|(point, names)| names.iter().skip(1).map(|name| (*point, *name)))
}

/// The vector's `want` for an expected answer that no open point affects.
pub(super) fn settled(expected: &Answer) -> Want {
    Want::Settled { want: to_json(expected) }
}

/// An answer as vectors write it.
fn to_json(answer: &Answer) -> Json {
    match answer {
        Answer::Value(value) => value.clone(),
        Answer::Error(kind) => json!({"error": kind}),
        Answer::Unsupported(_)
        | Answer::Crashed(_)
        | Answer::Stalled(_)
        | Answer::Garbled(_)
        | Answer::NotAsked(_)
        | Answer::Retried { .. }
        | Answer::Excerpt(_) => json!({"error": answer.to_string()}),
    }
}

/// The choices under which the reference gives the engine's answer, at the open points
/// that affect the case.
fn followed(compared: &Comparison, others: &Others) -> Option<Vec<Choice>> {
    if let Some((choice, _)) =
        others.values().flatten().find(|(_, answer)| compared.matches(answer, &compared.got))
    {
        return Some(vec![*choice]);
    }
    let mut combinations: Vec<Vec<Choice>> = vec![vec![]];
    for choices in others.values().take(MAX_COMBINED) {
        let extended = |chosen: &Vec<Choice>| {
            let one_more = choices.iter().map(|(choice, _)| [&chosen[..], &[*choice]].concat());
            one_more.chain([chosen.clone()]).collect::<Vec<_>>()
        };
        combinations = combinations.iter().flat_map(extended).collect();
    }
    // A choice may also have an effect only together with another one, as in several rows of a table.
    let pairs = others.values().flatten().flat_map(|(choice, _)| {
        choices().filter(|other| other.0 != choice.0).map(|other| vec![*choice, other])
    });
    combinations.into_iter().filter(|chosen| chosen.len() > 1).chain(pairs).find(|chosen| {
        let answer = reference_under(chosen).ask(compared.case.function.name(), &compared.case.args);
        compared.matches(&answer, &compared.got)
    })
}

fn reference_under(choices: &[Choice]) -> Reference {
    let mut profile = Profile::default();
    for (point, name) in choices {
        // Cannot fail: both are from the table that `choose` searches.
        let _ = profile.choose(point, name);
    }
    Reference::with_profile(profile)
}

/// What is wanted. If open points affect the case, it is every alternative of the first
/// one.
fn want_of(compared: &Comparison, others: &Others) -> Want {
    let Some((open, others)) = others.first_key_value() else {
        return settled(&compared.expected);
    };
    let names = Profile::POINTS.iter().find(|(point, _)| point == open).map(|(_, names)| *names);
    let answer = |name: &&str| {
        let other = others.iter().find(|((_, other), _)| other == name);
        ((*name).to_owned(), to_json(other.map_or(&compared.expected, |(_, answer)| answer)))
    };
    Want::Open { open: (*open).to_owned(), wants: names.unwrap_or_default().iter().map(answer).collect() }
}
