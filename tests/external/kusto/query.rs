//! The parser for queries.

use rulespec::kql::Column;

use super::tokens::{Token, tokens};
use super::tree::{Expr, Key, Named, OPERATORS, Query, Source, Stage};
use super::value::{self, Value};

/// Parses a query, or returns which part of it is not supported.
pub fn query(text: &str) -> Result<Query, String> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0 };
    let source = parser.source()?;
    let mut stages = vec![];
    while parser.takes("|") {
        stages.push((parser.at, parser.stage()?));
    }
    match parser.tokens.get(parser.at) {
        None => Ok(Query { source, stages }),
        Some(_) => Err(parser.unexpected()),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
}

impl Parser {
    /// The error for an unexpected token.
    fn unexpected(&self) -> String {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) => format!("syntax: {word}"),
            Some(Token::Symbol(symbol)) => format!("syntax: {symbol}"),
            _ => "syntax".to_owned(),
        }
    }

    /// The next token, if it is a word or a symbol; else "".
    fn next(&self) -> &str {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) => word,
            Some(Token::Symbol(symbol)) => symbol,
            _ => "",
        }
    }

    /// Skips the word or symbol if it is the next token, and returns whether it was.
    fn takes(&mut self, text: &str) -> bool {
        let found = self.next() == text;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, text: &str) -> Result<(), String> {
        if self.takes(text) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The name of an operator: words that hyphens join.
    fn operator(&mut self) -> Result<String, String> {
        let mut name = self.word()?;
        while self.takes("-") {
            name = format!("{name}-{}", self.word()?);
        }
        Ok(name)
    }

    fn word(&mut self) -> Result<String, String> {
        let Some(Token::Word(word)) = self.tokens.get(self.at) else { return Err(self.unexpected()) };
        self.at += 1;
        Ok(word.clone())
    }

    /// The name of a column: a word, or `["…"]`.
    fn name(&mut self) -> Result<String, String> {
        if !self.takes("[") {
            return self.word();
        }
        let Some(Token::Text(name)) = self.tokens.get(self.at).cloned() else {
            return Err(self.unexpected());
        };
        self.at += 1;
        self.expect("]")?;
        Ok(name)
    }

    /// A list of one or more items, separated by commas.
    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Result<T, String>) -> Result<Vec<T>, String> {
        let mut items = vec![item(self)?];
        while self.takes(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// The source of the query.
    fn source(&mut self) -> Result<Source, String> {
        match self.word()?.as_str() {
            "datatable" => self.datatable(),
            "print" => self.list(Self::named).map(Source::Print),
            word => Err(format!("source {word}")),
        }
    }

    /// A `datatable`, after the keyword.
    fn datatable(&mut self) -> Result<Source, String> {
        self.expect("(")?;
        let columns = self.list(|this| {
            let name = this.name()?;
            this.expect(":")?;
            let r#type = this.word()?;
            let r#type = value::type_named(&r#type).ok_or(format!("type {type}"))?;
            Ok(Column { name, r#type })
        })?;
        self.expect(")")?;
        self.expect("[")?;
        let mut cells = vec![];
        while !self.takes("]") {
            cells.push(self.expression(0)?);
            if !self.takes(",") {
                self.expect("]")?;
                break;
            }
        }
        Ok(Source::Datatable(columns, cells))
    }

    /// An operator, after the `|`.
    fn stage(&mut self) -> Result<Stage, String> {
        let operator = self.operator()?;
        Ok(match operator.as_str() {
            "where" | "filter" => Stage::Where(self.expression(0)?),
            "extend" => Stage::Extend(self.list(Self::named)?),
            "project" => Stage::Project(self.list(Self::named)?),
            "project-away" => Stage::ProjectAway(self.list(Self::name)?),
            "project-rename" => Stage::ProjectRename(self.list(Self::named)?),
            "project-reorder" => Stage::ProjectReorder(self.list(Self::name)?),
            "sort" | "order" => {
                self.expect("by")?;
                Stage::Sort(self.list(Self::key)?)
            }
            "count" => Stage::Count,
            other => return Err(format!("operator {other}")),
        })
    }

    /// A key of `sort by`.
    fn key(&mut self) -> Result<Key, String> {
        let expr = self.expression(0)?;
        let descending = !self.takes("asc");
        self.takes("desc");
        let nulls_first = match self.takes("nulls") {
            true => self.word()? == "first",
            false => !descending,
        };
        Ok(Key { expr, descending, nulls_first })
    }

    /// `name = expression`, or only the name of a column.
    fn named(&mut self) -> Result<Named, String> {
        let start = self.at;
        if let Ok(name) = self.name()
            && self.takes("=")
        {
            return Ok((name, self.expression(0)?));
        }
        self.at = start;
        match self.expression(0)? {
            Expr::Column(name) => Ok((name.clone(), Expr::Column(name))),
            _ => Err("a column without a name".to_owned()),
        }
    }

    /// An expression of operators that have at least this precedence.
    fn expression(&mut self, precedence: usize) -> Result<Expr, String> {
        let Some(operators) = OPERATORS.get(precedence) else { return self.unary() };
        let mut left = self.expression(precedence + 1)?;
        while let Some(operator) = operators.split(' ').find(|operator| self.next() == *operator) {
            let at = self.at;
            self.at += 1;
            if operator == "matches" {
                self.expect("regex")?;
            }
            let right = self.expression(precedence + 1)?;
            left = Expr::Call(at, operator.to_owned(), vec![left, right]);
        }
        Ok(left)
    }

    /// A primary expression with an optional sign, subscripts and members.
    fn unary(&mut self) -> Result<Expr, String> {
        let at = self.at;
        if self.takes("-") {
            return match self.tokens.get(self.at).cloned() {
                Some(Token::Number(text)) => {
                    self.at += 1;
                    Ok(literal(value::number(&format!("-{text}")), &text))
                }
                _ => Ok(Expr::Call(at, "negative".to_owned(), vec![self.unary()?])),
            };
        }
        let mut expr = self.primary()?;
        loop {
            let at = self.at;
            if self.takes("[") {
                let index = self.expression(0)?;
                self.expect("]")?;
                expr = Expr::Call(at, "[]".to_owned(), vec![expr, index]);
            } else if self.takes(".") {
                let name = Expr::Value(Value::string(self.word()?));
                expr = Expr::Call(at, "[]".to_owned(), vec![expr, name]);
            } else {
                return Ok(expr);
            }
        }
    }

    /// A literal, a name, a call, or an expression in parentheses.
    fn primary(&mut self) -> Result<Expr, String> {
        let at = self.at;
        if self.next() == "[" {
            return self.name().map(Expr::Column);
        }
        let token = self.tokens.get(at).cloned().ok_or("syntax: the end")?;
        self.at += 1;
        Ok(match token {
            Token::Text(text) => Expr::Value(Value::string(text)),
            Token::Number(text) => literal(value::number(&text), &text),
            Token::Typed(name, inner) => literal(value::typed(&name, &inner), &name),
            Token::Word(word) if word == "true" || word == "false" => {
                Expr::Value(Value::bool(word == "true"))
            }
            Token::Word(word) if self.takes("(") => Expr::Call(at, word, self.arguments()?),
            Token::Word(word) => Expr::Column(word),
            Token::Symbol(symbol) if symbol == "(" => {
                let mut list = self.arguments()?;
                if list.len() == 1 { list.remove(0) } else { Expr::List(list) }
            }
            Token::Symbol(_) => {
                self.at = at;
                return Err(self.unexpected());
            }
        })
    }

    /// Arguments separated by commas or `..`, and the closing parenthesis.
    fn arguments(&mut self) -> Result<Vec<Expr>, String> {
        let mut arguments = vec![];
        while !self.takes(")") {
            arguments.push(self.expression(0)?);
            if !self.takes(",") && !self.takes("..") {
                self.expect(")")?;
                break;
            }
        }
        Ok(arguments)
    }
}

/// A literal, or the name of one that is not supported.
fn literal(value: Option<Value>, name: &str) -> Expr {
    value.map_or_else(|| Expr::Unsupported(format!("literal {name}")), Expr::Value)
}
