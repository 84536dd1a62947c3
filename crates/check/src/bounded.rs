//! Bounds on the memory of answers that are kept.

use std::io;
use std::mem::size_of;

use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::engine::{Answer, Excerpt};

/// How many bytes of memory one answer may take to be kept in full. A larger one is wrong anyway,
/// unless a vector wants a value of that size, and is judged before it is cut.
const MAX_ANSWER: usize = 16 * 1024;
/// How many bytes are kept of a longer answer.
const EXCERPT_LEN: usize = 600;

/// Keeps answers within a budget of memory.
///
/// An answer that is too large is replaced by an [`Excerpt`] once it has been judged.
#[derive(Debug, Clone)]
pub(crate) struct Keeper {
    left: usize,
    max_answer: usize,
}

impl Keeper {
    /// A keeper of answers for which `bytes` of memory are available.
    pub(crate) fn new(bytes: usize) -> Self {
        Self { left: bytes, max_answer: MAX_ANSWER }
    }

    /// A keeper of answers that each take at most this many bytes.
    #[cfg(feature = "explore")]
    pub(crate) fn of_answers_up_to(max_answer: usize, bytes: usize) -> Self {
        Self { left: bytes, max_answer }
    }

    /// A keeper of answers of any size, while the budget lasts.
    pub(crate) fn of_any_size(bytes: usize) -> Self {
        Self { left: bytes, max_answer: bytes }
    }

    /// The answer, or an excerpt of it if it is too large.
    pub(crate) fn keep(&mut self, answer: Answer) -> Answer {
        let size = size(&answer);
        if size <= self.max_answer.min(self.left) {
            self.left -= size;
            return answer;
        }
        let cut = cut(answer, self.max_answer.min(self.left));
        self.left = self.left.saturating_sub(self::size(&cut));
        cut
    }
}

/// An excerpt of an answer that takes more than `max` bytes of memory.
fn cut(answer: Answer, max: usize) -> Answer {
    let first = |text| shortened(text, EXCERPT_LEN);
    match answer {
        Answer::Value(value) => Answer::Excerpt(excerpt(&value)),
        Answer::Error(text) => Answer::Error(first(text)),
        Answer::Unsupported(text) => Answer::Unsupported(first(text)),
        Answer::Crashed(text) => Answer::Crashed(first(text)),
        Answer::Garbled(text) => Answer::Garbled(first(text)),
        Answer::Retried { failure, answer } => {
            let inner = if size(&answer) > max { cut(*answer, max) } else { *answer };
            Answer::Retried { failure: first(failure), answer: Box::new(inner) }
        }
        Answer::Excerpt(_) | Answer::Stalled(_) | Answer::NotAsked(_) => answer,
    }
}

/// About how many bytes of memory an answer takes.
fn size(answer: &Answer) -> usize {
    let content = match answer {
        Answer::Value(value) => size_of_value(value),
        Answer::Error(text)
        | Answer::Unsupported(text)
        | Answer::Crashed(text)
        | Answer::Garbled(text)
        | Answer::NotAsked(text) => text.len(),
        Answer::Retried { failure, answer } => failure.len() + size(answer),
        Answer::Excerpt(excerpt) => excerpt.start.len() + excerpt.sha256.len(),
        Answer::Stalled(_) => 0,
    };
    size_of::<Answer>() + content
}

/// Recurses as deep as the value, which the parser limits.
fn size_of_value(value: &Json) -> usize {
    /// The hash and the capacity that a member of an object takes besides its name and value.
    const MEMBER: usize = 2 * size_of::<usize>() + size_of::<String>();
    let content = match value {
        Json::Null | Json::Bool(_) | Json::Number(_) => 0,
        Json::String(text) => text.len(),
        Json::Array(elements) => elements.iter().map(size_of_value).sum(),
        Json::Object(members) => {
            members.iter().map(|(name, value)| MEMBER + name.len() + size_of_value(value)).sum()
        }
    };
    size_of::<Json>() + content
}

fn excerpt(value: &Json) -> Excerpt {
    let mut writer = ExcerptWriter::default();
    // Neither the writer nor the serialization of a `Value` can fail.
    _ = serde_json::to_writer(&mut writer, value);
    let start = String::from_utf8_lossy(&writer.start).trim_end_matches('\u{fffd}').to_owned();
    Excerpt { bytes: writer.bytes, sha256: hex(writer.hash), start }
}

/// The hash in lowercase hexadecimal.
pub(crate) fn hex(hash: Sha256) -> String {
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Counts and hashes what is written, and keeps the start.
#[derive(Default)]
struct ExcerptWriter {
    bytes: u64,
    hash: Sha256,
    start: Vec<u8>,
}

impl io::Write for ExcerptWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        self.hash.update(bytes);
        let room = EXCERPT_LEN.saturating_sub(self.start.len());
        self.start.extend(bytes.iter().take(room));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The text, or its first characters and its length if it has more than `max_chars`.
pub(crate) fn shortened(text: String, max_chars: usize) -> String {
    match text.char_indices().nth(max_chars) {
        None => text,
        Some((end, _)) => format!("{}… ({} bytes)", text.get(..end).unwrap_or_default(), text.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_answer_that_is_too_large_becomes_an_excerpt() {
        let text = "é".repeat(10_000);
        let keep = |answer| Keeper::new(1_000).keep(answer);
        let Answer::Excerpt(excerpt) = keep(Answer::Value(json!(text))) else {
            panic!("not an excerpt");
        };
        assert_eq!(excerpt.bytes, 20_002);
        assert!(excerpt.start.starts_with("\"éé") && excerpt.start.len() <= EXCERPT_LEN);
        assert_eq!(excerpt.sha256.len(), 64);
        let Answer::Error(cut) = keep(Answer::Error(text)) else { panic!("not an error") };
        assert!(cut.ends_with("é… (20000 bytes)"), "{cut}");
    }

    #[test]
    fn many_answers_stay_within_the_budget() {
        let mut keeper = Keeper::new(100_000);
        let kept: usize =
            (0..1_000).map(|_| size(&keeper.keep(Answer::Value(json!("x".repeat(15_000)))))).sum();
        assert!(kept < 100_000 + 1_000 * 1_000, "{kept}");
    }

    #[test]
    fn small_answers_are_kept() {
        let answer = Answer::Value(json!({"columns": [], "rows": [[1, "a"]]}));
        assert_eq!(Keeper::new(100_000).keep(answer.clone()), answer);
    }
}
