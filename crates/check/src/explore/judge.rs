//! Whether an answer is right, follows another alternative of an open point, or is
//! wrong.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::asked::Asked;
use crate::engine::{Answer, Engine, Reference};
use crate::verdict::{Verdict, judge, same};
use rulespec::kql::Profile;
use rulespec::suite::Want;

/// How many open points of one question are tried in combination.
const TOGETHER: usize = 4;

/// A choice at an open point: its id, and the alternative's name.
pub(super) type Choice = (&'static str, &'static str);

/// The answers under other choices than the default, where they are not the right
/// one, by the open point.
type Others = BTreeMap<&'static str, Vec<(Choice, Answer)>>;

/// What an answer is worth.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Judgement {
    /// It is the right one.
    Right,
    /// It is the reference's under these choices.
    Follows(Vec<Choice>),
    /// The engine does not have the function.
    Unsupported,
    /// It is another: what was wanted, and the verdict.
    Wrong(Want, Verdict),
}

/// The reference under every choice that is not the default.
pub(super) struct Judge(Vec<(Choice, Reference)>);

impl Judge {
    pub(super) fn new() -> Self {
        let points = Profile::POINTS.iter();
        let choices = points.flat_map(|(point, names)| names.iter().skip(1).map(|name| (*point, *name)));
        Self(choices.map(|choice| (choice, Reference::under(profile_of(&[choice])))).collect())
    }

    /// Judges an answer. Open points only matter where `right` is the reference's.
    pub(super) fn judge(&mut self, asked: &Asked, right_is_ours: bool) -> Judgement {
        if matches!(asked.got, Answer::Unsupported(_)) {
            return Judgement::Unsupported;
        }
        if agrees(&asked.right, &asked.got) {
            return Judgement::Right;
        }
        let others = if right_is_ours { self.others(asked) } else { Others::new() };
        match followed(asked, &others) {
            Some(choices) => Judgement::Follows(choices),
            None => wrong(asked, &others),
        }
    }

    fn others(&mut self, asked: &Asked) -> Others {
        let mut others = Others::new();
        for (choice, reference) in &mut self.0 {
            let answer = reference.ask(asked.case.function.name(), &asked.case.args);
            if answer != asked.right {
                others.entry(choice.0).or_default().push((*choice, answer));
            }
        }
        others
    }
}

/// Whether an answer is the wanted one.
pub(super) fn agrees(right: &Answer, got: &Answer) -> bool {
    match (right, got) {
        (Answer::Value(right), Answer::Value(got)) => same(right, got),
        _ => judge(&want(right), got) == Verdict::Pass,
    }
}

/// That this answer is wanted, whatever the open points.
pub(super) fn want(right: &Answer) -> Want {
    Want::Settled { want: wanted(right) }
}

/// An answer as vectors write it.
fn wanted(answer: &Answer) -> Json {
    match answer {
        Answer::Value(value) => value.clone(),
        Answer::Error(kind) => json!({"error": kind}),
        other => json!({"error": other.to_string()}),
    }
}

/// The choices under which the reference answers so, at the points that the question
/// touches.
fn followed(asked: &Asked, others: &Others) -> Option<Vec<Choice>> {
    if let Some((choice, _)) = others.values().flatten().find(|(_, answer)| agrees(answer, &asked.got)) {
        return Some(vec![*choice]);
    }
    let mut together: Vec<Vec<Choice>> = vec![vec![]];
    for choices in others.values().take(TOGETHER) {
        let with = |chosen: &Vec<Choice>| {
            let one_more = choices.iter().map(|(choice, _)| [&chosen[..], &[*choice]].concat());
            one_more.chain([chosen.clone()]).collect::<Vec<_>>()
        };
        together = together.iter().flat_map(with).collect();
    }
    together.into_iter().filter(|chosen| chosen.len() > 1).find(|chosen| {
        let mut reference = Reference::under(profile_of(chosen));
        agrees(&reference.ask(asked.case.function.name(), &asked.case.args), &asked.got)
    })
}

fn profile_of(choices: &[Choice]) -> Profile {
    let mut profile = Profile::default();
    for (point, name) in choices {
        // Both are out of the table in which `choose` looks them up.
        let _ = profile.choose(point, name);
    }
    profile
}

fn wrong(asked: &Asked, others: &Others) -> Judgement {
    let want = match others.first_key_value() {
        None => want(&asked.right),
        Some((open, others)) => {
            let names = Profile::POINTS.iter().find(|(point, _)| point == open).map(|(_, names)| *names);
            let answer = |name: &&str| {
                let other = others.iter().find(|((_, other), _)| other == name);
                ((*name).to_owned(), wanted(other.map_or(&asked.right, |(_, answer)| answer)))
            };
            Want::Open {
                open: (*open).to_owned(),
                wants: names.unwrap_or_default().iter().map(answer).collect(),
            }
        }
    };
    let verdict = judge(&want, &asked.got);
    Judgement::Wrong(want, verdict)
}
