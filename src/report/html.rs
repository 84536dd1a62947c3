//! One page for one result or several: clauses by engines, and every question
//! behind each cell.
//!
//! The page is whole: it asks nothing of any network, and needs no server. What
//! engines wrote is data to it, never markup.

mod data;

use super::Report;
use data::Page;

const TEMPLATE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// Renders one result, or several side by side, as a page.
///
/// ```
/// use rulespec::{check::check, engine::Reference, report::html, suite};
///
/// let report = check(&mut Reference::default(), &suite::vectors()?)?;
/// assert!(html::render(&[report]).starts_with("<!doctype html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render(reports: &[Report]) -> String {
    // The data has no form that JSON has not.
    let data = serde_json::to_string(&Page::new(reports)).unwrap_or_default();
    let mut page = String::with_capacity(TEMPLATE.len() + STYLE.len() + SCRIPT.len() + data.len());
    for (number, part) in TEMPLATE.split("<!--part-->").enumerate() {
        page += match number {
            1 => STYLE,
            3 => SCRIPT,
            _ => "",
        };
        if number == 2 {
            page += &embedded(&data);
        }
        page += part;
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
