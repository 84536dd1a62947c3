use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use super::deadline;
use crate::engine::protocol::{self, Call, Garbled, Reply};
use crate::engine::{Answer, Question};

/// How many bytes of answers are held back before they are handed over, and no
/// second answer to them can be told any more.
const HELD_BYTES: usize = 4 << 20;

/// The questions of one call of `ask_all`, and where each of them stands.
///
/// A question waits, is out, and is answered. Where an engine ends while several
/// are out, nobody can tell which of them it was: they become suspects, and are
/// asked again, each alone.
///
/// Spec: PRO-11
pub(super) struct Batch<'a> {
    questions: &'a [Question<'a>],
    waiting: VecDeque<usize>,
    suspects: VecDeque<usize>,
    /// By id, and so in the order in which they were asked.
    out: BTreeMap<u64, Out>,
    answered: BTreeMap<u64, (usize, Answer)>,
    held_bytes: usize,
    /// Since when the engine owes an answer.
    since: Instant,
}

/// A question that is out.
struct Out {
    number: usize,
    bytes: usize,
    alone: bool,
}

/// What became of a line.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// It answers a question.
    Answer,
    /// It spoils the answer of a question.
    Spoiled,
    /// It is about no question of this batch.
    Stray,
}

impl<'a> Batch<'a> {
    /// A batch in which every question waits.
    pub(super) fn new(questions: &'a [Question<'a>]) -> Self {
        Self {
            questions,
            waiting: (0..questions.len()).collect(),
            suspects: VecDeque::new(),
            out: BTreeMap::new(),
            answered: BTreeMap::new(),
            held_bytes: 0,
            since: Instant::now(),
        }
    }

    /// Answers those questions that need not be asked.
    pub(super) fn settle_unasked(
        &mut self,
        answer: impl Fn(&str) -> Option<Answer>,
        each: &mut dyn FnMut(usize, Answer),
    ) {
        let answered = |number: usize| answer(self.questions.get(number)?.function);
        self.waiting.retain(|&number| match answered(number) {
            Some(answer) => {
                each(number, answer);
                false
            }
            None => true,
        });
    }

    /// Whether every question has its answer.
    pub(super) fn is_answered(&self) -> bool {
        self.waiting.is_empty() && self.suspects.is_empty() && self.out.is_empty()
    }

    /// When the engine must have answered next.
    ///
    /// Spec: PRO-10
    pub(super) fn deadline(&self, limit: Duration) -> Instant {
        deadline(self.since, limit)
    }

    /// The next call to send, under the next free id, where one may go out now.
    ///
    /// Spec: PRO-04
    pub(super) fn next_call(&mut self, id: u64, window: usize, window_bytes: usize) -> Option<Vec<u8>> {
        let bytes: usize = self.out.values().map(|out| out.bytes).sum();
        let is_full = self.out.len() >= window || bytes >= window_bytes;
        let alone = !self.suspects.is_empty();
        let must_wait = alone || self.out.values().any(|out| out.alone);
        if is_full || must_wait && !self.out.is_empty() {
            return None;
        }
        let number = self.suspects.pop_front().or_else(|| self.waiting.pop_front())?;
        let Question { function, args } = *self.questions.get(number)?;
        let call = protocol::line(&Call { id, function, args });
        if self.out.is_empty() {
            self.since = Instant::now();
        }
        self.out.insert(id, Out { number, bytes: call.len(), alone });
        Some(call)
    }

    /// Takes in a line of the engine's.
    ///
    /// Spec: PRO-06, PRO-07, PRO-12
    pub(super) fn take(&mut self, line: &[u8]) -> Taken {
        match protocol::read_reply(line) {
            Ok(Reply { id, outcome }) if self.out.contains_key(&id) => {
                self.settle(id, outcome.into(), line.len());
                Taken::Answer
            }
            Ok(Reply { id, .. }) => {
                self.spoil(Some(id), format!("an answer to call {id}, which is not open"))
            }
            Err(garbled @ Garbled { id, .. }) => self.spoil(id, garbled.to_string()),
        }
    }

    /// Puts a bad line down to a question: to that of its id, else to the oldest
    /// that is out.
    fn spoil(&mut self, id: Option<u64>, what: String) -> Taken {
        if let Some((_, first)) = id.and_then(|id| self.answered.get_mut(&id)) {
            if !matches!(first, Answer::Garbled(_)) {
                *first = Answer::Garbled(format!("answered twice, the second time by {what}"));
            }
            return Taken::Spoiled;
        }
        let oldest = || self.out.keys().next().copied();
        match id.filter(|id| self.out.contains_key(id)).or_else(oldest) {
            Some(id) => {
                let bytes = what.len();
                self.settle(id, Answer::Garbled(what), bytes);
                Taken::Spoiled
            }
            None => Taken::Stray,
        }
    }

    fn settle(&mut self, id: u64, answer: Answer, bytes: usize) {
        if let Some(out) = self.out.remove(&id) {
            self.answered.insert(id, (out.number, answer));
            self.held_bytes += bytes;
            self.since = Instant::now();
        }
    }

    /// Takes note that the engine is gone: where one question was out, that is its
    /// answer; where several were, each is asked again alone.
    ///
    /// Spec: PRO-11
    pub(super) fn end(&mut self, answer: Answer) {
        if let (1, Some(&id)) = (self.out.len(), self.out.keys().next()) {
            return self.settle(id, answer, 0);
        }
        let again = std::mem::take(&mut self.out).into_values().map(|out| out.number);
        self.suspects = again.chain(std::mem::take(&mut self.suspects)).collect();
    }

    /// Hands over every answer that need not be held back any longer.
    pub(super) fn hand_over(&mut self, each: &mut dyn FnMut(usize, Answer)) {
        if self.held_bytes > HELD_BYTES || self.is_answered() {
            self.held_bytes = 0;
            for (number, answer) in std::mem::take(&mut self.answered).into_values() {
                each(number, answer);
            }
        }
    }

    /// Gives every question that is left the same answer.
    pub(super) fn give_up(&mut self, answer: &Answer, each: &mut dyn FnMut(usize, Answer)) {
        let out = std::mem::take(&mut self.out).into_values().map(|out| out.number);
        for number in out.chain(self.suspects.drain(..)).chain(self.waiting.drain(..)) {
            each(number, answer.clone());
        }
        self.hand_over(each);
    }
}
