//! What the pages are made from.

use maud::{Markup, html};
use rulespec::suite::Clause;

use crate::links::{Links, relative};
use crate::markdown::Document;
use crate::specification::Specification;

/// The specification and the links between its pages.
pub struct Site {
    /// The specification.
    pub specification: Specification,
    /// The links.
    pub links: Links,
}

impl Site {
    /// A text of the specification, of one paragraph, for a page. Its links are those of a chapter.
    pub fn line(&self, page: &str, text: &str) -> Markup {
        Document { file: "spec/README.md", page, links: &self.links }.render_line(text)
    }

    /// The address of what a word names, as seen from a page.
    pub fn word(&self, page: &str, word: &str) -> Option<String> {
        self.links.word(word).map(|address| relative(page, address))
    }

    /// A list of clauses, with links to their pages.
    pub fn clause_list(&self, page: &str, clauses: &[&Clause]) -> Markup {
        html! {
            ol.clauses {
                @for clause in clauses {
                    li { a href=[self.word(page, &clause.id)] { (clause.id) } " " span { (self.line(page, &clause.text)) } }
                }
            }
        }
    }
}
