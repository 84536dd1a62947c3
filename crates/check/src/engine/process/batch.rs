use std::collections::{BTreeMap, VecDeque};
use std::mem::{replace, take};
use std::time::{Duration, Instant};

use super::deadline;
use crate::engine::protocol::{self, Call, MessageError, Reply};
use crate::engine::{Answer, Question};

/// How many bytes of answers are buffered. A buffered answer can still be replaced if the
/// engine answers the same call twice.
const MAX_BUFFERED_BYTES: usize = 1 << 20;

/// The state of each question in one call of `ask_all`.
///
/// A question is first waiting, then pending (sent to the engine), then answered. If the engine
/// ends while several questions are pending, any of them may be the cause. They become suspects,
/// and each is asked again while no other is pending. If none of them fails then, the failure was
/// a transient one, and the oldest of them counts as retried.
///
/// Spec: PRO-11
pub(super) struct Batch<'a> {
    questions: &'a [Question<'a>],
    waiting: VecDeque<usize>,
    suspects: VecDeque<usize>,
    retry: Option<Retry>,
    /// By call id, so from oldest to newest.
    pending: BTreeMap<u64, Pending>,
    answered: BTreeMap<u64, (usize, Answer)>,
    buffered_bytes: usize,
    /// Whether the running engine has garbled an answer, which explains what fails after it.
    has_garbled: bool,
    /// When the engine last gave an answer, or got a call while none was pending.
    last_progress: Instant,
}

/// A question that was sent to the engine.
struct Pending {
    index: usize,
    bytes: usize,
    is_suspect: bool,
}

/// The suspects of one failure.
struct Retry {
    /// The oldest of them.
    oldest: usize,
    /// The failure.
    answer: Answer,
    /// How many of them there are.
    count: usize,
    /// Whether one of them has failed again.
    is_explained: bool,
}

/// How a line from the engine was used.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LineUse {
    /// It answered a question.
    Answered,
    /// It made the answer to a question garbled.
    Garbled,
    /// It does not belong to a question of this batch.
    Stray,
}

impl<'a> Batch<'a> {
    /// A batch in which every question is waiting.
    pub(super) fn new(questions: &'a [Question<'a>]) -> Self {
        Self {
            questions,
            waiting: (0..questions.len()).collect(),
            suspects: VecDeque::new(),
            retry: None,
            pending: BTreeMap::new(),
            answered: BTreeMap::new(),
            buffered_bytes: 0,
            has_garbled: false,
            last_progress: Instant::now(),
        }
    }

    /// Answers the questions for whose function `answer` returns an answer, without sending them.
    pub(super) fn answer_unsent(
        &mut self,
        answer: impl Fn(&str) -> Option<Answer>,
        each: &mut dyn FnMut(usize, Answer),
    ) {
        let known = |index: usize| answer(self.questions.get(index)?.function);
        self.waiting.retain(|&index| match known(index) {
            Some(answer) => {
                each(index, answer);
                false
            }
            None => true,
        });
    }

    /// Whether every question has its answer.
    pub(super) fn is_answered(&self) -> bool {
        self.waiting.is_empty() && self.suspects.is_empty() && self.pending.is_empty()
    }

    /// How many questions have an answer.
    pub(super) fn count_answered(&self) -> u64 {
        let open = self.waiting.len() + self.suspects.len() + self.pending.len();
        self.questions.len().saturating_sub(open) as u64
    }

    /// When the engine must have given its next answer.
    ///
    /// Spec: PRO-10
    pub(super) fn deadline(&self, timeout: Duration) -> Instant {
        deadline(self.last_progress, timeout)
    }

    /// Takes the next call that may be sent now, if there is one. It gets the given id.
    ///
    /// Spec: PRO-04
    pub(super) fn next_call(&mut self, id: u64, window: usize, window_bytes: usize) -> Option<Vec<u8>> {
        let bytes: usize = self.pending.values().map(|call| call.bytes).sum();
        let is_full = self.pending.len() >= window || bytes >= window_bytes;
        let is_suspect = !self.suspects.is_empty();
        let is_exclusive = is_suspect || self.pending.values().any(|call| call.is_suspect);
        if is_full || is_exclusive && !self.pending.is_empty() {
            return None;
        }
        let index = self.suspects.pop_front().or_else(|| self.waiting.pop_front())?;
        let Question { function, args } = *self.questions.get(index)?;
        let call = protocol::line(&Call { id, function, args });
        if self.pending.is_empty() {
            self.last_progress = Instant::now();
        }
        self.pending.insert(id, Pending { index, bytes: call.len(), is_suspect });
        Some(call)
    }

    /// Processes a line from the engine.
    ///
    /// Spec: PRO-06, PRO-07, PRO-12
    pub(super) fn receive(&mut self, line: &[u8]) -> LineUse {
        match protocol::read_reply(line) {
            Ok(Reply { id, outcome }) if self.pending.contains_key(&id) => {
                self.answer(id, outcome.into(), line.len());
                LineUse::Answered
            }
            Ok(Reply { id, .. }) => {
                self.garble(Some(id), format!("an answer to call {id}, which is not open"))
            }
            Err(error @ MessageError { id, .. }) => self.garble(id, error.to_string()),
        }
    }

    /// Attributes a bad line to the call with its id, or else to the oldest pending call.
    fn garble(&mut self, id: Option<u64>, problem: String) -> LineUse {
        self.has_garbled = true;
        if let Some((_, first)) = id.and_then(|id| self.answered.get_mut(&id)) {
            if !matches!(first, Answer::Garbled(_)) {
                *first = Answer::Garbled(format!("answered twice, the second time by {problem}"));
            }
            return LineUse::Garbled;
        }
        let oldest = || self.pending.keys().next().copied();
        match id.filter(|id| self.pending.contains_key(id)).or_else(oldest) {
            Some(id) => {
                let bytes = problem.len();
                self.answer(id, Answer::Garbled(problem), bytes);
                LineUse::Garbled
            }
            None => LineUse::Stray,
        }
    }

    fn answer(&mut self, id: u64, answer: Answer, bytes: usize) {
        if let Some(call) = self.pending.remove(&id) {
            self.answered.insert(id, (call.index, answer));
            self.buffered_bytes += bytes;
            self.last_progress = Instant::now();
        }
    }

    /// Records that the engine has ended. A single pending question gets `answer`; if there are
    /// several, they become suspects.
    ///
    /// Spec: PRO-11
    pub(super) fn engine_ended(&mut self, answer: Answer) {
        if let (1, Some((&id, call))) = (self.pending.len(), self.pending.first_key_value()) {
            if let Some(retry) = self.retry.as_mut().filter(|_| call.is_suspect) {
                retry.is_explained = true;
            }
            self.has_garbled = false;
            return self.answer(id, answer, 0);
        }
        let pending: Vec<usize> = take(&mut self.pending).into_values().map(|call| call.index).collect();
        self.retry = pending.first().map(|oldest| Retry {
            oldest: *oldest,
            answer: answer.clone(),
            count: pending.len(),
            is_explained: self.has_garbled,
        });
        self.has_garbled = false;
        self.suspects = pending.into_iter().chain(take(&mut self.suspects)).collect();
    }

    /// Marks the oldest suspect as retried if all were asked again and none failed.
    ///
    /// Spec: PRO-21
    fn end_retry(&mut self) {
        if !self.suspects.is_empty() || self.pending.values().any(|call| call.is_suspect) {
            return;
        }
        let Some(Retry { oldest, answer: failure, count, is_explained: false }) = self.retry.take() else {
            return;
        };
        let oldest = self.answered.values_mut().find(|(index, _)| *index == oldest);
        if let Some((_, answer)) = oldest.filter(|(_, answer)| answer.is_given()) {
            let given = replace(answer, Answer::missing());
            let failure = format!("with {count} calls open, {failure}");
            *answer = Answer::Retried { failure, answer: Box::new(given) };
        }
    }

    /// Hands over the buffered answers if every question is answered or the buffer is full.
    pub(super) fn flush(&mut self, each: &mut dyn FnMut(usize, Answer)) {
        self.end_retry();
        if self.buffered_bytes <= MAX_BUFFERED_BYTES && !self.is_answered() {
            return;
        }
        self.buffered_bytes = 0;
        // Whether this one was retried is not known yet.
        let held = self.retry.as_ref().map(|retry| retry.oldest);
        for (id, (index, answer)) in take(&mut self.answered) {
            if held == Some(index) {
                self.answered.insert(id, (index, answer));
            } else {
                each(index, answer);
            }
        }
    }

    /// Gives every question that is left the same answer.
    pub(super) fn answer_rest(&mut self, answer: &Answer, each: &mut dyn FnMut(usize, Answer)) {
        let pending = take(&mut self.pending).into_values().map(|call| call.index);
        // A failure that nobody could look into is one of the oldest call.
        let unexplained = self.retry.take().filter(|retry| !retry.is_explained);
        for index in pending.chain(self.suspects.drain(..)).chain(self.waiting.drain(..)) {
            match &unexplained {
                Some(retry) if retry.oldest == index => each(index, retry.answer.clone()),
                Some(_) | None => each(index, answer.clone()),
            }
        }
        self.flush(each);
    }
}
