//! String literals.

use super::Lexer;
use crate::query::diagnostic::{Diagnostic, Span};

impl Lexer<'_> {
    /// A string literal, if one is next.
    ///
    /// Spec: QRY-04, QRY-05, QRY-06
    pub(super) fn string(&mut self) -> Result<Option<String>, Diagnostic> {
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
                    let c = self.escape();
                    literal.push(c.ok_or_else(|| bad_escape(&self.text[start..], start))?);
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

    /// Up to three octal digits, the first of which has been taken; two if that is above 3.
    fn octal(&mut self) -> Option<char> {
        let digits = &self.text[self.at - 1..];
        let most = if digits.starts_with(['0', '1', '2', '3']) { 3 } else { 2 };
        let length = digits.bytes().take(most).take_while(|byte| (b'0'..=b'7').contains(byte)).count();
        self.at += length - 1;
        char::from_u32(u32::from_str_radix(&digits[..length], 8).ok()?)
    }
}

/// The diagnostic of an escape, given the text from its backslash on, and the offset of that.
fn bad_escape(text: &str, start: usize) -> Diagnostic {
    let length = text.chars().take(2).map(char::len_utf8).sum::<usize>();
    let span = Span { start, end: start + length };
    let is_surrogate = text.get(1..4).is_some_and(|text| {
        text.starts_with('u') && matches!(text[1..].to_ascii_lowercase().as_bytes(), [b'd', b'8'..=b'f'])
    });
    if is_surrogate {
        return Diagnostic::unsupported(span, "half of a surrogate pair")
            .with_help(r"write the character itself, or \U and eight digits");
    }
    Diagnostic::syntax(span, "this is no escape of KQL")
        .with_help(r"write \\ for a backslash, or put @ before the literal")
}
