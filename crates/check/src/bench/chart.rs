//! A chart of saved runs as HTML: for each function the ratio to the reference, run by
//! run.
//!
//! It has no script, so it also shows where scripts are blocked. All text from files is
//! escaped.

use std::fmt::Write;

use super::run::{Figure, Outcome, Run};
use super::statistics::Interval;
use super::units::{bounds, digits, duration};
use crate::printable::shortened;
use crate::report::escape::xml;
use rulespec::Function;

/// The width and height of one function's chart.
const SIZE: (f64, f64) = (300.0, 130.0);
/// The space for the labels of the axis.
const LEFT: f64 = 48.0;
const MARGIN: f64 = 14.0;
/// The number of different colours and markers.
const LOOKS: usize = 6;

const HEAD: &str = r#"<section id="speed" aria-labelledby="speed-title">
<h2 id="speed-title">Speed</h2>
<p class="quiet">The time of a call divided by the reference's time, on a logarithmic scale, with
the runs from left to right in the order of their dates. Below 1 is faster than the reference. The
bars are 95 % confidence intervals.</p>
"#;

const TABLE_HEAD: &str = r#"<div class="scroll" role="region" aria-label="Ratios" tabindex="0"><table class="speed">
<caption>Ratio to the reference, the interval of its median, and the time of a call</caption>
<thead><tr><th scope="col">function</th>"#;

/// Renders the chart as a `<section>`; empty if there are no runs.
pub fn render(runs: &[Run]) -> String {
    let mut runs: Vec<&Run> = runs.iter().collect();
    if runs.is_empty() {
        return String::new();
    }
    runs.sort_by_key(|run| run.date.parse::<jiff::Timestamp>().ok());
    let engines = engines(&runs);
    let mut out = HEAD.to_owned();
    out += &legend(&engines);
    out += "<div class=\"charts\">\n";
    let timed = |function: &Function| runs.iter().any(|run| ratio(run, *function).is_some());
    for function in Function::ALL.into_iter().filter(timed) {
        out += &chart(function, &runs, &engines);
    }
    out += "</div>\n";
    out += &table(&runs);
    out + "</section>\n"
}

/// The names of the engines, in the order of their first run.
fn engines<'a>(runs: &[&'a Run]) -> Vec<&'a str> {
    let mut engines: Vec<&str> = vec![];
    for run in runs {
        if !engines.contains(&run.engine.engine.as_str()) {
            engines.push(&run.engine.engine);
        }
    }
    engines
}

fn legend(engines: &[&str]) -> String {
    let mut out = String::from(r#"<ul class="looks">"#);
    for (number, engine) in engines.iter().enumerate() {
        let look = number % LOOKS;
        let marker = marker(look, 8.0, 8.0);
        _ = write!(
            out,
            r#"<li><svg class="look-{look}" width="16" height="16" aria-hidden="true">{marker}</svg> {}</li>"#,
            text(engine)
        );
    }
    out + "</ul>\n"
}

/// The ratio of a function in a run, if it was measured.
fn ratio(run: &Run, function: Function) -> Option<Interval> {
    run.figure(function.name())?.ratio()
}

/// Maps runs and ratios to coordinates.
struct Scale {
    low: f64,
    high: f64,
    runs: usize,
}

impl Scale {
    /// A scale that shows all these intervals, with a minimum range so that noise does
    /// not look like a difference.
    fn of(intervals: impl Iterator<Item = Interval>, runs: usize) -> Self {
        let (low, high) = intervals.fold((f64::MAX, f64::MIN_POSITIVE), |(low, high), interval| {
            (low.min(interval.low), high.max(interval.high))
        });
        let middle = low.ln().midpoint(high.ln());
        let half = ((high.ln() - low.ln()) / 2.0).max(0.2);
        Self { low: middle - half, high: middle + half, runs }
    }

    fn y(&self, value: f64) -> f64 {
        let part = (value.ln() - self.low) / (self.high - self.low);
        SIZE.1 - MARGIN - part * (SIZE.1 - 2.0 * MARGIN)
    }

    fn x(&self, at: usize) -> f64 {
        LEFT + (SIZE.0 - LEFT - MARGIN) * (at as f64 + 0.5) / self.runs as f64
    }
}

/// The chart of one function.
fn chart(function: Function, runs: &[&Run], engines: &[&str]) -> String {
    let points = || runs.iter().enumerate().filter_map(|(at, run)| Some((at, *run, ratio(run, function)?)));
    let scale = Scale::of(points().map(|(_, _, interval)| interval), runs.len());
    let (width, height) = SIZE;
    let name = text(function.name());
    let mut out = format!(
        r#"<figure><figcaption><code>{name}</code></figcaption>
<svg viewBox="0 0 {width} {height}" role="img" aria-label="{name}: {} runs, the figures are in the table below">"#,
        points().count()
    );
    out += &axis(&scale);
    for (number, engine) in engines.iter().enumerate() {
        let points: Vec<_> = points().filter(|(_, run, _)| run.engine.engine == *engine).collect();
        let look = number % LOOKS;
        _ = write!(out, r#"<g class="look-{look}"><polyline points=""#);
        for (at, _, interval) in &points {
            _ = write!(out, "{:.1},{:.1} ", scale.x(*at), scale.y(interval.median));
        }
        out += r#""/>"#;
        for (at, run, interval) in &points {
            out += &point(&scale, *at, look, run, *interval);
        }
        out += "</g>";
    }
    out + "</svg></figure>\n"
}

/// The marker and the confidence interval of one run.
fn point(scale: &Scale, at: usize, look: usize, run: &Run, interval: Interval) -> String {
    let (x, low, high) = (scale.x(at), scale.y(interval.low), scale.y(interval.high));
    format!(
        r#"<g><title>{}, {} {}: {}, between {}</title><path d="M{x:.1} {low:.1}V{high:.1}"/>{}</g>"#,
        text(&run.date),
        text(&run.engine.engine),
        text(&run.engine.version),
        digits(interval.median),
        bounds(interval),
        marker(look, x, scale.y(interval.median))
    )
}

/// Lines at both ends of the axis, and at the ratio 1 of the reference.
fn axis(scale: &Scale) -> String {
    let (right, label) = (SIZE.0 - MARGIN, LEFT - 6.0);
    let mut out = String::new();
    for (value, class) in [(scale.low.exp(), "end"), (scale.high.exp(), "end"), (1.0, "one")] {
        let y = scale.y(value);
        // Omit the line at 1 if it is outside or too close to the ends.
        if class == "one" && !(MARGIN + 12.0..=SIZE.1 - MARGIN - 12.0).contains(&y) {
            continue;
        }
        _ = write!(out, r#"<line class="{class}" x1="{LEFT}" x2="{right}" y1="{y:.1}" y2="{y:.1}"/>"#);
        _ = write!(out, r#"<text x="{label}" y="{:.1}">{}</text>"#, y + 4.0, digits(value));
    }
    out
}

/// A marker. Its shape tells engines apart without colour.
fn marker(look: usize, x: f64, y: f64) -> String {
    let path = match look {
        0 => return format!(r#"<circle cx="{x:.1}" cy="{y:.1}" r="4"/>"#),
        1 => "m-4 -4h8v8h-8z",
        2 => "m0 -5l5 9h-10z",
        3 => "m0 -5l5 5l-5 5l-5 -5z",
        4 => "m0 5l5 -9h-10z",
        _ => "m-5 -1.5h3.5v-3.5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5z",
    };
    format!(r#"<path class="sign" d="M{x:.1} {y:.1}{path}"/>"#)
}

/// The same data as a table: functions by runs.
fn table(runs: &[&Run]) -> String {
    // The style sheet displays the hint if the table is too wide.
    let hint = match runs.len() {
        1 => "",
        2 => "<p class=\"hint three\">The table has 2 runs. Scroll it sideways to see both →</p>\n",
        _ => "<p class=\"hint\">Scroll the table sideways to see all runs →</p>\n",
    };
    let mut out = hint.to_owned() + TABLE_HEAD;
    for run in runs {
        let how = if run.command.is_empty() { "inside" } else { "by the protocol" };
        _ = write!(
            out,
            r#"<th scope="col">{} {}<br><span class="quiet">{}<br>{}, {how}</span></th>"#,
            text(&run.engine.engine),
            text(&run.engine.version),
            text(&run.date.replace('T', " ").replace('Z', " UTC")),
            text(&run.machine.cpu)
        );
    }
    out += "</tr></thead>\n<tbody>\n";
    let has_figure = |function: &&str| runs.iter().any(|run| run.figure(function).is_some());
    for function in Function::ALL.map(Function::name).into_iter().filter(has_figure) {
        _ = write!(out, r#"<tr><th scope="row"><code>{}</code></th>"#, text(function));
        for run in runs {
            out += &cell(run.figure(function));
        }
        out += "</tr>\n";
    }
    out + "</tbody></table></div>\n"
}

fn cell(figure: Option<&Figure>) -> String {
    match figure.map(|figure| (figure.outcome, figure.times)) {
        Some((Outcome::Right, Some(times))) => format!(
            r#"<td>{} <span class="quiet">({}–{})<br>{}</span></td>"#,
            digits(times.ratio.median),
            digits(times.ratio.low),
            digits(times.ratio.high),
            duration(times.engine_ns.median)
        ),
        Some((Outcome::Wrong, _)) => r#"<td class="missed">✗ wrong answers</td>"#.to_owned(),
        Some((Outcome::Right | Outcome::Unsupported, _)) => {
            r#"<td class="unsupported">– unsupported</td>"#.to_owned()
        }
        None => r#"<td class="not-asked">· not timed</td>"#.to_owned(),
    }
}

/// Untrusted text, escaped and cut.
fn text(text: &str) -> String {
    xml(&shortened(text, 80))
}
