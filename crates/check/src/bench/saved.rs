//! A run as JSON, which can be read back.
//!
//! The format is that of `spec/schema/bench.schema.json`. Later versions only add
//! fields. Unknown fields and functions are ignored.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::compare::{Change, Comparison, Difference};
use super::run::{Figure, Outcome, Run};
use super::statistics::{Interval, MAX_VALUES, MIN_VALUES};
use crate::report::json::pretty;
use rulespec::Function;

/// The version of the format.
pub const FORM: u64 = 1;

/// The times in nanoseconds, and the ratios, that are accepted: from a millionth of a
/// nanosecond to thirty years.
const PLAUSIBLE: RangeInclusive<f64> = 1e-6..=1e18;

/// A file is not a saved run.
#[derive(Debug, thiserror::Error)]
#[error("{file}: not a saved run: {what}; save one with `rulespec bench --save FILE`")]
pub struct LoadError {
    file: String,
    what: String,
}

/// Serializes a run.
pub fn render(run: &Run) -> String {
    pretty(run)
}

/// Serializes a run, with its comparison with another as `changes` and `differences`.
pub fn render_with(run: &Run, comparison: &Comparison) -> String {
    #[derive(serde::Serialize)]
    struct Compared<'a> {
        #[serde(flatten)]
        run: &'a Run,
        #[serde(skip_serializing_if = "BTreeMap::is_empty")]
        changes: BTreeMap<&'a str, Change>,
        #[serde(skip_serializing_if = "<[_]>::is_empty")]
        differences: &'a [Difference],
    }
    let changes = comparison.changes.iter().map(|(function, change)| (function.as_str(), *change)).collect();
    pretty(&Compared { run, changes, differences: &comparison.differences })
}

/// Deserializes a run; `file` names it in the error.
///
/// # Errors
///
/// Returns an error, with the line and column or the function, if the text is not a
/// run or has another format version.
///
/// ```
/// let error = rulespec_check::bench::saved::load("old.json", r#"{"bench": 2}"#).unwrap_err();
/// assert!(error.to_string().starts_with("old.json: not a saved run: it has form 2"));
/// ```
pub fn load(file: &str, text: &str) -> Result<Run, LoadError> {
    parse(text).map_err(|what| LoadError { file: file.to_owned(), what })
}

fn parse(text: &str) -> Result<Run, String> {
    #[derive(serde::Deserialize)]
    struct Form {
        bench: u64,
    }
    let Form { bench } = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if bench != FORM {
        return Err(format!("it has form {bench}, and this version of rulespec reads form {FORM}"));
    }
    let mut run: Run = serde_json::from_str(text).map_err(|error| error.to_string())?;
    run.figures.retain(|figure| figure.r#fn.parse::<Function>().is_ok());
    run.date.parse::<jiff::Timestamp>().map_err(|error| format!("its date: {error}"))?;
    for (number, figure) in run.figures.iter().enumerate() {
        if run.figures.iter().take(number).any(|before| before.r#fn == figure.r#fn) {
            return Err(format!("it has two figures of {}", figure.r#fn));
        }
        validate(figure).map_err(|what| format!("{}: {what}", figure.r#fn))?;
    }
    Ok(run)
}

/// Rejects values that no measurement can produce, so that they are not compared.
fn validate(figure: &Figure) -> Result<(), String> {
    let Some(times) = &figure.times else {
        return match figure.outcome {
            Outcome::Right => Err("it is right and has no times".to_owned()),
            Outcome::Wrong | Outcome::Unsupported => Ok(()),
        };
    };
    if !(MIN_VALUES..=MAX_VALUES).contains(&times.rounds) {
        return Err(format!("{} rounds; {MIN_VALUES} to {MAX_VALUES} are possible", times.rounds));
    }
    let intervals = [times.engine_ns, times.reference_ns, times.ratio].into_iter().chain(times.inside_ns);
    for Interval { low, median, high } in intervals {
        let is_plausible = [low, median, high].iter().all(|value| PLAUSIBLE.contains(value));
        if !is_plausible || low > median || median > high {
            return Err(format!("{low} ≤ {median} ≤ {high} is no interval of times"));
        }
    }
    Ok(())
}
