//! Where an operator finds a text in another.

use crate::kql::{Argument, Dynamic, Error, Type};
use crate::query::{Context, Function};

/// An occurrence of a text in another, as an operator such as `has` finds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    /// The text, as written in the rule.
    pub term: String,
    /// The number of characters before the occurrence.
    pub at: usize,
    /// The number of characters in the occurrence.
    pub length: usize,
}

/// An operator that searches for a text in another.
pub(super) struct Search(&'static Function);

impl Search {
    /// The search that an operator makes, also if it is negated or takes a list.
    pub fn by(operator: &str) -> Option<Self> {
        let name = match operator.trim_start_matches('!') {
            "has_any" | "has_all" => "has",
            name => name,
        };
        let searches =
            ["has", "contains", "startswith", "endswith"].iter().any(|start| name.starts_with(start));
        Function::find(name).filter(|_| searches).map(Self)
    }

    /// The first occurrence of a term. It is a part of the text that is equal to the term, and that the
    /// operator finds with the characters next to it.
    pub fn first(&self, text: &str, term: &str, context: Context<'_>) -> Result<Option<Occurrence>, Error> {
        if term.is_empty() || !self.finds(text, term, context)? {
            return Ok(None);
        }
        let is_sensitive = self.0.name.ends_with("_cs");
        let is_term =
            |part: &str| part == term || !is_sensitive && (context.kql.eq_ci)(context.kql, part, term);
        let (characters, length): (Vec<char>, usize) = (text.chars().collect(), term.chars().count());
        let last = characters.len().saturating_sub(length);
        let first = if self.0.name.starts_with("endswith") { last } else { 0 };
        for at in first..=last {
            let end = characters.len().min(at + length);
            let around = &characters[at.saturating_sub(1)..characters.len().min(end + 1)];
            if is_term(&String::from_iter(&characters[at..end]))
                && self.finds(&String::from_iter(around), term, context)?
            {
                return Ok(Some(Occurrence { term: term.to_owned(), at, length }));
            }
        }
        Ok(None)
    }

    fn finds(&self, text: &str, term: &str, context: Context<'_>) -> Result<bool, Error> {
        let arguments =
            [text, term].map(|text| Argument { value: Dynamic::from(text), r#type: Type::String });
        Ok(self.0.call(context, &arguments)?.as_bool() == Some(true))
    }
}
