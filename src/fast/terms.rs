//! `has` and `has_any`, with lookups that are prepared once and found in many texts.
//!
//! 1. A prefilter checks whether the first two bytes of any lookup occur. If they do not, no lookup does.
//! 2. The text is searched for the first byte. If it is frequent, or if there are many first bytes, every
//!    position is checked instead, or only some of them if all lookups are long enough.
//! 3. If the next two bytes match too, the lookups with these bytes are compared in full.
//! 4. If a lookup matches, the characters around the occurrence are checked. Overlapping occurrences count
//!    too, because a lookup may be a prefix of another.
//!
//! The time is linear in the length of the text. In the worst case, a text full of near
//! matches, it is also linear in the length of the lookups.
//!
//! The `inline` attributes are explicit because otherwise unrelated changes move the
//! compiler's decisions, and with them the instruction counts by several percent.

mod bigrams;
mod lookup;
mod prefilter;

use memchr::{memchr_iter, memchr2_iter, memchr3_iter};

use super::folding::non_ascii_equivalent;
use bigrams::Bigrams;
use lookup::Lookup;
use prefilter::{BLOCK, MAX_PREFILTER_LEN, Prefilter};

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
        Self(Terms::for_few_texts([lookup], Bounds::BOTH))
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
    /// None if they would not be worth preparing.
    bigrams: Option<Bigrams>,
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

/// The number of positions with the first byte and without an occurrence after which a search is given
/// up.
const MAX_MISSES: usize = 16;

impl Terms {
    /// Prepares lookups.
    pub fn new<S: AsRef<str>>(lookups: impl IntoIterator<Item = S>) -> Self {
        Self::bounded(lookups, Bounds::BOTH)
    }

    /// Prepares lookups whose occurrences must have these bounds: those of `hasprefix`, `hassuffix` or
    /// `contains`.
    pub(crate) fn bounded<S: AsRef<str>>(lookups: impl IntoIterator<Item = S>, bounds: Bounds) -> Self {
        let terms = Self::for_few_texts(lookups, bounds);
        Self { bigrams: Bigrams::new(&terms.lookups), ..terms }
    }

    /// Prepares lookups for few texts.
    pub(super) fn for_few_texts<S: AsRef<str>>(lookups: impl IntoIterator<Item = S>, bounds: Bounds) -> Self {
        let lookups = lookups.into_iter().map(|lookup| Lookup::new(lookup.as_ref(), bounds));
        let lookups: Vec<Lookup> = lookups.collect();
        let min_text_len = lookups.iter().map(|lookup| lookup.min_text_len).min().unwrap_or(usize::MAX);
        let lookups_with = Box::new([0, 1, 2].map(|index| lookups_with_bytes(&lookups, index)));
        Self {
            max_lookup_len: lookups.iter().map(|lookup| lookup.text.len()).max().unwrap_or_default(),
            are_ascii: lookups.iter().all(|lookup| lookup.is_ascii),
            prefilter: Prefilter::new(&lookups),
            bigrams: None,
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

    /// The lookups.
    #[cfg(feature = "arrow")]
    pub(crate) fn lookups(&self) -> impl Iterator<Item = &str> {
        self.lookups.iter().map(|lookup| &*lookup.text)
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
        let bigrams = self.bigrams.as_ref().filter(|_| self.prefilter.is_none() || text.len() <= BLOCK);
        if let Some(bigrams) = bigrams {
            return bigrams.found_in(text.as_bytes(), occurs);
        }
        match (&self.prefilter, &self.first_bytes) {
            (Some(prefilter), _) if text.len() > MAX_PREFILTER_LEN => {
                self.found_in_long(text, bytes, *prefilter)
            }
            (Some(prefilter), _) if prefilter.rejects(text.as_bytes()) => false,
            (None, _) if text.len() <= MAX_PREFILTER_LEN && self.max_lookup_len > 1 => {
                self.found_at_any(text, bytes.len())
            }
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
