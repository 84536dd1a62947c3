//! A page for each function.

use std::collections::BTreeSet;

use maud::{Markup, html};
use rulespec::Function as Asked;
use rulespec::query::Function;
use rulespec::query::function::Returns;

use crate::layout::{CONTENTS, Page, place, prose};
use crate::links::{function_names, function_page, misreading_page, relative};
use crate::site::Site;
use crate::vectors::{Row, Vectors};

/// The pages of all functions.
pub fn pages(site: &Site) -> Vec<Page> {
    function_names().into_iter().map(|name| page(site, name)).collect()
}

fn page(site: &Site, name: &str) -> Page {
    let path = function_page(name);
    let rows: Vec<Row<'_>> = site.specification.vectors_calling(name).map(|vector| (vector, None)).collect();
    let ids: BTreeSet<&String> = rows.iter().flat_map(|(vector, _)| &vector.clauses).collect();
    let table = Vectors { page: &path, links: &site.links, is_of_clause: false, other: None };
    let content = html! {
        (place(&path, [CONTENTS, ("spec/index.html#functions", "Functions")]))
        h1 { code { (name) } }
        (asked(name))
        (signature(name))
        (clauses(site, &path, &ids))
        (misreadings(site, &path, &ids))
        @if rows.is_empty() { p.note { "No vector calls it." } }
        @else { section { h2 #vectors { "Vectors " span.count { (rows.len()) } } (table.table(&rows)) } }
    };
    Page::new(path.clone(), format!("{name}: function"), content)
}

fn asked(name: &str) -> Markup {
    let is_asked = name.parse::<Asked>().is_ok();
    html! {
        p.note {
            @if is_asked { "Engines are asked to call it, as the " a href="80-protocol.html" { "protocol" } " says." }
            @else { "Engines are asked about it in the text of a query: function " a href=(relative("spec/", &function_page("query"))) { code { "query" } } "." }
        }
    }
}

/// What a function of queries accepts and returns.
fn signature(name: &str) -> Markup {
    let Some(function) = Function::find(name) else { return html! {} };
    let count = function.required.len() + function.optional.len();
    html! {
        section {
            h2 { "Arguments" }
            @if count == 0 && function.rest.is_none() { p { "None." } } @else {
                ol {
                    @for parameter in function.required { li { (parameter.expected()) } }
                    @for parameter in function.optional { li { (parameter.expected()) ", optional" } }
                    @if let Some(parameter) = function.rest { li { (parameter.expected()) ", any number of times" } }
                }
            }
            p { "Result: " (result(function.returns)) "." }
        }
    }
}

fn result(returns: Returns) -> Markup {
    html! {
        @match returns {
            Returns::Type(r#type) => { code { (r#type) } },
            Returns::Of(_) => "of a type that depends on those of the arguments",
            Returns::Common(_) => "of the common type of the values that it may return",
        }
    }
}

fn clauses(site: &Site, path: &str, ids: &BTreeSet<&String>) -> Markup {
    let clauses: Vec<_> =
        site.specification.clauses.iter().filter(|clause| ids.contains(&clause.id)).collect();
    html! {
        @if !clauses.is_empty() {
            section {
                h2 { "Clauses" }
                (site.clause_list(path, &clauses))
            }
        }
    }
}

fn misreadings(site: &Site, path: &str, ids: &BTreeSet<&String>) -> Markup {
    let breaks = |id: &str| ids.iter().any(|clause| *clause == id);
    let found: Vec<_> = site
        .specification
        .catches
        .iter()
        .map(|catch| catch.misreading)
        .filter(|misreading| breaks(misreading.breaks))
        .collect();
    html! {
        @if !found.is_empty() {
            section {
                h2 { "Misreadings of these clauses" }
                dl.misreadings {
                    @for misreading in found {
                        dt { a href=(relative(path, &misreading_page(misreading.name))) { code { (misreading.name) } } }
                        dd { (prose(misreading.says)) " (" a href=[site.word(path, misreading.breaks)] { (misreading.breaks) } ")" }
                    }
                }
            }
        }
    }
}
