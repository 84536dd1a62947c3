//! A run as JSON, to be kept and read again.
//!
//! The form is that of `spec/schema/bench.schema.json`. Later versions only add
//! fields; fields and functions that a version does not know are passed over.

use std::collections::BTreeMap;

use super::compare::Change;
use super::statistics::{FEWEST, MOST};
use super::{Figure, Interval, Outcome, Run};
use crate::printable;
use rulespec::Function;

/// The number of the form.
pub const FORM: u64 = 1;

/// The shortest and the longest times, and the smallest and largest ratios, that are
/// believed: a nanosecond's millionth and thirty years.
const BELIEVED: std::ops::RangeInclusive<f64> = 1e-6..=1e18;

/// A file that holds no run.
#[derive(Debug, thiserror::Error)]
#[error("{file}: not a saved run: {what}; save one with `rulespec bench --save FILE`")]
pub struct LoadError {
    file: String,
    what: String,
}

/// Writes a run as JSON.
pub fn render(run: &Run) -> String {
    written(run)
}

/// The same with what became of it since another run, in `changes`.
pub fn render_with(run: &Run, changes: &[(String, Change)]) -> String {
    #[derive(serde::Serialize)]
    struct Compared<'a> {
        #[serde(flatten)]
        run: &'a Run,
        changes: BTreeMap<&'a str, Change>,
    }
    match changes {
        [] => written(run),
        changes => {
            let changes = changes.iter().map(|(function, change)| (function.as_str(), *change)).collect();
            written(&Compared { run, changes })
        }
    }
}

fn written(run: &impl serde::Serialize) -> String {
    // Nothing in a run has a form that JSON has not.
    let text = serde_json::to_string_pretty(run).unwrap_or_default();
    text.lines().map(|line| printable::json(line) + "\n").collect()
}

/// Reads a run that was written as JSON; `file` names it in the error.
///
/// # Errors
///
/// Where the text is no such run, with line and column or the function, or one of
/// another form than this version's.
///
/// ```
/// let error = rulespec_check::bench::saved::load("old.json", r#"{"bench": 2}"#).unwrap_err();
/// assert!(error.to_string().starts_with("old.json: not a saved run: it has form 2"));
/// ```
pub fn load(file: &str, text: &str) -> Result<Run, LoadError> {
    read(text).map_err(|what| LoadError { file: file.to_owned(), what })
}

fn read(text: &str) -> Result<Run, String> {
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
        sound(figure).map_err(|what| format!("{}: {what}", figure.r#fn))?;
    }
    Ok(run)
}

/// What no measurement can have written is refused, lest it is compared.
fn sound(figure: &Figure) -> Result<(), String> {
    let Some(times) = &figure.times else {
        return match figure.outcome {
            Outcome::Right => Err("it is right and has no times".to_owned()),
            _ => Ok(()),
        };
    };
    if !(FEWEST..=MOST).contains(&times.rounds) {
        return Err(format!("{} rounds; {FEWEST} to {MOST} are possible", times.rounds));
    }
    let intervals = [times.engine_ns, times.reference_ns, times.ratio].into_iter().chain(times.inside_ns);
    for Interval { low, median, high } in intervals {
        let all_believed = [low, median, high].iter().all(|value| BELIEVED.contains(value));
        if !all_believed || low > median || median > high {
            return Err(format!("{low} ≤ {median} ≤ {high} is no interval of times"));
        }
    }
    Ok(())
}
