//! The lexer for queries.

use std::sync::LazyLock;

use regex::Regex;

/// A token.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// A name, a keyword, or an operator such as `!has` or `in~`.
    Word(String),
    /// A number with an optional unit: `1`, `2.5`, `90s`.
    Number(String),
    /// The value of a string literal.
    Text(String),
    /// A literal such as `datetime(2020-01-01)`: the type, and the text in the parentheses.
    Typed(String, String),
    /// An operator or a punctuation mark.
    Symbol(String),
}

/// A token at the start of a text, in a group with the name of its kind.
static TOKEN: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"(?xs)^(?:
        (?<text> "(?:[^"\\]|\\.)*" | '(?:[^'\\]|\\.)*')
        | @(?<verbatim> "(?:[^"]|"")*" | '(?:[^']|'')*')
        | (?<number> [0-9]+ (?:\.[0-9]+)? (?:[eE][+-]?[0-9]+)? [a-zA-Z]*)
        | (?<type> bool|boolean|date|datetime|decimal|double|dynamic|guid|int|long|real|time|timespan)
          \( (?<literal> (?:"[^"]*" | [^()"] | \([^()]*\))*) \)
        | (?<word> !?in~ | \$?[\p{Alphabetic}_][\p{Alphabetic}\p{N}_]* | !\p{Alphabetic}[\p{Alphabetic}\p{N}_]*)
        | (?<symbol> == | != | =~ | !~ | <= | >= | \.\. | => | [|()\[\]{},;:.=<>+*/%?!~-])
    )"#;
    Regex::new(pattern).expect("the pattern is valid")
});

/// Splits a query into tokens, or returns why that failed.
pub fn tokens(query: &str) -> Result<Vec<Token>, String> {
    let mut left = query.trim_start();
    let mut tokens = vec![];
    while let Some(first) = left.chars().next() {
        let error = || format!("syntax: {first}");
        let found = TOKEN.captures(left).ok_or_else(error)?;
        let group = |name| found.name(name).map(|group| group.as_str());
        tokens.push(if let Some(text) = group("text") {
            Token::Text(unescape(&text[1..text.len() - 1]).ok_or_else(error)?)
        } else if let Some(text) = group("verbatim") {
            let quote = &text[..1];
            Token::Text(text[1..text.len() - 1].replace(&quote.repeat(2), quote))
        } else if let Some(number) = group("number") {
            Token::Number(number.to_owned())
        } else if let (Some(name), Some(literal)) = (group("type"), group("literal")) {
            Token::Typed(name.to_owned(), literal.trim().to_owned())
        } else if let Some(word) = group("word") {
            Token::Word(word.to_owned())
        } else {
            Token::Symbol(found[0].to_owned())
        });
        left = left[found[0].len()..].trim_start();
    }
    Ok(tokens)
}

/// Replaces the escapes of a string literal.
fn unescape(literal: &str) -> Option<String> {
    let mut text = String::new();
    let mut chars = literal.chars();
    while let Some(c) = chars.next() {
        text.push(if c == '\\' { escaped(&mut chars)? } else { c });
    }
    Some(text)
}

/// Reads the rest of an escape, after the backslash.
fn escaped(chars: &mut impl Iterator<Item = char>) -> Option<char> {
    match chars.next()? {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        '0' => Some('\0'),
        'u' => {
            let digits: String = chars.take(4).collect();
            char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
        }
        c if c.is_ascii_punctuation() => Some(c),
        _ => None,
    }
}
