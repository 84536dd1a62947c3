//! Questions and their shrinking for proptest, and for quickcheck.

use arbitrary::Unstructured;
use proptest::prelude::Rng;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use std::marker::PhantomData;

use super::generate::{Case, Style};
use rulespec::Function;

/// How many bytes a question is made from.
const BYTES: usize = 512;
/// How many simpler questions are held ready; beyond that a question is simple
/// enough.
const STEPS: usize = 10_000;

/// Questions about one function, for proptest.
///
/// ```
/// use proptest::strategy::{Strategy, ValueTree};
/// use proptest::test_runner::TestRunner;
/// use rulespec::Function;
/// use rulespec_check::explore::{cases, generate::WellFormed};
///
/// let mut tree = cases::<WellFormed>(Function::Has).new_tree(&mut TestRunner::deterministic()).unwrap();
/// while tree.simplify() {}
/// assert_eq!(tree.current().args, ["", ""]);
/// ```
pub fn cases<S: Style>(function: Function) -> Cases<S> {
    Cases { function, style: PhantomData }
}

/// See [`cases`].
#[derive(Debug, Clone)]
pub struct Cases<S> {
    function: Function,
    style: PhantomData<S>,
}

impl<S: Style> Strategy for Cases<S> {
    type Tree = CaseTree;
    type Value = Case;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let mut bytes = [0; BYTES];
        runner.rng().fill_bytes(&mut bytes);
        let case = Case::of::<S>(self.function, &mut Unstructured::new(&bytes));
        case.map(CaseTree::new).map_err(|error| error.to_string().into())
    }
}

/// A question on its way to the simplest one that shows the same.
#[derive(Debug, Clone)]
pub struct CaseTree {
    /// The simplest that is known to show it.
    shows: Case,
    current: Case,
    /// What is simpler than `shows` and not tried yet, the next one last.
    steps: Option<Vec<Case>>,
}

impl CaseTree {
    fn new(case: Case) -> Self {
        Self { shows: case.clone(), current: case, steps: None }
    }

    fn next(&mut self) -> bool {
        let steps = self.steps.get_or_insert_with(|| {
            let mut steps: Vec<Case> = self.shows.simpler().take(STEPS).collect();
            steps.reverse();
            steps
        });
        let next = steps.pop();
        let is_there = next.is_some();
        self.current = next.unwrap_or_else(|| self.shows.clone());
        is_there
    }
}

impl ValueTree for CaseTree {
    type Value = Case;

    fn current(&self) -> Case {
        self.current.clone()
    }

    fn simplify(&mut self) -> bool {
        if self.current != self.shows {
            self.shows = self.current.clone();
            self.steps = None;
        }
        self.next()
    }

    fn complicate(&mut self) -> bool {
        self.steps.is_some() && self.next()
    }
}

#[cfg(test)]
impl<S: Style + Send> quickcheck::Arbitrary for super::generate::Question<S> {
    fn arbitrary(g: &mut quickcheck::Gen) -> Self {
        let bytes: Vec<u8> = (0..BYTES).map(|_| u8::arbitrary(g)).collect();
        // A slice of bytes can always be read.
        arbitrary::Arbitrary::arbitrary(&mut Unstructured::new(&bytes)).unwrap()
    }

    fn shrink(&self) -> Box<dyn Iterator<Item = Self>> {
        let steps: Vec<Case> = self.case.simpler().take(STEPS).collect();
        Box::new(steps.into_iter().map(Self::from))
    }
}
