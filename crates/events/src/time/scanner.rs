//! A cursor over the bytes of a time.

/// The rest of a text of ASCII characters.
#[derive(Debug, Clone, Copy)]
pub(super) struct Scanner<'t>(pub(super) &'t [u8]);

/// A number, and how many digits it was written with.
pub(super) struct Number {
    pub(super) value: i32,
    pub(super) len: usize,
}

impl<'t> Scanner<'t> {
    pub(super) fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.0.is_empty()
    }

    /// Skips this byte. Returns whether it was there.
    pub(super) fn skip(&mut self, byte: u8) -> bool {
        let rest = self.0.strip_prefix(&[byte]);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    /// Skips blanks. Returns whether there were any.
    pub(super) fn skip_blanks(&mut self) -> bool {
        let len = self.0.len();
        while let Some(b' ' | b'\t') = self.peek() {
            self.take_one();
        }
        self.0.len() < len
    }

    /// Skips this word, in any case. Returns whether it was there, and no other letter follows.
    pub(super) fn skip_word(&mut self, word: &str) -> bool {
        let mut rest = *self;
        let is_there = rest.word().eq_ignore_ascii_case(word.as_bytes());
        if is_there {
            *self = rest;
        }
        is_there
    }

    /// The next letters, possibly none.
    pub(super) fn word(&mut self) -> &'t [u8] {
        self.take_while(u8::is_ascii_alphabetic)
    }

    /// The next digits, at least one and at most eight.
    pub(super) fn number(&mut self) -> Option<Number> {
        let digits = self.take_while(u8::is_ascii_digit);
        let value = digits.iter().fold(0_i32, |value, digit| {
            value.wrapping_mul(10).wrapping_add(i32::from(digit.wrapping_sub(b'0')))
        });
        (1..=8).contains(&digits.len()).then_some(Number { value, len: digits.len() })
    }

    /// A number of one or two digits.
    pub(super) fn short_number(&mut self) -> Option<i32> {
        self.number().filter(|number| number.len <= 2).map(|number| number.value)
    }

    /// A number of exactly this many digits.
    pub(super) fn number_of(&mut self, len: usize) -> Option<i32> {
        self.number().filter(|number| number.len == len).map(|number| number.value)
    }

    pub(super) fn take_while(&mut self, is_taken: impl Fn(&u8) -> bool) -> &'t [u8] {
        let len = self.0.iter().position(|byte| !is_taken(byte)).unwrap_or(self.0.len());
        let (taken, rest) = self.0.split_at_checked(len).unwrap_or((self.0, &[]));
        self.0 = rest;
        taken
    }

    pub(super) fn take_one(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }
}
