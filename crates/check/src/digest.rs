//! One hash for all the answers of a small scope.
//!
//! Two implementers who get the same hash agree on every question of the scope. Where
//! they do not, the hashes of its [parts](Part::parts) lead to the first question
//! that they answer differently. Questions, order and encoding are those of
//! `spec/digests.md`, which has the hashes too.
//!
//! No question hangs on an open point, so there is one hash, whatever the profile.

mod scope;
mod texts;

#[cfg(test)]
mod tests;

use std::fmt::{self, Write};
use std::io;
use std::ops::ControlFlow;

use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use crate::engine::{Answer, Engine, Question, ask_in_order};

pub use scope::{LONGEST, SCOPES, Scope, scope};
pub use texts::Part;

/// How many questions an engine is sent at once.
const BATCH: usize = 4096;

/// All the answers to the questions of a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Digest {
    /// How many there are.
    pub questions: u64,
    /// The SHA-256 of their lines, in small hexadecimal digits.
    pub sha256: String,
}

/// The first question that two engines answer differently.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// How many they answer alike before it.
    pub alike: u64,
    /// The arguments.
    pub args: Vec<Json>,
    /// What the one answers.
    pub want: Answer,
    /// What the other answers.
    pub got: Answer,
}

/// Hashes what an engine answers; `asked` hears of every question.
///
/// ```
/// use rulespec::Function;
/// use rulespec_check::digest::{Part, digest, scope};
/// use rulespec_check::engine::Reference;
///
/// let scope = scope(Function::Element).unwrap();
/// let digest = digest(&mut Reference::default(), scope, &Part::all(2), &mut |_| {});
/// assert_eq!(digest.questions, 49);
/// ```
pub fn digest(engine: &mut dyn Engine, scope: &Scope, part: &Part, asked: &mut dyn FnMut(u64)) -> Digest {
    let mut hash = Hash::default();
    let _: ControlFlow<()> = in_batches(scope, part, &mut |batch| {
        for (args, answer) in batch.iter().zip(answers(engine, scope, batch)) {
            hash.take(&line(args, &answer));
        }
        asked(batch.len() as u64);
        ControlFlow::Continue(())
    });
    hash.finish()
}

/// Asks two engines, and hashes what both answer; an error is as good as another.
///
/// # Errors
///
/// The first question of which they do not answer the same; nothing is asked after it.
pub fn compare(
    reference: &mut dyn Engine,
    engine: &mut dyn Engine,
    scope: &Scope,
    part: &Part,
    asked: &mut dyn FnMut(u64),
) -> Result<Digest, Box<Difference>> {
    let mut hash = Hash::default();
    let difference = in_batches(scope, part, &mut |batch| {
        let both = answers(reference, scope, batch).into_iter().zip(answers(engine, scope, batch));
        for (args, (want, got)) in batch.iter().zip(both) {
            let wanted = line(args, &want);
            if wanted != line(args, &got) {
                let (alike, args) = (hash.questions, args.clone());
                return ControlFlow::Break(Box::new(Difference { alike, args, want, got }));
            }
            hash.take(&wanted);
        }
        asked(batch.len() as u64);
        ControlFlow::Continue(())
    });
    match difference {
        ControlFlow::Break(difference) => Err(difference),
        ControlFlow::Continue(()) => Ok(hash.finish()),
    }
}

/// Writes the lines that are hashed.
///
/// # Errors
///
/// Where they cannot be written.
pub fn write_lines(
    engine: &mut dyn Engine,
    scope: &Scope,
    part: &Part,
    out: &mut impl io::Write,
) -> io::Result<()> {
    let outcome = in_batches(scope, part, &mut |batch| {
        for (args, answer) in batch.iter().zip(answers(engine, scope, batch)) {
            if let Err(error) = out.write_all(line(args, &answer).as_bytes()) {
                return ControlFlow::Break(error);
            }
        }
        ControlFlow::Continue(())
    });
    match outcome {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => out.flush(),
    }
}

/// Hands over the questions of a part in their order, many at once.
fn in_batches<B>(
    scope: &Scope,
    part: &Part,
    each: &mut dyn FnMut(&[Vec<Json>]) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let mut batch = Vec::with_capacity(BATCH);
    scope.questions(part, &mut |args| {
        batch.push(args);
        if batch.len() == BATCH {
            each(&batch)?;
            batch.clear();
        }
        ControlFlow::Continue(())
    })?;
    if batch.is_empty() { ControlFlow::Continue(()) } else { each(&batch) }
}

fn answers(engine: &mut dyn Engine, scope: &Scope, batch: &[Vec<Json>]) -> Vec<Answer> {
    let question = |args| Question { function: scope.function.name(), args };
    let questions: Vec<Question<'_>> = batch.iter().map(|args| question(args.as_slice())).collect();
    let answers = ask_in_order(engine, &questions, &mut || ()).into_iter();
    answers.map(|answer| answer.unwrap_or_else(Answer::missing)).collect()
}

/// A question with its answer as it is hashed, its line feed included.
fn line(args: &[Json], answer: &Answer) -> String {
    let mut line = "{\"args\":[".to_owned();
    for (number, arg) in args.iter().enumerate() {
        line += if number == 0 { "" } else { "," };
        push(&mut line, arg);
    }
    match answer {
        Answer::Value(value) => push(&mut line, &format_args!("],\"ok\":{value}}}\n")),
        _ => line += "],\"error\":true}\n",
    }
    line
}

fn push(line: &mut String, part: &dyn fmt::Display) {
    // A string takes whatever is written to it.
    let _ = write!(line, "{part}");
}

/// The hash of what was taken so far.
#[derive(Default)]
struct Hash {
    questions: u64,
    sha256: Sha256,
}

impl Hash {
    fn take(&mut self, line: &str) {
        self.questions += 1;
        self.sha256.update(line);
    }

    fn finish(self) -> Digest {
        let sha256 = self.sha256.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Digest { questions: self.questions, sha256 }
    }
}
