//! A search that looks at few positions of a text.

use super::lookup::Lookup;
use crate::fast::folding::non_ascii_equivalent;

/// The pairs of adjacent bytes near the start of an occurrence of any lookup.
///
/// An occurrence is at least as long as the shortest lookup, and so has one of the positions at which a
/// pair is looked up. Only if the pair is in the table are the starts compared from which an occurrence
/// reaches this position, and not the one before it.
#[derive(Debug, Clone)]
pub(super) struct Bigrams {
    /// The distance between positions: one less than the length of the shortest lookup.
    step: usize,
    /// A bit for each pair of bytes.
    table: Box<[[u64; 4]; 256]>,
}

impl Bigrams {
    /// Returns `None` if a lookup is not ASCII, or too short to leave out positions.
    pub(super) fn new(lookups: &[Lookup]) -> Option<Self> {
        let min_len = lookups.iter().map(|lookup| lookup.text.len()).min().filter(|len| *len > 2)?;
        let mut bigrams = Self { step: min_len - 1, table: Box::new([[0; 4]; 256]) };
        for lookup in lookups {
            if !lookup.is_ascii {
                return None;
            }
            for (byte, next) in lookup.text.bytes().zip(lookup.text.bytes().skip(1)).take(bigrams.step) {
                for form in forms(byte) {
                    form.windows(2).for_each(|pair| bigrams.insert(pair[0], pair[1]));
                    forms(next).iter().for_each(|next| bigrams.insert(form[form.len() - 1], next[0]));
                }
            }
        }
        Some(bigrams)
    }

    fn insert(&mut self, a: u8, b: u8) {
        self.table[usize::from(a)][usize::from(b >> 6)] |= 1 << (b & 63);
    }

    #[inline]
    fn contains(&self, a: u8, b: u8) -> bool {
        self.table[usize::from(a)][usize::from(b >> 6)] >> (b & 63) & 1 == 1
    }

    /// Whether an occurrence starts anywhere in a text. `occurs_at` tells it for one byte.
    #[inline]
    pub(super) fn found_in(&self, text: &[u8], occurs_at: impl Fn(usize) -> bool) -> bool {
        let mut at = self.step - 1;
        while let Some([a, b]) = text.get(at..at + 2) {
            if self.contains(*a, *b) && (at + 1 - self.step..=at).any(&occurs_at) {
                return true;
            }
            at += self.step;
        }
        false
    }
}

/// The bytes of the characters that are equal to an ASCII character.
fn forms(byte: u8) -> Vec<Vec<u8>> {
    let non_ascii = non_ascii_equivalent(byte).map(|c| c.to_string().into_bytes());
    [vec![byte.to_ascii_lowercase()], vec![byte.to_ascii_uppercase()]].into_iter().chain(non_ascii).collect()
}
