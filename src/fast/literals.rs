//! Searches a buffer of many texts for those that may have one of a few literals.
//!
//! The texts of an Arrow column follow each other in one buffer. To search all of it at once is much faster
//! than to search text by text, because most texts have none of the literals. The search is that of
//! `memchr` or, for more literals than one, the packed search of `aho-corasick`, over copies of short
//! pieces of the buffer in which the case of letters is gone.

use aho_corasick::packed;
use memchr::memmem::{self, Finder};

use super::folding::non_ascii_equivalent;

/// Literals that a test asks for: a text that has none of them, in any case, does not pass.
#[derive(Debug, Clone)]
pub(crate) struct Literals {
    searcher: Searcher,
    /// The number of bytes in which an occurrence of each literal fits.
    max_len: usize,
    /// Whether an occurrence may have a non-ASCII character.
    has_non_ascii_forms: bool,
}

#[derive(Debug, Clone)]
enum Searcher {
    /// A literal whose case counts.
    Exact(Box<Finder<'static>>),
    One(Box<Finder<'static>>),
    Many(packed::Searcher),
}

/// More literals are never searched for together.
const MAX_LITERALS: usize = 64;
/// The length of a piece of the buffer. A piece and its copy fit in the first cache.
const PIECE_LEN: usize = 4096;
/// A part of a literal that is shorter occurs too often.
const MIN_PART_LEN: usize = 4;
/// The number of bytes of a literal that are searched for.
const MAX_LITERAL_LEN: usize = 32;
/// The maximum length of a character that is equal to an ASCII character.
const MAX_EQUIVALENT_LEN: usize = 3;

impl Literals {
    /// Returns `None` if there are no literals, if one has no ASCII characters, or if there are too many
    /// to be searched for faster than text by text.
    pub(crate) fn new<S: AsRef<str>>(texts: impl IntoIterator<Item = S>) -> Option<Self> {
        let texts: Vec<S> = texts.into_iter().collect();
        if let [text] = &texts[..]
            && let Some(part) = part_without_other_forms(text.as_ref())
        {
            return Self::of_parts(vec![part]);
        }
        let mut literals: Vec<Vec<u8>> = vec![];
        for literal in texts.iter().map(|text| searchable(text.as_ref())) {
            if literal.is_empty() || literals.len() > MAX_LITERALS {
                return None;
            }
            if !literals.contains(&literal) {
                literals.push(literal);
            }
        }
        Self::of_parts(literals)
    }

    /// A literal whose case counts.
    pub(crate) fn exact(finder: &Finder<'static>) -> Option<Self> {
        let searcher = Searcher::Exact(Box::new(finder.clone()));
        (!finder.needle().is_empty()).then_some(Self { searcher, max_len: 0, has_non_ascii_forms: false })
    }

    fn of_parts(literals: Vec<Vec<u8>>) -> Option<Self> {
        let max_len = literals.iter().map(Vec::len).max()? * MAX_EQUIVALENT_LEN;
        let has_non_ascii_forms = literals.iter().flatten().any(|byte| non_ascii_equivalent(*byte).is_some());
        let searcher = match &literals[..] {
            [literal] => Searcher::One(Box::new(Finder::new(literal).into_owned())),
            several => Searcher::Many(packed::Searcher::new(several)?),
        };
        Some(Self { searcher, max_len, has_non_ascii_forms })
    }

    /// Prepares a search of a buffer.
    pub(crate) fn search<'a>(&'a self, buffer: &'a [u8]) -> Search<'a> {
        Search { literals: self, buffer, start: 0, piece: vec![], is_possible_anywhere: false }
    }

    fn find(&self, piece: &[u8]) -> Option<usize> {
        match &self.searcher {
            Searcher::Exact(finder) | Searcher::One(finder) => finder.find(piece),
            Searcher::Many(searcher) => searcher.find(piece).map(|found| found.start()),
        }
    }
}

/// The part of a literal that is searched for: ASCII without the case of letters.
fn searchable(text: &str) -> Vec<u8> {
    longest_part(text, |c| c.is_ascii())
}

/// A part of a literal that has no letter to which a non-ASCII character is equal, so that the buffer need
/// not be searched for such characters; `None` if it is short.
fn part_without_other_forms(text: &str) -> Option<Vec<u8>> {
    let part = longest_part(text, |c| c.is_ascii() && non_ascii_equivalent(c as u8).is_none());
    (part.len() >= MIN_PART_LEN).then_some(part)
}

/// The longest part that has only such characters, without the case of letters.
fn longest_part(text: &str, has: impl Fn(char) -> bool) -> Vec<u8> {
    let parts = text.split(|c: char| !has(c));
    let longest = parts.max_by_key(|part| part.len()).unwrap_or_default();
    longest.bytes().take(MAX_LITERAL_LEN).map(without_case).collect()
}

/// A byte without the bit that tells the case of a letter. Some other bytes become equal too, which only
/// makes a few more texts possible.
fn without_case(byte: u8) -> u8 {
    byte | 0x20
}

/// A search of a buffer.
pub(crate) struct Search<'a> {
    literals: &'a Literals,
    buffer: &'a [u8],
    /// Where the piece starts in the buffer.
    start: usize,
    /// The copy of a piece of the buffer.
    piece: Vec<u8>,
    /// Whether the piece has a non-ASCII character that is equal to an ASCII character.
    is_possible_anywhere: bool,
}

impl Search<'_> {
    /// The first position at or after this one that may be in an occurrence of a literal, if the search
    /// begins between two texts.
    pub(crate) fn next(&mut self, mut at: usize) -> Option<usize> {
        if let Searcher::Exact(finder) = &self.literals.searcher {
            return finder.find(self.buffer.get(at..)?).map(|found| at + found);
        }
        loop {
            let end = self.start + self.piece.len();
            // An occurrence that starts here may be longer than the piece.
            if at + self.literals.max_len >= end && end < self.buffer.len() {
                self.copy(at);
                continue;
            }
            if self.is_possible_anywhere && at < end {
                return Some(at);
            }
            let rest = self.piece.get(at - self.start..)?;
            if let Some(found) = self.literals.find(rest) {
                return Some(at + found);
            }
            if end == self.buffer.len() {
                return None;
            }
            at = end - self.literals.max_len;
        }
    }

    /// Copies the piece that starts at this position.
    fn copy(&mut self, at: usize) {
        let piece = self.buffer.get(at..).unwrap_or_default();
        let piece = piece.get(..PIECE_LEN).unwrap_or(piece);
        self.start = at;
        self.piece.clear();
        self.piece.extend(piece.iter().copied().map(without_case));
        self.is_possible_anywhere = self.literals.has_non_ascii_forms
            && !piece.is_ascii()
            && ["ſ", "\u{212a}"]
                .iter()
                .any(|equivalent| memmem::find(piece, equivalent.as_bytes()).is_some());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(literals: &[&str], buffer: &str) -> Option<usize> {
        Literals::new(literals).unwrap().search(buffer.as_bytes()).next(0)
    }

    #[test]
    fn an_occurrence_is_found_wherever_it_is() {
        let around = |at: usize| at.saturating_sub(150)..at + 50;
        let disk = &["disk", "DISK", "diſ\u{212a}", "dis\u{212a}"][..];
        let disc_like = &["disc-like", "DISC-LIKE", "diſc-li\u{212a}e"][..];
        let cases = [(&["disk"][..], disk), (&["disk", "b", "SKY"], disk), (&["disc-LIKE"], disc_like)];
        for (literals, forms) in cases {
            for before in around(0).chain(around(256)).chain(around(PIECE_LEN)).chain(around(2 * PIECE_LEN)) {
                for form in forms {
                    for after in [0, 5, PIECE_LEN] {
                        let buffer = format!("{}{form}{}", "x".repeat(before), "x".repeat(after));
                        let found = first(literals, &buffer);
                        // A piece with an unusual form may be possible from its start.
                        let is_right = |at| (!form.is_ascii() || at >= before) && at <= before + form.len();
                        assert!(found.is_some_and(is_right), "{before} {form} {after}: {found:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_search_goes_on_after_a_position() {
        let literals = Literals::new(["ab"]).unwrap();
        let buffer = "AB-ab-aB".repeat(2000);
        let mut search = literals.search(buffer.as_bytes());
        let mut found = vec![];
        let mut at = 0;
        while let Some(next) = search.next(at) {
            found.push(next);
            at = next + 1;
        }
        let expected = buffer.to_ascii_lowercase();
        assert_eq!(found, expected.match_indices("ab").map(|(at, _)| at).collect::<Vec<_>>());
    }

    #[test]
    fn literals_without_an_ascii_character_are_not_searched_for() {
        assert!(Literals::new([""; 0]).is_none());
        assert!(Literals::new(["ab", ""]).is_none());
        assert!(Literals::new(["é"]).is_none());
        assert!(Literals::new((0..1000).map(|number| number.to_string())).is_none());
        assert_eq!(first(&["éab"], "éAb ab"), Some(2));
        assert_eq!(first(&["ab"], "é"), None);
    }
}
