//! A run as CSV, a line a function.

use super::compare::Change;
use super::{Interval, Run};
use crate::printable::shortened;

const HEAD: [&str; 16] = [
    "engine",
    "version",
    "date",
    "function",
    "outcome",
    "questions",
    "rounds",
    "ns",
    "ns_low",
    "ns_high",
    "reference_ns",
    "ratio",
    "ratio_low",
    "ratio_high",
    "inside_ns",
    "change",
];

/// Writes a run and what it was compared with.
///
/// # Errors
///
/// Where a writer of memory fails, which it does not.
pub fn render(run: &Run, changes: &[(String, Change)]) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(vec![]);
    writer.write_record(HEAD)?;
    for figure in &run.figures {
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let of = |interval: Option<Interval>| {
            let [median, low, high] =
                [interval.map(|i| i.median), interval.map(|i| i.low), interval.map(|i| i.high)];
            [median, low, high].map(number)
        };
        let times = figure.times;
        let change = changes.iter().find(|(function, _)| *function == figure.r#fn);
        let mut record = [&run.engine.engine, &run.engine.version, &run.date, &figure.r#fn]
            .map(|text| shortened(text, 80))
            .to_vec();
        record.push(figure.outcome.as_str().to_owned());
        record.push(figure.questions.to_string());
        record.push(times.map(|times| times.rounds.to_string()).unwrap_or_default());
        record.extend(of(times.map(|times| times.engine_ns)));
        record.push(number(times.map(|times| times.reference_ns.median)));
        record.extend(of(times.map(|times| times.ratio)));
        record.push(number(times.and_then(|times| times.inside_ns).map(|inside| inside.median)));
        record.push(change.map(|(_, change)| change.as_str().to_owned()).unwrap_or_default());
        writer.write_record(record)?;
    }
    Ok(writer.into_inner().unwrap_or_default())
}
