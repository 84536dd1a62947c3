//! `has` and `has_any`, of terms that are prepared once.
//!
//! A text is looked through for the first byte of the terms, if a quick pass has not
//! shown that the first two are nowhere; where the two behind it fit too, the terms
//! are compared in full, and then their neighbours are looked at. Every place counts, not only the leftmost of those that overlap: a
//! term may be the beginning of another.
//!
//! The time is in proportion to the text, times the length of the terms where the
//! text is full of their beginnings.

use std::collections::BTreeSet;

use memchr::{memchr_iter, memchr2_iter, memchr3_iter};

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
    /// The bytes of the shortest lookup. Where that is empty it is found in every
    /// text; where there is none, in none.
    shortest: usize,
    firsts: Firsts,
    /// For each byte, whether it can be the second of a lookup in a text.
    seconds: [bool; 256],
    /// The same of the third.
    thirds: [bool; 256],
    beginning: Option<Beginning>,
}

/// The first bytes of the lookups, in either case.
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
        let shortest = lookups.iter().map(|lookup| lookup.text.len()).min().unwrap_or(usize::MAX);
        let firsts = lookups.iter().filter_map(|lookup| lookup.text.bytes().next());
        let followers = |number: usize| match lookups.iter().any(|lookup| lookup.text.len() <= number) {
            true => [true; 256],
            false => set(lookups.iter().filter_map(|lookup| lookup.text.bytes().nth(number))),
        };
        Self {
            beginning: Beginning::of(&lookups),
            firsts: Firsts::of(&set(firsts)),
            seconds: followers(1),
            thirds: followers(2),
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
            && self.lookups.iter().any(|lookup| lookup.occurs_at(text, at))
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
            let of_one = |lookup: &Lookup| lookup.text.as_bytes().get(number).map(|&byte| lower(byte));
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
        let bytes: Vec<u8> = (0..=u8::MAX).filter(|&byte| contains(set, byte)).collect();
        match bytes[..] {
            [a] => Self::One(a),
            [a, b] => Self::Two(a, b),
            [a, b, c] => Self::Three(a, b, c),
            _ => Self::Many(Box::new(*set)),
        }
    }
}

/// The set of these bytes, in either case.
fn set(of: impl Iterator<Item = u8>) -> [bool; 256] {
    let mut set = [false; 256];
    for byte in of.flat_map(|byte| [byte.to_ascii_lowercase(), byte.to_ascii_uppercase()]) {
        set[usize::from(byte)] = true;
    }
    set
}

fn contains(set: &[bool; 256], byte: u8) -> bool {
    set[usize::from(byte)]
}

/// A lookup, and what its edges demand.
#[derive(Debug, Clone)]
struct Lookup {
    text: Box<str>,
    starts_in_term: bool,
    ends_in_term: bool,
}

impl Lookup {
    fn new(text: &str) -> Self {
        let in_term = |c: Option<char>| c.is_some_and(is_in_term);
        let mut characters = text.chars();
        let starts_in_term = in_term(characters.clone().next());
        Self { text: text.into(), starts_in_term, ends_in_term: in_term(characters.next_back()) }
    }

    /// Whether an occurrence that counts begins at this byte.
    ///
    /// Spec: TRM-03, TRM-04, TRM-05, TRM-06
    fn occurs_at(&self, text: &str, at: usize) -> bool {
        let end = at + self.text.len();
        let stretch = text.as_bytes().get(at..end);
        stretch.is_some_and(|stretch| stretch.eq_ignore_ascii_case(self.text.as_bytes()))
            && !(self.starts_in_term && ends_in_term(text, at))
            && !(self.ends_in_term && starts_in_term(text, end))
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
