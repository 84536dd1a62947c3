//! The tokens of a query.

use super::diagnostic::{Diagnostic, Span};
use super::literal::number;

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
const LITERAL_TYPES: [&str; 12] = [
    "bool", "boolean", "date", "datetime", "decimal", "double", "guid", "int", "long", "real", "time",
    "timespan",
];

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
            self.take_while(char::is_whitespace);
            if !self.take("//") {
                return;
            }
            self.take_while(|c| c != '\n');
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
            Some('!') if self.rest()[1..].starts_with(|c: char| c.is_ascii_alphabetic()) => self.name(),
            Some(c) => {
                let symbol = SYMBOLS.into_iter().find(|symbol| self.take(symbol));
                let span = Span { start: self.at, end: self.at + c.len_utf8() };
                let message = format!("the character {c:?} begins nothing in KQL");
                symbol.map(TokenKind::Symbol).ok_or_else(|| Diagnostic::syntax(span, message))
            }
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
        if name.trim_start_matches('!') == "in" && self.take("~") {
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
            None => self.take_while(|c| c != ')').trim().to_owned(),
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
    /// Spec: QRY-07, QRY-08
    fn number(&mut self) -> TokenKind {
        let start = self.at;
        self.take_while(|c| c.is_ascii_digit());
        // `1..3` is a range.
        let is_real = self.rest().starts_with('.') && !self.rest().starts_with("..");
        self.at += usize::from(is_real);
        self.take_while(is_name_character);
        if self.text[start..self.at].ends_with(['e', 'E']) && self.rest().starts_with(['+', '-']) {
            self.at += 1;
            self.take_while(is_name_character);
        }
        let literal = self.text[start..self.at].to_owned();
        match is_real || number(&literal).is_some() || literal.bytes().all(|byte| byte.is_ascii_digit()) {
            true => TokenKind::Number(literal),
            false => TokenKind::Name(literal),
        }
    }

    /// A string literal, if one is next.
    ///
    /// Spec: QRY-04, QRY-05, QRY-06
    fn string(&mut self) -> Result<Option<String>, Diagnostic> {
        let start = self.at;
        let after_hint = self.rest().strip_prefix(['h', 'H']).unwrap_or(self.rest());
        let is_literal =
            ["\"", "'", "@\"", "@'", "```", "~~~"].iter().any(|open| after_hint.starts_with(open));
        if !is_literal {
            return Ok(None);
        }
        self.at = self.text.len() - after_hint.len();
        let unterminated = |end: usize| {
            let message = "this string literal does not end";
            Diagnostic::syntax(Span { start, end }, message).with_help("end it with the quote it begins with")
        };
        for fence in ["```", "~~~"] {
            if self.take(fence) {
                let length = self.rest().find(fence).ok_or_else(|| unterminated(self.text.len()))?;
                let literal = self.rest()[..length].to_owned();
                self.at += length + fence.len();
                return Ok(Some(literal));
            }
        }
        let is_verbatim = self.take("@");
        let quote = if self.take("\"") { '"' } else { '\'' };
        self.at += usize::from(quote == '\'');
        let literal = if is_verbatim { self.verbatim(quote) } else { self.escaped(quote)? };
        literal.map(Some).ok_or_else(|| unterminated(self.at))
    }

    /// The rest of a literal in which a doubled quote is a quote, and a backslash is itself.
    fn verbatim(&mut self, quote: char) -> Option<String> {
        let mut literal = String::new();
        loop {
            literal += self.take_while(|c| c != quote && !"\r\n".contains(c));
            if !self.take(quote.encode_utf8(&mut [0])) {
                return None;
            }
            if !self.take(quote.encode_utf8(&mut [0])) {
                return Some(literal);
            }
            literal.push(quote);
        }
    }

    /// The rest of a literal with escapes, on one line.
    fn escaped(&mut self, quote: char) -> Result<Option<String>, Diagnostic> {
        let mut literal = String::new();
        loop {
            literal += self.take_while(|c| c != quote && !"\\\r\n".contains(c));
            let start = self.at;
            match self.rest().chars().next() {
                Some('\\') => {
                    self.at += 1;
                    let Some(c) = self.escape() else {
                        let end = start + 1 + self.rest().chars().next().map_or(0, char::len_utf8);
                        let help = r"write \\ for a backslash, or put @ before the literal";
                        let message = "this is no escape of KQL";
                        return Err(Diagnostic::syntax(Span { start, end }, message).with_help(help));
                    };
                    literal.push(c);
                }
                Some(c) if c == quote => {
                    self.at += 1;
                    return Ok(Some(literal));
                }
                _ => return Ok(None),
            }
        }
    }

    /// Takes what follows the backslash of an escape, and returns the character it stands for.
    ///
    /// Spec: QRY-04
    fn escape(&mut self) -> Option<char> {
        let c = self.rest().chars().next()?;
        self.at += c.len_utf8();
        let digits = match c {
            '"' | '\'' | '\\' => return Some(c),
            'a' => return Some('\u{7}'),
            'b' => return Some('\u{8}'),
            'f' => return Some('\u{c}'),
            'n' => return Some('\n'),
            'r' => return Some('\r'),
            't' => return Some('\t'),
            'v' => return Some('\u{b}'),
            '0'..='7' => return self.octal(),
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => return None,
        };
        let digits = self.rest().get(..digits).filter(|text| text.bytes().all(|b| b.is_ascii_hexdigit()))?;
        self.at += digits.len();
        char::from_u32(u32::from_str_radix(digits, 16).ok()?)
    }

    /// Up to three octal digits, the first of which has been taken.
    fn octal(&mut self) -> Option<char> {
        let digits = &self.text[self.at - 1..];
        let length = digits.bytes().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
        self.at += length - 1;
        char::from_u32(u32::from_str_radix(&digits[..length], 8).ok()?)
    }
}

/// Whether a name can have this character.
///
/// Spec: QRY-03
fn is_name_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}
