//! A page for each misreading.

use maud::{Markup, html};
use rulespec_check::report::Report;

use crate::catch::Catch;
use crate::layout::{CONTENTS, Page, place, prose, shown};
use crate::links::{engine_page, misreading_page, relative};
use crate::site::Site;
use crate::vectors::{Row, Vectors};

/// The pages of all misreadings.
pub fn pages(site: &Site) -> Vec<Page> {
    site.specification.catches.iter().map(|catch| page(site, catch)).collect()
}

fn page(site: &Site, catch: &Catch) -> Page {
    let misreading = catch.misreading;
    let path = misreading_page(misreading.name);
    let vectors = &site.specification.vectors;
    let rows: Vec<Row<'_>> =
        catch.answers.iter().filter_map(|(at, answer)| Some((vectors.get(*at)?, Some(answer)))).collect();
    let clause = site.specification.clause(misreading.breaks);
    let table = Vectors { page: &path, links: &site.links, is_of_clause: false, other: Some("misread") };
    let content = html! {
        (place(&path, [CONTENTS, ("spec/index.html#misreadings", "Misreadings")]))
        h1 { code { (misreading.name) } }
        p.statement { (prose(misreading.says)) "." }
        section {
            h2 { "What it gets wrong" }
            @if let Some(clause) = clause { p { a href=[site.word(&path, &clause.id)] { (clause.id) } " " (site.line(&path, &clause.text)) } }
        }
        (engines(site, &path, misreading.name))
        section {
            h2 #vectors { "Vectors that catch it " span.count { (rows.len()) } }
            (table.table(&rows))
        }
    };
    Page::new(path.clone(), format!("{}: misreading", misreading.name), content)
}

/// The engines whose wrong answers it explains.
fn engines(site: &Site, path: &str, name: &str) -> Markup {
    let explained = |report: &Report| {
        report
            .explanations
            .iter()
            .find(|one| one.misreadings.iter().any(|misreading| misreading == name))
            .cloned()
    };
    let found: Vec<_> = site
        .specification
        .reports()
        .filter_map(|(engine, report)| Some((engine, report, explained(report)?)))
        .collect();
    html! {
        @if !found.is_empty() {
            section {
                h2 { "Engines that answer so" }
                ul {
                    @for (engine, report, explanation) in found {
                        li {
                            a href=(relative(path, &engine_page(&engine.id))) { (shown(&report.engine.engine)) }
                            ": it explains " (explanation.explains.len()) " of " (explanation.failures) " wrong answers"
                        }
                    }
                }
            }
        }
    }
}
