//! The tokens of a query.

mod string;

use super::diagnostic::{Diagnostic, Span};
use super::literal::{is_in_nanoseconds, number};
use super::syntax::operator;

/// A token, and where it is in the text.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

/// The kinds of token.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    /// A name or a keyword. An operator such as `!has` or `in~` is one too.
    Name(String),
    /// A string literal, decoded.
    String(String),
    /// A literal that begins with a digit.
    Number(String),
    /// A literal such as `datetime(…)`: the name of its type, and the text in parentheses.
    Typed(String, String),
    /// Punctuation.
    Symbol(&'static str),
    /// The end of the text.
    End,
}

/// Punctuation. A symbol that another begins with comes after it.
const SYMBOLS: [&str; 28] = [
    "==", "=~", "=>", "!=", "!~", "<=", ">=", "<>", "..", "=", "<", ">", "+", "-", "*", "/", "%", "(", ")",
    "[", "]", "{", "}", ",", ";", ":", "|", ".",
];

/// The names of types that begin a literal, if `(` follows at once.
///
/// Spec: QRY-09
const LITERAL_TYPES: [&str; 11] =
    ["bool", "date", "datetime", "decimal", "double", "guid", "int", "long", "real", "time", "timespan"];

/// The characters that separate tokens besides those that `char::is_whitespace` knows.
///
/// Spec: QRY-02
const OTHER_BLANKS: [char; 3] = ['\u{180E}', '\u{200B}', '\u{FEFF}'];
/// The characters that end a line, and so a comment.
const LINE_ENDS: [char; 4] = ['\n', '\r', '\u{2028}', '\u{2029}'];

/// Returns the tokens of a text; the last one is the end.
///
/// # Errors
///
/// Returns a diagnostic for a character that begins no token, and for a literal without an end.
///
/// Spec: QRY-01, QRY-02, QRY-03, QRY-04, QRY-05, QRY-06, QRY-07, QRY-08, QRY-09
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Diagnostic> {
    let mut lexer = Lexer { text, at: 0 };
    let mut tokens = vec![];
    loop {
        lexer.skip_blanks();
        let start = lexer.at;
        let kind = lexer.token()?;
        let is_end = kind == TokenKind::End;
        tokens.push(Token { kind, span: Span { start, end: lexer.at } });
        if is_end {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    text: &'a str,
    /// The offset of what is left.
    at: usize,
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes a text if it is next.
    fn take(&mut self, text: &str) -> bool {
        let is_next = self.rest().starts_with(text);
        self.at += if is_next { text.len() } else { 0 };
        is_next
    }

    /// Takes characters while they have a property.
    fn take_while(&mut self, has: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let taken = &rest[..rest.find(|c| !has(c)).unwrap_or(rest.len())];
        self.at += taken.len();
        taken
    }

    /// Skips blanks and comments.
    ///
    /// Spec: QRY-02
    fn skip_blanks(&mut self) {
        loop {
            self.take_while(|c| c.is_whitespace() || OTHER_BLANKS.contains(&c));
            if !self.take("//") {
                return;
            }
            self.take_while(|c| !LINE_ENDS.contains(&c));
        }
    }

    fn token(&mut self) -> Result<TokenKind, Diagnostic> {
        if let Some(literal) = self.string()? {
            return Ok(TokenKind::String(literal));
        }
        match self.rest().chars().next() {
            None => Ok(TokenKind::End),
            Some(c) if c.is_ascii_digit() => Ok(self.number()),
            Some(c) if is_name_character(c) || c == '$' => self.name(),
            Some('!') if self.begins_operator() => self.name(),
            Some(c) => {
                let symbol = SYMBOLS.into_iter().find(|symbol| self.take(symbol));
                symbol.map(TokenKind::Symbol).ok_or_else(|| self.unknown(c))
            }
        }
    }

    /// Whether `!` is next, and the name of an operator with it.
    fn begins_operator(&self) -> bool {
        let name = self.rest().split(|c: char| c != '!' && !is_name_character(c)).next().unwrap_or_default();
        operator(name).is_some()
    }

    /// The diagnostic that no token begins with the next character.
    fn unknown(&self, c: char) -> Diagnostic {
        let length = if self.rest().starts_with("&&") { 2 } else { c.len_utf8() };
        let span = Span { start: self.at, end: self.at + length };
        let found = Diagnostic::syntax(span, format!("the character {c:?} begins nothing in KQL"));
        match c {
            '\u{2018}'..='\u{201F}' | '\u{AB}' | '\u{BB}' | '`' => {
                found.with_help("put strings in '…' or \"…\"")
            }
            '&' => found.with_help("write and"),
            '!' => found.with_help("write not(…), or != for \"not equal\""),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => found.with_help("write - for minus"),
            '\u{2026}' => found.with_help("write .. for a range"),
            _ => found,
        }
    }

    /// A name, an operator with letters, or a typed literal.
    ///
    /// Spec: QRY-03, QRY-09
    fn name(&mut self) -> Result<TokenKind, Diagnostic> {
        let start = self.at;
        self.at += 1;
        self.take_while(is_name_character);
        let mut name = &self.text[start..self.at];
        if matches!(name, "in" | "!in") && self.take("~") {
            name = &self.text[start..self.at];
        }
        let regex = self.rest().strip_prefix(" regex").filter(|rest| !rest.starts_with(is_name_character));
        if name == "matches" && regex.is_some() {
            self.take(" regex");
            name = &self.text[start..self.at];
        }
        if LITERAL_TYPES.contains(&name) && self.rest().starts_with('(') {
            return self.typed(name.to_owned());
        }
        Ok(TokenKind::Name(name.to_owned()))
    }

    /// The parentheses of a typed literal. Quotes in them may hold a parenthesis.
    fn typed(&mut self, type_name: String) -> Result<TokenKind, Diagnostic> {
        let start = self.at;
        self.take("(");
        self.skip_blanks();
        let inner = match self.string()? {
            Some(text) => text,
            None => self.take_while(|c| c != ')' && !LINE_ENDS.contains(&c)).trim().to_owned(),
        };
        self.skip_blanks();
        if self.take(")") {
            return Ok(TokenKind::Typed(type_name, inner));
        }
        let message = format!("the literal {type_name}(…) does not end");
        Err(Diagnostic::syntax(Span { start, end: self.at }, message))
    }

    /// A number, a timespan such as `1.5h`, or a name that begins with a digit.
    ///
    /// Spec: QRY-03, QRY-07, QRY-08
    fn number(&mut self) -> TokenKind {
        let literal = self.rest().get(..number_length(self.rest())).unwrap_or_default();
        self.at += literal.len();
        let digits = literal.strip_prefix("0x").or_else(|| literal.strip_prefix("0X"));
        let is_hexadecimal =
            digits.is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit()));
        // Its form makes it a number, whatever its digits are: it may be too large.
        let after_digits = literal.trim_start_matches(|c: char| c.is_ascii_digit());
        let is_number =
            is_hexadecimal || literal.contains('.') || number(&format!("00{after_digits}")).is_some();
        match is_number || is_in_nanoseconds(literal) {
            true => TokenKind::Number(literal.to_owned()),
            false => TokenKind::Name(literal.to_owned()),
        }
    }
}

/// The length of a number, a timespan or a name at the start of a text, which is a digit.
///
/// Spec: QRY-07, QRY-08
fn number_length(text: &str) -> usize {
    let count =
        |at: usize, has: fn(char) -> bool| text[at..].len() - text[at..].trim_start_matches(has).len();
    let whole = count(0, |c| c.is_ascii_digit());
    // `1..3` is a range.
    let after = &text[whole..];
    let has_dot = after.starts_with('.') && (!after.starts_with("..") || after.starts_with("..."));
    let fraction = if has_dot { 1 + count(whole + 1, |c| c.is_ascii_digit()) } else { 0 };
    let decimal = whole + fraction;
    let mark = usize::from(text[decimal..].starts_with(['e', 'E']));
    let sign = usize::from(mark == 1 && text[decimal + 1..].starts_with(['+', '-']));
    let exponent = count(decimal + mark + sign, |c| c.is_ascii_digit());
    let real = if mark * exponent > 0 { decimal + mark + sign + exponent } else { decimal };
    if !text[real..].starts_with(is_name_character) {
        return real;
    }
    // A unit of time comes after a digit, and `1.d` is the member of a number.
    let number = if fraction == 1 { whole } else { decimal };
    number + count(number, is_name_character)
}

/// Whether a name can have this character.
///
/// Spec: QRY-03
fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
