//! Case folding by the default profile, for comparisons that read UTF-8 as it is.
//!
//! ASCII takes one path and needs no tables. Of all other characters only two fold to a
//! character of ASCII: `ſ` (U+017F) to `s`, and the Kelvin sign (U+212A) to `k`.

use crate::kql::Profile;
use crate::kql::text::fold_character;

const KELVIN: char = '\u{212a}';

/// A character without its case.
///
/// Spec: TXT-03
#[inline]
pub(super) fn fold(c: char) -> char {
    if c.is_ascii() { c.to_ascii_lowercase() } else { fold_beyond_ascii(c) }
}

fn fold_beyond_ascii(c: char) -> char {
    fold_character(c, &Profile::default())
}

/// The most bytes that a character has that folds to this one of ASCII.
pub(super) const fn most_bytes(byte: u8) -> usize {
    match byte | 0x20 {
        b's' => 'ſ'.len_utf8(),
        b'k' => KELVIN.len_utf8(),
        _ => 1,
    }
}

/// The other first bytes of characters that fold to this one of ASCII.
pub(super) fn other_first_byte(byte: u8) -> Option<u8> {
    match byte | 0x20 {
        b's' => Some(0xC5),
        b'k' => Some(0xE2),
        _ => None,
    }
}

/// How many bytes the beginning of a text has that is equal to another text; `None` if no
/// beginning is.
///
/// Spec: TRM-02, TRM-12
pub(super) fn begins_with(text: &str, other: &str) -> Option<usize> {
    let mut characters = text.chars();
    for wanted in other.chars() {
        if fold(characters.next()?) != fold(wanted) {
            return None;
        }
    }
    Some(text.len() - characters.as_str().len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_folds_as_in_the_reference_and_few_to_ascii() {
        let mut to_ascii = vec![];
        for c in '\0'..=char::MAX {
            let folded = fold(c);
            assert_eq!(folded, fold_character(c, &Profile::default()), "{c:?}");
            assert_eq!(fold(folded), folded, "{c:?}");
            if folded.is_ascii() && !c.is_ascii() {
                to_ascii.push((c, folded));
            }
        }
        assert_eq!(to_ascii, [('ſ', 's'), (KELVIN, 'k')]);
    }

    #[test]
    fn what_is_said_of_bytes_of_ascii_is_so() {
        for byte in 0..0x80_u8 {
            let equals = ['ſ', KELVIN].into_iter().filter(|c| fold(*c) == fold(char::from(byte)));
            let equals: Vec<String> = equals.map(String::from).collect();
            assert_eq!(most_bytes(byte), equals.first().map_or(1, String::len), "{byte}");
            assert_eq!(other_first_byte(byte), equals.first().map(|c| c.as_bytes()[0]), "{byte}");
        }
    }

    #[test]
    fn a_beginning_is_as_long_as_its_own_characters() {
        assert_eq!(begins_with("/tranſfer x", "/Transfer"), Some(10));
        assert_eq!(begins_with("ÉX", "é"), Some(2));
        assert_eq!(begins_with("/tranſ", "/transfer"), None);
        assert_eq!(begins_with("x", ""), Some(0));
    }
}
