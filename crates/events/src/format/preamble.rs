//! Lines that tools write before or between the data.

/// Skips blank lines and the lines that tools write before the data.
///
/// Spec: TEL-92
pub(super) fn skip(text: &[u8]) -> &[u8] {
    let mut rest = text.trim_ascii_start();
    while let Some(end) = memchr::memchr2(b'\n', b'\r', rest) {
        let (line, after) = rest.split_at(end);
        if !is_preamble(line) {
            break;
        }
        rest = after.trim_ascii_start();
    }
    rest
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
                skip(text.as_bytes()).escape_ascii().to_string(),
                expected.as_bytes().escape_ascii().to_string()
            );
        }
    }
}
