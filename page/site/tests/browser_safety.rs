//! The pages are valid, and nothing in them acts or deceives.

use std::collections::BTreeSet;

use rulespec_check::printable::printable;
use rulespec_testing::assert_none;

use crate::pages;
use crate::parsed::{Element, parse};

fn assert_on_all_pages(what: &str, problems: impl Fn(&str, &[Element]) -> Vec<String>) {
    let found = pages().flat_map(|(path, text)| {
        let problems = problems(text, &parse(text).elements).into_iter();
        problems.map(move |problem| format!("{path}: {problem}"))
    });
    assert_none(what, &found.collect::<Vec<_>>());
}

#[test]
fn markup_is_valid() {
    let errors = pages()
        .flat_map(|(path, text)| parse(text).errors.into_iter().map(move |error| format!("{path}: {error}")));
    assert_none("errors in the markup", &errors.collect::<Vec<_>>());
}

#[test]
fn ids_are_unique() {
    assert_on_all_pages("ids are repeated", |_, elements| {
        let mut seen = BTreeSet::new();
        let ids = elements.iter().filter_map(|element| element.attribute("id"));
        ids.filter(|id| !seen.insert(id.to_string())).map(str::to_owned).collect()
    });
}

#[test]
fn no_character_is_invisible() {
    assert_on_all_pages("lines have characters that are not visible", |text, _| {
        text.lines()
            .filter(|line| printable(line) != *line)
            .map(|line| printable(line).chars().take(200).collect())
            .collect()
    });
}

#[test]
fn the_policy_forbids_what_a_page_does_not_need() {
    assert_on_all_pages("pages violate their policy", |_, elements| {
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
