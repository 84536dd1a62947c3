//! A run for people.

use std::fmt::Write;

use super::compare::{Change, Comparison, Difference};
use super::run::{Asked, Build, Figure, Outcome, Run, Times};
use super::units::{bounds, digits, duration};
use crate::printable::{printable, shortened};

/// Renders a run and its comparison with another. The layout does not depend on the
/// width of the terminal.
pub fn render(run: &Run, comparison: &Comparison) -> String {
    let served = run.reference == Asked::Served;
    let heads = ["a call", "reference", "ratio", "95 % between"];
    let mut out = differences(&comparison.differences);
    out += &(line("function", heads, served.then_some("protocol")) + "\n");
    for figure in &run.figures {
        out += &row(figure, served, comparison.change_of(&figure.r#fn));
    }
    out.extend(run.figures.iter().map(wrong));
    out + &footer(run)
}

/// What differs between the two runs; empty if nothing does.
fn differences(differences: &[Difference]) -> String {
    if differences.is_empty() {
        return String::new();
    }
    let mut out =
        "NOT THE SAME in the two runs, so a change may have another cause than the engine:\n".to_owned();
    for Difference { what, before, now } in differences {
        _ = writeln!(out, "  {what:<16}  {before} → {now}");
    }
    out + "\n"
}

fn line(function: &str, cells: [&str; 4], protocol: Option<&str>) -> String {
    let [own, reference, ratio, between] = cells;
    let mut line = format!("{function:<20}{own:>9}  {reference:>9}  {ratio:>6}  {between:<15}");
    if let Some(protocol) = protocol {
        _ = write!(line, "  {protocol:>8}");
    }
    line.trim_end().to_owned()
}

fn row(figure: &Figure, served: bool, change: Option<Change>) -> String {
    let remark = match (figure.outcome, change) {
        (Outcome::Wrong, _) => "  wrong",
        (Outcome::Unsupported, Some(Change::Gone)) => "  no longer supported",
        (Outcome::Unsupported, _) => "  unsupported",
        (Outcome::Right, Some(Change::Slower)) => "  slower",
        (Outcome::Right, Some(Change::Faster)) => "  faster",
        (Outcome::Right, Some(Change::Same | Change::Gone | Change::New) | None) => "",
    };
    let line = match &figure.times {
        Some(times) => timed_line(&figure.r#fn, times, served),
        None => line(&figure.r#fn, ["–"; 4], served.then_some("–")),
    };
    format!("{line}{remark}\n")
}

fn timed_line(function: &str, times: &Times, served: bool) -> String {
    let Times { engine_ns, reference_ns, ratio, .. } = times;
    let protocol = times.inside_ns.map(|inside| duration((reference_ns.median - inside.median).max(0.0)));
    let cells =
        [duration(engine_ns.median), duration(reference_ns.median), digits(ratio.median), bounds(*ratio)];
    line(function, cells.each_ref().map(String::as_str), protocol.as_deref().or(served.then_some("–")))
}

/// The wrong answers to questions about a function.
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

fn footer(run: &Run) -> String {
    let [engine, version, cpu, os] =
        [&run.engine.engine, &run.engine.version, &run.machine.cpu, &run.machine.os]
            .map(|text| shortened(text, 80));
    let rounds = run.figures.iter().filter_map(|figure| Some(figure.times?.rounds));
    let rounds = match (rounds.clone().min(), rounds.max()) {
        (Some(min), Some(max)) if min < max => format!("{min} to {max} rounds"),
        (Some(min), _) => format!("{min} rounds"),
        (None, _) => "no rounds".to_owned(),
    };
    let mut footer =
        format!("\n{engine} {version}: {rounds} per function\n{cpu}, {} cores, {os}\n", run.machine.cores);
    if run.build == Build::Debug {
        footer += "This build of rulespec is not optimised, so the times mean little.\n";
    }
    footer
}
