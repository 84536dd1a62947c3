//! A hash of all answers to a small scope of questions.
//!
//! Two implementations with the same hash agree on every question of the scope. If the
//! hashes differ, the hashes of its [parts](Part::parts) lead to the first question
//! with different answers. `spec/digests.md` defines the questions, their order and
//! their encoding, and lists the hashes.
//!
//! No question depends on an open point, so the hashes are the same for every profile.

mod scope;
mod texts;

#[cfg(test)]
mod tests;

use std::fmt::Write;
use std::io;
use std::ops::ControlFlow;

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use crate::bounded::{Keeper, hex};
use crate::engine::{Answer, Engine, Question};
use crate::stop::Stop;

pub use scope::{MAX_LENGTH, SCOPES, Scope, scope};
pub use texts::Part;

/// The number of questions that are sent to an engine at once.
const BATCH_LEN: usize = 4096;
/// How many bytes of memory the answer of a difference may take.
const MAX_KEPT: usize = 64 * 1024;

/// The hash of all questions of a part and their answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// The number of questions.
    pub questions: u64,
    /// The SHA-256 of their lines, in lowercase hexadecimal.
    pub sha256: String,
}

/// The first question that two engines answer differently.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// The number of questions before it, which have the same answers.
    pub alike: u64,
    /// The arguments.
    pub args: Vec<Json>,
    /// The answer of the reference.
    pub want: Answer,
    /// The answer of the engine.
    pub got: Answer,
}

/// The result of a digest.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// The hash of all answers, which are those of both engines if two were asked.
    Hashed(Digest),
    /// The engines differ.
    Differs(Box<Difference>),
    /// Not all questions were asked.
    Stopped {
        /// The number of answers so far, which are the same.
        alike: u64,
        /// Why no more were asked.
        why: String,
    },
}

/// Hashes the answers of an engine until `stop` is set. Calls `asked` with the number of
/// questions in each batch.
///
/// ```
/// use rulespec::Function;
/// use rulespec_check::digest::{Outcome, Part, digest, scope};
/// use rulespec_check::engine::Reference;
/// use rulespec_check::stop::Stop;
///
/// let scope = scope(Function::Element).unwrap();
/// let outcome = digest(&mut Reference::default(), scope, &Part::all(2), &Stop::default(), &mut |_| {});
/// let Outcome::Hashed(digest) = outcome else { panic!("it was stopped") };
/// assert_eq!(digest.questions, 49);
/// ```
pub fn digest(
    engine: &mut dyn Engine,
    scope: &Scope,
    part: &Part,
    stop: &Stop,
    asked: &mut dyn FnMut(u64),
) -> Outcome {
    let mut hash = Hash::default();
    let flow = in_batches(scope, part, &mut |batch| {
        if let Some(reason) = stop.reason() {
            return ControlFlow::Break(Outcome::Stopped { alike: hash.questions, why: reason.to_string() });
        }
        lines(engine, scope, batch).for_each(|line| hash.update(&line));
        asked(batch.len() as u64);
        ControlFlow::Continue(())
    });
    flow.break_value().unwrap_or_else(|| Outcome::Hashed(hash.finish()))
}

/// Asks two engines and hashes their common answers, up to the first question with different
/// ones. All errors count as the same answer. The answers of the second engine are compared when
/// they arrive and not kept.
pub fn compare(
    reference: &mut dyn Engine,
    engine: &mut dyn Engine,
    scope: &Scope,
    part: &Part,
    asked: &mut dyn FnMut(u64),
) -> Outcome {
    let mut hash = Hash::default();
    let flow = in_batches(scope, part, &mut |batch| {
        let wanted = answers(reference, scope, batch);
        let lines: Vec<String> = batch.iter().zip(&wanted).map(|(args, answer)| line(args, answer)).collect();
        if let Some((index, unlike)) = first_unlike(engine, scope, batch, &lines) {
            let alike = hash.questions + index as u64;
            return ControlFlow::Break(match unlike {
                Answer::NotAsked(why) => Outcome::Stopped { alike, why },
                got => {
                    let (args, want) = (batch[index].clone(), wanted[index].clone());
                    Outcome::Differs(Box::new(Difference { alike, args, want, got }))
                }
            });
        }
        lines.iter().for_each(|line| hash.update(line));
        asked(batch.len() as u64);
        ControlFlow::Continue(())
    });
    flow.break_value().unwrap_or_else(|| Outcome::Hashed(hash.finish()))
}

/// The first answer of an engine to a batch that gives another line, with its index. An answer to
/// a question that was not asked counts only if there is no other.
fn first_unlike(
    engine: &mut dyn Engine,
    scope: &Scope,
    batch: &[Vec<Json>],
    lines: &[String],
) -> Option<(usize, Answer)> {
    let (mut different, mut not_asked) = (None, None);
    let mut missing = vec![true; batch.len()];
    let mut add = |index: usize, answer: Answer| {
        let (Some(args), Some(wanted)) = (batch.get(index), lines.get(index)) else { return };
        let is_not_asked = matches!(answer, Answer::NotAsked(_));
        let first: &mut Option<(usize, Answer)> = if is_not_asked { &mut not_asked } else { &mut different };
        let is_earlier = first.as_ref().is_none_or(|(earliest, _)| index < *earliest);
        if is_earlier && (is_not_asked || line(args, &answer) != *wanted) {
            *first = Some((index, Keeper::of_any_size(MAX_KEPT).keep(answer)));
        }
    };
    engine.ask_all(&questions(scope, batch), &mut |index, answer| {
        if let Some(missing) = missing.get_mut(index) {
            *missing = false;
        }
        add(index, answer);
    });
    if let Some(index) = missing.iter().position(|missing| *missing) {
        add(index, Answer::missing());
    }
    different.or(not_asked)
}

/// Writes the lines that are hashed.
///
/// # Errors
///
/// Returns an error if a line cannot be written.
pub fn write_lines(
    engine: &mut dyn Engine,
    scope: &Scope,
    part: &Part,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let written = in_batches(scope, part, &mut |batch| match lines(engine, scope, batch)
        .try_for_each(|line| out.write_all(line.as_bytes()))
    {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => ControlFlow::Break(error),
    });
    match written {
        ControlFlow::Continue(()) => out.flush(),
        ControlFlow::Break(error) => Err(error),
    }
}

/// Calls `each` with the questions of a part, in order and in batches.
fn in_batches<B>(
    scope: &Scope,
    part: &Part,
    each: &mut dyn FnMut(&[Vec<Json>]) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let mut batch = Vec::with_capacity(BATCH_LEN);
    scope.questions(part, &mut |args| {
        batch.push(args);
        if batch.len() == BATCH_LEN {
            each(&batch)?;
            batch.clear();
        }
        ControlFlow::Continue(())
    })?;
    if batch.is_empty() { ControlFlow::Continue(()) } else { each(&batch) }
}

fn questions<'a>(scope: &Scope, batch: &'a [Vec<Json>]) -> Vec<Question<'a>> {
    batch.iter().map(|args| Question { function: scope.function.name(), args }).collect()
}

/// The answers of an engine of ours, in the order of the questions.
fn answers(engine: &mut dyn Engine, scope: &Scope, batch: &[Vec<Json>]) -> Vec<Answer> {
    let mut answers = vec![Answer::missing(); batch.len()];
    engine.ask_all(&questions(scope, batch), &mut |index, answer| {
        if let Some(slot) = answers.get_mut(index) {
            *slot = answer;
        }
    });
    answers
}

/// The lines that are hashed for a batch of questions.
fn lines<'a>(
    engine: &mut dyn Engine,
    scope: &Scope,
    batch: &'a [Vec<Json>],
) -> impl Iterator<Item = String> + use<'a> {
    batch.iter().zip(answers(engine, scope, batch)).map(|(args, answer)| line(args, &answer))
}

/// The line that is hashed for a question, with its line feed.
fn line(args: &[Json], answer: &Answer) -> String {
    let mut line = r#"{"args":["#.to_owned();
    for (number, arg) in args.iter().enumerate() {
        let comma = if number == 0 { "" } else { "," };
        _ = write!(line, "{comma}{arg}");
    }
    match answer {
        Answer::Value(value) => _ = writeln!(line, r#"],"ok":{value}}}"#),
        Answer::Error(_)
        | Answer::Unsupported(_)
        | Answer::Crashed(_)
        | Answer::Stalled(_)
        | Answer::Garbled(_)
        | Answer::NotAsked(_)
        | Answer::Retried { .. }
        | Answer::Excerpt(_) => line += "],\"error\":true}\n",
    }
    line
}

/// The hash of the lines so far.
#[derive(Default)]
struct Hash {
    questions: u64,
    sha256: Sha256,
}

impl Hash {
    fn update(&mut self, line: &str) {
        self.questions += 1;
        self.sha256.update(line);
    }

    fn finish(self) -> Digest {
        Digest { questions: self.questions, sha256: hex(self.sha256) }
    }
}
