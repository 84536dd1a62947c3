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

/// The character beyond ASCII that folds to this one of ASCII.
pub(super) const fn other(byte: u8) -> Option<char> {
    match byte | 0x20 {
        b's' => Some('ſ'),
        b'k' => Some('\u{212a}'),
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
    use std::collections::BTreeSet;

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
        let others = (0..0x80).filter_map(|byte| Some((other(byte)?, char::from(byte))));
        to_ascii.extend(to_ascii.clone().into_iter().map(|(c, folded)| (c, folded.to_ascii_uppercase())));
        assert_eq!(BTreeSet::from_iter(to_ascii), others.collect());
    }

    #[test]
    fn a_beginning_is_as_long_as_its_own_characters() {
        assert_eq!(begins_with("/tranſfer x", "/Transfer"), Some(10));
        assert_eq!(begins_with("ÉX", "é"), Some(2));
        assert_eq!(begins_with("/tranſ", "/transfer"), None);
        assert_eq!(begins_with("x", ""), Some(0));
    }
}
