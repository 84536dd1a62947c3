//! Tests an engine against the suite.

use std::time::Instant;

use serde_json::Value as Json;

use crate::engine::{Answer, Engine, Question, StartError, ask_in_order};
use crate::misreading::explanations;
use crate::report::{Outcome, Report, open_point_outcomes, text};
use crate::verdict::judge;
use rulespec::suite::{self, Vector};

/// How deep an answer may be nested: a report that holds it is a little deeper, and
/// readers of JSON stop at 128.
///
/// Spec: PRO-18
const DEPTH: usize = 100;

/// Asks an engine every vector and judges its answers.
///
/// What the engine does wrong is in the report and never an error here.
///
/// # Errors
///
/// Where the engine cannot be run at all.
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
    check_watched(engine, vectors, &mut || ())
}

/// The same as [`check`](fn@check), and calls `answered` after each answer.
///
/// # Errors
///
/// Where the engine cannot be run at all.
pub fn check_watched(
    engine: &mut dyn Engine,
    vectors: &[Vector],
    answered: &mut dyn FnMut(),
) -> Result<Report, StartError> {
    let hello = engine.hello()?;
    let start = Instant::now();
    let questions: Vec<Question> =
        vectors.iter().map(|vector| Question { function: &vector.r#fn, args: &vector.args }).collect();
    let answers = ask_in_order(engine, &questions, answered);
    let took = start.elapsed();
    let outcome = |(vector, answer): (&Vector, Option<_>)| {
        let answer = answer.map_or_else(Answer::missing, bounded);
        let verdict = judge(&vector.want, &answer);
        Outcome { vector: vector.clone(), answer, verdict, known: None }
    };
    let outcomes: Vec<Outcome> = vectors.iter().zip(answers).map(outcome).collect();
    let open_points = open_point_outcomes(&outcomes);
    let explanations = explanations(&outcomes);
    Ok(Report { open_points, explanations, ..Report::of(hello, outcomes, took) })
}

/// Holds an engine against the whole specification.
///
/// # Panics
///
/// Where the engine does not conform or cannot be run; the message is the report
/// that `rulespec check` shows.
///
/// ```
/// use rulespec_check::{assert_conforms, engine::Reference};
///
/// assert_conforms(&mut Reference::default()); // yours here
/// ```
#[track_caller]
pub fn assert_conforms(engine: &mut dyn Engine) {
    let vectors = suite::vectors().unwrap_or_else(|error| panic!("the suite is broken: {error}"));
    let report = check(engine, &vectors).unwrap_or_else(|error| panic!("the engine cannot be run: {error}"));
    assert!(report.conforms(), "\n{}", text::render(&report, text::Options::default()));
}

/// The answer, where a report can hold it.
pub(crate) fn bounded(answer: Answer) -> Answer {
    match answer {
        Answer::Value(value) if is_deeper(&value, DEPTH) => {
            Answer::Garbled(format!("a value nested deeper than {DEPTH}"))
        }
        answer => answer,
    }
}

/// Whether a value is nested deeper than this; never looks deeper itself.
fn is_deeper(value: &Json, depth: usize) -> bool {
    let inner = |value| match depth.checked_sub(1) {
        Some(left) => is_deeper(value, left),
        None => true,
    };
    match value {
        Json::Array(elements) => elements.iter().any(inner),
        Json::Object(members) => members.values().any(inner),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::misreading;

    #[test]
    #[should_panic(expected = "looks like  has-as-substring: explains all")]
    fn a_misreading_is_told_with_its_explanation() {
        assert_conforms(&mut misreading::named("has-as-substring").unwrap().engine());
    }
}
