//! Tables of vectors.

use maud::{Markup, html};
use rulespec::suite::Vector;
use rulespec_check::engine::Answer;

use crate::layout::{prose, shown};
use crate::links::{Links, relative};
use crate::value;

/// How many vectors a page shows before the rest is folded.
const MAX_UNFOLDED: usize = 50;

/// A table of vectors, in which each can have a further answer.
pub struct Vectors<'a> {
    /// The page that has the table.
    pub page: &'a str,
    /// The links.
    pub links: &'a Links,
    /// Whether this is the page of a clause: other pages link to its vectors, and it has all of them.
    pub is_of_clause: bool,
    /// The head of the column of further answers.
    pub other: Option<&'static str>,
}

/// A vector and the further answer.
pub type Row<'a> = (&'a Vector, Option<&'a Answer>);

impl Vectors<'_> {
    /// The table. Of more than fifty vectors, the rest is folded or, if they are on other pages, only named.
    pub fn table(&self, rows: &[Row<'_>]) -> Markup {
        let (first, rest) = rows.split_at(rows.len().min(MAX_UNFOLDED));
        html! {
            (self.part(first))
            @if !rest.is_empty() {
                details {
                    summary { (rest.len()) " more" }
                    @if self.is_of_clause { (self.part(rest)) } @else { p { (self.names(rest)) } }
                }
            }
        }
    }

    fn names(&self, rows: &[Row<'_>]) -> Markup {
        let vectors: Vec<&Vector> = rows.iter().map(|(vector, _)| *vector).collect();
        links(self.page, self.links, &vectors, usize::MAX)
    }

    fn part(&self, rows: &[Row<'_>]) -> Markup {
        html! {
            table.vectors {
                thead { tr {
                    th scope="col" { "vector" } th scope="col" { "call" } th scope="col" { "answer" }
                    @if let Some(other) = self.other { th scope="col" { (other) } }
                } }
                tbody { @for (vector, other) in rows { (self.row(vector, *other)) } }
            }
        }
    }

    fn row(&self, vector: &Vector, other: Option<&Answer>) -> Markup {
        let address = self.links.word(&vector.id).map(|address| relative(self.page, address));
        let is_here = self.links.word(&vector.id) == Some(&format!("{}#{}", self.page, vector.id));
        let id = (self.is_of_clause && is_here).then_some(&vector.id);
        html! {
            tr id=[id] {
                th scope="row" {
                    a href=[address] { (shown(&vector.id)) }
                    p.title { (prose(&vector.title)) }
                    @if let Some(note) = &vector.note { p.note { (prose(note)) } }
                    @if let Some(evidence) = &vector.evidence { p.note { (shown(evidence)) } }
                }
                td data-label="call" { (value::call(vector)) }
                td data-label="answer" { (value::wanted(&vector.want)) }
                @if let Some(label) = self.other {
                    td data-label=(label) { @if let Some(other) = other { (value::answered(other)) } }
                }
            }
        }
    }
}

/// Links to vectors, the first few of many.
pub fn links(page: &str, links: &Links, vectors: &[&Vector], most: usize) -> Markup {
    html! {
        @for (at, vector) in vectors.iter().take(most).enumerate() {
            @if at > 0 { ", " }
            a.id href=[links.word(&vector.id).map(|address| relative(page, address))] { (shown(&vector.id)) }
        }
        @if vectors.len() > most { " and " (vectors.len() - most) " more" }
    }
}
