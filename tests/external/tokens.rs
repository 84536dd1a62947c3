//! The tokens of a query.

/// A token.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    /// A name or a keyword; also an operator such as `!has` or `in~`.
    Word(String),
    /// A number, with its unit if it has one: `1`, `2.5`, `90s`.
    Number(String),
    /// A string, without its quotes and escapes.
    Text(String),
    /// A literal such as `datetime(2020-01-01)`: the type, and what is in the parentheses.
    Typed(String, String),
    /// Anything else.
    Symbol(&'static str),
}

/// The types whose literals have parentheses.
const TYPES: [&str; 13] = [
    "bool", "boolean", "date", "datetime", "decimal", "double", "dynamic", "guid", "int", "long", "real",
    "time", "timespan",
];

/// Longer ones first.
const SYMBOLS: [&str; 30] = [
    "==", "!=", "=~", "!~", "<=", ">=", "..", "=>", "|", "(", ")", "[", "]", "{", "}", ",", ";", ":", ".",
    "=", "<", ">", "+", "-", "*", "/", "%", "?", "!", "~",
];

/// The tokens of a query, or why there are none.
pub fn tokens(query: &str) -> Result<Vec<Token>, String> {
    let mut left = query.trim_start();
    let mut tokens = vec![];
    while let Some(first) = left.chars().next() {
        let (token, length) = match first {
            '"' | '\'' => text(left).ok_or("a string without an end")?,
            '@' if left[1..].starts_with(['"', '\'']) => verbatim(left).ok_or("a string without an end")?,
            '0'..='9' => number(left),
            first if first.is_alphabetic() || first == '_' || first == '$' => word(left),
            '!' if left[1..].starts_with(char::is_alphabetic) => word(left),
            _ => symbol(left).ok_or_else(|| format!("syntax: {first}"))?,
        };
        left = left[length..].trim_start();
        tokens.push(token);
    }
    Ok(tokens)
}

/// The bytes before the first character that does not belong to a run.
fn run(left: &str, belongs: impl Fn(char) -> bool) -> usize {
    left.find(|c| !belongs(c)).unwrap_or(left.len())
}

/// The longest symbol that a text begins with.
fn symbol(left: &str) -> Option<(Token, usize)> {
    let symbol = SYMBOLS.into_iter().find(|symbol| left.starts_with(symbol))?;
    Some((Token::Symbol(symbol), symbol.len()))
}

/// The word or typed literal that a text begins with.
fn word(left: &str) -> (Token, usize) {
    let sign = usize::from(left.starts_with(['!', '$']));
    let mut length = sign + run(&left[sign..], |c| c.is_alphanumeric() || c == '_');
    if matches!(&left[..length], "in" | "!in") && left[length..].starts_with('~') {
        length += 1;
    }
    let word = &left[..length];
    match within_parentheses(&left[length..]).filter(|_| TYPES.contains(&word)) {
        Some(inner) => (Token::Typed(word.to_owned(), inner.trim().to_owned()), length + inner.len() + 2),
        None => (Token::Word(word.to_owned()), length),
    }
}

/// What is in the parentheses that a text begins with.
fn within_parentheses(text: &str) -> Option<&str> {
    let mut depth = 0;
    let mut quoted = false;
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return text[..at].strip_prefix('(');
        }
    }
    None
}

/// The number, with its unit, that a text begins with.
fn number(left: &str) -> (Token, usize) {
    let digits = |from: usize| from + run(&left[from..], |c| c.is_ascii_digit());
    let mut end = digits(0);
    if left[end..].starts_with('.') && digits(end + 1) > end + 1 {
        end = digits(end + 1);
    }
    let exponent = left[end..].strip_prefix(['e', 'E']).map(|power| power.trim_start_matches(['+', '-']));
    if exponent.is_some_and(|power| power.starts_with(|c: char| c.is_ascii_digit())) {
        end = digits(end + 1 + usize::from(left[end + 1..].starts_with(['+', '-'])));
    }
    end += run(&left[end..], |c| c.is_ascii_alphabetic());
    (Token::Number(left[..end].to_owned()), end)
}

/// A string with escapes.
fn text(left: &str) -> Option<(Token, usize)> {
    let quote = left.chars().next()?;
    let mut text = String::new();
    let mut chars = left.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => text.push(escaped(&mut chars)?),
            c if c == quote => return Some((Token::Text(text), at + 1)),
            c => text.push(c),
        }
    }
    None
}

/// What the characters after a backslash stand for.
fn escaped(chars: &mut impl Iterator<Item = (usize, char)>) -> Option<char> {
    match chars.next()?.1 {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        '0' => Some('\0'),
        'u' => {
            let digits: String = chars.take(4).map(|(_, c)| c).collect();
            char::from_u32(u32::from_str_radix(&digits, 16).ok()?)
        }
        c if c.is_ascii_punctuation() => Some(c),
        _ => None,
    }
}

/// A string without escapes, in which a quote is written twice.
fn verbatim(left: &str) -> Option<(Token, usize)> {
    let quote = &left[1..2];
    let twice = quote.repeat(2);
    let mut end = 2;
    loop {
        end += left[end..].find(quote)?;
        if !left[end..].starts_with(&twice) {
            return Some((Token::Text(left[2..end].replace(&twice, quote)), end + 1));
        }
        end += 2;
    }
}
