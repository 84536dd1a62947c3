//! `=~`, `indexof` and `substring`.

use memchr::memmem;

use super::folding::fold;
#[cfg(feature = "arrow")]
use super::folding::most_bytes;

/// `a =~ b`: equal apart from case.
///
/// ```
/// use rulespec::fast::text::eq_ci;
///
/// assert!(eq_ci("CAFÉ.EXE", "café.exe"));
/// assert!(!eq_ci("bitsadmin.exe ", "bitsadmin.exe"));
/// ```
///
/// Spec: TXT-01, TXT-02, TXT-03
pub fn eq_ci(a: &str, b: &str) -> bool {
    match a.bytes().zip(b.bytes()).find(|(a, b)| !a.eq_ignore_ascii_case(b)) {
        None => a.len() == b.len(),
        // Only a character beyond ASCII can be equal to one of other bytes.
        Some((a, b)) if (a | b).is_ascii() => false,
        Some(_) => eq_folded(a, b),
    }
}

#[cold]
fn eq_folded(a: &str, b: &str) -> bool {
    a.chars().map(fold).eq(b.chars().map(fold))
}

/// The lengths in bytes that texts equal to this one can have.
///
/// Spec: TXT-03
#[cfg(feature = "arrow")]
pub(crate) fn lengths_of_equals(text: &str) -> std::ops::RangeInclusive<usize> {
    text.chars().count()..=text.chars().map(|c| most_bytes(fold(c))).sum()
}

/// `indexof(text, lookup)`, in code points: -1 if there is none, `None` if `lookup` is
/// empty.
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
    if lookup.is_empty() {
        return None;
    }
    Some(match memmem::find(text.as_bytes(), lookup.as_bytes()) {
        Some(byte) => text.get(..byte).map_or(0, |before| before.chars().count() as i64),
        None => -1,
    })
}

/// `substring(text, start, length)`, in code points, borrowed.
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
