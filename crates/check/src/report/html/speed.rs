//! The chart of saved runs: for each function the ratio to the reference, run by run.
//!
//! It is markup and no script, so that it is seen where scripts are not allowed; all
//! text from files is escaped on its way in.

use std::fmt::Write;

use crate::bench::text::{digits, duration, ends};
use crate::bench::{Figure, Interval, Outcome, Run};
use crate::printable::shortened;
use rulespec::Function;

/// The size of one function's picture, and what is left free for its axis.
const SIZE: (f64, f64) = (300.0, 130.0);
const LEFT: f64 = 48.0;
const MARGIN: f64 = 14.0;
/// How many engines have a colour and a sign of their own.
const LOOKS: usize = 6;

/// The section of the page; nothing where there are no runs.
pub fn render(runs: &[Run]) -> String {
    let mut runs: Vec<&Run> = runs.iter().collect();
    if runs.is_empty() {
        return String::new();
    }
    runs.sort_by_key(|run| run.date.parse::<jiff::Timestamp>().ok());
    let engines = engines(&runs);
    let mut out = String::from("<section id=\"speed\" aria-labelledby=\"speed-title\">\n");
    out += "<h2 id=\"speed-title\">Speed</h2>\n<p class=\"quiet\">A call's time by the reference's, each \
            run from left to right in the order of time, on a logarithmic scale: below 1 is faster than the \
            reference. The bars are 95 % confidence intervals.</p>\n";
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

/// The engines of the runs, each once, in the order of their first run.
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
    let mut out = String::from("<ul class=\"looks\">");
    for (number, engine) in engines.iter().enumerate() {
        let look = number % LOOKS;
        let sign = sign(look, 8.0, 8.0);
        _ = write!(
            out,
            "<li><svg class=\"look-{look}\" width=\"16\" height=\"16\" aria-hidden=\"true\">{sign}</svg> {}</li>",
            text(engine)
        );
    }
    out + "</ul>\n"
}

/// The ratio of a function in a run, where it is one.
fn ratio(run: &Run, function: Function) -> Option<Interval> {
    run.figure(function.name())?.ratio()
}

/// Where values stand in a picture.
struct Scale {
    low: f64,
    high: f64,
    runs: usize,
}

impl Scale {
    /// A scale that has room for all these and is not so fine that noise fills it.
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

    fn x(&self, run: usize) -> f64 {
        LEFT + (SIZE.0 - LEFT - MARGIN) * (run as f64 + 0.5) / self.runs as f64
    }
}

/// The picture of one function.
fn chart(function: Function, runs: &[&Run], engines: &[&str]) -> String {
    let points = || runs.iter().enumerate().filter_map(|(run, of)| Some((run, *of, ratio(of, function)?)));
    let scale = Scale::of(points().map(|(_, _, interval)| interval), runs.len());
    let (width, height) = SIZE;
    let name = text(function.name());
    let mut out = format!(
        "<figure><figcaption><code>{name}</code></figcaption><svg viewBox=\"0 0 {width} {height}\" role=\"img\" \
         aria-label=\"{name}: {} runs, the figures are in the table below\">",
        points().count()
    );
    out += &axis(&scale);
    for (number, engine) in engines.iter().enumerate() {
        let own: Vec<_> = points().filter(|(_, run, _)| run.engine.engine == *engine).collect();
        let look = number % LOOKS;
        _ = write!(out, "<g class=\"look-{look}\"><polyline points=\"");
        for (run, _, interval) in &own {
            _ = write!(out, "{:.1},{:.1} ", scale.x(*run), scale.y(interval.median));
        }
        out += "\"/>";
        for (run, of, interval) in &own {
            out += &point(&scale, *run, look, of, *interval);
        }
        out += "</g>";
    }
    out + "</svg></figure>\n"
}

fn point(scale: &Scale, run: usize, look: usize, of: &Run, interval: Interval) -> String {
    let (x, low, high) = (scale.x(run), scale.y(interval.low), scale.y(interval.high));
    format!(
        "<g><title>{}, {} {}: {}, between {}</title><path d=\"M{x:.1} {low:.1}V{high:.1}\"/>{}</g>",
        text(&of.date),
        text(&of.engine.engine),
        text(&of.engine.version),
        digits(interval.median),
        ends(interval),
        sign(look, x, scale.y(interval.median))
    )
}

/// The two ends of the axis, and the line on which the reference is.
fn axis(scale: &Scale) -> String {
    let (right, label) = (SIZE.0 - MARGIN, LEFT - 6.0);
    let mut out = String::new();
    for (value, class) in [(scale.low.exp(), "end"), (scale.high.exp(), "end"), (1.0, "one")] {
        let y = scale.y(value);
        // The line at 1 stands only where it is inside, and clear of the two ends.
        if class == "one" && !(MARGIN + 12.0..=SIZE.1 - MARGIN - 12.0).contains(&y) {
            continue;
        }
        _ = write!(
            out,
            "<line class=\"{class}\" x1=\"{LEFT}\" x2=\"{right}\" y1=\"{y:.1}\" y2=\"{y:.1}\"/>\
             <text x=\"{label}\" y=\"{:.1}\">{}</text>",
            y + 4.0,
            digits(value)
        );
    }
    out
}

/// A sign that is told from the others without its colour.
fn sign(look: usize, x: f64, y: f64) -> String {
    let path = match look {
        0 => return format!("<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>"),
        1 => "m-4 -4h8v8h-8z",
        2 => "m0 -5l5 9h-10z",
        3 => "m0 -5l5 5l-5 5l-5 -5z",
        4 => "m0 5l5 -9h-10z",
        _ => "m-5 -1.5h3.5v-3.5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5z",
    };
    format!("<path class=\"sign\" d=\"M{x:.1} {y:.1}{path}\"/>")
}

/// The same as figures: functions by runs.
fn table(runs: &[&Run]) -> String {
    let mut out = String::from(
        "<div class=\"scroll\"><table class=\"speed\"><caption>Ratio to the reference, the interval of its \
         median, and the time of a call</caption>\n<thead><tr><th scope=\"col\">function</th>",
    );
    for run in runs {
        let how = if run.command.is_empty() { "inside" } else { "by the protocol" };
        _ = write!(
            out,
            "<th scope=\"col\">{} {}<br><span class=\"quiet\">{}<br>{}, {how}</span></th>",
            text(&run.engine.engine),
            text(&run.engine.version),
            text(&run.date.replace('T', " ").replace('Z', " UTC")),
            text(&run.machine.cpu)
        );
    }
    out += "</tr></thead>\n<tbody>\n";
    let names = Function::ALL.map(Function::name);
    for function in names.into_iter().filter(|function| runs.iter().any(|run| run.figure(function).is_some()))
    {
        _ = write!(out, "<tr><th scope=\"row\"><code>{}</code></th>", text(function));
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
            "<td>{} <span class=\"quiet\">({}–{})<br>{}</span></td>",
            digits(times.ratio.median),
            digits(times.ratio.low),
            digits(times.ratio.high),
            duration(times.engine_ns.median)
        ),
        Some((Outcome::Wrong, _)) => "<td class=\"missed\">✗ wrong answers</td>".to_owned(),
        Some(_) => "<td class=\"unsupported\">– not there</td>".to_owned(),
        None => "<td class=\"not-asked\">· not timed</td>".to_owned(),
    }
}

/// Text as text: shown as it is, and no markup.
fn text(of: &str) -> String {
    let mut out = String::new();
    for c in shortened(of, 80).chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\'' => out += "&#39;",
            c => out.push(c),
        }
    }
    out
}
