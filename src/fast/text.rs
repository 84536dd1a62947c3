//! `=~`, `indexof` and `substring`.

use memchr::memmem;

/// `a =~ b`: equal but for the case of A to Z; unequal lengths decide at once.
///
/// ```
/// use rulespec::fast::text::eq_ci;
///
/// assert!(eq_ci("BITSADMIN.EXE", "bitsadmin.exe"));
/// assert!(!eq_ci("bitsadmin.exe ", "bitsadmin.exe"));
/// ```
///
/// Spec: TXT-01, TXT-02
pub fn eq_ci(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.eq_ignore_ascii_case(b)
}

/// `indexof(text, lookup)`, in code points; -1 where there is none.
///
/// ```
/// use rulespec::fast::text::indexof;
///
/// assert_eq!(indexof("zürich.example", "."), 6);
/// assert_eq!(indexof("host", "."), -1);
/// ```
///
/// Spec: TXT-05, TXT-06, TXT-07, TXT-08, TXT-09
pub fn indexof(text: &str, lookup: &str) -> i64 {
    match memmem::find(text.as_bytes(), lookup.as_bytes()) {
        Some(byte) => text.get(..byte).map_or(0, |before| before.chars().count() as i64),
        None => -1,
    }
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
