//! The pages are valid, and nothing in them acts or deceives.

use std::collections::BTreeSet;

use rulespec_check::printable::printable;
use rulespec_testing::assert_none;

use crate::parsed::{Element, Parsed};
use crate::{PARSED, pages};

fn assert_on_all_pages(what: &str, problems: impl Fn(&[Element]) -> Vec<String>) {
    let found = PARSED.iter().flat_map(|(path, parsed)| {
        let problems = problems(&parsed.elements).into_iter();
        problems.map(move |problem| format!("{path}: {problem}"))
    });
    assert_none(what, &found.collect::<Vec<_>>());
}

#[test]
fn markup_is_valid() {
    let of_page = |(path, parsed): (&&'static str, &'static Parsed)| {
        let path = *path;
        parsed.errors.iter().map(move |error| format!("{path}: {error}"))
    };
    let errors = PARSED.iter().flat_map(of_page);
    assert_none("errors in the markup", &errors.collect::<Vec<_>>());
}

#[test]
fn ids_are_unique() {
    assert_on_all_pages("ids are repeated", |elements| {
        let mut seen = BTreeSet::new();
        let ids = elements.iter().filter_map(|element| element.attribute("id"));
        ids.filter(|id| !seen.insert(id.to_string())).map(str::to_owned).collect()
    });
}

#[test]
fn no_character_is_invisible() {
    let shown = |line: &str| printable(line).chars().take(200).collect::<String>();
    let lines = pages().flat_map(|(path, text)| text.lines().map(move |line| (path, line)));
    let found = lines
        .filter(|(_, line)| printable(line) != *line)
        .map(|(path, line)| format!("{path}: {}", shown(line)));
    assert_none("lines have characters that are not visible", &found.collect::<Vec<_>>());
}

#[test]
fn the_policy_forbids_what_a_page_does_not_need() {
    assert_on_all_pages("pages violate their policy", |elements| {
        let policy = elements
            .iter()
            .find(|element| element.attribute("http-equiv") == Some("Content-Security-Policy"));
        let is_strict = policy
            .and_then(|meta| meta.attribute("content"))
            .is_some_and(|content| content.starts_with("default-src 'none';"));
        let inline = elements.iter().filter(|element| {
            let has_code = element.name == "style" || element.name == "script" && !element.text.is_empty();
            has_code || element.attributes.iter().any(|(name, _)| name == "style" || name.starts_with("on"))
        });
        let inline = inline.map(|element| format!("<{}> has code or style of its own", element.name));
        (!is_strict).then(|| "no strict policy".to_owned()).into_iter().chain(inline).collect()
    });
}
