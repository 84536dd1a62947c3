//! Questions, put to an engine and to what it is held against.

use super::generate::Case;
use crate::conformance::bounded;
use crate::engine::{Answer, Engine, Hello, Question, Reference, StartError, ask_in_order};

/// Makes an engine, wherever one is needed.
pub type Make<'a> = &'a (dyn Fn() -> Box<dyn Engine> + Sync);

/// The engine that is explored, and the one it is held against: the reference where
/// there is none.
#[derive(Clone, Copy)]
pub struct Engines<'a> {
    /// Makes the engine that is explored.
    pub engine: Make<'a>,
    /// Makes the one it is held against.
    pub against: Option<Make<'a>>,
}

/// A question and both answers.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    /// The question.
    pub(super) case: Case,
    /// The answer that is held to be right.
    pub(super) right: Answer,
    /// The engine's.
    pub(super) got: Answer,
}

impl Asked {
    /// Whether the engine gave any answer.
    pub(super) fn is_answered(&self) -> bool {
        matches!(self.got, Answer::Value(_) | Answer::Error(_))
    }
}

/// Both engines, running.
pub(super) struct Pair {
    engine: Box<dyn Engine>,
    against: Option<Box<dyn Engine>>,
    reference: Reference,
}

impl Pair {
    pub(super) fn new(engines: Engines<'_>) -> Self {
        let against = engines.against.map(|make| make());
        Self { engine: (engines.engine)(), against, reference: Reference::default() }
    }

    /// Who the engine is, and the one it is held against.
    pub(super) fn hello(&mut self) -> Result<(Hello, Option<Hello>), StartError> {
        let against = self.against.as_mut().map(|engine| engine.hello()).transpose()?;
        Ok((self.engine.hello()?, against))
    }

    /// Whether what the engine is held against is the reference.
    pub(super) fn is_reference(&self) -> bool {
        self.against.is_none()
    }

    /// Asks both.
    pub(super) fn ask(&mut self, cases: Vec<Case>) -> Vec<Asked> {
        let right = match &mut self.against {
            Some(against) => answers(against.as_mut(), &cases),
            None => answers(&mut self.reference, &cases),
        };
        let got = answers(self.engine.as_mut(), &cases);
        let both = cases.into_iter().zip(right).zip(got);
        both.map(|((case, right), got)| Asked { case, right, got }).collect()
    }
}

fn answers(engine: &mut dyn Engine, cases: &[Case]) -> Vec<Answer> {
    let questions: Vec<Question<'_>> = cases.iter().map(Case::question).collect();
    let answers = ask_in_order(engine, &questions, &mut || ()).into_iter();
    answers.map(|answer| answer.map_or_else(Answer::missing, bounded)).collect()
}
