//! Texts that are almost a literal, and texts of general shapes.

/// What is put before and after a literal: other characters of a term, separators, and characters about
/// which engines disagree.
const NEIGHBORS: [&str; 16] =
    ["a", " ", "1", "_", "-", "/", ".", "é", "\t", "\"", "'", ":", "=", "\u{301}", "\\", "中"];

/// Texts without a literal: arguments and quotes, names with and without dots, characters with unusual
/// case.
const SHAPES: [&str; 55] = [
    "a",
    "A",
    "a b",
    "a b c",
    "a b c d e f",
    "a.b",
    "a.b.c",
    ".a",
    "a.",
    ".",
    "a..b",
    "a b.c",
    "\"a b\"",
    "a \"b c\"",
    "\"a b\" c",
    "a \"\"",
    "a \"\" b",
    "a  b",
    "a\tb",
    " a",
    "a ",
    "a \\\"b",
    "a \"b\\\"c\"",
    "a b\\",
    "a \"b\\\\\" c",
    "a 'b c'",
    "a \"b",
    "\"a\"\"b c\" d",
    "\"\"a b\"\" c",
    "\"a\"\"\" b",
    "\"a \"\"b\"\" c\"",
    "a\\\\\"b c\" d",
    "\"a\\\\\\\"b\" c",
    "  a b",
    "\ta",
    "a\"b\"c",
    "a/b",
    "a\\b",
    "\\\\a\\b",
    "a\nb",
    "a\u{a0}b",
    "C:\\a\\b.exe",
    "a,b",
    "a:b",
    "a=b",
    "http://a/b",
    "%a%",
    "a_b",
    "1",
    "-1",
    "{\"a\":\"b\"}",
    "[\"a\"]",
    "É",
    "ſK\u{212a}İ",
    "é 中 😀",
];

/// Texts without a literal.
pub(crate) fn shapes() -> &'static [&'static str] {
    &SHAPES
}

/// Texts that differ from a literal by case, by one character at either end or in the middle, by a quote
/// in it, by a neighbor, or by position.
pub(super) fn around(literal: &str) -> Vec<String> {
    let mut texts = vec![
        literal.to_lowercase(),
        literal.to_uppercase(),
        swapped(literal),
        format!(" {literal}"),
        format!("{literal} "),
        literal.replacen(|c: char| !c.is_alphanumeric(), "-", 1),
        format!("{literal}a"),
        format!("a{literal}"),
        format!("{literal}."),
        without_first(literal),
        without_last(literal),
        halves(literal).join("\""),
        format!("a {literal} b"),
        format!("{literal} {literal}"),
    ];
    for neighbor in NEIGHBORS {
        texts.push(format!("{literal}{neighbor}"));
        texts.push(format!("{neighbor}{literal}"));
    }
    let letters = literal.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    texts.extend([
        format!("\"{literal}\""),
        format!("a{literal}a"),
        format!("é{literal}é"),
        literal.replacen(|c: char| !c.is_alphanumeric(), "/", 1),
        literal.replacen(|c: char| !c.is_alphanumeric(), "a", 1),
        literal.replacen(|c: char| !c.is_alphanumeric(), "", 1),
        literal.trim_start_matches(|c: char| !c.is_alphanumeric()).to_owned(),
        letters,
        literal.replace(' ', "  "),
        literal.replace(' ', "\t"),
        halves(literal).join("x"),
        halves(literal).join(" "),
        halves(literal)[0].to_owned(),
        halves(literal)[1].to_owned(),
        literal.rsplit(['\\', '/']).next().unwrap_or_default().to_owned(),
        literal.split('.').next().unwrap_or_default().to_owned(),
        format!("C:\\a\\{literal}"),
    ]);
    texts.extend(parts(literal));
    // Engines often disagree about these, so they come last.
    texts.extend([
        literal.replacen(['s', 'S'], "ſ", 1),
        literal.replacen(['k', 'K'], "\u{212a}", 1),
        literal.replacen(['i', 'I'], "İ", 1),
    ]);
    texts
}

/// The parts of a literal at its separators.
fn parts(literal: &str) -> impl Iterator<Item = String> {
    literal.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).take(8).map(str::to_owned)
}

/// The text with its first letter in the other case.
fn swapped(text: &str) -> String {
    let Some((at, letter)) = text.char_indices().find(|(_, c)| c.is_alphabetic()) else {
        return text.to_owned();
    };
    let other: String =
        if letter.is_uppercase() { letter.to_lowercase().collect() } else { letter.to_uppercase().collect() };
    format!("{}{other}{}", &text[..at], &text[at + letter.len_utf8()..])
}

fn without_first(text: &str) -> String {
    text.chars().skip(1).collect()
}

fn without_last(text: &str) -> String {
    let count = text.chars().count();
    text.chars().take(count.saturating_sub(1)).collect()
}

fn halves(text: &str) -> [&str; 2] {
    let middle = text.char_indices().nth(text.chars().count() / 2).map_or(0, |(at, _)| at);
    [&text[..middle], &text[middle..]]
}

/// The texts side by side, in each order that may matter.
pub(crate) fn joined(texts: &[&str]) -> Vec<String> {
    match texts {
        [one] => vec![(*one).to_owned()],
        [a, b] => vec![format!("{a} {b}"), format!("{b} {a}"), format!("{a}{b}"), format!("{b}{a}")],
        [a, b, c] => {
            let orders = [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]];
            let texts = orders.iter().flat_map(|[a, b, c]| [format!("{a} {b} {c}"), format!("{a}{b}{c}")]);
            texts.collect()
        }
        many => vec![many.join(" "), many.iter().rev().copied().collect::<Vec<_>>().join(" ")],
    }
}
