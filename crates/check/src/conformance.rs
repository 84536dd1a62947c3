//! Tests an engine against the test vectors.

use serde_json::Value as Json;

use crate::bounded::Keeper;
use crate::clock::Instant;
use crate::engine::{Answer, Engine, Question, StartError};
use crate::misreading::explanations;
use crate::report::{Outcome, Report, open_point_outcomes, text};
use crate::verdict::{Verdict, judge};
use rulespec::suite::{self, Vector, Want};

/// How deep an answer may be nested. Reports nest it a few levels deeper, and `serde_json` rejects
/// more than 128 levels.
///
/// Spec: PRO-18
const MAX_DEPTH: usize = 100;

/// Asks an engine every vector and checks the answers.
///
/// Wrong answers are part of the report, not an error.
///
/// # Errors
///
/// Returns an error if the engine cannot be run.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::{check, engine::Reference};
///
/// let report = check(&mut Reference::default(), &suite::vectors()?)?;
/// assert!(report.conforms());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn check(engine: &mut dyn Engine, vectors: &[Vector]) -> Result<Report, StartError> {
    check_with(engine, vectors, CheckOptions::default(), &mut || ())
}

/// Options of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckOptions {
    /// How many bytes of memory the answers in the report may take. When they are used up, the
    /// report has only the start of each further answer.
    pub max_memory: usize,
    /// Whether an answer counts that was given only when the engine was asked again.
    pub allow_retries: bool,
}

impl Default for CheckOptions {
    /// 16 MiB, and no retries.
    fn default() -> Self {
        Self { max_memory: 16 << 20, allow_retries: false }
    }
}

/// Like [`check()`], with options. Calls `on_answer` after each answer.
///
/// # Errors
///
/// Returns an error if the engine cannot be run.
pub fn check_with(
    engine: &mut dyn Engine,
    vectors: &[Vector],
    options: CheckOptions,
    on_answer: &mut dyn FnMut(),
) -> Result<Report, StartError> {
    let hello = engine.hello()?;
    let start = Instant::now();
    let questions: Vec<Question> =
        vectors.iter().map(|vector| Question { function: &vector.r#fn, args: &vector.args }).collect();
    let mut keeper = Keeper::new(options.max_memory);
    let mut judged: Vec<Option<(Verdict, Answer)>> = vec![None; vectors.len()];
    engine.ask_all(&questions, &mut |index, answer| {
        if let (Some(vector), Some(slot)) = (vectors.get(index), judged.get_mut(index)) {
            let answer = limit_depth(answer);
            let verdict = verdict(&vector.want, &answer, options.allow_retries);
            *slot = Some((verdict, keeper.keep(answer)));
        }
        on_answer();
    });
    let took = start.elapsed();
    let outcome = |(vector, judged): (&Vector, Option<_>)| {
        let missing = || (Verdict::Garbled, Answer::missing());
        let (verdict, answer) = judged.unwrap_or_else(missing);
        Outcome { vector: vector.clone(), answer, verdict, known: None }
    };
    let outcomes: Vec<Outcome> = vectors.iter().zip(judged).map(outcome).collect();
    let open_points = open_point_outcomes(&outcomes);
    let explanations = explanations(&outcomes);
    let restarts = engine.restarts();
    Ok(Report { open_points, explanations, restarts, ..Report::new(hello, outcomes, took) })
}

fn verdict(want: &Want, answer: &Answer, allow_retries: bool) -> Verdict {
    match answer {
        Answer::Retried { answer, .. } if allow_retries => judge(want, answer),
        answer => judge(want, answer),
    }
}

/// Asserts that an engine conforms to the whole specification.
///
/// If the engine does not have all functions, use [`check()`] and [`Report::conforms`].
///
/// # Panics
///
/// Panics if an answer is wrong, if the engine does not have a function, or if it cannot be run.
/// The message is the report that `rulespec check` prints.
///
/// ```
/// use rulespec_check::{assert_conforms, engine::Reference};
///
/// assert_conforms(&mut Reference::default()); // your engine
/// ```
#[track_caller]
pub fn assert_conforms(engine: &mut dyn Engine) {
    let vectors = suite::vectors().unwrap_or_else(|error| panic!("the suite is broken: {error}"));
    let report = check(engine, &vectors).unwrap_or_else(|error| panic!("the engine cannot be run: {error}"));
    assert!(
        report.conforms() && report.is_complete(),
        "\n{}",
        text::render(&report, text::Options::default())
    );
}

/// Replaces a value that the protocol does not allow by a garbled answer: one that is nested too
/// deeply, or that has a whole number outside signed 64 bits.
pub(crate) fn limit_depth(answer: Answer) -> Answer {
    match answer {
        Answer::Value(value) if is_deeper(&value, MAX_DEPTH) => {
            Answer::Garbled(format!("a value nested deeper than {MAX_DEPTH}"))
        }
        Answer::Retried { failure, answer } => {
            Answer::Retried { failure, answer: Box::new(limit_depth(*answer)) }
        }
        Answer::Value(value) if has_unsigned(&value) => {
            Answer::Garbled(format!("a whole number outside signed 64 bits in {value}"))
        }
        answer => answer,
    }
}

/// Whether a value contains a whole number that no long can hold.
///
/// Spec: PRO-19
fn has_unsigned(value: &Json) -> bool {
    match value {
        Json::Number(number) => number.is_u64() && !number.is_i64(),
        Json::Array(elements) => elements.iter().any(has_unsigned),
        Json::Object(members) => members.values().any(has_unsigned),
        Json::Null | Json::Bool(_) | Json::String(_) => false,
    }
}

/// Whether a value is nested deeper than `depth`. It never recurses deeper.
fn is_deeper(value: &Json, depth: usize) -> bool {
    let inner = |value| depth.checked_sub(1).is_none_or(|depth| is_deeper(value, depth));
    match value {
        Json::Array(elements) => elements.iter().any(inner),
        Json::Object(members) => members.values().any(inner),
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::misreading;

    #[test]
    fn pro_19_a_whole_number_that_is_no_long_is_garbled() {
        for value in [json!(u64::MAX), json!([{"a": [i64::MAX as u64 + 1]}])] {
            assert!(matches!(limit_depth(Answer::Value(value)), Answer::Garbled(_)));
        }
        let value = Answer::Value(json!([i64::MAX, i64::MIN, -0.0, 1e300]));
        assert_eq!(limit_depth(value.clone()), value);
    }

    #[test]
    #[should_panic(expected = "looks like  has-as-substring: explains all")]
    fn a_failure_is_reported_with_its_explanation() {
        assert_conforms(&mut misreading::named("has-as-substring").unwrap().engine());
    }
}
