//! Cases put to an engine and to the one that it is compared with.

use super::case::Case;
use crate::conformance::limit_depth;
use crate::engine::{Answer, Engine, Hello, Question, Reference, StartError, ask_in_order};

/// A function that creates an engine.
pub type Make<'a> = &'a (dyn Fn() -> Box<dyn Engine> + Sync);

/// The engine to explore, and the one to compare it with.
#[derive(Clone, Copy)]
pub struct Engines<'a> {
    /// Creates the engine to explore.
    pub engine: Make<'a>,
    /// Creates the engine to compare it with. `None` is the reference.
    pub against: Option<Make<'a>>,
}

/// A case and the answers of both engines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comparison {
    pub(super) case: Case,
    pub(super) expected: Answer,
    pub(super) got: Answer,
}

impl Comparison {
    /// Whether the explored engine gave an answer.
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

    /// The hello of the explored engine, and of the one that it is compared with.
    pub(super) fn hello(&mut self) -> Result<(Hello, Option<Hello>), StartError> {
        let against = self.against.as_mut().map(|engine| engine.hello()).transpose()?;
        Ok((self.engine.hello()?, against))
    }

    /// Whether the expected answers are those of the reference.
    pub(super) fn expects_reference(&self) -> bool {
        self.against.is_none()
    }

    /// Asks both engines.
    pub(super) fn ask(&mut self, cases: Vec<Case>) -> Vec<Comparison> {
        let expected = match &mut self.against {
            Some(against) => answers(against.as_mut(), &cases),
            None => answers(&mut self.reference, &cases),
        };
        let got = answers(self.engine.as_mut(), &cases);
        let both = cases.into_iter().zip(expected).zip(got);
        both.map(|((case, expected), got)| Comparison { case, expected, got }).collect()
    }
}

fn answers(engine: &mut dyn Engine, cases: &[Case]) -> Vec<Answer> {
    let questions: Vec<Question<'_>> = cases.iter().map(Case::question).collect();
    let answers = ask_in_order(engine, &questions, &mut || ()).into_iter();
    answers.map(|answer| answer.map_or_else(Answer::missing, limit_depth)).collect()
}
