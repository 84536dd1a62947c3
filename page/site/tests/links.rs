//! Every link and every anchor leads somewhere.

use std::collections::{BTreeMap, BTreeSet};

use rulespec_testing::assert_none;

use crate::parsed::Parsed;
use crate::{PARSED, SITE};

/// The ids of each page, and the addresses in it.
type Addresses = BTreeMap<&'static str, (BTreeSet<String>, Vec<String>)>;

fn addresses() -> Addresses {
    let page = |(path, parsed): (&&'static str, &'static Parsed)| {
        let elements = &parsed.elements;
        let ids = elements.iter().filter_map(|element| element.attribute("id")).map(str::to_owned).collect();
        let links = elements.iter().flat_map(|element| ["href", "src"].map(|name| element.attribute(name)));
        (*path, (ids, links.flatten().map(str::to_owned).collect()))
    };
    PARSED.iter().map(page).collect()
}

/// The path that an address names, as seen from a page. `None` if it leads out of the site.
fn resolve(page: &str, address: &str) -> Option<String> {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in address.split('/').filter(|part| !part.is_empty()) {
        match part {
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn problem(page: &str, address: &str, all: &Addresses) -> Option<String> {
    if address.starts_with("https://") {
        return None;
    }
    let (path, anchor) =
        address.split_once('#').map_or((address, None), |(path, anchor)| (path, Some(anchor)));
    let path = path.split('?').next().unwrap_or_default();
    let Some(target) = (if path.is_empty() { Some(page.to_owned()) } else { resolve(page, path) }) else {
        return Some(format!("{page}: {address} leads out of the site"));
    };
    if !SITE.contains_key(&target) {
        return Some(format!("{page}: {address} does not exist"));
    }
    // Nothing is the top of the page, and `cmd=…` a state of a tool of Try.
    let id = |anchor: &str| match anchor.split_once('=') {
        Some((tool, _)) => format!("tool-{tool}"),
        None => anchor.to_owned(),
    };
    let has_anchor = |anchor: &str| {
        anchor.is_empty() || all.get(target.as_str()).is_some_and(|(ids, _)| ids.contains(&id(anchor)))
    };
    anchor.filter(|anchor| !has_anchor(anchor)).map(|_| format!("{page}: {address} has no such anchor"))
}

#[test]
fn no_link_is_dead() {
    let all = addresses();
    let links = all.iter().flat_map(|(page, (_, links))| links.iter().map(move |link| (page, link)));
    let dead: BTreeSet<String> = links.filter_map(|(page, link)| problem(page, link, &all)).collect();
    assert_none("links are dead", &dead.into_iter().collect::<Vec<_>>());
}

#[test]
fn dead_links_are_found() {
    let all = addresses();
    let found = |address| problem("spec/TRM-05.html", address, &all).is_some();
    assert!(!found("TRM-06.html") && !found("../compare.html#history") && !found("#vectors"));
    assert!(
        found("TRM-00.html")
            && found("../compare.html#nothing")
            && found("../../compare.html")
            && found("#nothing")
            && found("../index.html#nothing=x")
    );
}

#[test]
fn the_search_leads_to_pages() {
    let index = std::str::from_utf8(&SITE["search-index.js"]).unwrap();
    let json = index.trim_start_matches("globalThis.rulespecIndex = ").trim_end().trim_end_matches(';');
    let entries: Vec<[String; 4]> = serde_json::from_str(json).unwrap();
    let dead: Vec<String> =
        entries.iter().filter(|entry| !SITE.contains_key(&entry[2])).map(|entry| entry[2].clone()).collect();
    assert_none("pages of the search do not exist", &dead);
    assert!(entries.iter().any(|entry| entry[1] == "TRM-05"));
}
