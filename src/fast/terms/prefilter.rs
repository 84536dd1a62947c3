//! A test that tells in a single pass that a short text has none of a few lookups.

use std::collections::BTreeSet;

use super::lookup::{Lookup, is_plain};

/// The first two bytes of all lookups, in lower case. The second has at most two values.
///
/// A single pass shows that a short text has no such pair. A search for the first byte
/// would stop at each occurrence, and most command lines have a `/`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prefilter {
    first: u8,
    second: [u8; 2],
    third: [u8; 2],
    /// Whether the third byte may be any.
    any_third: bool,
}

/// The longest text for which the prefilter is faster than a search.
pub(super) const MAX_PREFILTER_LEN: usize = 512;

/// The number of positions that are compared before a branch.
pub(super) const BLOCK: usize = 32;

impl Prefilter {
    /// Returns `None` if the lookups start with more than two different pairs of bytes.
    pub(super) fn new(lookups: &[Lookup]) -> Option<Self> {
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
    pub(super) fn rejects(self, text: &[u8]) -> bool {
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
    pub(super) fn rejects_long_block(self, block: &[u8; BLOCK + 2]) -> bool {
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
