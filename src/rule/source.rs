//! The text that a rule was parsed from.

use super::check::Problem;
use crate::query::{Diagnostics, Span};

/// The text that a rule was parsed from, and where things are in it.
///
/// All sources are equal, so that rules are equal if they mean the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Source {
    pub text: String,
    pub query: Place,
    /// The members of the rule that are in the text, by their names in a template.
    pub members: Vec<(&'static str, Span)>,
    /// What is wrong in the text besides the query.
    pub problems: Vec<Problem>,
}

/// Where the text of the query is.
#[derive(Debug, Clone, Default)]
pub(super) enum Place {
    /// The query is the whole text.
    #[default]
    Whole,
    /// For each line of the query, its offset in the query and in the text.
    #[cfg(feature = "yaml")]
    Lines(Vec<(usize, usize)>),
    /// The query is written with escapes or folded lines, so only the place of all of it is known.
    #[cfg(feature = "yaml")]
    Within(Span),
}

impl PartialEq for Source {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Source {
    /// Where in the text a part of the query is.
    pub fn span(&self, span: Span) -> Span {
        match &self.query {
            Place::Whole => span,
            #[cfg(feature = "yaml")]
            Place::Within(all) => *all,
            #[cfg(feature = "yaml")]
            Place::Lines(lines) => {
                let moved = |offset: usize| {
                    let before = lines.iter().take_while(|(start, _)| *start <= offset);
                    before.last().map_or(offset, |(start, place)| place + (offset - start))
                };
                Span { start: moved(span.start), end: moved(span.end) }
            }
        }
    }

    /// The diagnostics of the query, with their places in the text.
    pub fn diagnostics(&self, of_query: Diagnostics) -> Diagnostics {
        of_query.in_text(&self.text, |span| self.span(span))
    }
}
