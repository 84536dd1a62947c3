//! The contents, the chapters and the other documents.

use maud::{Markup, html};
use rulespec::suite::{CHAPTERS, Clause};

use crate::document;
use crate::layout::Page;
use crate::links::{
    chapter_page, clause_page, command_page, engine_page, function_names, function_page, misreading_page,
    relative,
};
use crate::site::Site;

/// The page of the contents.
pub const CONTENTS: &str = "spec/index.html";

/// The title of a chapter, such as `30 Terms: has and its relatives`.
pub fn title(file: &str) -> String {
    let text = CHAPTERS.iter().find(|(name, _)| *name == file).map_or("", |(_, text)| text);
    let heading = text.lines().next().unwrap_or_default();
    heading.trim_start_matches("# ").replace('`', "")
}

/// The page of the contents: every clause, and links to everything else.
pub fn contents(site: &Site, documents: &[document::Entry]) -> Page {
    let content = html! {
        h1 { "The specification" }
        p.lead {
            "What the detection rule " i { "Bitsadmin Activity" } " means: the KQL functions and operators it uses, how Windows \
             splits command lines, and how telemetry becomes the table it reads. Each clause has an id, evidence, and vectors \
             that any engine can be asked."
        }
        p { a href="about.html" { "How to read a clause and a vector" } " · " a href="sources.html" { "Sources" } " · " a href="../compare.html" { "How real engines answer" } }
        nav.chapters aria-label="Chapters" {
            ol { @for (file, _) in CHAPTERS { li { a href={ "#" (anchor(file)) } { (title(file)) } } } }
        }
        @for (file, _) in CHAPTERS { (chapter(site, file)) }
        (lists(site))
        (others(documents))
    };
    Page::new(CONTENTS, "The specification", content)
}

/// The anchor of a chapter in the contents, such as `chapter-30`.
fn anchor(file: &str) -> String {
    format!("chapter-{}", file.split('-').next().unwrap_or_default())
}

fn chapter(site: &Site, file: &str) -> Markup {
    let clauses: Vec<&Clause> =
        site.specification.clauses.iter().filter(|clause| clause.file == file).collect();
    html! {
        section {
            h2 id=(anchor(file)) { a href=(relative(CONTENTS, &chapter_page(file))) { (title(file)) } }
            @if file.starts_with("90-") { (points(site)) }
            ol.clauses {
                @for clause in clauses {
                    li id=(clause.id) { a href=(relative(CONTENTS, &clause_page(&clause.id))) { (clause.id) } " " span { (site.line(CONTENTS, &clause.text)) } }
                }
            }
        }
    }
}

fn points(site: &Site) -> Markup {
    html! {
        ol.clauses {
            @for (id, question, is_settled) in site.specification.points() {
                li id=(id) {
                    a href=(relative(CONTENTS, &clause_page(id))) { (id) } " "
                    span { (site.line(CONTENTS, question)) @if is_settled { " (settled)" } }
                }
            }
        }
    }
}

fn lists(site: &Site) -> Markup {
    let to = |path: String| relative(CONTENTS, &path);
    html! {
        section {
            h2 #functions { "Functions" }
            ul.names { @for name in function_names() { li { a href=(to(function_page(name))) { code { (name) } } } } }
        }
        section {
            h2 #misreadings { "Misreadings" }
            p { "Each gets one clause wrong, and the vectors catch it." }
            ul.names { @for catch in &site.specification.catches { li { a href=(to(misreading_page(catch.misreading.name))) { code { (catch.misreading.name) } } } } }
        }
        section {
            h2 #engines { "Engines" }
            ul.names { @for engine in &site.specification.engines { li { a href=(to(engine_page(&engine.id))) { (engine.id) } } } }
        }
        section {
            h2 #commands { "Commands" }
            ul.names { @for name in crate::command::names() { li { a href=(to(command_page(&name))) { code { "rulespec " (name) } } } } }
        }
    }
}

/// The guides, and the documents that are neither chapters nor guides.
fn others(documents: &[document::Entry]) -> Markup {
    let listed = documents.iter().filter(|entry| entry.is_listed());
    let (guides, others): (Vec<_>, Vec<_>) = listed.partition(|entry| entry.page.starts_with("guide/"));
    let list = |entries: Vec<&document::Entry>| {
        html! {
            ul { @for entry in entries { li { a href=(relative(CONTENTS, &entry.page)) { (entry.title()) } } } }
        }
    };
    html! {
        @if !guides.is_empty() { section { h2 #guides { "Guides" } (list(guides)) } }
        section { h2 #documents { "Other documents" } (list(others)) }
    }
}
