//! One page for one result or several: clauses by engines, and every question
//! behind each cell.
//!
//! The page is whole: it asks nothing of any network, and needs no server. What
//! engines wrote is data to it, never markup.

mod data;
mod speed;

use super::Report;
use crate::bench::Run;
use data::Page;

const TEMPLATE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// Renders one result, or several side by side, as a page, and below them a chart of
/// saved runs of `rulespec bench` where there are some. Either may be none.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::{check, engine::Reference, report::html};
///
/// let report = check(&mut Reference::default(), &suite::vectors()?)?;
/// assert!(html::render(&[report], &[]).starts_with("<!doctype html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render(reports: &[Report], runs: &[Run]) -> String {
    // The data has no form that JSON has not.
    let data = serde_json::to_string(&Page::new(reports)).unwrap_or_default();
    let parts = [STYLE, &speed::render(runs), &embedded(&data), SCRIPT];
    let mut page = String::with_capacity(TEMPLATE.len() + parts.iter().map(|part| part.len()).sum::<usize>());
    let mut parts = parts.into_iter();
    for text in TEMPLATE.split("<!--part-->") {
        page += text;
        page += parts.next().unwrap_or_default();
    }
    page
}

/// JSON that no reader of HTML can take for markup: the same value, without any
/// character that could end the element it stands in.
fn embedded(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => out += &format!("\\u{:04x}", u32::from(c)),
            c => out.push(c),
        }
    }
    out
}
