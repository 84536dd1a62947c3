//! The escapes of a JSON string.

use std::borrow::Cow;

use memchr::memchr;

/// What the text between two quotes stands for; `None` where an escape stands for
/// nothing.
///
/// The escapes that Windows paths and command lines are full of are undone here, the
/// others by serde.
pub(super) fn undone(text: &str) -> Option<Cow<'_, str>> {
    if memchr(b'\\', text.as_bytes()).is_none() {
        return Some(Cow::Borrowed(text));
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = memchr(b'\\', rest.as_bytes()) {
        let (before, escape) = rest.split_at_checked(at)?;
        let (escaped, after) = escape.get(1..)?.split_at_checked(1)?;
        if !matches!(escaped, "\\" | "\"" | "/") {
            return serde_json::from_str(&format!("\"{text}\"")).ok().map(Cow::Owned);
        }
        plain.push_str(before);
        plain.push_str(escaped);
        rest = after;
    }
    plain.push_str(rest);
    Some(Cow::Owned(plain))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_text_without_escapes_is_borrowed() {
        assert!(matches!(undone("plain"), Some(Cow::Borrowed("plain"))));
        assert_eq!(undone(r"C:\\a").as_deref(), Some(r"C:\a"));
        assert_eq!(undone(r"\u0041\n").as_deref(), Some("A\n"));
        assert_eq!(undone(r"\x"), None);
        assert_eq!(undone("\\"), None);
        assert_eq!(undone("\\é"), None);
    }

    proptest! {
        #[test]
        fn what_is_undone_is_what_was_escaped(text in "[\\\\\"/a\n\u{0}é]{0,12}") {
            let escaped = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(undone(&escaped[1..escaped.len() - 1]), Some(Cow::Owned(text)));
        }
    }
}
