//! Lone surrogates, which JSON escapes can spell and Unicode text cannot hold.

use std::borrow::Cow;

/// The JSON text with U+FFFD for every lone surrogate escape.
///
/// Windows allows lone surrogates in a command line, and JSON can carry them.
///
/// Spec: TEL-68
pub(super) fn lone_surrogates(text: &str) -> Cow<'_, str> {
    let mut repaired = String::new();
    let mut kept = 0;
    let mut at = 0;
    while let Some(next) = text.get(at..).and_then(|rest| rest.find('\\')) {
        let here = at + next;
        at = here + escape_length(text, here);
        if is_lone(text, here, at) {
            repaired.push_str(text.get(kept..here).unwrap_or_default());
            repaired.push_str("\\ufffd");
            kept = at;
        }
    }
    if kept == 0 {
        return Cow::Borrowed(text);
    }
    repaired.push_str(text.get(kept..).unwrap_or_default());
    Cow::Owned(repaired)
}

/// How many bytes the escape that begins here takes, both halves of a pair
/// together.
fn escape_length(text: &str, here: usize) -> usize {
    match (unit(text, here), unit(text, here + 6)) {
        (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => 12,
        (Some(_), _) => 6,
        (None, _) => 1 + text.get(here + 1..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8),
    }
}

fn is_lone(text: &str, here: usize, end: usize) -> bool {
    matches!(unit(text, here), Some(0xD800..=0xDFFF)) && end == here + 6
}

/// The code unit that an escape `\uXXXX` here stands for.
fn unit(text: &str, here: usize) -> Option<u16> {
    let digits = text.get(here..here + 6)?.strip_prefix("\\u")?;
    let digits = Some(digits).filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()))?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tel_68_a_lone_surrogate_becomes_the_replacement_character() {
        for (text, repaired) in [
            (r#"{"a":"\ud83d\ude00"}"#, r#"{"a":"\ud83d\ude00"}"#),
            (r#"{"a":"\ud83d"}"#, r#"{"a":"\ufffd"}"#),
            (r#"{"a":"\ud83d\ud83d\ude00"}"#, r#"{"a":"\ufffd\ud83d\ude00"}"#),
            (r#"{"a":"\uDE00x\\ud83d\n"}"#, r#"{"a":"\ufffdx\\ud83d\n"}"#),
            (r#"{"a":"\"#, r#"{"a":"\"#),
            (r#"{"a":"\é\u00"}"#, r#"{"a":"\é\u00"}"#),
        ] {
            assert_eq!(lone_surrogates(text), repaired);
        }
    }
}
