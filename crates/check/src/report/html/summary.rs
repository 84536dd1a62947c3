//! A table with a row per engine.

use super::legend::{Look, look};
use super::markup::{Markup, element, heads};
use super::side::Side;
use crate::report::standing::Standing;
use crate::report::wording::{conclusion, looks_like};
use crate::verdict::Verdict;

/// The width and height of the bar, in its own units.
const BAR: (usize, usize) = (100, 6);

/// The clauses and vectors of each engine in figures.
pub fn summary(sides: &[Side<'_>]) -> Markup {
    let counted: Vec<Standing> =
        Standing::ALL.into_iter().filter(|standing| *standing != Standing::Met).collect();
    let labels: Vec<&str> = ["engine", "result", "clauses met"]
        .into_iter()
        .chain(counted.iter().map(|standing| standing.as_str()))
        .chain(["vectors that pass", "closest misreading"])
        .collect();
    let row = |side: &Side<'_>| {
        let counts = side.report.counts();
        let numbers = counted.iter().map(|standing| counts.of(*standing).to_string().into());
        let (met, total) = (counts.of(Standing::Met), counts.total());
        let cells =
            [conclusion(side.report).into(), Markup::from([format!("{met} of {total}").into(), bar(side)])];
        let last = [passed(side).into(), misreading(side)];
        let cells = cells.into_iter().chain(numbers).chain(last);
        let cell = |(cell, label): (Markup, &&str)| element("td").attribute("data-label", label).of(cell);
        let name = element("a").to(&side.slug).of(side.name.as_str());
        let head = element("th").of(name);
        element("tr").of([head, cells.zip(labels.iter().skip(1)).map(cell).collect()])
    };
    let body = element("tbody").of(sides.iter().map(row).collect::<Markup>());
    let table = element("table").class("cards").of([heads(labels.iter().map(|label| (*label).into())), body]);
    element("section").id("summary").of([element("h2").of("Summary"), table])
}

/// The shares of the standings, as a picture of figures that stand beside it.
fn bar(side: &Side<'_>) -> Markup {
    let counts = side.report.counts();
    let asked = Standing::ALL.into_iter().filter(|standing| *standing != Standing::NotAsked);
    let parts: Vec<_> = asked.map(|standing| (standing, counts.of(standing))).collect();
    let total = parts.iter().map(|(_, count)| count).sum::<usize>().max(1);
    let mut before = 0;
    let part = |(standing, count): (Standing, usize)| {
        let x = before * BAR.0 / total;
        before += count;
        let width = before * BAR.0 / total - x;
        let Look { class, .. } = look(standing);
        Markup::own(&format!("<rect class={class} x={x} width={width} height={} />", BAR.1))
    };
    let parts: Markup = parts.into_iter().map(part).collect();
    let view = format!("0 0 {} {}", BAR.0, BAR.1);
    let frame = element("svg").class("bar").attribute("viewBox", &view).attribute("aria-hidden", "true");
    frame.attribute("preserveAspectRatio", "none").of(parts)
}

/// The number of vectors that pass, of those that are not about open points.
fn passed(side: &Side<'_>) -> String {
    let outcomes = side.report.outcomes.iter();
    let settled: Vec<_> = outcomes.filter(|outcome| !matches!(outcome.verdict, Verdict::Open(_))).collect();
    let passed = settled.iter().filter(|outcome| outcome.verdict == Verdict::Pass).count();
    format!("{passed} of {}", settled.len())
}

fn misreading(side: &Side<'_>) -> Markup {
    side.report.explanations.first().map_or_else(|| "none".into(), |first| looks_like(first).into())
}
