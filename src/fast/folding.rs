//! Case folding under the default profile.
//!
//! ASCII has a fast path without tables. Only two other characters fold to ASCII:
//! `ſ` (U+017F) to `s`, and the Kelvin sign (U+212A) to `k`.

use crate::kql::Profile;
use crate::kql::fold_character;

/// Folds the case of a character.
///
/// Spec: TXT-03
#[inline]
pub(super) fn fold(c: char) -> char {
    if c.is_ascii() { c.to_ascii_lowercase() } else { fold_beyond_ascii(c) }
}

fn fold_beyond_ascii(c: char) -> char {
    fold_character(c, &Profile::default())
}

/// The non-ASCII character that folds to the same character as this ASCII letter, if any.
pub(super) const fn non_ascii_equivalent(byte: u8) -> Option<char> {
    match byte | 0x20 {
        b's' => Some('ſ'),
        b'k' => Some('\u{212a}'),
        _ => None,
    }
}

/// The length in bytes of the prefix of `text` that is equal to `prefix` apart from case,
/// or `None` if there is none.
///
/// Spec: TRM-02, TRM-12
pub(super) fn folded_prefix_len(text: &str, prefix: &str) -> Option<usize> {
    let mut characters = text.chars();
    for expected in prefix.chars() {
        if fold(characters.next()?) != fold(expected) {
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
        let equivalents = (0..0x80).filter_map(|byte| Some((non_ascii_equivalent(byte)?, char::from(byte))));
        to_ascii.extend(to_ascii.clone().into_iter().map(|(c, folded)| (c, folded.to_ascii_uppercase())));
        assert_eq!(BTreeSet::from_iter(to_ascii), equivalents.collect());
    }

    #[test]
    fn a_prefix_has_the_length_of_its_own_characters() {
        assert_eq!(folded_prefix_len("/tranſfer x", "/Transfer"), Some(10));
        assert_eq!(folded_prefix_len("ÉX", "é"), Some(2));
        assert_eq!(folded_prefix_len("/tranſ", "/transfer"), None);
        assert_eq!(folded_prefix_len("x", ""), Some(0));
    }
}
