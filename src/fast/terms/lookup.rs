//! One lookup, and its occurrences.

use super::Bounds;
use crate::fast::folding::{folded_prefix_len, non_ascii_equivalent};
use crate::kql::is_term_character;

/// A lookup and its properties.
#[derive(Debug, Clone)]
pub(super) struct Lookup {
    pub text: Box<str>,
    pub is_ascii: bool,
    /// The minimum length in bytes of an equal text.
    pub min_text_len: usize,
    /// Whether it starts in a term, and its occurrences must not.
    starts_in_term: bool,
    /// Whether it ends in a term, and its occurrences must not.
    ends_in_term: bool,
}

impl Lookup {
    pub(super) fn new(text: &str, bounds: Bounds) -> Self {
        let in_term = |c: Option<char>| c.is_some_and(is_term_char);
        let mut characters = text.chars();
        let starts_in_term = bounds.start && in_term(characters.clone().next());
        let is_ascii = text.is_ascii();
        Self {
            is_ascii,
            min_text_len: if is_ascii { text.len() } else { text.chars().count() },
            text: text.into(),
            starts_in_term,
            ends_in_term: bounds.end && in_term(characters.next_back()),
        }
    }

    /// The byte at this index; `None` if an equal text may have any byte there.
    pub(super) fn byte_at(&self, index: usize) -> Option<u8> {
        let (byte, before) = self.text.as_bytes().get(..=index)?.split_last()?;
        (self.is_ascii && before.iter().copied().all(is_plain)).then_some(*byte)
    }

    /// Whether the lookup occurs as a term at this byte, with the same bytes apart from ASCII
    /// case.
    ///
    /// Spec: TRM-03, TRM-04, TRM-05, TRM-06
    #[inline]
    pub(super) fn occurs_at(&self, text: &str, at: usize) -> bool {
        let end = at + self.text.len();
        let candidate = text.as_bytes().get(at..end);
        candidate.is_some_and(|candidate| candidate.eq_ignore_ascii_case(self.text.as_bytes()))
            && self.is_bounded(text, at, end)
    }

    /// Like `occurs_at`, with full case folding.
    ///
    /// Spec: TRM-12
    #[cold]
    pub(super) fn occurs_folded_at(&self, text: &str, at: usize) -> bool {
        let length = text.get(at..).and_then(|rest| folded_prefix_len(rest, &self.text));
        length.is_some_and(|length| self.is_bounded(text, at, at + length))
    }

    /// Whether an occurrence is not part of a longer term.
    ///
    /// Spec: TRM-03, TRM-04, TRM-05
    #[inline]
    fn is_bounded(&self, text: &str, at: usize, end: usize) -> bool {
        !(self.starts_in_term && ends_in_term(text, at) || self.ends_in_term && starts_in_term(text, end))
    }
}

/// Whether the character that ends at this byte is a term character.
///
/// Spec: TRM-01, TRM-07
#[inline]
fn ends_in_term(text: &str, at: usize) -> bool {
    text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(is_term_char)
}

/// Whether the character that starts at this byte is a term character.
///
/// Spec: TRM-01, TRM-07
#[inline]
fn starts_in_term(text: &str, at: usize) -> bool {
    text.get(at..).and_then(|after| after.chars().next()).is_some_and(is_term_char)
}

#[inline]
fn is_term_char(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { is_term_character(c) }
}

/// Whether this byte is equal to ASCII bytes only.
pub(super) fn is_plain(byte: u8) -> bool {
    byte.is_ascii() && non_ascii_equivalent(byte).is_none()
}
