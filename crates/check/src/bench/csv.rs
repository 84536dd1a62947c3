//! A run as CSV, one line per function.

use super::compare::Comparison;
use super::run::Run;
use super::statistics::Interval;
use crate::printable::shortened;
use crate::spreadsheet::Cells;

const HEAD: &str = "engine,version,date,function,outcome,questions,rounds,ns,ns_low,ns_high,\
                    reference_ns,ratio,ratio_low,ratio_high,inside_ns,change,differences";

/// Renders a run and its comparison with another. `differences` names what else differs between the
/// two runs, separated by commas.
///
/// # Errors
///
/// Writing to memory never fails.
pub fn render(run: &Run, comparison: &Comparison, cells: Cells) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(vec![]);
    writer.write_record(HEAD.split(','))?;
    let differences: Vec<&str> = comparison.differences.iter().map(|difference| difference.what).collect();
    let differences = differences.join(", ");
    for figure in &run.figures {
        let Run { engine, date, .. } = run;
        let texts = [&engine.engine, &engine.version, date, &figure.r#fn].map(|text| shortened(text, 80));
        let texts = texts.each_ref().map(|text| cells.text(text));
        let times = figure.times;
        writer.serialize((
            texts,
            figure.outcome,
            figure.questions,
            times.map(|times| times.rounds),
            interval(times.map(|times| times.engine_ns)),
            number(times.map(|times| times.reference_ns.median)),
            interval(times.map(|times| times.ratio)),
            number(times.and_then(|times| times.inside_ns).map(|inside| inside.median)),
            comparison.change_of(&figure.r#fn),
            &differences,
        ))?;
    }
    Ok(writer.into_inner().unwrap_or_default())
}

/// The median and the bounds.
fn interval(interval: Option<Interval>) -> [String; 3] {
    [interval.map(|i| i.median), interval.map(|i| i.low), interval.map(|i| i.high)].map(number)
}

/// A number without a trailing `.0`.
fn number(value: Option<f64>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
