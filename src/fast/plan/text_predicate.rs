//! Predicates over a text and constants, which are prepared once.

mod cased;
#[cfg(feature = "arrow")]
mod literals;
mod words;

#[cfg(feature = "arrow")]
use std::ops::RangeInclusive;

use memchr::memmem::Finder;
use regex::{Regex, RegexBuilder};

use crate::fast::folding::{fold, folded_prefix_len};
#[cfg(feature = "arrow")]
use crate::fast::literals::Literals;
use crate::fast::terms::{Bounds, Terms};
use crate::fast::text::Word;
#[cfg(feature = "arrow")]
use crate::fast::text_column::TextColumn;
use crate::kql::{Dynamic, Type, tostring};
use words::Words;

pub(super) use cased::Case;

/// A prepared predicate over a text.
#[derive(Debug, Clone)]
pub(super) struct TextPredicate {
    kind: Kind,
    /// Literals, one of which each text that passes has, if such are known.
    #[cfg(feature = "arrow")]
    literals: Option<Literals>,
}

#[derive(Debug, Clone)]
enum Kind {
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
    /// A test of the text in a case: as one of ASCII texts in any case, and as one of texts in this case.
    Cased(Case, Box<[TextPredicate; 2]>),
}

impl TextPredicate {
    /// Prepares a function of a text and of constants. Returns `None` if it has no fast form. The
    /// result also says whether the test must hold or must not.
    ///
    /// The constants must be strings.
    pub(super) fn new(name: &str, constants: &[&Dynamic]) -> Option<(Self, bool)> {
        let (name, expected) = match name {
            "!=" => ("==", false),
            "!~" => ("=~", false),
            "isnotempty" | "notempty" => ("isempty", false),
            _ => name.strip_prefix('!').map_or((name, true), |positive| (positive, false)),
        };
        let elements = elements(constants);
        let one = || match elements[..] {
            [Dynamic::String(text)] if constants.len() == 1 => Some(text.as_str()),
            _ => None,
        };
        let strings = || elements.iter().map(|element| element.as_str()).collect::<Option<Vec<_>>>();
        let texts = || elements.iter().map(|element| tostring(element, Type::Dynamic));
        let terms = |bounds| Some(Kind::Terms(Box::new(Terms::bounded([one()?], bounds))));
        let kind = match name {
            "==" => Kind::Equal(Words::new([one()?], false)),
            "=~" => Kind::Word(Word::new(one()?)),
            "in" => Kind::Equal(Words::new(strings()?, false)),
            "in~" => Kind::Equal(Words::new(strings()?, true)),
            "isempty" if constants.is_empty() => Kind::Equal(Words::new([""], false)),
            "has" => terms(Bounds::BOTH)?,
            "hasprefix" => terms(Bounds { end: false, ..Bounds::BOTH })?,
            "hassuffix" => terms(Bounds { start: false, ..Bounds::BOTH })?,
            "contains" => terms(Bounds::NONE)?,
            "has_any" => Kind::Terms(Box::new(Terms::new(texts()))),
            "has_all" => Kind::AllTerms(texts().map(|text| Terms::new([text])).collect()),
            "contains_cs" => Kind::Contains(Box::new(Finder::new(one()?.as_bytes()).into_owned())),
            "startswith" => Kind::StartsWith(one()?.into(), true),
            "startswith_cs" => Kind::StartsWith(one()?.into(), false),
            "endswith" => Kind::EndsWith(one()?.into(), true),
            "endswith_cs" => Kind::EndsWith(one()?.into(), false),
            "matches regex" => Kind::Regex(RegexBuilder::new(one()?).octal(true).build().ok()?),
            _ => return None,
        };
        Some((Self::from(kind), expected))
    }

    /// The rows of a column, in order, whose text passes, or those whose text does not.
    #[cfg(feature = "arrow")]
    pub(super) fn rows(&self, texts: &TextColumn<'_>, expected: bool) -> Vec<u32> {
        if let Kind::Cased(_, tests) = &self.kind
            && texts.is_ascii()
        {
            return tests[0].rows(texts, expected);
        }
        let passing = match &self.kind {
            // A loop of its own, because most of its work is to compare lengths.
            Kind::Word(word) => self.passing(texts, |text| word.equals(text)),
            _ => self.passing(texts, |text| self.holds(text)),
        };
        if expected { passing } else { without(texts.len() as u32, &passing) }
    }

    /// The rows of a column, in order, whose text passes, which is what `holds` tells.
    #[cfg(feature = "arrow")]
    fn passing(&self, texts: &TextColumn<'_>, holds: impl Fn(&str) -> bool) -> Vec<u32> {
        let is_word = self.is_word();
        // Most texts that are no such word are rejected by their length. All words have a length of their
        // own if no character takes more bytes in another form.
        let give_up = if is_word { 16 } else { 4 };
        let lengths = || self.lengths(is_word && texts.is_ascii());
        let search = |literals: &Literals| texts.rows_with(literals, give_up, lengths, &holds);
        let with_literals = self.literals.as_ref().and_then(search);
        with_literals.unwrap_or_else(|| texts.rows_where(lengths(), holds))
    }

    /// Whether it is faster to search all texts of a column than to test some of them.
    #[cfg(feature = "arrow")]
    pub(super) fn is_searched_for(&self, texts: &TextColumn<'_>, among: usize) -> bool {
        self.literals.is_some() && texts.is_contiguous() && among > texts.len() / 32
    }

    /// Whether it asks for whole texts, which have few lengths.
    #[cfg(feature = "arrow")]
    fn is_word(&self) -> bool {
        matches!(self.kind, Kind::Word(_) | Kind::Equal(_))
    }

    /// Whether all texts of a column are searched, and not first told apart by their lengths.
    #[cfg(feature = "arrow")]
    pub(super) fn is_search(&self, texts: &TextColumn<'_>) -> bool {
        !self.is_word() && self.is_searched_for(texts, texts.len())
    }

    /// Whether a text passes.
    #[inline]
    pub(super) fn holds(&self, text: &str) -> bool {
        match &self.kind {
            Kind::Word(word) => word.equals(text),
            Kind::Equal(words) => words.contain(text),
            Kind::Terms(terms) => terms.found_in(text),
            Kind::AllTerms(all) => all.iter().all(|term| term.found_in(text)),
            Kind::Contains(finder) => finder.find(text.as_bytes()).is_some(),
            Kind::StartsWith(prefix, false) => text.starts_with(&**prefix),
            Kind::StartsWith(prefix, true) => folded_prefix_len(text, prefix).is_some(),
            Kind::EndsWith(suffix, false) => text.ends_with(&**suffix),
            Kind::EndsWith(suffix, true) => ends_with(text, suffix),
            Kind::Regex(regex) => regex.is_match(text),
            Kind::Cased(case, tests) => match &**tests {
                [of_ascii, _] if text.is_ascii() => of_ascii.holds(text),
                [_, of_cased] => of_cased.holds(&case.of_text(text)),
            },
        }
    }

    /// The possible lengths in bytes of a text that passes, or of one in ASCII.
    #[cfg(feature = "arrow")]
    fn lengths(&self, is_ascii: bool) -> RangeInclusive<usize> {
        match &self.kind {
            Kind::Word(word) => word.lengths(is_ascii),
            Kind::Equal(words) => words.lengths(is_ascii),
            Kind::Terms(terms) => terms.min_text_len()..=usize::MAX,
            Kind::Contains(finder) => finder.needle().len()..=usize::MAX,
            Kind::StartsWith(text, false) | Kind::EndsWith(text, false) => text.len()..=usize::MAX,
            Kind::AllTerms(_) | Kind::StartsWith(..) | Kind::EndsWith(..) => 0..=usize::MAX,
            Kind::Regex(_) | Kind::Cased(..) => 0..=usize::MAX,
        }
    }

    /// The relative time that the test takes for one text.
    pub(super) fn cost(&self) -> u32 {
        match &self.kind {
            Kind::Word(_) => 1,
            Kind::Equal(words) => 1 + words.words.len().min(4) as u32,
            Kind::StartsWith(..) | Kind::EndsWith(..) => 4,
            #[cfg(feature = "arrow")]
            _ if self.literals.is_some() => 6, // searched for in a whole column
            Kind::Terms(_) | Kind::Contains(_) => 20,
            Kind::AllTerms(all) => 10 + 10 * all.len() as u32,
            Kind::Regex(_) => 60,
            Kind::Cased(_, tests) => 1 + tests[0].cost(),
        }
    }
}

impl From<Kind> for TextPredicate {
    fn from(kind: Kind) -> Self {
        Self {
            #[cfg(feature = "arrow")]
            literals: literals::of_kind(&kind),
            kind,
        }
    }
}

/// The rows that are left without these, which are in order.
#[cfg(feature = "arrow")]
fn without(rows: u32, removed: &[u32]) -> Vec<u32> {
    let mut left = Vec::with_capacity(rows as usize - removed.len());
    let mut next = 0;
    for row in removed {
        left.extend(next..*row);
        next = row + 1;
    }
    left.extend(next..rows);
    left
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
