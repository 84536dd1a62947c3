//! Words that a text must equal.

use std::ops::RangeInclusive;

use crate::fast::text::Word;

/// Words, one of which a text must equal.
#[derive(Debug, Clone)]
pub(super) struct Words {
    pub(super) words: Vec<Word>,
    ignores_case: bool,
    /// For each length in bytes, of which the last stands for all longer ones, the words to which a text
    /// of this length can be equal. A word is the bit of its index modulo 64.
    of_length: Box<[u64; 256]>,
    /// For each first byte, the words to which a text that starts with it can be equal.
    of_first_byte: Box<[u64; 256]>,
}

impl Words {
    pub(super) fn new<'a>(words: impl IntoIterator<Item = &'a str>, ignores_case: bool) -> Self {
        let words: Vec<Word> = words.into_iter().map(Word::new).collect();
        let (mut of_length, mut of_first_byte) = (Box::new([0; 256]), Box::new([0; 256]));
        for (word, bit) in words.iter().zip((0..64).cycle()) {
            for length in lengths(word, ignores_case, false) {
                of_length[length.min(255)] |= 1 << bit;
            }
            for (first, words) in (0..=u8::MAX).zip(of_first_byte.iter_mut()) {
                *words |= u64::from(may_start_with(word, first)) << bit;
            }
        }
        Self { words, ignores_case, of_length, of_first_byte }
    }

    /// The words, if their case counts.
    pub(super) fn with_case(&self) -> Option<impl Iterator<Item = &str>> {
        (!self.ignores_case).then(|| self.texts())
    }

    /// The words.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(Word::text)
    }

    /// The possible lengths in bytes of an equal text, or of one in ASCII.
    #[cfg(feature = "arrow")]
    pub(super) fn lengths(&self, is_ascii: bool) -> RangeInclusive<usize> {
        let lengths = || self.words.iter().map(|word| lengths(word, self.ignores_case, is_ascii));
        let min = lengths().map(|lengths| *lengths.start()).min();
        let max = lengths().map(|lengths| *lengths.end()).max();
        min.unwrap_or(usize::MAX)..=max.unwrap_or_default()
    }

    #[inline]
    pub(super) fn contain(&self, text: &str) -> bool {
        let of_first_byte =
            text.as_bytes().first().map_or(u64::MAX, |byte| self.of_first_byte[usize::from(*byte)]);
        let mut possible = self.of_length[text.len().min(255)] & of_first_byte;
        while possible != 0 {
            let first = possible.trailing_zeros() as usize;
            if (first..self.words.len()).step_by(64).any(|word| self.equals(&self.words[word], text)) {
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

/// The possible lengths in bytes of a text that is equal to a word, or of one in ASCII.
fn lengths(word: &Word, ignores_case: bool, is_ascii: bool) -> RangeInclusive<usize> {
    if ignores_case { word.lengths(is_ascii) } else { word.text().len()..=word.text().len() }
}

/// Whether a text that starts with this byte can be equal to a word, with or without its case.
fn may_start_with(word: &Word, byte: u8) -> bool {
    let first = word.text().bytes().next();
    first.is_some_and(|first| !first.is_ascii() || !byte.is_ascii() || first.eq_ignore_ascii_case(&byte))
}
