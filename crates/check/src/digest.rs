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

use crate::engine::{Answer, Engine, Question, ask_in_order};

pub use scope::{MAX_LENGTH, SCOPES, Scope, scope};
pub use texts::Part;

/// The number of questions that are sent to an engine at once.
const BATCH_LEN: usize = 4096;

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

/// Hashes the answers of an engine. Calls `asked` with the number of questions in each
/// batch.
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
        lines(engine, scope, batch).for_each(|line| hash.update(&line));
        asked(batch.len() as u64);
        ControlFlow::Continue(())
    });
    hash.finish()
}

/// Asks two engines and hashes their common answers. All errors count as the same
/// answer.
///
/// # Errors
///
/// Returns the first question with different answers, and stops there.
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
            hash.update(&wanted);
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

fn answers(engine: &mut dyn Engine, scope: &Scope, batch: &[Vec<Json>]) -> Vec<Answer> {
    let question = |args| Question { function: scope.function.name(), args };
    let questions: Vec<Question<'_>> = batch.iter().map(|args| question(args.as_slice())).collect();
    let answers = ask_in_order(engine, &questions, &mut || ()).into_iter();
    answers.map(|answer| answer.unwrap_or_else(Answer::missing)).collect()
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
        | Answer::Garbled(_) => line += "],\"error\":true}\n",
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
        let sha256 = self.sha256.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Digest { questions: self.questions, sha256 }
    }
}
