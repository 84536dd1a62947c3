//! A place in the tokens, and what is taken from there.

use crate::query::diagnostic::{Diagnostic, Span};
use crate::query::keyword::{Use, is_keyword};
use crate::query::syntax::Name;
use crate::query::token::{Token, TokenKind};

/// What is parsed, or why it cannot be.
pub(super) type Parsed<T> = Result<T, Diagnostic>;

/// A place in the tokens.
pub(super) struct Cursor {
    tokens: Vec<Token>,
    at: usize,
    /// What was found in operators that were skipped.
    pub diagnostics: Vec<Diagnostic>,
    /// How many expressions are open.
    pub depth: usize,
}

/// How many diagnostics are collected before parsing stops.
const MAX_DIAGNOSTICS: usize = 20;

/// The operators that a missing `|` is most often before.
const OPERATORS: [&str; 9] =
    ["where", "extend", "project", "take", "limit", "sort", "order", "summarize", "distinct"];

impl Cursor {
    /// The place of the first of some tokens. The last token must be the end.
    pub fn new(tokens: Vec<Token>) -> Self {
        Self { tokens, at: 0, diagnostics: vec![], depth: 0 }
    }

    fn token_at(&self, offset: usize) -> &Token {
        let last = self.tokens.len() - 1;
        &self.tokens[(self.at + offset).min(last)]
    }

    /// The next token.
    pub fn peek(&self) -> &TokenKind {
        self.peek_at(0)
    }

    /// The token after this many others.
    pub fn peek_at(&self, offset: usize) -> &TokenKind {
        &self.token_at(offset).kind
    }

    /// Where the next token is.
    pub fn span(&self) -> Span {
        self.token_at(0).span
    }

    /// Where the last token is that was taken.
    pub fn last_span(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span
    }

    /// Whether nothing is between the next token and the one after it.
    pub fn adjoins(&self) -> bool {
        self.token_at(0).span.end == self.token_at(1).span.start
    }

    /// Takes a token.
    pub fn advance(&mut self) {
        self.at = (self.at + 1).min(self.tokens.len() - 1);
    }

    /// Whether a symbol is next.
    pub fn peek_symbol(&self, symbol: &str) -> bool {
        matches!(self.peek(), TokenKind::Symbol(next) if *next == symbol)
    }

    /// Whether a word is next.
    pub fn peek_name(&self, word: &str) -> bool {
        matches!(self.peek(), TokenKind::Name(next) if next == word)
    }

    /// Takes a symbol if it is next.
    pub fn take(&mut self, symbol: &str) -> bool {
        let is_next = self.peek_symbol(symbol);
        if is_next {
            self.advance();
        }
        is_next
    }

    /// Takes a word if it is next.
    pub fn take_name(&mut self, word: &str) -> bool {
        let is_next = self.peek_name(word);
        if is_next {
            self.advance();
        }
        is_next
    }

    /// Takes a symbol.
    pub fn expect(&mut self, symbol: &str) -> Parsed<()> {
        if self.take(symbol) { Ok(()) } else { Err(self.unexpected(symbol)) }
    }

    /// Takes a word.
    pub fn expect_name(&mut self, word: &str) -> Parsed<()> {
        if self.take_name(word) { Ok(()) } else { Err(self.unexpected(word)) }
    }

    /// The diagnostic that something else is next.
    pub fn unexpected(&self, expected: &str) -> Diagnostic {
        let found = match self.peek() {
            TokenKind::Name(name) => format!("{name:?}"),
            TokenKind::String(_) => "a string".to_owned(),
            TokenKind::Number(number) => format!("{number:?}"),
            TokenKind::Typed(name, _) => format!("a literal of type {name}"),
            TokenKind::Symbol(symbol) => format!("{symbol:?}"),
            TokenKind::End => "the end of the query".to_owned(),
        };
        let diagnostic = Diagnostic::syntax(self.span(), format!("expected {expected}, found {found}"));
        match self.habit() {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        }
    }

    /// What to write instead of the next token, if that is a habit from another language.
    ///
    /// Spec: QRY-14
    fn habit(&self) -> Option<String> {
        let last = &self.tokens[self.at.saturating_sub(1)].kind;
        let is_not = matches!(last, TokenKind::Name(word) if word.eq_ignore_ascii_case("not"));
        Some(match self.peek() {
            _ if is_not => "write not(…)".to_owned(),
            TokenKind::Symbol("|") if *last == TokenKind::Symbol("|") => "write or".to_owned(),
            TokenKind::Symbol("=") if *last == TokenKind::Symbol("==") => "write ==".to_owned(),
            TokenKind::Symbol("=") => "write == to compare".to_owned(),
            TokenKind::Name(word) => match word.to_lowercase().as_str() {
                "is" => "write isnull(…) or isnotnull(…)".to_owned(),
                "as" => "write the new name first: name = value".to_owned(),
                lower if lower != word && is_keyword(lower, Use::Reference) => {
                    format!("KQL is case-sensitive: write {lower}")
                }
                lower if OPERATORS.contains(&lower) => format!("put | before {lower}"),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// Takes a word, also one that is reserved.
    pub fn word(&mut self) -> Parsed<String> {
        let TokenKind::Name(word) = self.peek().clone() else { return Err(self.unexpected("a name")) };
        self.advance();
        Ok(word)
    }

    /// Takes a name that refers to something, in brackets or not.
    pub fn name(&mut self) -> Parsed<Name> {
        self.name_for(Use::Reference)
    }

    /// Takes a name, in brackets or not.
    ///
    /// Spec: QRY-03
    pub fn name_for(&mut self, used: Use) -> Parsed<Name> {
        let start = self.span();
        if !self.take("[") {
            let text = self.word()?;
            if is_keyword(&text, used) {
                let message = format!("{text:?} is a keyword");
                let help = format!("write ['{text}'] if it is a name");
                return Err(Diagnostic::syntax(start, message).with_help(help));
            }
            return Ok(Name { text, span: start });
        }
        let TokenKind::String(text) = self.peek().clone() else {
            return Err(self.unexpected("a name in quotes"));
        };
        self.advance();
        self.expect("]")?;
        Ok(Name { text, span: start.to(self.last_span()) })
    }

    /// Takes the name of an operator, which may have hyphens.
    pub fn operator_name(&mut self) -> Parsed<String> {
        let TokenKind::Name(mut name) = self.peek().clone() else {
            return Err(self.unexpected("the name of an operator"));
        };
        self.advance();
        while let (TokenKind::Symbol("-"), TokenKind::Name(part)) = (self.peek(), self.peek_at(1)) {
            if self.last_span().end != self.span().start || self.span().end != self.token_at(1).span.start {
                break;
            }
            name = format!("{name}-{part}");
            self.advance();
            self.advance();
        }
        Ok(name)
    }

    /// Takes items with commas between them.
    pub fn separated<T>(&mut self, item: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.take(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// Takes items with commas between them, and the symbol that ends them.
    pub fn list<T>(&mut self, end: &str, item: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        if self.take(end) {
            return Ok(vec![]);
        }
        let items = self.separated(item)?;
        self.expect(end)?;
        Ok(items)
    }

    /// Takes items as [`Cursor::list`] does. A comma may come before the symbol that ends them.
    pub fn open_list<T>(&mut self, end: &str, item: impl Fn(&mut Self) -> Parsed<T>) -> Parsed<Vec<T>> {
        let mut items = vec![];
        while !self.take(end) {
            items.push(item(self)?);
            if !self.take(",") {
                self.expect(end)?;
                return Ok(items);
            }
        }
        Ok(items)
    }

    /// Keeps a diagnostic, and skips to the next operator.
    pub fn recover(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
        if self.diagnostics.len() == MAX_DIAGNOSTICS {
            self.at = self.tokens.len() - 1;
        }
        self.depth = 0;
        let mut open = 0_usize;
        loop {
            match self.peek() {
                TokenKind::End => return,
                TokenKind::Symbol("|" | ";") if open == 0 => return,
                TokenKind::Symbol(")" | "]" | "}") if open == 0 => return,
                TokenKind::Symbol("(" | "[" | "{") => open += 1,
                TokenKind::Symbol(")" | "]" | "}") => open -= 1,
                _ => {}
            }
            self.advance();
        }
    }

    /// Whether nothing more of an operator is next.
    pub fn ends_operator(&self) -> bool {
        matches!(self.peek(), TokenKind::End | TokenKind::Symbol("|" | ")" | ";"))
    }

    /// Whether a source of rows is next that is not just a name.
    pub fn begins_source(&self) -> bool {
        let is_datatable = self.peek_name("datatable") && *self.peek_at(1) == TokenKind::Symbol("(");
        let is_range =
            self.peek_name("range") && matches!(self.peek_at(2), TokenKind::Name(word) if word == "from");
        let is_other = ["print", "union", "search", "find"].iter().any(|word| self.peek_name(word));
        is_datatable || is_range || is_other
    }

    /// Whether the tokens up to the next `;` have a `|`: whether they are a pipeline.
    pub fn begins_pipeline(&self) -> bool {
        let rest = self.tokens.get(self.at..).unwrap_or_default();
        let symbols = rest.iter().map(|token| &token.kind);
        let statement = symbols.take_while(|kind| **kind != TokenKind::Symbol(";"));
        statement.into_iter().any(|kind| *kind == TokenKind::Symbol("|"))
    }

    /// Whether `(name: type` or `()` is next, which begins a function.
    pub fn is_parameter_list(&self) -> bool {
        *self.peek_at(1) == TokenKind::Symbol(")") || *self.peek_at(2) == TokenKind::Symbol(":")
    }
}
