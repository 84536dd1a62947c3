//! Lines with a syslog header of RFC 3164 or RFC 5424 before an object or an event, as collectors
//! write them.

use crate::xml;

const MONTHS: [&[u8]; 12] =
    [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];

/// How many words may be between the time and the payload, such as the host and the program.
const MAX_WORDS: usize = 6;

/// How many words are between the version of RFC 5424 and its structured data.
const RFC_5424_WORDS: usize = 5;

/// The JSON object or XML event after the syslog header of a line. Returns `None` if there is no
/// header, or something else after it.
///
/// Files often lack the priority `<14>`, so a time suffices as a header.
///
/// Spec: TEL-93
pub(crate) fn payload(line: &[u8]) -> Option<&[u8]> {
    let mut rest = message(line)?;
    for _ in 0..=MAX_WORDS {
        rest = trim_blanks(rest);
        let text = rest.strip_prefix(b"\xef\xbb\xbf").unwrap_or(rest);
        if is_payload(text) {
            return Some(text);
        }
        let end = rest.iter().position(|byte| is_blank(*byte)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        // The object may directly follow the colon after the program.
        if let Some(at) = memchr::memmem::find(word, b":{") {
            return rest.get(at.saturating_add(1)..);
        }
        rest = after;
    }
    None
}

/// Whether a line begins with a syslog header, which may be incomplete.
pub(crate) fn has_header(line: &[u8]) -> bool {
    message(line).is_some()
}

fn is_payload(text: &[u8]) -> bool {
    text.starts_with(b"{") || text.starts_with(b"<?xml") || xml::begins_event(text)
}

/// What follows the priority and the time.
fn message(line: &[u8]) -> Option<&[u8]> {
    let line = after_octet_count(line);
    let Some(rest) = after_priority(line) else {
        return after_time(line);
    };
    match rest.strip_prefix(b"1 ") {
        Some(rest) => Some(after_structured_data((0..RFC_5424_WORDS).fold(rest, |rest, _| after_word(rest)))),
        None => Some(after_time(trim_blanks(rest)).unwrap_or(rest)),
    }
}

/// Skips the length that precedes a message in a recorded TCP stream.
fn after_octet_count(line: &[u8]) -> &[u8] {
    let (digits, rest) = split_digits(line);
    rest.strip_prefix(b" ").filter(|rest| digits > 0 && rest.starts_with(b"<")).unwrap_or(line)
}

fn after_priority(line: &[u8]) -> Option<&[u8]> {
    let (digits, rest) = split_digits(line.strip_prefix(b"<")?);
    rest.strip_prefix(b">").filter(|_| (1..=3).contains(&digits))
}

/// Skips `Nov 24 18:20:55`, with or without a year, or a time of ISO 8601.
fn after_time(text: &[u8]) -> Option<&[u8]> {
    if let Some(rest) = MONTHS.iter().find_map(|month| text.strip_prefix(*month)) {
        let rest = after_number(rest.strip_prefix(b" ")?, 1..=2)?;
        return after_clock(after_number(rest, 4..=4).unwrap_or(rest));
    }
    let rest = after_digits(text, 4)?.strip_prefix(b"-")?;
    let rest = after_digits(after_digits(rest, 2)?.strip_prefix(b"-")?, 2)?;
    after_clock(rest.strip_prefix(b"T").or_else(|| rest.strip_prefix(b" "))?)
}

/// Skips a number of so many digits, the blanks around it, and at least one blank after it.
fn after_number(text: &[u8], len: std::ops::RangeInclusive<usize>) -> Option<&[u8]> {
    let (digits, rest) = split_digits(trim_blanks(text));
    (len.contains(&digits) && rest.starts_with(b" ")).then(|| trim_blanks(rest))
}

/// Skips `18:20:55`, fractions of a second and an offset. A blank or a colon must follow.
fn after_clock(text: &[u8]) -> Option<&[u8]> {
    let rest = after_digits(text, 2)?.strip_prefix(b":")?;
    let rest = after_digits(after_digits(rest, 2)?.strip_prefix(b":")?, 2)?;
    let is_time =
        |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b',' | b'+' | b'-' | b':' | b'Z');
    let end = rest.iter().position(|byte| !is_time(byte))?;
    rest.get(end..).filter(|rest| rest.first().is_some_and(|byte| is_blank(*byte)))
}

/// Skips `-`, or elements `[name key="value"]`.
fn after_structured_data(text: &[u8]) -> &[u8] {
    let mut rest = text;
    let (mut is_quoted, mut is_inside) = (false, false);
    while let Some((first, after)) = rest.split_first() {
        match first {
            b'[' if !is_inside => is_inside = true,
            _ if !is_inside => break,
            b'\\' if is_quoted => {
                rest = after.get(1..).unwrap_or_default();
                continue;
            }
            b'"' => is_quoted = !is_quoted,
            b']' if !is_quoted => is_inside = false,
            _ => {}
        }
        rest = after;
    }
    rest
}

fn after_word(text: &[u8]) -> &[u8] {
    let end = text.iter().position(|byte| *byte == b' ').unwrap_or(text.len());
    trim_blanks(text.get(end..).unwrap_or_default())
}

fn after_digits(text: &[u8], count: usize) -> Option<&[u8]> {
    let (digits, rest) = text.split_at_checked(count)?;
    digits.iter().all(u8::is_ascii_digit).then_some(rest)
}

/// The number of digits that a text begins with, and what follows them.
fn split_digits(text: &[u8]) -> (usize, &[u8]) {
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (digits, text.get(digits..).unwrap_or_default())
}

fn trim_blanks(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text
        && is_blank(*first)
    {
        text = rest;
    }
    text
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tel_93_the_payload_follows_the_header() {
        for header in [
            "<14>Nov 24 18:20:55 WS31 ",
            "<14>Nov  4 18:20:55 ws31 app[12]: ",
            "<14>Nov 24 2026 18:20:55.123 ws31 app: ",
            "<14>Nov 24 18:20:55 ws31 app: @cee: ",
            "<14>Nov 24 18:20:55 ws31 app: @cee:",
            "<189>2026-11-24T18:20:55Z ws31 app - ",
            "<14>app: ",
            "<14>",
            "<14>1 2026-11-24T18:20:55.123456-05:00 ws31 app 12 - - ",
            "<14>1 - - - - - - \u{feff}",
            "<14>1 2026-11-24T18:20:55Z ws31 app - ID47 [a@1 b=\"{\\\"]\" c=\"\"][d] ",
            "123 <14>1 2026-11-24T18:20:55Z ws31 app - - - ",
            "Nov 24 18:20:55 ws31 app[1]: ",
            "Nov 24 18:20:55 ws31 user.notice app:",
            "2026-11-24T18:20:55+00:00 ws31 app: ",
            "2026-11-24 18:20:55\tLocal0.Info\t192.0.2.1\t",
        ] {
            for text in ["{\"a\": {}}", "<Event><System/></Event>"] {
                if text.starts_with('<') && header.ends_with("app:") || header.ends_with("@cee:") {
                    continue;
                }
                let line = format!("{header}{text}\n");
                let found = payload(line.as_bytes()).map(|text| text.trim_ascii());
                assert_eq!(found, Some(text.as_bytes()), "{line}");
                assert!(has_header(line.as_bytes()));
            }
        }
        assert_eq!(payload(b"<14>Nov 24 18:20:55 ws31 app: @cee:{}"), Some(&b"{}"[..]));
        assert_eq!(payload(b"Nov 24 18:20:55 ws31 user.notice app:{}"), Some(&b"{}"[..]));
    }

    #[test]
    fn tel_93_other_lines_have_no_payload() {
        for line in [
            "<14>Nov 24 18:20:55 ws31 sshd[1]: Accepted publickey for root from 192.0.2.1 port 22 {",
            "<14>Nov 24 18:20:55 ws31 app: text",
            "<14>1 2026-11-24T18:20:55Z ws31 app - - [a b=\"c\" {\"d\": 1}",
            "Nov 24 18:20 ws31 app: {}",
            "November rain {}",
            "2026-11-24T18:20:55Z,ws31 {}",
            "2026-11-24 {}",
            "<1234>{}",
            "<a>{}",
            "<Event>",
            "{\"a\": 1}",
            "",
        ] {
            assert_eq!(payload(line.as_bytes()), None, "{line}");
        }
    }
}
