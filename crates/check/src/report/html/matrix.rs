//! The table of clauses by engines.

use super::legend::{Look, look};
use super::markup::{Markup, element, heads, scrolling, sentence};
use super::side::{Side, address};
use crate::report::chapter::{Chapter, chapter_id, chapters, selected_clauses, title};
use crate::report::model::{ClauseOutcome, Report};
use crate::report::standing::Standing;
use crate::site;

/// The table of clauses by engines, chapter by chapter. Empty if no clause was asked about.
pub fn matrix(reports: &[Report], sides: &[Side<'_>]) -> Markup {
    let clauses = selected_clauses(reports);
    if clauses.is_empty() {
        return Markup::default();
    }
    let names = sides.iter().map(|side| element("a").to(&side.slug).of(side.name.as_str()));
    let head = heads(std::iter::once("clause".into()).chain(names));
    let totals: Vec<Vec<Chapter>> = reports.iter().map(chapters).collect();
    let body = |clauses: &[&ClauseOutcome]| {
        let rows = clauses.iter().map(|clause| row(clause, sides));
        let head = clauses.first().map(|first| chapter(first, &totals));
        element("tbody").of(head.into_iter().chain(rows).collect::<Markup>())
    };
    let bodies = clauses.chunk_by(|a, b| chapter_id(&a.id) == chapter_id(&b.id)).map(body);
    let table = element("table").id("matrix").of([head, bodies.collect()]);
    element("section").id("clauses").of([
        element("h2").of("Clauses"),
        hint(sides.len()),
        scrolling("Clauses by engines", table),
    ])
}

/// Says that there is more beside what fits; the style sheet displays it only if that is so.
fn hint(engines: usize) -> Markup {
    let class = match engines {
        0 | 1 => return Markup::default(),
        2 => "hint two",
        3 => "hint three",
        4 => "hint four",
        _ => "hint",
    };
    element("p")
        .class(class)
        .of(format!("The table has {engines} engines. Scroll it sideways to see them all →"))
}

/// A row with the totals of a chapter.
fn chapter(first: &ClauseOutcome, totals: &[Vec<Chapter>]) -> Markup {
    let id = chapter_id(&first.id);
    let label = format!("{id} {}", title(&first.place));
    let head = element("th").of(label);
    let total = |chapters: &Vec<Chapter>| {
        let own = chapters.iter().find(|chapter| chapter.id == id);
        let met = |own: &Chapter| format!("{} of {}", own.counts.of(Standing::Met), own.counts.total());
        let text = own.map_or_else(|| "·".to_owned(), met);
        element("td").of(text)
    };
    element("tr").class("chapter").of([head, totals.iter().map(total).collect()])
}

fn row(clause: &ClauseOutcome, sides: &[Side<'_>]) -> Markup {
    let head = element("th").of([id(clause), " ".into(), sentence(&clause.text)]);
    let cells = sides.iter().map(|side| cell(&clause.id, side));
    element("tr").id(&address(&clause.id)).of([head, cells.collect()])
}

/// The clause's id, with a link to the published clause if there is one.
fn id(clause: &ClauseOutcome) -> Markup {
    let id = element("b").of(clause.id.as_str());
    match site::clause(&clause.id) {
        Some(url) => element("a").attribute("href", &url).of(id),
        None => id,
    }
}

/// What an engine does with a clause: a link to its failures if there are any.
fn cell(clause: &str, side: &Side<'_>) -> Markup {
    let found = side.report.clauses.iter().find(|other| other.id == clause);
    let standing = found.map_or(Standing::NotAsked, |found| found.standing);
    let Look { sign, class } = look(standing);
    let count = || found.map_or_else(String::new, |found| format!("{} of {}", found.passed, found.asked));
    let text = match standing {
        Standing::Missed => format!("{sign} {}", count()),
        Standing::Met
        | Standing::PartlyAsked
        | Standing::Unsupported
        | Standing::Open
        | Standing::NotAsked => format!("{sign} {}", standing.as_str()),
    };
    let cell = element("td").class(class);
    let address = side.address(clause);
    match side.fails(clause) {
        true => cell.of(element("a").to(&address).of(text)),
        false => cell.id(&address).of(text),
    }
}
