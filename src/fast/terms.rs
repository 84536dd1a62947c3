//! `has` and `has_any`, of terms that are prepared once.
//!
//! A quick pass may show that the first two bytes of the terms are nowhere in a text. If
//! not, the text is searched for their first byte. If the two bytes after it fit too, the
//! terms are compared in full, and then their neighbours. Every occurrence counts,
//! overlapping ones too: a term may be the beginning of another.
//!
//! The time is proportional to the length of the text, times the length of the terms if
//! the text is full of their beginnings.

use std::collections::BTreeSet;

use memchr::{memchr_iter, memchr2_iter, memchr3_iter};

use super::folding::{begins_with, other};
use crate::kql::terms::is_term_character;

/// A lookup, prepared to be found in many texts.
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
    pub fn found_in(&self, text: &str) -> bool {
        self.0.found_in(text)
    }
}

/// Several lookups, prepared to be found in many texts.
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
    /// Whether the lookups are ASCII.
    are_ascii: bool,
    /// The bytes of the longest lookup.
    longest: usize,
    /// The fewest bytes of a text in which one is found: 0 if a lookup is empty, which is
    /// found in every text; `usize::MAX` if there is no lookup.
    shortest: usize,
    firsts: Firsts,
    /// For each byte, whether it can be the second of a lookup in a text.
    seconds: [bool; 256],
    /// The same of the third.
    thirds: [bool; 256],
    beginning: Option<Beginning>,
}

/// The first bytes of texts that are equal to a lookup.
#[derive(Debug, Clone)]
enum Firsts {
    One(u8),
    Two(u8, u8),
    Three(u8, u8, u8),
    Many(Box<[bool; 256]>),
}

impl Terms {
    /// Prepares lookups.
    pub fn new<S: AsRef<str>>(lookups: impl IntoIterator<Item = S>) -> Self {
        let lookups: Vec<Lookup> = lookups.into_iter().map(|lookup| Lookup::new(lookup.as_ref())).collect();
        let shortest = lookups.iter().map(|lookup| lookup.shortest).min().unwrap_or(usize::MAX);
        Self {
            longest: lookups.iter().map(|lookup| lookup.text.len()).max().unwrap_or_default(),
            are_ascii: lookups.iter().all(|lookup| lookup.is_ascii),
            beginning: Beginning::of(&lookups),
            firsts: Firsts::of(&bytes_at(&lookups, 0)),
            seconds: bytes_at(&lookups, 1),
            thirds: bytes_at(&lookups, 2),
            shortest,
            lookups,
        }
    }

    /// `text has_any (lookups)`.
    pub fn found_in(&self, text: &str) -> bool {
        let Some(last) = text.len().checked_sub(self.shortest) else { return false };
        if self.shortest == 0 {
            return true;
        }
        if self.beginning.is_some_and(|beginning| beginning.is_absent(text.as_bytes())) {
            return false;
        }
        // All the places where a lookup can begin.
        let bytes = text.as_bytes().get(..=last).unwrap_or_default();
        let occurs = |at: usize| self.occurs_at(text, at);
        match &self.firsts {
            Firsts::One(a) => memchr_iter(*a, bytes).any(occurs),
            Firsts::Two(a, b) => memchr2_iter(*a, *b, bytes).any(occurs),
            Firsts::Three(a, b, c) => memchr3_iter(*a, *b, *c, bytes).any(occurs),
            Firsts::Many(set) => {
                bytes.iter().enumerate().any(|(at, &byte)| contains(set, byte) && occurs(at))
            }
        }
    }

    /// Whether an occurrence that counts begins at this byte.
    fn occurs_at(&self, text: &str, at: usize) -> bool {
        let may_be = |set, at: usize| text.as_bytes().get(at).is_none_or(|&byte| contains(set, byte));
        may_be(&self.seconds, at + 1)
            && may_be(&self.thirds, at + 2)
            && (self.lookups.iter().any(|lookup| lookup.occurs_at(text, at))
                || self.occurs_folded_at(text, at))
    }

    /// The same, for an occurrence whose bytes differ from the lookup's. If all lookups are ASCII,
    /// it has a character beyond ASCII within the first `longest` bytes.
    ///
    /// Spec: TRM-12
    #[inline(never)]
    fn occurs_folded_at(&self, text: &str, at: usize) -> bool {
        let rest = text.as_bytes().get(at..).unwrap_or_default();
        let is_ascii = rest.get(..self.longest).unwrap_or(rest).is_ascii();
        !(is_ascii && self.are_ascii) && self.lookups.iter().any(|lookup| lookup.occurs_folded_at(text, at))
    }
}

/// The two bytes that lookups begin with, in lower case; the second is one of two.
///
/// To see that a short text has them nowhere takes one pass, where a search for the
/// first byte would stop at each: there is a `/` in most command lines.
#[derive(Debug, Clone, Copy)]
struct Beginning {
    first: u8,
    second: [u8; 2],
}

/// The longest text of which such a pass is quicker than a search.
const SHORT: usize = 512;

/// How many places are looked at together.
const BLOCK: usize = 32;

impl Beginning {
    /// `None` where the lookups have more beginnings than that.
    fn of(lookups: &[Lookup]) -> Option<Self> {
        let bytes = |number: usize| {
            let of_one = |lookup: &Lookup| lookup.byte_at(number).filter(|byte| is_plain(*byte)).map(lower);
            lookups.iter().map(of_one).collect::<Option<BTreeSet<u8>>>()
        };
        let (firsts, seconds) = (bytes(0)?, bytes(1)?);
        let (&first, &second) = (firsts.first()?, seconds.first()?);
        let few = firsts.len() == 1 && seconds.len() <= 2;
        few.then_some(Self { first, second: [second, *seconds.last()?] })
    }

    /// Whether a text has it nowhere, where that is quickly seen.
    fn is_absent(self, text: &[u8]) -> bool {
        if text.len() > SHORT {
            return false;
        }
        let ([firsts @ .., _], [_, seconds @ ..]) = (text, text) else { return false };
        // The last block overlaps the one before it.
        let (Some(last_firsts), Some(last_seconds)) = (firsts.last_chunk(), seconds.last_chunk()) else {
            return false;
        };
        let mut blocks = firsts.as_chunks().0.iter().zip(seconds.as_chunks().0);
        blocks.all(|(firsts, seconds)| self.is_absent_from(firsts, seconds))
            && self.is_absent_from(last_firsts, last_seconds)
    }

    /// Written so that the compiler makes vector instructions of it: no branch but the
    /// one at the end of a block.
    fn is_absent_from(self, firsts: &[u8; BLOCK], seconds: &[u8; BLOCK]) -> bool {
        let mut found = false;
        for at in 0..BLOCK {
            let (first, second) = (lower(firsts[at]), lower(seconds[at]));
            found |= (first == self.first) & ((second == self.second[0]) | (second == self.second[1]));
        }
        !found
    }
}

/// A letter in lower case, and of any other byte always the same one: what it makes
/// equal need not be equal, but what is equal stays so.
fn lower(byte: u8) -> u8 {
    byte | 0x20
}

impl Firsts {
    fn of(set: &[bool; 256]) -> Self {
        let mut bytes = (0..=u8::MAX).filter(|&byte| contains(set, byte));
        match [bytes.next(), bytes.next(), bytes.next(), bytes.next()] {
            [Some(a), None, ..] => Self::One(a),
            [Some(a), Some(b), None, _] => Self::Two(a, b),
            [Some(a), Some(b), Some(c), None] => Self::Three(a, b, c),
            _ => Self::Many(Box::new(*set)),
        }
    }
}

/// The bytes that a text equal to a lookup can have at this index.
fn bytes_at(lookups: &[Lookup], number: usize) -> [bool; 256] {
    let mut set = [false; 256];
    for lookup in lookups {
        match lookup.byte_at(number) {
            Some(byte) => {
                let other = other(byte).map_or(byte, first_byte);
                for byte in [byte.to_ascii_lowercase(), byte.to_ascii_uppercase(), other] {
                    set[usize::from(byte)] = true;
                }
            }
            None => set.fill(true),
        }
    }
    set
}

fn first_byte(c: char) -> u8 {
    let mut bytes = [0; 4];
    c.encode_utf8(&mut bytes);
    bytes[0]
}

fn contains(set: &[bool; 256], byte: u8) -> bool {
    set[usize::from(byte)]
}

/// Whether only bytes of ASCII are equal to this one.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii() && other(byte).is_none()
}

/// A lookup, and what its edges demand.
#[derive(Debug, Clone)]
struct Lookup {
    text: Box<str>,
    is_ascii: bool,
    /// The fewest bytes of a text that is equal.
    shortest: usize,
    starts_in_term: bool,
    ends_in_term: bool,
}

impl Lookup {
    fn new(text: &str) -> Self {
        let in_term = |c: Option<char>| c.is_some_and(is_in_term);
        let mut characters = text.chars();
        let starts_in_term = in_term(characters.clone().next());
        let is_ascii = text.is_ascii();
        Self {
            is_ascii,
            shortest: if is_ascii { text.len() } else { text.chars().count() },
            text: text.into(),
            starts_in_term,
            ends_in_term: in_term(characters.next_back()),
        }
    }

    /// The byte of this number; `None` if a text that is equal may have any other there.
    fn byte_at(&self, number: usize) -> Option<u8> {
        let (byte, before) = self.text.as_bytes().get(..=number)?.split_last()?;
        (self.is_ascii && before.iter().copied().all(is_plain)).then_some(*byte)
    }

    /// Whether an occurrence that counts begins at this byte, and has the bytes of the
    /// lookup apart from the case of ASCII.
    ///
    /// Spec: TRM-03, TRM-04, TRM-05, TRM-06
    #[inline]
    fn occurs_at(&self, text: &str, at: usize) -> bool {
        let end = at + self.text.len();
        let stretch = text.as_bytes().get(at..end);
        stretch.is_some_and(|stretch| stretch.eq_ignore_ascii_case(self.text.as_bytes()))
            && self.is_bounded(text, at, end)
    }

    /// The same for any bytes.
    ///
    /// Spec: TRM-12
    fn occurs_folded_at(&self, text: &str, at: usize) -> bool {
        let length = text.get(at..).and_then(|rest| begins_with(rest, &self.text));
        length.is_some_and(|length| self.is_bounded(text, at, at + length))
    }

    /// Spec: TRM-03, TRM-04, TRM-05
    #[inline]
    fn is_bounded(&self, text: &str, at: usize, end: usize) -> bool {
        !(self.starts_in_term && ends_in_term(text, at) || self.ends_in_term && starts_in_term(text, end))
    }
}

/// Whether the character that ends at this byte belongs to a term.
///
/// Spec: TRM-01, TRM-07
fn ends_in_term(text: &str, at: usize) -> bool {
    text.get(..at).and_then(|before| before.chars().next_back()).is_some_and(is_in_term)
}

/// Whether the character that starts at this byte belongs to a term.
///
/// Spec: TRM-01, TRM-07
fn starts_in_term(text: &str, at: usize) -> bool {
    text.get(at..).and_then(|after| after.chars().next()).is_some_and(is_in_term)
}

fn is_in_term(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { is_term_character(c) }
}
