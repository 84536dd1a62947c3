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

/// Whether every character that folds to this one is a single byte.
pub(super) fn is_one_byte(folded: char) -> bool {
    folded.is_ascii() && !matches!(folded, 's' | 'k')
}
