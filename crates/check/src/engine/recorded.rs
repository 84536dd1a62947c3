//! An engine that replays recorded answers.

use std::collections::HashMap;
use std::io::{self, BufRead};

use serde_json::{Value as Json, json};

use super::protocol::{MAX_LINE_LEN, RawReply, object};
use super::read_line::{LineTooLong, read_line};
use super::{Answer, Engine, Hello, StartError};
use crate::printable::shortened;
use rulespec::json::without_lone_surrogates;
use rulespec::suite::Vector;

/// How many errors are kept.
const MAX_ERRORS: usize = 10;
/// How many further errors there may be before the rest of the input is not read.
const MAX_MORE_ERRORS: usize = 990;
/// The longest id in an error, in characters.
const MAX_SHOWN_ID: usize = 100;
/// The byte order mark that some editors write at the start of a file.
const BOM: &[u8] = "\u{feff}".as_bytes();

/// An engine that replays recorded answers. A question without a recorded answer gets a garbled
/// answer, which conforms to nothing.
///
/// ```
/// use rulespec_check::engine::{Answer, Engine, Hello, Recorded};
/// use serde_json::json;
///
/// let vectors = rulespec::suite::vectors()?;
/// let hello = Hello { engine: "mine".into(), version: "1".into(), functions: None };
/// let answers = [(vectors[0].id.clone(), Answer::Value(json!([])))];
/// let mut engine = Recorded::new(hello, &vectors, answers);
/// assert_eq!(engine.ask(&vectors[0].r#fn, &vectors[0].args), Answer::Value(json!([])));
/// # Ok::<(), rulespec::suite::LoadError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Recorded {
    hello: Hello,
    /// By [`key`].
    answers: HashMap<String, Answer>,
}

impl Recorded {
    /// Creates the engine from answers and the ids of their vectors. If several vectors make the
    /// same call, the last answer is used.
    pub fn new(
        hello: Hello,
        vectors: &[Vector],
        answers: impl IntoIterator<Item = (String, Answer)>,
    ) -> Self {
        let calls: HashMap<&str, String> =
            vectors.iter().map(|vector| (vector.id.as_str(), key(&vector.r#fn, &vector.args))).collect();
        let by_call = |(id, answer): (String, Answer)| Some((calls.get(id.as_str())?.clone(), answer));
        Self { hello, answers: answers.into_iter().filter_map(by_call).collect() }
    }
}

impl Engine for Recorded {
    fn hello(&mut self) -> Result<Hello, StartError> {
        Ok(self.hello.clone())
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        let answer = self.answers.get(&key(function, args)).cloned();
        answer.unwrap_or_else(|| Answer::Garbled("no answer is recorded".to_owned()))
    }
}

/// A call as JSON text.
fn key(function: &str, args: &[Json]) -> String {
    json!([function, args]).to_string()
}

/// A line of a file is not a recorded answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct RecordError {
    file: String,
    line: usize,
    what: String,
}

/// The content of a file of recorded answers.
#[derive(Debug, Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Record {
    /// The engine that answered, if the file names it.
    pub hello: Option<Hello>,
    /// The answers, with the ids of their vectors.
    pub answers: Vec<(String, Answer)>,
    /// The first lines that are neither, that answer an unknown vector, or that answer a vector
    /// again. They are skipped.
    pub errors: Vec<RecordError>,
    /// The number of further such lines. After 1,000 lines that cannot be used, the rest of the
    /// input is not read.
    pub more_errors: usize,
}

/// Reads recorded answers in JSON Lines: replies of the protocol with vector ids, such as
/// `{"id":"cmd-0007","ok":…}`. A line `{"engine":…,"version":…}` names the engine that answered.
/// `file` is the file name for error messages. The input is read line by line; a line may have
/// 16 MiB.
///
/// # Errors
///
/// Returns an error if the input cannot be read. Lines that cannot be used are part of the result.
/// Numbers and the number of values are limited as in the protocol.
///
/// ```
/// use rulespec_check::engine::{Answer, recorded::read};
///
/// let vectors = rulespec::suite::vectors()?;
/// let text = "{\"id\":\"cmd-9999\",\"ok\":1}\n{\"id\":\"cmd-0001\",\"error\":\"none\"}\n";
/// let record = read("a.jsonl", text.as_bytes(), &vectors)?;
/// assert_eq!(record.answers, [("cmd-0001".to_owned(), Answer::Error("none".to_owned()))]);
/// assert!(record.errors[0].to_string().starts_with("a.jsonl:1: there is no vector"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Spec: PRO-19, PRO-20
pub fn read(file: &str, mut input: impl BufRead, vectors: &[Vector]) -> io::Result<Record> {
    let mut reader = Reader {
        record: Record::default(),
        missing: vectors.iter().map(|vector| (vector.id.as_str(), true)).collect(),
    };
    for line in 1.. {
        let read = match read_line(&mut input, MAX_LINE_LEN)? {
            None => break,
            Some(Ok(text)) if line == 1 => reader.line(text.strip_prefix(BOM).unwrap_or(&text)),
            Some(Ok(text)) => reader.line(&text),
            Some(Err(LineTooLong)) => {
                input.skip_until(b'\n')?;
                Err(format!("a line of over {} MiB, the limit for an answer", MAX_LINE_LEN >> 20))
            }
        };
        if let Err(what) = read {
            match reader.record.errors.len() < MAX_ERRORS {
                true => reader.record.errors.push(RecordError { file: file.to_owned(), line, what }),
                false => reader.record.more_errors += 1,
            }
            if reader.record.more_errors == MAX_MORE_ERRORS {
                break;
            }
        }
    }
    Ok(reader.record)
}

struct Reader<'a> {
    record: Record,
    /// Whether each vector still has no answer.
    missing: HashMap<&'a str, bool>,
}

impl Reader<'_> {
    fn line(&mut self, line: &[u8]) -> Result<(), String> {
        let line = line.trim_ascii_end();
        if line.is_empty() {
            return Ok(());
        }
        let line = &*without_lone_surrogates(line);
        if let Ok(hello) = object(line) {
            self.record.hello = Some(hello);
            return Ok(());
        }
        let reply: RawReply<String> = object(line).map_err(|error| error.to_string())?;
        let id = reply.id.clone();
        let shown = || shortened(&id, MAX_SHOWN_ID);
        let outcome = reply.outcome().map_err(|problem| format!("{} has {problem}", shown()))?;
        let Some(missing) = self.missing.get_mut(id.as_str()) else {
            return Err(format!("there is no vector {:?}; see `rulespec list vectors`", shown()));
        };
        if !std::mem::take(missing) {
            return Err(format!("{} already has an answer; keep one", shown()));
        }
        self.record.answers.push((id, outcome.into()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pro_09_lone_surrogates_are_replaced_in_recorded_answers() {
        let vectors = rulespec::suite::vectors().unwrap();
        let line = r#"{"id":"trm-0001","ok":"\ud800x"}"#;
        let record = read("a.jsonl", line.as_bytes(), &vectors).unwrap();
        assert_eq!(record.answers[0].1, Answer::Value(Json::from("\u{fffd}x")));
    }

    #[test]
    fn pro_19_recorded_whole_numbers_keep_their_digits() {
        let vectors = rulespec::suite::vectors().unwrap();
        let read = |number: &str| {
            let line = format!(r#"{{"id":"dyn-0034","ok":{number}}}"#);
            read("a.jsonl", line.as_bytes(), &vectors).unwrap()
        };
        assert_eq!(read("-0").answers[0].1, Answer::Value(json!(0)));
        assert_eq!(read("1.0").answers[0].1, Answer::Value(json!(1.0)));
        let error = read("18446744073709551615").errors[0].to_string();
        assert!(error.starts_with("a.jsonl:1: 18446744073709551615 is outside signed 64 bits"), "{error}");
    }

    #[test]
    fn pro_20_a_recorded_answer_has_a_limited_number_of_values() {
        let vectors = rulespec::suite::vectors().unwrap();
        let line = format!(r#"{{"id":"dyn-0034","ok":[{}1]}}"#, "[],".repeat(1 << 18));
        let error = read("a.jsonl", line.as_bytes(), &vectors).unwrap().errors[0].to_string();
        assert!(error.starts_with("a.jsonl:1: more than 262144 values"), "{error}");
    }

    #[test]
    fn lines_that_cannot_be_used_are_named_and_skipped() {
        let vectors = rulespec::suite::vectors().unwrap();
        let (good, id) = (r#"{"id":"trm-0001","ok":1}"#, "x".repeat(1000));
        let bad = [good, r#"{"id":"trm-0002"}"#, "{", "\u{fffd}", &format!(r#"{{"id":"{id}","ok":1}}"#)];
        let text = format!("\u{feff}{good}\n{}\r\n", bad.join("\n"));
        let record = read("a.jsonl", text.as_bytes(), &vectors).unwrap();
        assert_eq!(record.answers, [("trm-0001".to_owned(), Answer::Value(Json::from(1)))]);
        let places: Vec<usize> = record.errors.iter().map(|error| error.line).collect();
        assert_eq!((places, record.more_errors), (vec![2, 3, 4, 5, 6], 0));
        assert!(record.errors.iter().all(|error| error.to_string().len() < 300), "{:?}", record.errors);
        let record = read("a.jsonl", "{\n".repeat(50).as_bytes(), &vectors).unwrap();
        assert_eq!((record.errors.len(), record.more_errors), (MAX_ERRORS, 40));
        let record = read("a.jsonl", "{\n".repeat(50_000).as_bytes(), &vectors).unwrap();
        assert_eq!((record.errors.len(), record.more_errors), (MAX_ERRORS, MAX_MORE_ERRORS));
    }

    #[test]
    fn a_long_line_is_skipped_without_being_kept() {
        let vectors = rulespec::suite::vectors().unwrap();
        let long = io::Read::take(io::repeat(b'x'), MAX_LINE_LEN as u64 + 10);
        let rest = &b"\n{\"id\":\"trm-0001\",\"ok\":1}"[..];
        let input = io::BufReader::new(io::Read::chain(long, rest));
        let record = read("a.jsonl", input, &vectors).unwrap();
        assert_eq!((record.answers.len(), record.errors[0].line), (1, 1));
    }
}
