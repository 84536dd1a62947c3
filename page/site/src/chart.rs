//! A chart of the results over time, as SVG.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use crate::history::Recording;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 260.0;
// The space for the labels of the axes, and for the names of the lines.
const LEFT: f64 = 44.0;
const RIGHT: f64 = 130.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 30.0;
/// The height of a name.
const NAME_HEIGHT: f64 = 15.0;
/// How many days are named at most.
const MAX_DAYS: usize = 5;

/// A point of a line: its position, and what it stands for.
struct Point {
    x: f64,
    y: f64,
    label: String,
}

/// The clauses that each engine met, by day: the last result of a day.
pub fn clauses_met(history: &[Recording]) -> Markup {
    let days: Vec<&str> = history.iter().map(Recording::day).collect::<BTreeSet<_>>().into_iter().collect();
    let top = history.iter().map(|row| row.clauses).max().unwrap_or_default().div_ceil(20).max(1) * 20;
    let lines = lines(history, &days, top);
    html! {
        svg.chart viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-labelledby="chart-title" {
            title #chart-title { "Clauses that each engine met, by day. The table below has the numbers." }
            @for step in 0..=4 { (gridline(top * step / 4, top)) }
            @for (at, day) in days.iter().enumerate().rev().step_by(days.len().div_ceil(MAX_DAYS).max(1)) {
                text.axis x=(x(at, days.len())) y=(HEIGHT - 8.0) text-anchor="middle" { (day) }
            }
            @for (number, points) in lines.values().enumerate() { (line(number, points)) }
            @for (engine, y) in names(&lines) { text x=(WIDTH - RIGHT + 8.0) y=(y) { (engine) } }
        }
    }
}

fn lines<'a>(history: &'a [Recording], days: &[&str], top: usize) -> BTreeMap<&'a str, Vec<Point>> {
    let mut last: BTreeMap<(&str, usize), &Recording> = BTreeMap::new();
    for row in history {
        last.extend(days.iter().position(|day| *day == row.day()).map(|at| ((row.engine.as_str(), at), row)));
    }
    let mut lines: BTreeMap<&str, Vec<Point>> = BTreeMap::new();
    for ((engine, at), row) in last {
        let label = format!("{engine} {}, {}: {} met", row.version, row.day(), row.met);
        lines.entry(engine).or_default().push(Point { x: x(at, days.len()), y: y(row.met, top), label });
    }
    lines
}

/// The name of each line and its height, which is that of the end of the line unless names would overlap.
fn names<'a>(lines: &BTreeMap<&'a str, Vec<Point>>) -> Vec<(&'a str, f64)> {
    let mut names: Vec<(&str, f64)> =
        lines.iter().filter_map(|(engine, points)| Some((*engine, points.last()?.y + 4.0))).collect();
    names.sort_by(|a, b| a.1.total_cmp(&b.1));
    for at in 1..names.len() {
        names[at].1 = names[at].1.max(names[at - 1].1 + NAME_HEIGHT);
    }
    names
}

fn x(at: usize, count: usize) -> f64 {
    let width = WIDTH - LEFT - RIGHT;
    let share = if count > 1 { at as f64 / (count - 1) as f64 } else { 0.5 };
    (LEFT + 30.0 + share * (width - 60.0)).round()
}

fn y(value: usize, top: usize) -> f64 {
    (TOP + (1.0 - value as f64 / top as f64) * (HEIGHT - TOP - BOTTOM)).round()
}

fn gridline(value: usize, top: usize) -> Markup {
    let y = y(value, top);
    html! {
        line.grid x1=(LEFT) x2=(WIDTH - RIGHT) y1=(y) y2=(y) {}
        text.axis x=(LEFT - 8.0) y=(y + 4.0) text-anchor="end" { (value) }
    }
}

/// A line and its points. Lines are told apart by their dashes and names.
fn line(number: usize, points: &[Point]) -> Markup {
    let path: Vec<String> = points.iter().map(|point| format!("{},{}", point.x, point.y)).collect();
    html! {
        g class={ "line line-" (number % 4) } {
            polyline points=(path.join(" ")) {}
            @for point in points { circle cx=(point.x) cy=(point.y) r="3.5" { title { (crate::layout::shown(&point.label)) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recording(date: &str, engine: &str, met: usize) -> Recording {
        let (date, engine, version) = (date.to_owned(), engine.to_owned(), "1".to_owned());
        Recording { date, engine, version, clauses: 100, met, missed: 0, partly_asked: 0, unsupported: 0 }
    }

    #[test]
    fn a_line_has_the_last_result_of_each_day_and_names_do_not_overlap() {
        let history = [
            recording("2026-01-01T01:00:00Z", "a", 10),
            recording("2026-01-01T02:00:00Z", "a", 50),
            recording("2026-01-02T01:00:00Z", "a", 60),
            recording("2026-01-02T01:00:00Z", "b", 60),
        ];
        let lines = lines(&history, &["2026-01-01", "2026-01-02"], 100);
        let labels: Vec<&str> = lines["a"].iter().map(|point| point.label.as_str()).collect();
        assert_eq!(labels, ["a 1, 2026-01-01: 50 met", "a 1, 2026-01-02: 60 met"]);
        let names = names(&lines);
        assert_eq!(names[1].1 - names[0].1, NAME_HEIGHT);
    }
}
