//! How a query is read: a source, and operator by operator what follows it.

use rulespec::kql::Column;

use super::tokens::{Token, tokens};
use super::tree::{Expr, Key, Named, OPERATORS, Query, Source, Stage};
use super::value::{self, Value};

/// Reads a query, or says which part of it is not covered.
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
    /// What to say of a token that has no place here.
    fn unexpected(&self) -> String {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) => format!("syntax: {word}"),
            Some(Token::Symbol(symbol)) => format!("syntax: {symbol}"),
            _ => "syntax".to_owned(),
        }
    }

    /// The text of a word or symbol that comes next.
    fn next(&self) -> &str {
        match self.tokens.get(self.at) {
            Some(Token::Word(word)) => word,
            Some(Token::Symbol(symbol)) => symbol,
            _ => "",
        }
    }

    /// Whether that word or symbol comes next; if it does, it is taken.
    fn takes(&mut self, text: &str) -> bool {
        let found = self.next() == text;
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, text: &str) -> Result<(), String> {
        if self.takes(text) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// A word, and the words that hyphens join to it.
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

    /// As many as commas join.
    fn list<T>(&mut self, item: impl Fn(&mut Self) -> Result<T, String>) -> Result<Vec<T>, String> {
        let mut items = vec![item(self)?];
        while self.takes(",") {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// What the query begins with.
    fn source(&mut self) -> Result<Source, String> {
        match self.word()?.as_str() {
            "datatable" => self.datatable(),
            "print" => self.list(Self::named).map(Source::Print),
            word => Err(format!("source {word}")),
        }
    }

    /// A `datatable`, after that word.
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

    /// An operator, after its `|`.
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
        let of = self.expression(0)?;
        let descending = !self.takes("asc");
        self.takes("desc");
        let nulls_first = match self.takes("nulls") {
            true => self.word()? == "first",
            false => !descending,
        };
        Ok(Key { of, descending, nulls_first })
    }

    /// `name = expression`, or a column.
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

    /// An expression of operators that bind at least as much as those of a level.
    fn expression(&mut self, level: usize) -> Result<Expr, String> {
        let Some(operators) = OPERATORS.get(level) else { return self.unary() };
        let mut left = self.expression(level + 1)?;
        while let Some(operator) = operators.iter().find(|operator| self.next() == **operator) {
            let at = self.at;
            self.at += 1;
            if *operator == "matches" {
                self.expect("regex")?;
            }
            let right = self.expression(level + 1)?;
            left = Expr::Call(at, (*operator).to_owned(), vec![left, right]);
        }
        Ok(left)
    }

    /// A value with its sign before it, and its subscripts and members after it.
    fn unary(&mut self) -> Result<Expr, String> {
        let at = self.at;
        if self.takes("-") {
            return match self.tokens.get(self.at).cloned() {
                Some(Token::Number(text)) => {
                    self.at += 1;
                    Ok(known(value::number(&format!("-{text}")), format!("literal {text}")))
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

    /// A literal, a name, a call, or what parentheses hold.
    fn primary(&mut self) -> Result<Expr, String> {
        let at = self.at;
        if self.next() == "[" {
            return self.name().map(Expr::Column);
        }
        let token = self.tokens.get(at).cloned().ok_or("syntax: the end")?;
        self.at += 1;
        Ok(match token {
            Token::Text(text) => Expr::Value(Value::string(text)),
            Token::Number(text) => known(value::number(&text), format!("literal {text}")),
            Token::Typed(name, inner) => known(value::typed(&name, &inner), format!("literal {name}")),
            Token::Word(word) if word == "true" || word == "false" => {
                Expr::Value(Value::bool(word == "true"))
            }
            Token::Word(word) if self.takes("(") => Expr::Call(at, word, self.arguments()?),
            Token::Word(word) => Expr::Column(word),
            Token::Symbol("(") => {
                let mut list = self.arguments()?;
                if list.len() == 1 { list.remove(0) } else { Expr::List(list) }
            }
            Token::Symbol(_) => {
                self.at = at;
                return Err(self.unexpected());
            }
        })
    }

    /// What is left of parentheses that have been opened.
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

/// A literal, or the name of one that is not read.
fn known(value: Option<Value>, name: String) -> Expr {
    value.map_or(Expr::Unknown(name), Expr::Value)
}
