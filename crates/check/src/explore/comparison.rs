//! Cases put to an engine and to the one that it is compared with.

use super::case::Case;
use crate::bounded::Keeper;
use crate::conformance::limit_depth;
use crate::engine::{Answer, Engine, Hello, Question, Reference, StartError};
use crate::table_difference::{agrees_on, common_columns, shared_columns};
use crate::verdict::agrees;

/// How many bytes of memory the answers of one engine to one batch may take.
const MAX_KEPT: usize = 4 << 20;
/// How many bytes one answer may take: more than any right answer to a generated case.
const MAX_ANSWER: usize = 64 << 10;

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

/// A case and the answers of both engines. An answer that is too large to keep is an excerpt.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Comparison {
    pub(super) case: Case,
    pub(super) expected: Answer,
    pub(super) got: Answer,
    /// Whether the answer is the expected one. It was compared before it was cut.
    pub(super) agrees: bool,
    /// The columns of a table that are compared. `None` is the whole answer.
    pub(super) columns: Option<Vec<String>>,
}

impl Comparison {
    /// Whether the explored engine gave an answer.
    pub(super) fn is_answered(&self) -> bool {
        self.got.is_given()
    }

    /// The same answer, compared on the columns that it has in common with the expected one. `None`
    /// if both have the same columns, or are no tables.
    pub(super) fn on_common_columns(&self) -> Option<Self> {
        let (Answer::Value(expected), Answer::Value(got)) = (&self.expected, &self.got) else {
            return None;
        };
        let columns = Some(common_columns(expected, got)?);
        let agrees = agrees_on(columns.as_deref(), &self.expected, &self.got);
        Some(Self { agrees, columns, ..self.clone() })
    }

    /// The same answer, compared on those of some columns that both tables have. `None` is the whole.
    pub(super) fn on_columns_of(self, columns: Option<&[String]>) -> Self {
        let Some(columns) = columns else { return self };
        let (Answer::Value(expected), Answer::Value(got)) = (&self.expected, &self.got) else {
            return self;
        };
        let columns = shared_columns(columns, expected, got);
        let agrees = agrees_on(Some(&columns), &self.expected, &self.got);
        Self { agrees, columns: Some(columns), ..self }
    }

    /// Whether an answer agrees with another one on the columns that are compared.
    pub(super) fn matches(&self, expected: &Answer, got: &Answer) -> bool {
        agrees_on(self.columns.as_deref(), expected, got)
    }

    /// Whether nothing is expected, because the case is not specified.
    pub(super) fn is_unspecified(&self) -> bool {
        matches!(self.expected, Answer::Unsupported(_))
    }

    /// Whether both engines were asked.
    pub(super) fn is_asked(&self) -> bool {
        ![&self.expected, &self.got].iter().any(|answer| matches!(answer, Answer::NotAsked(_)))
    }
}

/// Both engines, running.
pub(super) struct Pair {
    engine: Box<dyn Engine>,
    against: Option<Box<dyn Engine>>,
    reference: Reference,
    allow_retries: bool,
}

impl Pair {
    pub(super) fn new(engines: Engines<'_>, allow_retries: bool) -> Self {
        let against = engines.against.map(|make| make());
        Self { engine: (engines.engine)(), against, reference: Reference::default(), allow_retries }
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

    /// How often the engines had to be started again.
    pub(super) fn restarts(&self) -> u64 {
        self.engine.restarts() + self.against.as_ref().map_or(0, |against| against.restarts())
    }

    /// Asks both engines. Answers are compared and cut when they arrive.
    pub(super) fn ask(&mut self, cases: Vec<Case>) -> Vec<Comparison> {
        let questions: Vec<Question<'_>> = cases.iter().map(Case::question).collect();
        let mut expected = vec![Answer::missing(); cases.len()];
        let mut keeper = Keeper::of_answers_up_to(MAX_ANSWER, MAX_KEPT);
        let against: &mut dyn Engine = match &mut self.against {
            Some(against) => against.as_mut(),
            None => &mut self.reference,
        };
        against.ask_all(&questions, &mut |index, answer| {
            if let Some(slot) = expected.get_mut(index) {
                *slot = keeper.keep(limit_depth(answer));
            }
        });
        let mut got = vec![(Answer::missing(), false); cases.len()];
        let mut keeper = Keeper::of_answers_up_to(MAX_ANSWER, MAX_KEPT);
        let allow_retries = self.allow_retries;
        self.engine.ask_all(&questions, &mut |index, answer| {
            if let (Some(expected), Some(slot)) = (expected.get(index), got.get_mut(index)) {
                let answer = if allow_retries { answer.without_retry() } else { answer };
                *slot = compared(expected, limit_depth(answer), &mut keeper);
            }
        });
        let both = cases.into_iter().zip(expected).zip(got);
        both.map(|((case, expected), (got, agrees))| Comparison {
            case,
            expected,
            got,
            agrees,
            columns: None,
        })
        .collect()
    }
}

/// The answer as it is kept, and whether it is the expected one.
fn compared(expected: &Answer, got: Answer, keeper: &mut Keeper) -> (Answer, bool) {
    let is_cut = matches!(expected, Answer::Excerpt(_));
    let agrees_in_full = agrees(expected, &got);
    let kept = keeper.keep(got);
    let agrees = agrees_in_full || is_cut && agrees(expected, &kept);
    (kept, agrees)
}
