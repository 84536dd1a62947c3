//! Tests of a text against constants, which are prepared once.

use std::collections::HashMap;
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
    Contains(Finder<'static>),
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
            "contains_cs" => Self::Contains(Finder::new(one()?.as_bytes()).into_owned()),
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
            Self::Equal(words) => words.lengths.clone(),
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
    lengths: RangeInclusive<usize>,
    /// The indices of many words by the hash of their folded text.
    by_hash: HashMap<u64, Vec<usize>>,
}

/// The number of words up to which it is faster to compare each.
const FEW: usize = 8;

impl Words {
    fn new<'a>(words: impl IntoIterator<Item = &'a str>, ignores_case: bool) -> Self {
        let words: Vec<Word> = words.into_iter().map(Word::new).collect();
        let range = |word: &Word| match ignores_case {
            true => word.lengths(),
            false => word.text().len()..=word.text().len(),
        };
        let min = words.iter().map(|word| *range(word).start()).min();
        let max = words.iter().map(|word| *range(word).end()).max();
        let mut by_hash: HashMap<u64, Vec<usize>> = HashMap::new();
        if words.len() > FEW {
            for (index, word) in words.iter().enumerate() {
                by_hash.entry(folded_hash(word.text())).or_default().push(index);
            }
        }
        let lengths = min.unwrap_or(usize::MAX)..=max.unwrap_or_default();
        Self { words, ignores_case, lengths, by_hash }
    }

    #[inline]
    fn contain(&self, text: &str) -> bool {
        if !self.lengths.contains(&text.len()) {
            return false;
        }
        if self.words.len() <= FEW {
            return self.words.iter().any(|word| self.equals(word, text));
        }
        let indices = self.by_hash.get(&folded_hash(text));
        indices.is_some_and(|indices| indices.iter().any(|index| self.equals(&self.words[*index], text)))
    }

    #[inline]
    fn equals(&self, word: &Word, text: &str) -> bool {
        if self.ignores_case { word.equals(text) } else { word.text() == text }
    }
}

/// A hash that is the same for texts that differ in case only.
fn folded_hash(text: &str) -> u64 {
    text.chars().map(fold).fold(0xcbf2_9ce4_8422_2325, |hash, c| {
        (hash ^ u64::from(u32::from(c))).wrapping_mul(0x0000_0100_0000_01b3)
    })
}
