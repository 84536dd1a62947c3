//! Expressions, answered by the functions of a set: the reference, or a misreading of it.

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};

use rulespec::kql::{Dynamic, Row, Semantics, Type, tostring};

use super::glue::glue;
use super::tree::Expr;
use super::value::Value;

/// The string operators of chapters 20 and 30.
pub const STRING_OPERATORS: [&str; 6] = ["=~", "!~", "has", "!has", "has_any", "!has_any"];

/// The functions of chapters 20 to 50, and subscripts.
pub const FUNCTIONS: [&str; 7] = ["indexof", "substring", "[]", "tostring", "iff", "iif", "column_ifexists"];

/// A call that was made for a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// The row's number in the source.
    pub row: usize,
    /// The place of the call in the query.
    pub at: usize,
    /// The name of the function or operator.
    pub name: String,
    /// Whether no clause describes it.
    pub is_glue: bool,
}

/// What a cell rests on: the calls, and what is not covered, if anything.
#[derive(Debug, Clone, Default)]
pub struct Note {
    pub calls: BTreeSet<Call>,
    pub unknown: Option<String>,
}

/// The notes of the cells of a row, by column.
pub type Notes = HashMap<String, Note>;

/// A value, or the function or operator that is not covered.
pub type Answer = Result<Value, String>;

/// A row in which an expression is answered.
pub struct Scope<'a> {
    pub by: &'a Semantics,
    pub row: Row<'a>,
    pub id: usize,
    pub notes: &'a Notes,
    calls: RefCell<BTreeSet<Call>>,
}

impl<'a> Scope<'a> {
    pub fn new(by: &'a Semantics, row: Row<'a>, id: usize, notes: &'a Notes) -> Self {
        Self { by, row, id, notes, calls: RefCell::default() }
    }

    /// The answer, and the calls it rests on: no call in an operand of `and`, `or` or
    /// `iff` that does not matter.
    pub fn answer(&self, expr: &Expr) -> (Answer, BTreeSet<Call>) {
        let scope = Self::new(self.by, self.row, self.id, self.notes);
        let answer = scope.evaluate(expr);
        (answer, scope.calls.into_inner())
    }

    /// The answer; the calls are collected.
    fn evaluate(&self, expr: &Expr) -> Answer {
        match expr {
            Expr::Value(value) => Ok(value.clone()),
            Expr::Unknown(name) => Err(name.clone()),
            Expr::Column(name) => self.column(name),
            Expr::List(elements) => {
                let elements: Result<Vec<Value>, String> =
                    elements.iter().map(|element| self.evaluate(element)).collect();
                let elements = elements?.into_iter().map(|value| value.dynamic).collect();
                Ok(Value::new(Dynamic::Array(elements), Type::Dynamic))
            }
            Expr::Call(at, name, arguments) => self.call(*at, name, arguments),
        }
    }

    /// A cell of the row, with the calls it rests on.
    fn column(&self, name: &str) -> Answer {
        let column = self.row.columns().iter().find(|column| column.name == name);
        let cell = self.row.get(name).ok_or_else(|| format!("name {name}"))?;
        if let Some(note) = self.notes.get(name) {
            if let Some(unknown) = &note.unknown {
                return Err(unknown.clone());
            }
            self.calls.borrow_mut().extend(note.calls.clone());
        }
        Ok(Value { dynamic: cell.clone(), of_type: column.map_or(Type::Dynamic, |column| column.r#type) })
    }

    /// A call of a function or an operator, which is glue if no clause describes it.
    fn call(&self, at: usize, name: &str, arguments: &[Expr]) -> Answer {
        let (value, is_glue) = match (name, arguments) {
            ("and" | "or", [left, right]) => (self.logical(name == "or", left, right)?, true),
            ("iff" | "iif", [condition, then, otherwise]) => (self.iff(condition, then, otherwise)?, false),
            _ => {
                let values = arguments.iter().map(|argument| self.evaluate(argument));
                let values = values.collect::<Result<Vec<_>, _>>()?;
                match self.reference(name, &values) {
                    Some(value) => (value, false),
                    None => (glue(name, &values).ok_or_else(|| not_covered(name, &values))?, true),
                }
            }
        };
        self.calls.borrow_mut().insert(Call { row: self.id, at, name: name.to_owned(), is_glue });
        Ok(value)
    }

    /// `and` or `or`: the right operand matters only if the left one is not `decisive`.
    fn logical(&self, decisive: bool, left: &Expr, right: &Expr) -> Answer {
        let left = truth(&self.evaluate(left)?)?;
        if left == Some(decisive) {
            return Ok(Value::bool(decisive));
        }
        let right = truth(&self.evaluate(right)?)?;
        let both = if right == Some(decisive) { right } else { left.and(right) };
        Ok(both.map_or(Value::new(Dynamic::Null, Type::Bool), Value::bool))
    }

    /// `iff`, of which the argument that is not chosen need not be covered.
    fn iff(&self, condition: &Expr, then: &Expr, otherwise: &Expr) -> Answer {
        let condition = truth(&self.evaluate(condition)?)?;
        let [(then, then_calls), (otherwise, otherwise_calls)] = [then, otherwise].map(|e| self.answer(e));
        let not_covered = Value::string("an argument that is not covered");
        let [one, other] = [&then, &otherwise].map(|value| value.as_ref().unwrap_or(&not_covered).clone());
        let chosen = (self.by.iff)(self.by, condition, one.dynamic, other.dynamic);
        let (kept, calls) =
            if condition == Some(true) { (then?, then_calls) } else { (otherwise?, otherwise_calls) };
        self.calls.borrow_mut().extend(calls);
        Ok(Value { dynamic: chosen, of_type: kept.of_type })
    }

    /// A function of the specification.
    fn reference(&self, name: &str, values: &[Value]) -> Option<Value> {
        let by = self.by;
        Some(match (name, values) {
            ("=~" | "!~", [a, b]) => Value::bool((by.eq_ci)(by, &text(a)?, &text(b)?) == (name == "=~")),
            ("has" | "!has", [a, b]) => Value::bool((by.has)(by, &text(a)?, &text(b)?) == (name == "has")),
            ("has_any" | "!has_any", [a, b]) => {
                Value::bool((by.has_any)(by, &text(a)?, &elements(b)) == (name == "has_any"))
            }
            ("indexof", [a, b]) => {
                let found = (by.indexof)(by, &text(a)?, &text(b)?);
                Value::new(found.map_or(Dynamic::Null, Dynamic::Long), Type::Long)
            }
            ("substring", [a, start]) => {
                Value::string((by.substring)(by, &text(a)?, start.dynamic.as_long()?, None))
            }
            ("substring", [a, start, length]) => {
                let (start, length) = (start.dynamic.as_long()?, length.dynamic.as_long()?);
                Value::string((by.substring)(by, &text(a)?, start, Some(length)))
            }
            ("tostring", [value]) if is_settled(&value.dynamic) => {
                Value::string((by.tostring)(by, &value.dynamic, value.of_type))
            }
            ("[]", [array, index]) if array.of_type == Type::Dynamic => {
                Value::new((by.element)(by, &array.dynamic, index.dynamic.as_long()?), Type::Dynamic)
            }
            ("column_ifexists", [column, default]) => {
                let (name, of_type) = (column.dynamic.as_str()?, default.of_type);
                Value::new((by.column_ifexists)(by, self.row, name, default.dynamic.clone()), of_type)
            }
            _ => return None,
        })
    }
}

/// The condition of `iff`, `and`, `or` and `where`.
pub fn truth(value: &Value) -> Result<Option<bool>, String> {
    match value.of_type {
        Type::Bool => Ok(value.dynamic.as_bool()),
        other => Err(format!("{other} as a condition")),
    }
}

/// The text that a function of strings takes an argument for.
fn text(value: &Value) -> Option<String> {
    let is_text = matches!(value.of_type, Type::String | Type::Dynamic) && is_settled(&value.dynamic);
    is_text.then(|| tostring(&value.dynamic, value.of_type))
}

/// Whether the specification says how the value is written as text.
fn is_settled(value: &Dynamic) -> bool {
    match value {
        Dynamic::Real(_) | Dynamic::Bag(_) => false,
        Dynamic::Array(elements) => elements.iter().all(is_settled),
        _ => true,
    }
}

/// The elements that `has_any` looks for.
fn elements(value: &Value) -> Vec<Dynamic> {
    match &value.dynamic {
        Dynamic::Array(elements) => elements.clone(),
        one => vec![one.clone()],
    }
}

/// What a report calls a call that is not covered: its name, and for one that is covered
/// elsewhere the types of its arguments.
fn not_covered(name: &str, values: &[Value]) -> String {
    if !FUNCTIONS.contains(&name) {
        return name.to_owned();
    }
    let types: Vec<&str> = values.iter().map(|value| value.of_type.as_str()).collect();
    format!("{name}({})", types.join(", "))
}
