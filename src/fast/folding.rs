//! Case folding by the default profile, for comparisons that read UTF-8 as it is.
//!
//! ASCII takes one path and needs no tables. Of all other characters only two fold to a
//! character of ASCII: `ſ` (U+017F) to `s`, and the Kelvin sign (U+212A) to `k`.

use crate::kql::Profile;
use crate::kql::text::fold_character;

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

/// How many bytes the beginning of a text has that is equal to a folded text; `None` if
/// no beginning is.
///
/// Spec: TRM-02, TRM-12
pub(super) fn begins_with(text: &str, folded: &str) -> Option<usize> {
    let mut characters = text.chars();
    for wanted in folded.chars() {
        if fold(characters.next()?) != wanted {
            return None;
        }
    }
    Some(text.len() - characters.as_str().len())
}

/// The first bytes of the characters that fold to this one, which is folded itself.
pub(super) fn first_bytes(folded: char) -> Vec<u8> {
    let beyond: &[u8] = match folded {
        's' => &[0xC5],
        'k' => &[0xE2],
        c if c.is_ascii() => &[],
        // Any first byte of more than one.
        _ => return (0xC2..=0xF4).collect(),
    };
    let own = u8::try_from(folded).unwrap_or_default();
    [&[own.to_ascii_lowercase(), own.to_ascii_uppercase()], beyond].concat()
}

/// The most bytes that a character has that folds to this one.
pub(super) fn most_bytes(folded: char) -> usize {
    match folded {
        's' => 2,
        'k' => 3,
        c if c.is_ascii() => 1,
        _ => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_character_folds_as_in_the_reference_and_as_is_said_here() {
        let mut to_ascii = vec![];
        for c in '\0'..=char::MAX {
            let folded = fold(c);
            assert_eq!(folded, fold_character(c, &Profile::default()), "{c:?}");
            assert_eq!(fold(folded), folded, "{c:?}");
            let mut bytes = [0; 4];
            let bytes = c.encode_utf8(&mut bytes).as_bytes();
            assert!(first_bytes(folded).contains(&bytes[0]), "{c:?}");
            assert!(bytes.len() <= most_bytes(folded), "{c:?}");
            if folded.is_ascii() && !c.is_ascii() {
                to_ascii.push((c, folded));
            }
        }
        assert_eq!(to_ascii, [('ſ', 's'), ('\u{212a}', 'k')]);
    }

    #[test]
    fn a_beginning_is_as_long_as_its_own_characters() {
        assert_eq!(begins_with("/tranſfer x", "/transfer"), Some(10));
        assert_eq!(begins_with("ÉX", "é"), Some(2));
        assert_eq!(begins_with("/tranſ", "/transfer"), None);
        assert_eq!(begins_with("x", ""), Some(0));
    }
}
