//! A page for each engine.

use maud::{Markup, html};
use rulespec_check::misreading::named;
use rulespec_check::report::chapter::chapters;
use rulespec_check::report::{Explanation, Report, Standing, wording};

use crate::compare::address;
use crate::layout::{Page, Part, place, prose, scrolling, shown};
use crate::links::{engine_page, misreading_page, relative};
use crate::markdown::Document;
use crate::site::Site;
use crate::specification::Engine;

/// The pages of all engines.
pub fn pages(site: &Site) -> Vec<Page> {
    site.specification.engines.iter().map(|engine| page(site, engine)).collect()
}

fn page(site: &Site, engine: &Engine) -> Page {
    let path = engine_page(&engine.id);
    let file = format!("engines/{}/README.md", engine.id);
    let readme = Document { file: &file, page: &path, links: &site.links };
    let content = html! {
        (place(&path, [("compare.html", "Compare"), (&engine_page("index"), "Engines")]))
        article { (readme.render(&engine.readme)) }
        @if let Some(report) = &engine.report { (results(site, &path, engine, report)) }
    };
    let title = engine.report.as_ref().map_or(engine.id.clone(), |report| report.engine.engine.clone());
    Page { part: Part::Compare, ..Page::new(path, format!("{title}: engine"), content) }
}

fn results(site: &Site, path: &str, engine: &Engine, report: &Report) -> Markup {
    let counts = report.counts();
    html! {
        section {
            h2 #results { "Recorded results" }
            dl.facts {
                dt { "engine" } dd { (shown(&report.engine.engine)) }
                dt { "version" } dd { (shown(&report.engine.version)) }
                dt { "asked on" } dd { (report.date.split('T').next().unwrap_or_default()) }
                dt { "asked with" } dd { code { "rulespec check -- " (shown(&report.command.join(" "))) } }
                dt { "clauses met" } dd { (counts.of(Standing::Met)) " of " (counts.total()) }
                dt { "missed" } dd { (link(path, engine, Standing::Missed, report)) }
                dt { "partly asked" } dd { (link(path, engine, Standing::PartlyAsked, report)) }
                dt { "unsupported" } dd { (link(path, engine, Standing::Unsupported, report)) }
                dt { "open" } dd { (counts.of(Standing::Open)) }
                dt { "files" } dd {
                    a href=(relative(path, &format!("observed/{}.json", engine.id))) { "all questions and answers" } ", "
                    a href=(relative(path, &format!("badges/{}.json", engine.id))) { "badge" }
                }
            }
            @for note in wording::notes(report) { p.note { (shown(&note)) } }
            (by_chapter(report))
        }
        (explanations(path, report))
        (open_points(site, path, report))
    }
}

/// The number of clauses with a standing, as a link to them in the comparison.
fn link(path: &str, engine: &Engine, standing: Standing, report: &Report) -> Markup {
    html! { a href=(relative(path, &address(&engine.id, standing))) { (report.counts().of(standing)) } }
}

fn by_chapter(report: &Report) -> Markup {
    let table = html! {
        table {
            thead { tr { th scope="col" { "chapter" } th.number scope="col" { "clauses met" } } }
            tbody {
                @for chapter in chapters(report) {
                    tr {
                        th scope="row" { (chapter.id) " " (chapter.title) }
                        td.number { (chapter.counts.of(Standing::Met)) " of " (chapter.counts.total()) }
                    }
                }
            }
        }
    };
    scrolling("Results by chapter", &table)
}

fn explanations(path: &str, report: &Report) -> Markup {
    html! {
        @if !report.explanations.is_empty() {
            section {
                h2 #misreadings { "Closest misreadings" }
                p { "An engine with these misreadings would give the same wrong answers. Each explains answers that those before it do not." }
                dl.misreadings { @for explanation in &report.explanations { (explanation_entry(path, explanation)) } }
            }
        }
    }
}

fn explanation_entry(path: &str, explanation: &Explanation) -> Markup {
    let says: Vec<&str> = explanation
        .misreadings
        .iter()
        .filter_map(|name| named(name))
        .map(|misreading| misreading.says)
        .collect();
    html! {
        dt {
            @for (at, name) in explanation.misreadings.iter().enumerate() {
                @if at > 0 { " and " }
                @if named(name).is_some() { a href=(relative(path, &misreading_page(name))) { code { (name) } } }
                @else { code { (shown(name)) } }
            }
        }
        dd { (prose(&says.join("; "))) ". " span.note { "Explains " (explanation.explains.len()) " of " (explanation.failures) " wrong answers." } }
    }
}

fn open_points(site: &Site, path: &str, report: &Report) -> Markup {
    html! {
        @if !report.open_points.is_empty() {
            section {
                h2 #open-points { "Open points" }
                dl {
                    @for point in &report.open_points {
                        dt { a href=[site.word(path, &point.id)] { (shown(&point.id)) } }
                        dd { (prose(&wording::open_point(point))) }
                    }
                }
            }
        }
    }
}
