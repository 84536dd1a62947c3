//! The comparison of engines, clause by clause.

use maud::{Markup, html};
use rulespec::suite::{Clause, Kind};
use rulespec_check::report::chapter::chapters;
use rulespec_check::report::{Report, Standing};

use crate::chart;
use crate::layout::{Page, Part, scrolling, shown};
use crate::links::{clause_page, engine_page, misreading_page};
use crate::site::Site;
use crate::specification::Engine;
use crate::standing;

/// The page of the comparison.
pub const PAGE: &str = "compare.html";

/// The address of the clauses on which an engine has a standing.
pub fn address(engine: &str, standing: Standing) -> String {
    format!("{PAGE}?engine={engine}&state={}", standing::name(standing))
}

/// The page.
pub fn page(site: &Site) -> Page {
    let asked: Vec<&Clause> =
        site.specification.clauses.iter().filter(|clause| clause.kind == Kind::Asked).collect();
    let content = html! {
        h1 { "How real engines answer" }
        p.lead {
            "Each engine was asked every vector that its functions allow. None of them claims to match Kusto exactly: the table shows \
             where a rule that is ported to it may behave differently. Nothing in the specification is based on these answers."
        }
        (summary(site))
        h2 #clauses { "Clause by clause" }
        (standing::legend())
        (added(site, &asked))
        (filters(site, &asked))
        (matrix(site, &asked))
        h2 #history { "Over time" }
        (history(site))
        (badges(site))
    };
    Page {
        part: Part::Compare,
        scripts: &["compare.js"],
        ..Page::new(PAGE, "How real engines answer", content)
    }
}

fn summary(site: &Site) -> Markup {
    let table = html! {
        table.summary {
            thead { tr {
                th scope="col" { "engine" } th scope="col" { "version" } th scope="col" { "date" } th.number scope="col" { "clauses met" }
                th.number scope="col" { "missed" } th.number scope="col" { "partly asked" }
                th.number scope="col" { "unsupported" } th scope="col" { "closest misreading" }
            } }
            tbody { @for (engine, report) in site.specification.reports() { (summary_row(engine, report)) } }
        }
    };
    scrolling("Results of all engines", &table)
}

fn summary_row(engine: &Engine, report: &Report) -> Markup {
    let counts = report.counts();
    html! {
        tr {
            th scope="row" { a href=(engine_page(&engine.id)) { (shown(&report.engine.engine)) } }
            td { (shown(&report.engine.version)) }
            td.date { (report.date.split('T').next().unwrap_or_default()) }
            td.number { (counts.of(Standing::Met)) " of " (counts.total()) }
            td.number { (counts.of(Standing::Missed)) }
            td.number { (counts.of(Standing::PartlyAsked)) }
            td.number { (counts.of(Standing::Unsupported)) }
            td {
                @if let Some(first) = report.explanations.first() {
                    @for name in &first.misreadings { a href=(misreading_page(name)) { code { (shown(name)) } } " " }
                    span.note { (first.explains.len()) " of " (first.failures) " wrong answers" }
                }
            }
        }
    }
}

/// How many clauses the engines could not be asked about, because they are newer than all results.
fn added(site: &Site, asked: &[&Clause]) -> Markup {
    let is_known = |clause: &&&Clause| {
        site.specification.reports().any(|(_, report)| standing::outcome(report, &clause.id).is_some())
    };
    let added = asked.len() - asked.iter().filter(is_known).count();
    html! { @if added > 0 { p.note { (added) " of the " (asked.len()) " clauses were added after the engines were asked." } } }
}

/// The choice of rows and columns. A script shows and applies it.
fn filters(site: &Site, asked: &[&Clause]) -> Markup {
    let mut ids: Vec<&str> = asked.iter().map(|clause| clause.chapter()).collect();
    ids.dedup();
    let options = |all: &str, values: Vec<(String, String)>| html! { option value="" { (all) } @for (value, label) in values { option value=(value) { (label) } } };
    let engines = site
        .specification
        .reports()
        .map(|(engine, report)| (engine.id.clone(), report.engine.engine.clone()))
        .collect();
    let states =
        Standing::ALL.map(|standing| (standing::name(standing), standing.as_str().to_owned())).to_vec();
    html! {
        form #filters hidden {
            label { "Engine " select name="engine" { (options("all", engines)) } }
            label { "Chapter " select name="chapter" { (options("all", ids.iter().map(|id| ((*id).to_owned(), (*id).to_owned())).collect())) } }
            label { "Result " select name="state" { (options("all", states)) } }
            output #shown {}
        }
    }
}

fn matrix(site: &Site, asked: &[&Clause]) -> Markup {
    let reports: Vec<(&Engine, &Report)> = site.specification.reports().collect();
    let table = html! {
        table #matrix {
            thead { tr {
                th scope="col" { "clause" }
                @for (engine, report) in &reports { th scope="col" data-engine=(engine.id) { a href=(engine_page(&engine.id)) { (shown(&report.engine.engine)) } } }
            } }
            @for clauses in asked.chunk_by(|a, b| a.chapter() == b.chapter()) {
                tbody {
                    (chapter_row(clauses, &reports))
                    @for clause in clauses { (row(site, clause, &reports)) }
                }
            }
        }
    };
    html! { div.scroll.tall tabindex="0" role="group" aria-label="Clauses by engines" { (table) } }
}

fn chapter_row(clauses: &[&Clause], reports: &[(&Engine, &Report)]) -> Markup {
    let Some(first) = clauses.first() else { return html! {} };
    let id = first.chapter();
    html! {
        tr.chapter data-chapter=(id) {
            th scope="rowgroup" { (id) " " span { (crate::chapter::title(first.file)) } }
            @for (engine, report) in reports {
                @let total = chapters(report).into_iter().find(|chapter| chapter.id == id);
                td data-engine=(engine.id) { @if let Some(chapter) = total { (chapter.counts.of(Standing::Met)) " of " (chapter.counts.total()) } @else { "·" } }
            }
        }
    }
}

fn row(site: &Site, clause: &Clause, reports: &[(&Engine, &Report)]) -> Markup {
    html! {
        tr data-chapter=(clause.chapter()) {
            th scope="row" { a href=(clause_page(&clause.id)) { (clause.id) } " " span { (site.line(PAGE, &clause.text)) } }
            @for (engine, report) in reports {
                @let outcome = standing::outcome(report, &clause.id);
                @let name = standing::name(outcome.map_or(Standing::NotAsked, |outcome| outcome.standing));
                td class=(name) data-engine=(engine.id) data-state=(name) { (standing::cell(outcome)) }
            }
        }
    }
}

fn history(site: &Site) -> Markup {
    let rows = &site.specification.history;
    let table = html! {
        table {
            thead { tr {
                th scope="col" { "date" } th scope="col" { "engine" } th scope="col" { "version" } th.number scope="col" { "clauses" }
                th.number scope="col" { "met" } th.number scope="col" { "missed" } th.number scope="col" { "partly asked" }
                th.number scope="col" { "unsupported" }
            } }
            tbody { @for row in rows.iter().rev() {
                tr {
                    td.date { (shown(&row.date.replace('T', " ").replace('Z', ""))) }
                    th scope="row" { a href=(engine_page(&row.engine)) { (shown(&row.engine)) } }
                    td { (shown(&row.version)) } td.number { (row.clauses) } td.number { (row.met) } td.number { (row.missed) }
                    td.number { (row.partly_asked) } td.number { (row.unsupported) }
                }
            } }
        }
    };
    html! {
        p { "The chart has the last result of each day; the table has all. A suite that grows can lower a result of an engine that did not change." }
        (scrolling("Chart of clauses met", &chart::clauses_met(rows)))
        (scrolling("All recorded results", &table))
    }
}

fn badges(site: &Site) -> Markup {
    html! {
        h2 #badges { "Badges" }
        p { "These files have the form that the endpoint badge of shields.io reads:" }
        ul.names { @for (engine, _) in site.specification.reports() { li { a href={ "badges/" (engine.id) ".json" } { code { "badges/" (engine.id) ".json" } } } } }
    }
}
