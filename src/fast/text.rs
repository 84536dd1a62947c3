//! `=~`, `indexof` and `substring`.

use memchr::memmem;

use super::folding::{fold, non_ascii_equivalent};

/// `a =~ b`: whether the strings are equal, ignoring case.
///
/// ```
/// use rulespec::fast::text::eq_ci;
///
/// assert!(eq_ci("CAFÉ.EXE", "café.exe"));
/// assert!(!eq_ci("bitsadmin.exe ", "bitsadmin.exe"));
/// ```
///
/// Spec: TXT-01, TXT-02, TXT-03
#[inline]
pub fn eq_ci(a: &str, b: &str) -> bool {
    if a.len() == b.len() && a.eq_ignore_ascii_case(b) {
        return true;
    }
    let differ = |(a, b): &(u8, u8)| !a.eq_ignore_ascii_case(b);
    match a.bytes().zip(b.bytes()).find(differ) {
        // ASCII characters that differ in more than case are never equal.
        Some((a_byte, b_byte)) => !(a_byte | b_byte).is_ascii() && eq_folded(a, b),
        None => false,
    }
}

#[cold]
fn eq_folded(a: &str, b: &str) -> bool {
    a.chars().map(fold).eq(b.chars().map(fold))
}

/// A string, prepared for `=~` with many texts.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    text: Box<str>,
    is_ascii: bool,
    /// The possible lengths in bytes of an equal text.
    min_len: usize,
    max_len: usize,
}

impl Word {
    /// Prepares a word.
    pub(crate) fn new(text: &str) -> Self {
        let (mut min_len, mut max_len) = (0, 0);
        for c in text.chars() {
            let is_ascii = c.is_ascii();
            min_len += 1;
            max_len += match non_ascii_equivalent(c as u8).filter(|_| is_ascii) {
                Some(equivalent) => equivalent.len_utf8(),
                None if is_ascii => 1,
                None => 4,
            };
        }
        Self { text: text.into(), is_ascii: text.is_ascii(), min_len, max_len }
    }

    /// The text of the word.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// `text =~ word`.
    ///
    /// Spec: TXT-01, TXT-02, TXT-03
    #[inline]
    pub(crate) fn equals(&self, text: &str) -> bool {
        if text.len() == self.text.len() && self.is_ascii {
            return text.eq_ignore_ascii_case(&self.text);
        }
        // A longer text is equal to an ASCII word only if it has a non-ASCII character.
        text.len() >= self.min_len && text.len() <= self.max_len && eq_ci(text, &self.text)
    }

    /// The possible lengths in bytes of an equal text, or of one in ASCII.
    #[inline]
    pub(crate) fn lengths(&self, is_ascii: bool) -> std::ops::RangeInclusive<usize> {
        self.min_len..=if is_ascii { self.min_len } else { self.max_len }
    }
}

/// `indexof(text, lookup)`, in code points: -1 if `lookup` does not occur, `None` if it
/// is empty.
///
/// ```
/// use rulespec::fast::text::indexof;
///
/// assert_eq!(indexof("zürich.example", "."), Some(6));
/// assert_eq!(indexof("host", "."), Some(-1));
/// assert_eq!(indexof("host", ""), None);
/// ```
///
/// Spec: TXT-05, TXT-06, TXT-07, TXT-08, TXT-09
pub fn indexof(text: &str, lookup: &str) -> Option<i64> {
    match memmem::find(text.as_bytes(), lookup.as_bytes()) {
        Some(0) if lookup.is_empty() => None,
        Some(byte) => Some(text.get(..byte).map_or(0, |before| before.chars().count() as i64)),
        None => Some(-1),
    }
}

/// `substring(text, start, length)`, in code points, borrowed from the text.
///
/// ```
/// use rulespec::fast::text::substring;
///
/// assert_eq!(substring("host.corp", 5, None), "corp");
/// assert_eq!(substring("zürich", -5, Some(2)), "ür");
/// ```
///
/// Spec: TXT-08, TXT-10, TXT-11, TXT-12, TXT-13, TXT-14, TXT-15
pub fn substring(text: &str, start: i64, length: Option<i64>) -> &str {
    let ascii = text.is_ascii();
    let count = if ascii { text.len() } else { text.chars().count() } as i64;
    let start = if start < 0 { count.saturating_add(start) } else { start };
    let length = length.unwrap_or(count);
    if start < 0 || start >= count || length <= 0 {
        return "";
    }
    let end = start.saturating_add(length).min(count);
    let byte = |point: i64| {
        let point = usize::try_from(point).unwrap_or(usize::MAX);
        if ascii { point } else { text.char_indices().nth(point).map_or(text.len(), |(byte, _)| byte) }
    };
    text.get(byte(start)..byte(end)).unwrap_or_default()
}
