//! Command lines.

use arbitrary::{Result, Unstructured};

use super::style::{Style, once_in};
use super::text;

/// The characters that matter for splitting, quotes and backslashes most often.
const MARKS: &[&str] = &["a", "b", " ", " ", "\t", "\"", "\"", "\\", "\"\"", "\\\"", "\\\\\"", "\"\"\\\\\""];

/// Characters that other parsers treat specially, and Windows never or rarely does.
const OTHERS: &[char] = &[
    '\'', '^', '%', '$', 'A', '1', '\n', '\r', '\u{1}', '\u{b}', '\0', '\u{a0}', '\u{3000}', 'é', '中', '😀',
    ';', '|',
];

/// Programs. `{}` is replaced with the stem of a file name.
const PROGRAMS: &[&str] = &[
    "{}",
    "{}.exe",
    r"C:\Windows\System32\{}.exe",
    r#""C:\Program Files\x y\{}.exe""#,
    r#""{}"x"#,
    r#"C:\a"b c"\x.exe"#,
    r#"c:\d\"x"#,
    "",
];

const WORDS: &[&str] = &[
    "/download",
    "/list",
    "job",
    "7",
    "http://example.test/a?b=c&d",
    "https://example.test/ü",
    r"C:\Users\é\a.exe",
    r"\\host\share\",
    r#""C:\a b\""#,
    r#""my job""#,
    r#""""#,
    r#"\"x\""#,
    r#"a"b c"d"#,
    "'x y'",
];

/// A command line and a parser type, which usually is `windows`.
pub(super) fn line_and_parser<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[String; 2]> {
    let line = line::<S>(bytes)?;
    let parser = match once_in(24, bytes)? {
        true => *bytes.choose(&["Windows", "WINDOWS", "posix", "", "windows "])?,
        false => "windows",
    };
    Ok([line, parser.to_owned()])
}

/// A command line.
pub(super) fn line<S: Style>(bytes: &mut Unstructured<'_>) -> Result<String> {
    match bytes.int_in_range(0..=9_u8)? {
        0..=4 => marks(9, bytes),
        5 => text::text::<S>(8, bytes),
        6 => Ok(" ".repeat(bytes.int_in_range(0..=2)?) + if once_in(2, bytes)? { "" } else { "\t" }),
        _ => realistic(bytes),
    }
}

/// A line of the characters that matter, sometimes with a few others.
fn marks(max: usize, bytes: &mut Unstructured<'_>) -> Result<String> {
    let others = once_in(2, bytes)?;
    let length = bytes.int_in_range(0..=max)?;
    let mut line = String::new();
    for _ in 0..length {
        match others && once_in(4, bytes)? {
            true => line.push(*bytes.choose(OTHERS)?),
            false => line.push_str(bytes.choose(MARKS)?),
        }
    }
    Ok(line)
}

/// A realistic call of a program that the rule looks for, with a few random edits.
pub(super) fn realistic(bytes: &mut Unstructured<'_>) -> Result<String> {
    let mut line = bytes.choose(PROGRAMS)?.replace("{}", text::stem(bytes)?);
    for _ in 0..bytes.int_in_range(0..=6_u8)? {
        line += bytes.choose(&[" ", " ", " ", "  ", "\t"])?;
        line += &word(bytes)?;
    }
    for _ in 0..bytes.int_in_range(0..=3_u8)?.saturating_sub(1) {
        edit(&mut line, bytes)?;
    }
    Ok(line)
}

fn word(bytes: &mut Unstructured<'_>) -> Result<String> {
    match bytes.int_in_range(0..=9_u8)? {
        0..=2 => text::known(bytes),
        3 | 4 => Ok(text::word(bytes)?.to_lowercase()),
        5 => marks(4, bytes),
        _ => Ok(bytes.choose(WORDS)?.to_string()),
    }
}

/// Inserts a mark or removes a character.
fn edit(line: &mut String, bytes: &mut Unstructured<'_>) -> Result<()> {
    let count = line.chars().count();
    let place = bytes.int_in_range(0..=count)?;
    let at = line.char_indices().nth(place).map_or(line.len(), |(at, _)| at);
    match once_in(2, bytes)? && at < line.len() {
        true => drop(line.remove(at)),
        false => line.insert_str(at, bytes.choose(MARKS)?),
    }
    Ok(())
}
