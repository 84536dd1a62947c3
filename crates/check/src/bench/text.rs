//! A run for people.

use std::fmt::Write;

use super::compare::Change;
use super::{Asked, Build, Figure, Interval, Outcome, Run, Times};
use crate::printable::{printable, shortened};

/// The run, and what it was compared with; of the same shape whatever the width.
pub fn render(run: &Run, changes: &[(String, Change)]) -> String {
    let served = run.reference == Asked::Served;
    let mut out =
        line("function", ["a call", "reference", "ratio", "95 % between"], served.then_some("protocol"));
    for figure in &run.figures {
        let change = changes.iter().find(|(function, _)| *function == figure.r#fn).map(|(_, change)| *change);
        out += &row(figure, served, change);
    }
    for figure in &run.figures {
        out += &wrong(figure);
    }
    out + &foot(run)
}

/// A duration in the unit that suits it, with three digits: `812 ns`, `1.25 µs`.
pub fn duration(ns: f64) -> String {
    let (value, unit) = match ns {
        ..1e3 => (ns, "ns"),
        ..1e6 => (ns / 1e3, "µs"),
        ..1e9 => (ns / 1e6, "ms"),
        _ => (ns / 1e9, "s"),
    };
    format!("{} {unit}", digits(value))
}

/// A number with three digits, or all that stand before the point.
pub fn digits(value: f64) -> String {
    match value {
        ..0.01 => format!("{value:.4}"),
        ..0.1 => format!("{value:.3}"),
        ..10.0 => format!("{value:.2}"),
        ..100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// The two ends of an interval.
pub fn ends(interval: Interval) -> String {
    format!("{} and {}", digits(interval.low), digits(interval.high))
}

fn line(function: &str, cells: [&str; 4], protocol: Option<&str>) -> String {
    let [own, reference, ratio, between] = cells;
    let mut line = format!("{function:<20}{own:>9}  {reference:>9}  {ratio:>6}  {between:<15}");
    if let Some(protocol) = protocol {
        _ = write!(line, "  {protocol:>8}");
    }
    format!("{}\n", line.trim_end())
}

fn row(figure: &Figure, served: bool, change: Option<Change>) -> String {
    let remark = match (figure.outcome, change) {
        (Outcome::Wrong, _) => "  wrong",
        (Outcome::Unsupported, Some(Change::Gone)) => "  not there any more",
        (Outcome::Unsupported, _) => "  not there",
        (Outcome::Right, Some(Change::Slower)) => "  slower",
        (Outcome::Right, Some(Change::Faster)) => "  faster",
        (Outcome::Right, _) => "",
    };
    let line = match &figure.times {
        Some(times) => row_of_times(&figure.r#fn, times, served),
        None => line(&figure.r#fn, ["–"; 4], served.then_some("–")),
    };
    format!("{}{remark}\n", line.trim_end())
}

fn row_of_times(function: &str, times: &Times, served: bool) -> String {
    let Times { engine_ns, reference_ns, ratio, .. } = times;
    let protocol = times.inside_ns.map(|inside| duration((reference_ns.median - inside.median).max(0.0)));
    let own = [duration(engine_ns.median), duration(reference_ns.median), digits(ratio.median), ends(*ratio)];
    line(function, own.each_ref().map(String::as_str), protocol.as_deref().or(served.then_some("–")))
}

/// How a function was wrong.
fn wrong(figure: &Figure) -> String {
    let Some(wrong) = figure.wrong.as_ref().filter(|_| figure.outcome == Outcome::Wrong) else {
        return String::new();
    };
    let [verdict, call, want, got] =
        [&wrong.verdict, &wrong.call, &wrong.want, &wrong.got].map(|text| printable(text));
    format!(
        "\nWRONG {}: {} of {} questions; the shortest is {verdict}\n  call  {call}\n  want  {want}\n  got   {got}\n",
        figure.r#fn, wrong.count, figure.questions
    )
}

fn foot(run: &Run) -> String {
    let [engine, version, cpu, os] =
        [&run.engine.engine, &run.engine.version, &run.machine.cpu, &run.machine.os]
            .map(|text| shortened(text, 80));
    let rounds = run.figures.iter().filter_map(|figure| Some(figure.times?.rounds));
    let rounds = match (rounds.clone().min(), rounds.max()) {
        (Some(least), Some(most)) if least < most => format!("{least} to {most} rounds"),
        (Some(least), _) => format!("{least} rounds"),
        _ => "no rounds".to_owned(),
    };
    let mut foot =
        format!("\n{engine} {version}: {rounds} a function\n{cpu}, {} cores, {os}\n", run.machine.cores);
    if run.build == Build::Debug {
        foot += "This build of rulespec is not optimised: the figures say little.\n";
    }
    foot
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_ratios_have_three_digits() {
        let shown = [0.5, 812.4, 1250.0, 99_950.0, 2.5e7, 3.0e9].map(duration);
        assert_eq!(shown, ["0.50 ns", "812 ns", "1.25 µs", "100.0 µs", "25.0 ms", "3.00 s"]);
        assert_eq!(
            [0.0012, 0.0123, 0.123, 1.0, 12.34, 1234.5].map(digits),
            ["0.0012", "0.012", "0.12", "1.00", "12.3", "1234"]
        );
    }
}
