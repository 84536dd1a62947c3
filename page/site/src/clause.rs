//! A page for each clause.

use std::collections::BTreeSet;

use maud::{Markup, html};
use rulespec::suite::{self, Clause, Kind};
use rulespec_check::report::{Outcome, Report};
use rulespec_check::verdict::Verdict;

use crate::layout::{self, CONTENTS, Page, prose, shown};
use crate::links::{chapter_page, clause_page, engine_page, function_page, misreading_page, relative};
use crate::site::Site;
use crate::specification::Engine;
use crate::standing;
use crate::vectors::{self, Row, Vectors};

/// How many vectors are named beside a misreading.
const MAX_NAMED: usize = 6;
/// How many of its own answers are shown of an engine.
const MAX_ANSWERS: usize = 5;

/// The pages of all clauses.
pub fn pages(site: &Site) -> Vec<Page> {
    let clauses = &site.specification.clauses;
    let page = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| clauses.get(at));
        page(site, &clauses[at], before, clauses.get(at + 1))
    };
    (0..clauses.len()).map(page).collect()
}

fn page(site: &Site, clause: &Clause, before: Option<&Clause>, after: Option<&Clause>) -> Page {
    let path = clause_page(&clause.id);
    let content = html! {
        (place(&path, clause))
        h1 { (clause.id) }
        p.statement { (site.line(&path, &clause.text)) }
        (kind(clause.kind))
        (summary(site, clause))
        (evidence(site, &path, clause))
        (functions(site, &path, clause))
        (open_points(site, &path, clause))
        (misreadings(site, &path, clause))
        (engines(site, &path, clause))
        (code(site, clause))
        (of_vectors(site, &path, clause))
        (neighbours(before, after))
    };
    Page::new(path, format!("{}: {}", clause.id, title(&clause.text)), content)
}

/// The start of a statement, as the title of its page.
fn title(text: &str) -> String {
    let text = text.replace('`', "");
    match text.char_indices().nth(70) {
        None => text,
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default().trim_end()),
    }
}

fn place(path: &str, clause: &Clause) -> Markup {
    let chapter = format!("{}#{}", chapter_page(clause.file), clause.id);
    layout::place(path, [CONTENTS, (&chapter, &crate::chapter::title(clause.file))])
}

fn kind(kind: Kind) -> Markup {
    html! {
        @match kind {
            Kind::Asked => {}
            Kind::NotAsked => p.note { "Tests of this project check the clause. No engine can be asked about it." },
            Kind::Informative => p.note { "The clause is informative: it is not normative, and not tested." },
        }
    }
}

/// Links to the long parts of the page.
fn summary(site: &Site, clause: &Clause) -> Markup {
    let vectors = site.specification.vectors_of(&clause.id).count();
    html! { @if vectors > 0 { p.note { a href="#vectors" { (vectors) @if vectors == 1 { " vector" } @else { " vectors" } } } } }
}

fn evidence(site: &Site, path: &str, clause: &Clause) -> Markup {
    let mut sources = suite::cited_sources(&clause.evidence);
    let mut seen = BTreeSet::new();
    sources.retain(|(id, _)| seen.insert(id.clone()));
    html! {
        section {
            h2 { "Evidence" }
            p { (site.line(path, &clause.evidence)) }
            dl.sources {
                @for (id, text) in &sources {
                    dt { a href=[site.word(path, id)] { (id) } }
                    dd { (site.line(path, text)) }
                }
            }
        }
    }
}

fn functions(site: &Site, path: &str, clause: &Clause) -> Markup {
    let names: BTreeSet<&str> =
        site.specification.vectors_of(&clause.id).map(|vector| vector.r#fn.as_str()).collect();
    html! {
        @if !names.is_empty() {
            section {
                h2 { "Functions" }
                p {
                    "Its vectors call "
                    @for (at, name) in names.iter().enumerate() {
                        @if at > 0 { ", " }
                        a href=(relative(path, &function_page(name))) { code { (name) } }
                    }
                    "."
                }
            }
        }
    }
}

/// The open and settled points that the clause or its vectors depend on.
fn open_points(site: &Site, path: &str, clause: &Clause) -> Markup {
    let specification = &site.specification;
    let touched: Vec<_> =
        specification.points().filter(|(id, ..)| specification.touches(clause, id)).collect();
    html! {
        @if !touched.is_empty() {
            section {
                h2 { "Open points" }
                dl {
                    @for (id, question, is_settled) in touched {
                        dt { a href=[site.word(path, id)] { (id) } }
                        dd { (site.line(path, question)) @if is_settled { " (settled)" } }
                    }
                }
            }
        }
    }
}

fn misreadings(site: &Site, path: &str, clause: &Clause) -> Markup {
    let specification = &site.specification;
    let catches: Vec<_> =
        specification.catches.iter().filter(|catch| catch.misreading.breaks == clause.id).collect();
    html! {
        @if !catches.is_empty() {
            section {
                h2 { "Misreadings" }
                dl.misreadings {
                    @for catch in catches {
                        @let caught: Vec<_> = catch.answers.iter().filter_map(|(at, _)| specification.vectors.get(*at)).collect();
                        dt { a href=(relative(path, &misreading_page(catch.misreading.name))) { code { (catch.misreading.name) } } }
                        dd {
                            (prose(catch.misreading.says)) ". "
                            span.note { "Caught by " (vectors::links(path, &site.links, &caught, MAX_NAMED)) "." }
                        }
                    }
                }
            }
        }
    }
}

fn engines(site: &Site, path: &str, clause: &Clause) -> Markup {
    let asked = clause.kind == Kind::Asked && site.specification.reports().next().is_some();
    html! {
        @if asked {
            section {
                h2 { "Engines" }
                div.scroll tabindex="0" role="group" aria-label="Results of engines" {
                    table.results {
                        thead { tr { th scope="col" { "engine" } th scope="col" { "version" } th scope="col" { "date" } th scope="col" { "result" } } }
                        tbody { @for (engine, report) in site.specification.reports() { (engine_row(path, engine, report, clause)) } }
                    }
                }
                @for (engine, report) in site.specification.reports() { (answers(site, path, engine, report, clause)) }
            }
        }
    }
}

fn engine_row(path: &str, engine: &Engine, report: &Report, clause: &Clause) -> Markup {
    let outcome = standing::outcome(report, &clause.id);
    let word =
        outcome.map_or("not asked".to_owned(), |outcome| standing::name(outcome.standing).replace('-', " "));
    let counts = outcome
        .filter(|outcome| outcome.asked > 0)
        .map(|outcome| format!(", {} of {} vectors pass", outcome.passed, outcome.asked));
    html! {
        tr {
            th scope="row" { a href=(relative(path, &engine_page(&engine.id))) { (shown(&report.engine.engine)) } }
            td { (shown(&report.engine.version)) }
            td.date { (report.date.split('T').next().unwrap_or_default()) }
            td class=(word.replace(' ', "-")) { (word) (counts.unwrap_or_default()) }
        }
    }
}

/// The vectors that an engine fails, with its answers.
fn answers(site: &Site, path: &str, engine: &Engine, report: &Report, clause: &Clause) -> Markup {
    let is_wrong = |outcome: &&Outcome| {
        let verdict = &outcome.verdict;
        let fails = verdict.is_failure() && !matches!(verdict, Verdict::Unsupported | Verdict::NotAsked);
        fails && outcome.vector.clauses.contains(&clause.id)
    };
    let wrong: Vec<Row<'_>> = report
        .outcomes
        .iter()
        .filter(is_wrong)
        .map(|outcome| (&outcome.vector, Some(&outcome.answer)))
        .collect();
    let table = Vectors { page: path, links: &site.links, is_of_clause: false, other: Some("its answer") };
    html! {
        @if !wrong.is_empty() {
            details {
                summary { "What " (shown(&report.engine.engine)) " answers to " (wrong.len()) @if wrong.len() == 1 { " vector" } @else { " vectors" } }
                (table.table(&wrong[..wrong.len().min(MAX_ANSWERS)]))
                @if wrong.len() > MAX_ANSWERS {
                    p.note { "The first " (MAX_ANSWERS) " are shown. " a href=(relative(path, &engine_page(&engine.id))) { "More about this engine" } "." }
                }
            }
        }
    }
}

fn code(site: &Site, clause: &Clause) -> Markup {
    let places = site.specification.code.get(&clause.id);
    html! {
        @if let Some(places) = places {
            section {
                h2 { "Code" }
                @for citation in places {
                    @match &citation.item {
                        Some(item) => details { summary { code { (citation.place) } } pre { code { (item) } } },
                        None => p.citation { code { (citation.place) } },
                    }
                }
            }
        }
    }
}

fn of_vectors(site: &Site, path: &str, clause: &Clause) -> Markup {
    let rows: Vec<Row<'_>> = site.specification.vectors_of(&clause.id).map(|vector| (vector, None)).collect();
    let table = Vectors { page: path, links: &site.links, is_of_clause: true, other: None };
    html! {
        @if !rows.is_empty() {
            section {
                h2 #vectors { "Vectors " span.count { (rows.len()) } }
                (table.table(&rows))
            }
        }
    }
}

fn neighbours(before: Option<&Clause>, after: Option<&Clause>) -> Markup {
    html! {
        nav.neighbours aria-label="Clauses before and after" {
            @if let Some(clause) = before { a rel="prev" href={ (clause.id) ".html" } { "← " (clause.id) } }
            @if let Some(clause) = after { a rel="next" href={ (clause.id) ".html" } { (clause.id) " →" } }
        }
    }
}
