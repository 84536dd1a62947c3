//! A page for each open point and each settled point.

use maud::{Markup, html};
use rulespec::suite::{OpenPoint, SettledPoint};

use crate::layout::{CONTENTS, Page, place, prose, shown};
use crate::links::{clause_page, engine_page, relative};
use crate::site::Site;
use crate::vectors::{Row, Vectors};

/// The chapter of the points, and where the settled ones begin in it.
const CHAPTER: (&str, &str) = ("spec/90-open-points.html", "90 Open points");
const SETTLED: (&str, &str) = ("spec/90-open-points.html#settled-points", "Settled points");

/// The pages of all points.
pub fn pages(site: &Site) -> Vec<Page> {
    let open = site.specification.open_points.iter().map(|point| open(site, point));
    let settled = site.specification.settled_points.iter().map(|point| settled(site, point));
    open.chain(settled).collect()
}

fn open(site: &Site, point: &OpenPoint) -> Page {
    let path = clause_page(&point.id);
    let rows: Vec<Row<'_>> =
        site.specification.vectors_of_point(&point.id).map(|vector| (vector, None)).collect();
    let table = Vectors { page: &path, links: &site.links, is_of_clause: false, other: None };
    let content = html! {
        (place(&path, [CONTENTS, CHAPTER]))
        h1 { (point.id) }
        p.statement { (site.line(&path, &point.question)) }
        @if !point.known.is_empty() { p { (site.line(&path, &point.known)) } }
        section {
            h2 { "Alternatives" }
            dl.alternatives {
                @for (at, (name, meaning)) in point.alternatives.iter().enumerate() {
                    dt { code { (name) } @if at == 0 { " (default)" } }
                    dd { (site.line(&path, meaning)) }
                }
            }
            @if !point.note.is_empty() { p { (site.line(&path, &point.note)) } }
        }
        (clauses(site, &path, &point.id))
        (engines(site, &path, &point.id))
        @if !rows.is_empty() { section { h2 #vectors { "Vectors " span.count { (rows.len()) } } (table.table(&rows)) } }
    };
    Page::new(path.clone(), format!("{}: {}", point.id, point.question.replace('`', "")), content)
}

fn settled(site: &Site, point: &SettledPoint) -> Page {
    let path = clause_page(&point.id);
    let content = html! {
        (place(&path, [CONTENTS, CHAPTER, SETTLED]))
        h1 { (point.id) }
        p.statement { (site.line(&path, &point.question)) }
        section {
            h2 { "What holds" }
            p { code { (point.holds) } @if !point.meaning.is_empty() { ": " (site.line(&path, &point.meaning)) } }
            p { "Evidence: " (site.line(&path, &point.record)) }
        }
        (clauses(site, &path, &point.id))
    };
    Page::new(path.clone(), format!("{}: {}", point.id, point.question.replace('`', "")), content)
}

/// The clauses that depend on a point.
fn clauses(site: &Site, path: &str, id: &str) -> Markup {
    let specification = &site.specification;
    let touching: Vec<_> =
        specification.clauses.iter().filter(|clause| specification.touches(clause, id)).collect();
    html! {
        @if !touching.is_empty() {
            section {
                h2 { "Clauses" }
                (site.clause_list(path, &touching))
            }
        }
    }
}

fn engines(site: &Site, path: &str, id: &str) -> Markup {
    let found: Vec<_> = site
        .specification
        .reports()
        .filter_map(|(engine, report)| {
            Some((engine, report, report.open_points.iter().find(|point| point.id == id)?))
        })
        .collect();
    html! {
        @if !found.is_empty() {
            section {
                h2 { "Engines" }
                dl {
                    @for (engine, report, outcome) in found {
                        dt { a href=(relative(path, &engine_page(&engine.id))) { (shown(&report.engine.engine)) } }
                        dd { (prose(&rulespec_check::report::wording::open_point(outcome))) }
                    }
                }
            }
        }
    }
}
