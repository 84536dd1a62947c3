//! `has` and `has_any`, with lookups that are prepared once and found in many texts.
//!
//! A prefilter checks whether the first two bytes of any lookup occur. If they may, the text is
//! searched for the first byte; if it is frequent, or if there are many first bytes, every position is
//! checked. If the next two bytes match too, the lookups with these bytes are compared in full,
//! and then the characters around the occurrence. Overlapping occurrences count too, because a
//! lookup may be a prefix of another.
//!
//! The time is linear in the length of the text. In the worst case, a text full of near
//! matches, it is also linear in the length of the lookups.
//!
//! The `inline` attributes are explicit because otherwise unrelated changes move the
//! compiler's decisions, and with them the instruction counts by several percent.

use std::collections::BTreeSet;

use memchr::{memchr_iter, memchr2_iter, memchr3_iter};

use super::folding::{folded_prefix_len, non_ascii_equivalent};
use crate::kql::is_term_character;

/// A prepared lookup for `has`.
///
/// ```
/// use rulespec::fast::terms::Term;
///
/// let upload = Term::new("/Upload");
/// assert!(upload.found_in("bitsadmin /transfer j /UPLOAD a b"));
/// assert!(!upload.found_in("bitsadmin /uploads"));
/// ```
///
/// Spec: TRM-02
#[derive(Debug, Clone)]
pub struct Term(Terms);

impl Term {
    /// Prepares a lookup.
    pub fn new(lookup: &str) -> Self {
        Self(Terms::new([lookup]))
    }

    /// `text has lookup`.
    #[inline]
    pub fn found_in(&self, text: &str) -> bool {
        self.0.found_in(text)
    }
}

/// Prepared lookups for `has_any`.
///
/// ```
/// use rulespec::fast::terms::Terms;
///
/// let switches = Terms::new(["/AddFile", "/AddFileSet"]);
/// assert!(switches.found_in("bitsadmin /addfileset j u f"));
/// assert!(!switches.found_in("bitsadmin /addfiles"));
/// ```
///
/// Spec: TRM-15, TRM-16
#[derive(Debug, Clone)]
pub struct Terms {
    lookups: Vec<Lookup>,
    /// Whether all lookups are ASCII.
    are_ascii: bool,
    /// The length in bytes of the longest lookup.
    max_lookup_len: usize,
    /// The minimum length in bytes of a text that has a lookup. It is 0 if a lookup is
    /// empty, because every text has it, and `usize::MAX` if there are no lookups.
    min_text_len: usize,
    first_bytes: FirstBytes,
    /// For each of the first three bytes of an occurrence, and each byte, the lookups that can have it
    /// there. A lookup is the bit of its index modulo 64.
    lookups_with: Box<[[u64; 256]; 3]>,
    prefilter: Option<Prefilter>,
}

/// Which ends of an occurrence must not be inside a term.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// The start.
    pub start: bool,
    /// The end.
    pub end: bool,
}

impl Bounds {
    /// The bounds of `has`.
    pub(crate) const BOTH: Self = Self { start: true, end: true };
    /// The bounds of `contains`.
    pub(crate) const NONE: Self = Self { start: false, end: false };
}

/// The possible first bytes of an occurrence.
#[derive(Debug, Clone)]
enum FirstBytes {
    One(u8),
    Two(u8, u8),
    Three(u8, u8, u8),
    Many,
}

impl Terms {
    /// Prepares lookups.
    pub fn new<S: AsRef<str>>(lookups: impl IntoIterator<Item = S>) -> Self {
        Self::bounded(lookups, Bounds::BOTH)
    }

    /// Prepares lookups whose occurrences must have these bounds: those of `hasprefix`, `hassuffix` or
    /// `contains`.
    pub(crate) fn bounded<S: AsRef<str>>(lookups: impl IntoIterator<Item = S>, bounds: Bounds) -> Self {
        let lookups = lookups.into_iter().map(|lookup| Lookup::new(lookup.as_ref(), bounds));
        let lookups: Vec<Lookup> = lookups.collect();
        let min_text_len = lookups.iter().map(|lookup| lookup.min_text_len).min().unwrap_or(usize::MAX);
        let lookups_with = Box::new([0, 1, 2].map(|index| lookups_with_bytes(&lookups, index)));
        Self {
            max_lookup_len: lookups.iter().map(|lookup| lookup.text.len()).max().unwrap_or_default(),
            are_ascii: lookups.iter().all(|lookup| lookup.is_ascii),
            prefilter: Prefilter::new(&lookups),
            first_bytes: FirstBytes::new(&lookups_with[0]),
            lookups_with,
            min_text_len,
            lookups,
        }
    }

    /// The minimum length in bytes of a text that has a lookup.
    #[cfg(feature = "arrow")]
    pub(crate) fn min_text_len(&self) -> usize {
        self.min_text_len
    }

    /// `text has_any (lookups)`.
    #[inline(never)]
    pub fn found_in(&self, text: &str) -> bool {
        let Some(last) = text.len().checked_sub(self.min_text_len) else { return false };
        if self.min_text_len == 0 {
            return true;
        }
        // The positions at which an occurrence can start.
        let bytes = text.as_bytes().get(..=last).unwrap_or_default();
        let occurs = |at: usize| self.occurs_at(text, at);
        match (&self.prefilter, &self.first_bytes) {
            (Some(prefilter), _) if text.len() > MAX_PREFILTER_LEN => {
                self.found_in_long(text, bytes, *prefilter)
            }
            (Some(prefilter), _) if prefilter.rejects(text.as_bytes()) => false,
            (None, _) if text.len() <= MAX_PREFILTER_LEN => self.found_at_any(text, bytes.len()),
            (_, FirstBytes::One(a)) => memchr_iter(*a, bytes).any(occurs),
            (_, FirstBytes::Two(a, b)) => memchr2_iter(*a, *b, bytes).any(occurs),
            (_, FirstBytes::Three(a, b, c)) => memchr3_iter(*a, *b, *c, bytes).any(occurs),
            (_, FirstBytes::Many) => self.found_at_any(text, bytes.len()),
        }
    }

    /// `found_in`, by a look at every position up to `end`.
    #[inline(never)]
    fn found_at_any(&self, text: &str, end: usize) -> bool {
        const POSITIONS: usize = 8;
        let [first, second, third] = &*self.lookups_with;
        let mut at = 0;
        while let Some(block) =
            text.as_bytes().get(at..).and_then(|rest| rest.first_chunk::<{ POSITIONS + 2 }>())
        {
            let possible = (0..POSITIONS).fold(0, |possible, at| {
                let [a, b, c] = [block[at], block[at + 1], block[at + 2]].map(usize::from);
                possible | first[a] & second[b] & third[c]
            });
            if possible != 0 && (at..end.min(at + POSITIONS)).any(|at| self.occurs_at(text, at)) {
                return true;
            }
            at += POSITIONS;
        }
        (at..end).any(|at| self.occurs_at(text, at))
    }

    /// `found_in` for a text in which a search for the first byte is faster than the prefilter, unless
    /// the byte is frequent.
    #[inline(never)]
    fn found_in_long(&self, text: &str, bytes: &[u8], prefilter: Prefilter) -> bool {
        let mut at = 0;
        let (a, b, misses) = match self.first_bytes {
            FirstBytes::One(a) => (a, a, MAX_MISSES),
            FirstBytes::Two(a, b) => (a, b, MAX_MISSES),
            FirstBytes::Three(..) | FirstBytes::Many => (0, 0, 0),
        };
        let mut candidates = memchr2_iter(a, b, bytes);
        for _ in 0..misses {
            let Some(candidate) = candidates.next() else { return false };
            if self.occurs_at(text, candidate) {
                return true;
            }
            at = candidate + 1;
        }
        while let Some(block) = text.as_bytes().get(at..).and_then(|rest| rest.first_chunk()) {
            let positions = at..bytes.len().min(at + BLOCK);
            if !prefilter.rejects_long_block(block)
                && positions.into_iter().any(|at| self.occurs_at(text, at))
            {
                return true;
            }
            at += BLOCK;
        }
        (at..bytes.len()).any(|at| self.occurs_at(text, at))
    }

    /// Whether a lookup occurs as a term at this byte.
    #[inline(never)]
    fn occurs_at(&self, text: &str, at: usize) -> bool {
        let with = |index: usize| {
            let byte = text.as_bytes().get(at + index);
            byte.map_or(u64::MAX, |byte| self.lookups_with[index][usize::from(*byte)])
        };
        let possible = with(0) & with(1) & with(2);
        if possible == 0 {
            return false;
        }
        let is_possible = |index: usize| possible >> (index % 64) & 1 == 1;
        let lookups = self.lookups.iter().enumerate().filter(|(index, _)| is_possible(*index));
        lookups.into_iter().any(|(_, lookup)| lookup.occurs_at(text, at)) || self.occurs_folded_at(text, at)
    }

    /// Like `occurs_at`, for occurrences that differ from the lookup in more than ASCII case. If
    /// all lookups are ASCII, such an occurrence has a non-ASCII character within the first
    /// `max_lookup_len` bytes.
    ///
    /// Spec: TRM-12
    #[inline(never)]
    fn occurs_folded_at(&self, text: &str, at: usize) -> bool {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let is_ascii = rest.get(..self.max_lookup_len).unwrap_or(rest).is_ascii();
        !(is_ascii && self.are_ascii) && self.lookups.iter().any(|lookup| lookup.occurs_folded_at(text, at))
    }
}

/// The first two bytes of all lookups, in lower case. The second has at most two values.
///
/// A single pass shows that a short text has no such pair. A search for the first byte
/// would stop at each occurrence, and most command lines have a `/`.
#[derive(Debug, Clone, Copy)]
struct Prefilter {
    first: u8,
    second: [u8; 2],
    third: [u8; 2],
    /// Whether the third byte may be any.
    any_third: bool,
}

/// The longest text for which the prefilter is faster than a search.
const MAX_PREFILTER_LEN: usize = 512;

/// The number of positions with the first byte and without an occurrence after which a search is given
/// up.
const MAX_MISSES: usize = 16;

/// The number of positions that are compared before a branch.
const BLOCK: usize = 32;

impl Prefilter {
    /// Returns `None` if the lookups start with more than two different pairs of bytes.
    fn new(lookups: &[Lookup]) -> Option<Self> {
        let bytes = |index: usize| {
            let of_one = |lookup: &Lookup| lookup.byte_at(index).filter(|byte| is_plain(*byte)).map(lower);
            lookups.iter().map(of_one).collect::<Option<BTreeSet<u8>>>()
        };
        let (firsts, seconds) = (bytes(0)?, bytes(1)?);
        let (&first, &second) = (firsts.first()?, seconds.first()?);
        let are_few = firsts.len() == 1 && seconds.len() <= 2;
        let thirds = bytes(2).filter(|thirds| thirds.len() <= 2).unwrap_or_default();
        let third = thirds.first().zip(thirds.last()).map(|(a, b)| [*a, *b]);
        let second = [second, *seconds.last()?];
        are_few.then_some(Self {
            first,
            second,
            third: third.unwrap_or_default(),
            any_third: third.is_none(),
        })
    }

    /// Returns true only if no lookup can occur. False means unknown.
    #[inline]
    fn rejects(self, text: &[u8]) -> bool {
        let ([firsts @ .., _], [_, seconds @ ..]) = (text, text) else { return false };
        // The last block overlaps the one before it.
        let (Some(last_firsts), Some(last_seconds)) = (firsts.last_chunk(), seconds.last_chunk()) else {
            return false;
        };
        let mut blocks = firsts.as_chunks().0.iter().zip(seconds.as_chunks().0);
        blocks.all(|(firsts, seconds)| self.rejects_block(firsts, seconds))
            && self.rejects_block(last_firsts, last_seconds)
    }

    /// `rejects_block` for the positions of a block but the last two, and with the third bytes too if the
    /// first two may occur.
    #[inline]
    fn rejects_long_block(self, block: &[u8; BLOCK + 2]) -> bool {
        let ([firsts @ .., _, _], [_, seconds @ .., _], [_, _, thirds @ ..]) = (block, block, block);
        if self.rejects_block(firsts, seconds) {
            return true;
        }
        let mut found = false;
        for at in 0..BLOCK {
            let [first, second, third] = [firsts[at], seconds[at], thirds[at]].map(lower);
            found |= (first == self.first)
                & ((second == self.second[0]) | (second == self.second[1]))
                & ((third == self.third[0]) | (third == self.third[1]) | self.any_third);
        }
        !found
    }

    /// Has no branches, so that the compiler vectorizes it.
    #[inline]
    fn rejects_block(self, firsts: &[u8; BLOCK], seconds: &[u8; BLOCK]) -> bool {
        let mut found = false;
        for at in 0..BLOCK {
            let (first, second) = (lower(firsts[at]), lower(seconds[at]));
            found |= (first == self.first) & ((second == self.second[0]) | (second == self.second[1]));
        }
        !found
    }
}

/// Converts a letter to lower case. Other bytes may become equal to different ones, so it
/// can only rule out equality.
#[inline]
fn lower(byte: u8) -> u8 {
    byte | 0x20
}

impl FirstBytes {
    fn new(lookups_with: &[u64; 256]) -> Self {
        let mut bytes = (0..=u8::MAX).filter(|byte| lookups_with[usize::from(*byte)] != 0);
        match [bytes.next(), bytes.next(), bytes.next(), bytes.next()] {
            [Some(a), None, ..] => Self::One(a),
            [Some(a), Some(b), None, _] => Self::Two(a, b),
            [Some(a), Some(b), Some(c), None] => Self::Three(a, b, c),
            _ => Self::Many,
        }
    }
}

/// For each byte, the lookups of which an occurrence can have it at this index.
#[inline]
fn lookups_with_bytes(lookups: &[Lookup], index: usize) -> [u64; 256] {
    let mut all = [0; 256];
    for (lookup, bit) in lookups.iter().zip((0..64).cycle()) {
        let bit = 1 << bit;
        match lookup.byte_at(index) {
            Some(byte) => {
                let non_ascii = non_ascii_equivalent(byte).map_or(byte, first_byte);
                for byte in [byte.to_ascii_lowercase(), byte.to_ascii_uppercase(), non_ascii] {
                    all[usize::from(byte)] |= bit;
                }
            }
            None => all.iter_mut().for_each(|lookups| *lookups |= bit),
        }
    }
    all
}

fn first_byte(c: char) -> u8 {
    let mut bytes = [0; 4];
    c.encode_utf8(&mut bytes);
    bytes[0]
}

/// Whether this byte is equal to ASCII bytes only.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii() && non_ascii_equivalent(byte).is_none()
}

/// A lookup and its properties.
#[derive(Debug, Clone)]
struct Lookup {
    text: Box<str>,
    is_ascii: bool,
    /// The minimum length in bytes of an equal text.
    min_text_len: usize,
    /// Whether it starts in a term, and its occurrences must not.
    starts_in_term: bool,
    /// Whether it ends in a term, and its occurrences must not.
    ends_in_term: bool,
}

impl Lookup {
    fn new(text: &str, bounds: Bounds) -> Self {
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
    fn byte_at(&self, index: usize) -> Option<u8> {
        let (byte, before) = self.text.as_bytes().get(..=index)?.split_last()?;
        (self.is_ascii && before.iter().copied().all(is_plain)).then_some(*byte)
    }

    /// Whether the lookup occurs as a term at this byte, with the same bytes apart from ASCII
    /// case.
    ///
    /// Spec: TRM-03, TRM-04, TRM-05, TRM-06
    #[inline]
    fn occurs_at(&self, text: &str, at: usize) -> bool {
        let end = at + self.text.len();
        let candidate = text.as_bytes().get(at..end);
        candidate.is_some_and(|candidate| candidate.eq_ignore_ascii_case(self.text.as_bytes()))
            && self.is_bounded(text, at, end)
    }

    /// Like `occurs_at`, with full case folding.
    ///
    /// Spec: TRM-12
    #[cold]
    fn occurs_folded_at(&self, text: &str, at: usize) -> bool {
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
