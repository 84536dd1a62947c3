//! Lines that tools write before or between the data.

/// Skips blank lines and the lines that tools write before the data. Returns the rest, and the separator
/// of the table if a line names it.
///
/// Spec: TEL-92
pub(super) fn skip(text: &[u8]) -> (&[u8], Option<char>) {
    let mut rest = text.trim_ascii_start();
    let mut named = None;
    while let Some(end) = memchr::memchr2(b'\n', b'\r', rest) {
        let (line, after) = rest.split_at(end);
        if !is_preamble(line) {
            break;
        }
        named = separator(line).or(named);
        rest = after.trim_ascii_start();
    }
    (rest, named)
}

/// The separator that a line such as `sep=;` names. It is an ASCII character.
///
/// Spec: TEL-92
pub(crate) fn separator(line: &[u8]) -> Option<char> {
    let line = line.trim_ascii_start();
    let line = line.strip_suffix(b"\n").unwrap_or(line);
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let quoted = line.strip_prefix(b"\"").and_then(|line| line.strip_suffix(b"\""));
    match quoted.unwrap_or(line).split_first_chunk::<4>() {
        Some((name, [separator])) if name.eq_ignore_ascii_case(b"sep=") => (separator.is_ascii_punctuation()
            || *separator == b'\t')
            .then_some(char::from(*separator))
            .filter(|separator| *separator != '"'),
        _ => None,
    }
}

fn is_preamble(line: &[u8]) -> bool {
    is_csv_preamble(line) || is_record_number(line)
}

/// Whether a line may precede the header of a table: a blank line, `#TYPE …` of PowerShell, or `sep=;`
/// for spreadsheets.
///
/// Spec: TEL-92
pub(crate) fn is_csv_preamble(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let name = line.strip_prefix(b"\"").unwrap_or(line).first_chunk::<4>();
    let is_separator = line.len() <= 7 && name.is_some_and(|name| name.eq_ignore_ascii_case(b"sep="));
    line.is_empty() || line.starts_with(b"#") || is_separator
}

/// Whether a line is `Record 501`, which evtx_dump writes before each event.
///
/// Spec: TEL-92
pub(crate) fn is_record_number(line: &[u8]) -> bool {
    let number = line.trim_ascii().strip_prefix(b"Record ");
    number.is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tel_92_a_line_may_name_the_separator() {
        for (text, expected) in [
            ("sep=;\r\na", Some(';')),
            ("\r\n\"sep=,\"\na", Some(',')),
            ("SEP=\t\na", Some('\t')),
            ("#TYPE\nsep=|\n#c\na", Some('|')),
            ("sep=\"\na", None),
            ("sep=\na", None),
            ("sep=ab\na", None),
            ("sep=;", None),
            ("a\nsep=;\n", None),
        ] {
            assert_eq!(skip(text.as_bytes()).1, expected, "{text:?}");
        }
    }

    #[test]
    fn tel_92_lines_before_the_data_are_skipped() {
        for (text, expected) in [
            ("#TYPE Selected.System.Object\r\na,b\r\n", "a,b\r\n"),
            ("\r\n\r\nsep=;\r\na;b", "a;b"),
            ("\"sep=,\"\na,b", "a,b"),
            ("SEP=\t\na\tb", "a\tb"),
            ("Record 501\r\n<?xml?>", "<?xml?>"),
            ("Record 501", "Record 501"),
            ("Record x\n", "Record x\n"),
            ("separator,b\n", "separator,b\n"),
            ("#TYPE", "#TYPE"),
            ("a,b\n#c\n", "a,b\n#c\n"),
            ("\n\n", ""),
        ] {
            assert_eq!(
                skip(text.as_bytes()).0.escape_ascii().to_string(),
                expected.as_bytes().escape_ascii().to_string()
            );
        }
    }
}
