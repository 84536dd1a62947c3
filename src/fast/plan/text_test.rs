//! Tests of a text against constants, which are prepared once.

use std::ops::RangeInclusive;

use memchr::memmem::Finder;
use regex::{Regex, RegexBuilder};

use crate::fast::folding::{fold, folded_prefix_len};
use crate::fast::terms::{Bounds, Terms};
use crate::fast::text::Word;
use crate::kql::{Dynamic, Type, tostring};

/// A prepared test of a text.
#[derive(Debug, Clone)]
pub(super) enum TextTest {
    /// `=~`.
    Word(Word),
    /// `in~`, `==` and `in`.
    Equal(Words),
    /// `has`, `has_any`, `hasprefix`, `hassuffix` and `contains`.
    Terms(Box<Terms>),
    /// `has_all`.
    AllTerms(Vec<Terms>),
    /// `contains_cs`.
    Contains(Box<Finder<'static>>),
    /// `startswith` and `startswith_cs`.
    StartsWith(Box<str>, bool),
    /// `endswith` and `endswith_cs`.
    EndsWith(Box<str>, bool),
    /// `matches regex`.
    Regex(Regex),
}

impl TextTest {
    /// Prepares a function of a text and of constants. Returns `None` if it has no fast form. The
    /// result also says whether the test must hold or must not.
    ///
    /// The constants must be strings.
    pub(super) fn new(name: &str, constants: &[&Dynamic]) -> Option<(Self, bool)> {
        let (name, expected) = match name.strip_prefix('!') {
            Some("=") => ("==", false),
            Some("~") => ("=~", false),
            Some(positive) => (positive, false),
            None => (name, true),
        };
        let elements = elements(constants);
        let one = || match elements[..] {
            [Dynamic::String(text)] if constants.len() == 1 => Some(text.as_str()),
            _ => None,
        };
        let strings = || elements.iter().map(|element| element.as_str()).collect::<Option<Vec<_>>>();
        let texts = || elements.iter().map(|element| tostring(element, Type::Dynamic));
        let terms = |bounds| Some(Self::Terms(Box::new(Terms::bounded([one()?], bounds))));
        let test = match name {
            "==" => Self::Equal(Words::new([one()?], false)),
            "=~" => Self::Word(Word::new(one()?)),
            "in" => Self::Equal(Words::new(strings()?, false)),
            "in~" => Self::Equal(Words::new(strings()?, true)),
            "isempty" if constants.is_empty() => Self::Equal(Words::new([""], false)),
            "isnotempty" | "notempty" if constants.is_empty() => {
                return Some((Self::Equal(Words::new([""], false)), false));
            }
            "has" => terms(Bounds::BOTH)?,
            "hasprefix" => terms(Bounds { end: false, ..Bounds::BOTH })?,
            "hassuffix" => terms(Bounds { start: false, ..Bounds::BOTH })?,
            "contains" => terms(Bounds::NONE)?,
            "has_any" => Self::Terms(Box::new(Terms::new(texts()))),
            "has_all" => Self::AllTerms(texts().map(|text| Terms::new([text])).collect()),
            "contains_cs" => Self::Contains(Box::new(Finder::new(one()?.as_bytes()).into_owned())),
            "startswith" => Self::StartsWith(one()?.into(), true),
            "startswith_cs" => Self::StartsWith(one()?.into(), false),
            "endswith" => Self::EndsWith(one()?.into(), true),
            "endswith_cs" => Self::EndsWith(one()?.into(), false),
            "matches regex" => Self::Regex(RegexBuilder::new(one()?).octal(true).build().ok()?),
            _ => return None,
        };
        Some((test, expected))
    }

    /// Whether a text passes.
    #[inline]
    pub(super) fn holds(&self, text: &str) -> bool {
        match self {
            Self::Word(word) => word.equals(text),
            Self::Equal(words) => words.contain(text),
            Self::Terms(terms) => terms.found_in(text),
            Self::AllTerms(all) => all.iter().all(|term| term.found_in(text)),
            Self::Contains(finder) => finder.find(text.as_bytes()).is_some(),
            Self::StartsWith(prefix, false) => text.starts_with(&**prefix),
            Self::StartsWith(prefix, true) => folded_prefix_len(text, prefix).is_some(),
            Self::EndsWith(suffix, false) => text.ends_with(&**suffix),
            Self::EndsWith(suffix, true) => ends_with(text, suffix),
            Self::Regex(regex) => regex.is_match(text),
        }
    }

    /// The possible lengths in bytes of a text that passes.
    #[cfg(feature = "arrow")]
    pub(super) fn lengths(&self) -> RangeInclusive<usize> {
        match self {
            Self::Word(word) => word.lengths(),
            Self::Equal(words) => words.lengths(),
            Self::Terms(terms) => terms.min_text_len()..=usize::MAX,
            Self::Contains(finder) => finder.needle().len()..=usize::MAX,
            Self::StartsWith(text, false) | Self::EndsWith(text, false) => text.len()..=usize::MAX,
            Self::AllTerms(_) | Self::StartsWith(..) | Self::EndsWith(..) | Self::Regex(_) => 0..=usize::MAX,
        }
    }

    /// The relative time that the test takes for one text.
    pub(super) fn cost(&self) -> u32 {
        match self {
            Self::Word(_) => 1,
            Self::Equal(words) => 1 + words.words.len().min(8) as u32,
            Self::StartsWith(..) | Self::EndsWith(..) => 4,
            Self::Terms(_) | Self::Contains(_) => 20,
            Self::AllTerms(all) => 10 + 10 * all.len() as u32,
            Self::Regex(_) => 60,
        }
    }
}

/// The elements of lists. The elements of an array are elements of the list that it is in.
fn elements<'a>(constants: &[&'a Dynamic]) -> Vec<&'a Dynamic> {
    let mut elements = vec![];
    for constant in constants {
        match constant {
            Dynamic::Array(inner) => elements.extend(self::elements(&inner.iter().collect::<Vec<_>>())),
            value => elements.push(*value),
        }
    }
    elements
}

fn ends_with(text: &str, suffix: &str) -> bool {
    let mut characters = text.chars().rev();
    suffix.chars().rev().all(|expected| characters.next().is_some_and(|c| fold(c) == fold(expected)))
}

/// Words, one of which a text must equal.
#[derive(Debug, Clone)]
pub(super) struct Words {
    words: Vec<Word>,
    ignores_case: bool,
    /// For each length in bytes, of which the last stands for all longer ones, the words to which a text
    /// of this length can be equal. A word is the bit of its index modulo 64.
    of_length: Box<[u64; 256]>,
    /// For each first byte, the words to which a text that starts with it can be equal.
    of_first_byte: Box<[u64; 256]>,
}

impl Words {
    fn new<'a>(words: impl IntoIterator<Item = &'a str>, ignores_case: bool) -> Self {
        let words: Vec<Word> = words.into_iter().map(Word::new).collect();
        let (mut of_length, mut of_first_byte) = (Box::new([0; 256]), Box::new([0; 256]));
        for (word, bit) in words.iter().zip((0..64).cycle()) {
            for length in lengths(word, ignores_case) {
                of_length[length.min(255)] |= 1 << bit;
            }
            for (first, words) in (0..=u8::MAX).zip(of_first_byte.iter_mut()) {
                *words |= u64::from(may_start_with(word, first)) << bit;
            }
        }
        Self { words, ignores_case, of_length, of_first_byte }
    }

    /// The possible lengths in bytes of an equal text.
    #[cfg(feature = "arrow")]
    fn lengths(&self) -> RangeInclusive<usize> {
        let lengths = || self.words.iter().map(|word| lengths(word, self.ignores_case));
        let min = lengths().map(|lengths| *lengths.start()).min();
        let max = lengths().map(|lengths| *lengths.end()).max();
        min.unwrap_or(usize::MAX)..=max.unwrap_or_default()
    }

    #[inline]
    fn contain(&self, text: &str) -> bool {
        let of_first_byte =
            text.as_bytes().first().map_or(u64::MAX, |byte| self.of_first_byte[usize::from(*byte)]);
        let mut possible = self.of_length[text.len().min(255)] & of_first_byte;
        while possible != 0 {
            let first = possible.trailing_zeros() as usize;
            if self.words.iter().skip(first).step_by(64).any(|word| self.equals(word, text)) {
                return true;
            }
            possible &= possible - 1;
        }
        false
    }

    #[inline]
    fn equals(&self, word: &Word, text: &str) -> bool {
        if self.ignores_case { word.equals(text) } else { word.text() == text }
    }
}

/// The possible lengths in bytes of a text that is equal to a word.
fn lengths(word: &Word, ignores_case: bool) -> RangeInclusive<usize> {
    if ignores_case { word.lengths() } else { word.text().len()..=word.text().len() }
}

/// Whether a text that starts with this byte can be equal to a word, with or without its case.
fn may_start_with(word: &Word, byte: u8) -> bool {
    let first = word.text().bytes().next();
    first.is_some_and(|first| !first.is_ascii() || !byte.is_ascii() || first.eq_ignore_ascii_case(&byte))
}
