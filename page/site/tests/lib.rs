//! Tests of the whole site.

mod browser_safety;
mod links;
mod pages;
mod parsed;
mod results;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use parsed::{Parsed, parse};
use rulespec_site::{Files, generate};

/// The site, made once for all tests.
static SITE: LazyLock<Files> = LazyLock::new(|| generate().unwrap());

/// The pages as a browser parses them, by their paths.
static PARSED: LazyLock<BTreeMap<&str, Parsed>> =
    LazyLock::new(|| pages().map(|(path, text)| (path, parse(text))).collect());

/// The pages of the site: their paths and their text.
fn pages() -> impl Iterator<Item = (&'static str, &'static str)> {
    let pages = SITE.iter().filter(|(path, _)| path.ends_with(".html"));
    pages.map(|(path, content)| (path.as_str(), std::str::from_utf8(content).unwrap()))
}
