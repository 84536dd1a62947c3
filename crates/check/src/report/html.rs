//! One page for one or more reports: clauses by engines, with every question behind
//! each cell.
//!
//! The page needs no network and no server. Text from engines is data, never markup.

mod data;

use super::escape::script;
use super::model::Report;
use data::Page;

const TEMPLATE: &str = include_str!("html/page.html");
const STYLE: &str = include_str!("html/page.css");
const SCRIPT: &str = include_str!("html/page.js");

/// Renders reports as a page. There may be none.
///
/// `section` is HTML to insert below the reports, such as the chart of
/// [`bench::chart`](crate::bench::chart); it is not escaped.
///
/// ```
/// use rulespec::suite;
/// use rulespec_check::{check, engine::Reference, report::html};
///
/// let report = check(&mut Reference::default(), &suite::vectors()?)?;
/// assert!(html::render(&[report], "").starts_with("<!doctype html>"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn render(reports: &[Report], section: &str) -> String {
    // Serialization fails only for map keys that are not strings, which we do not have.
    let data = serde_json::to_string(&Page::new(reports)).unwrap_or_default();
    let data = script(&data);
    let mut parts = [STYLE, section, &data, SCRIPT].into_iter();
    let mut page = String::new();
    for text in TEMPLATE.split("<!--part-->") {
        page += text;
        page += parts.next().unwrap_or_default();
    }
    page
}
