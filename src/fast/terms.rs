//! `has` and `has_any`, of terms that are prepared once.
//!
//! A text is looked through for the first two characters of the terms, sixteen
//! places at a time; what begins there is compared in full, and then its
//! neighbours are looked at. Every place counts, not only the leftmost of those
//! that overlap: a term may be the beginning of another.

use crate::kql::terms::is_term_character;

/// How many places are looked at together.
const PLACES: usize = 16;

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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    lookup: Box<str>,
    beginning: Beginning,
    starts_in_term: bool,
    ends_in_term: bool,
}

impl Term {
    /// Prepares a lookup.
    pub fn new(lookup: &str) -> Self {
        let in_term = |c: Option<char>| c.is_some_and(is_term_character);
        Self {
            lookup: lookup.into(),
            beginning: Beginning::of(lookup.as_bytes()),
            starts_in_term: in_term(lookup.chars().next()),
            ends_in_term: in_term(lookup.chars().next_back()),
        }
    }

    /// `text has lookup`.
    pub fn found_in(&self, text: &str) -> bool {
        found(text, std::slice::from_ref(self), &[self.beginning])
    }

    /// Whether an occurrence that counts begins at this byte.
    ///
    /// Spec: TRM-03, TRM-04, TRM-05, TRM-06
    fn occurs_at(&self, text: &str, at: usize) -> bool {
        let end = at + self.lookup.len();
        let stretch = text.as_bytes().get(at..end);
        stretch.is_some_and(|stretch| stretch.eq_ignore_ascii_case(self.lookup.as_bytes()))
            && !(self.starts_in_term && ends_in_term(text, at))
            && !(self.ends_in_term && starts_in_term(text, end))
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    terms: Vec<Term>,
    /// Each once.
    beginnings: Vec<Beginning>,
}

impl Terms {
    /// Prepares lookups.
    pub fn new<S: AsRef<str>>(lookups: impl IntoIterator<Item = S>) -> Self {
        let terms: Vec<Term> = lookups.into_iter().map(|lookup| Term::new(lookup.as_ref())).collect();
        let mut beginnings: Vec<Beginning> = terms.iter().map(|term| term.beginning).collect();
        beginnings.sort_unstable();
        beginnings.dedup();
        Self { terms, beginnings }
    }

    /// `text has_any (lookups)`.
    pub fn found_in(&self, text: &str) -> bool {
        found(text, &self.terms, &self.beginnings)
    }
}

/// The first two bytes of a lookup, case aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Beginning {
    first: Byte,
    second: Byte,
}

/// A byte and the bits of another that are of no matter when it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Byte {
    ignored: u8,
    value: u8,
}

impl Byte {
    /// Equal to any byte.
    const ANY: Self = Self { ignored: 0xff, value: 0xff };

    fn of(byte: Option<&u8>) -> Self {
        match byte {
            None => Self::ANY,
            Some(letter) if letter.is_ascii_alphabetic() => Self { ignored: 0x20, value: letter | 0x20 },
            Some(&value) => Self { ignored: 0, value },
        }
    }

    fn is(self, byte: u8) -> bool {
        byte | self.ignored == self.value
    }
}

impl Beginning {
    fn of(lookup: &[u8]) -> Self {
        Self { first: Byte::of(lookup.first()), second: Byte::of(lookup.get(1)) }
    }

    /// Whether it is at one of the places at least. Without a branch, so that it
    /// becomes a few vector instructions.
    fn is_among(self, firsts: &[u8; PLACES], seconds: &[u8; PLACES]) -> bool {
        let mut some = false;
        for (&first, &second) in firsts.iter().zip(seconds) {
            some |= self.first.is(first) & self.second.is(second);
        }
        some
    }
}

/// Whether one of the terms is found; `beginnings` are theirs.
fn found(text: &str, terms: &[Term], beginnings: &[Beginning]) -> bool {
    let occurs = |at: usize| terms.iter().any(|term| term.occurs_at(text, at));
    let bytes = text.as_bytes();
    let among = |start: usize| {
        let (firsts, seconds) = (bytes.get(start..), bytes.get(start + 1..));
        let (Some(firsts), Some(seconds)) =
            (firsts.and_then(<[u8]>::first_chunk), seconds.and_then(<[u8]>::first_chunk))
        else {
            return None;
        };
        Some(
            beginnings.iter().any(|two| two.is_among(firsts, seconds)) && (start..start + PLACES).any(occurs),
        )
    };
    let mut start = 0;
    while let Some(some) = among(start) {
        if some {
            return true;
        }
        start += PLACES;
    }
    // The last places together once more, and the very last, which have no second.
    match bytes.len().checked_sub(PLACES + 1).and_then(among) {
        Some(some) => some || (bytes.len() - 1..=bytes.len()).any(occurs),
        None => (0..=bytes.len()).any(occurs),
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
