//! Evaluating expressions with the functions of a [`Semantics`]: the reference or a misreading.

use std::collections::{BTreeSet, HashMap};

use rulespec::kql::{Dynamic, Row, Semantics, Type, tostring};

use super::tree::Expr;
use super::unspecified::call_unspecified;
use super::value::Value;

/// The string operators of chapters 20 and 30.
pub const STRING_OPERATORS: [&str; 6] = ["=~", "!~", "has", "!has", "has_any", "!has_any"];

/// The functions of chapters 20 to 50, and subscripts.
pub const FUNCTIONS: [&str; 7] = ["indexof", "substring", "[]", "tostring", "iff", "iif", "column_ifexists"];

/// A call for a row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    /// The number of the row in the source.
    pub row: usize,
    /// The position of the call in the query.
    pub at: usize,
    /// The name of the function or operator.
    pub name: String,
    /// Whether a clause specifies it.
    pub is_specified: bool,
}

/// The calls that the value of a cell depends on, or what of its expression is not supported.
#[derive(Debug, Clone, Default)]
pub struct Note {
    pub calls: BTreeSet<Call>,
    pub unsupported: Option<String>,
}

/// The notes of the cells of a row, by column.
pub type Notes = HashMap<String, Note>;

/// A value, or what is not supported.
pub type Answer = Result<Value, String>;

/// The row for which an expression is evaluated.
pub struct Scope<'a> {
    pub semantics: &'a Semantics,
    pub row: Row<'a>,
    pub id: usize,
    pub notes: &'a Notes,
}

impl Scope<'_> {
    /// Returns the value of an expression, with the calls that it depends on. Calls in an operand
    /// of `and`, `or` or `iff` that is not needed are not among them.
    pub fn evaluate(&self, expr: &Expr) -> Answer {
        match expr {
            Expr::Value(value) => Ok(value.clone()),
            Expr::Unsupported(name) => Err(name.clone()),
            Expr::Column(name) => self.column(name),
            Expr::List(elements) => {
                let (elements, calls) = split_calls(self.evaluate_all(elements)?);
                let elements = elements.into_iter().map(|value| value.dynamic).collect();
                Ok(Value::new(Dynamic::Array(elements), Type::Dynamic).with_calls(calls))
            }
            Expr::Call(at, name, arguments) => self.call(*at, name, arguments),
        }
    }

    fn evaluate_all(&self, exprs: &[Expr]) -> Result<Vec<Value>, String> {
        exprs.iter().map(|expr| self.evaluate(expr)).collect()
    }

    /// The cell of a column.
    fn column(&self, name: &str) -> Answer {
        let column = self.row.columns().iter().find(|column| column.name == name);
        let column = column.ok_or_else(|| format!("name {name}"))?;
        let cell = self.row.get(name).cloned().unwrap_or_default();
        let note = self.notes.get(name).cloned().unwrap_or_default();
        match note.unsupported {
            Some(why) => Err(why),
            None => Ok(Value::new(cell, column.r#type).with_calls(note.calls)),
        }
    }

    /// A call of a function or an operator.
    fn call(&self, at: usize, name: &str, arguments: &[Expr]) -> Answer {
        let (value, is_specified) = match (name, arguments) {
            ("and" | "or", [left, right]) => (self.logical(name == "or", left, right)?, false),
            ("iff" | "iif", [condition, then, otherwise]) => (self.iff(condition, then, otherwise)?, true),
            _ => {
                let (values, calls) = split_calls(self.evaluate_all(arguments)?);
                let specified = self.call_specified(name, &values);
                let is_specified = specified.is_some();
                let value = specified.or_else(|| call_unspecified(name, &values));
                (value.ok_or_else(|| unsupported_call(name, &values))?.with_calls(calls), is_specified)
            }
        };
        Ok(value.with_calls([Call { row: self.id, at, name: name.to_owned(), is_specified }]))
    }

    /// `and` or `or`. If the left operand is `decisive`, the right one is not evaluated.
    fn logical(&self, decisive: bool, left: &Expr, right: &Expr) -> Answer {
        let left = self.evaluate(left)?;
        let left_condition = condition(&left)?;
        if left_condition == Some(decisive) {
            return Ok(left);
        }
        let right = self.evaluate(right)?;
        let right_condition = condition(&right)?;
        let is_decisive = right_condition == Some(decisive);
        let result = if is_decisive { right_condition } else { left_condition.and(right_condition) };
        let value = result.map_or(Value::new(Dynamic::Null, Type::Bool), Value::bool);
        Ok(value.with_calls(left.calls).with_calls(right.calls))
    }

    /// `iff`. The argument that is not chosen need not be supported.
    fn iff(&self, expr: &Expr, then: &Expr, otherwise: &Expr) -> Answer {
        let value = self.evaluate(expr)?;
        let condition = condition(&value)?;
        let [then, otherwise] = [then, otherwise].map(|argument| self.evaluate(argument));
        let dynamic = |answer: &Answer| match answer {
            Ok(value) => value.dynamic.clone(),
            Err(_) => Dynamic::from("an argument that is not supported"),
        };
        let result = (self.semantics.iff)(self.semantics, condition, dynamic(&then), dynamic(&otherwise));
        let chosen = if condition == Some(true) { then? } else { otherwise? };
        Ok(Value { dynamic: result, ..chosen }.with_calls(value.calls))
    }

    /// Calls a function or an operator of chapters 20 to 50.
    fn call_specified(&self, name: &str, values: &[Value]) -> Option<Value> {
        let by = self.semantics;
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
            ("tostring", [value]) if has_specified_text(&value.dynamic) => {
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

/// Moves the calls out of the values.
fn split_calls(mut values: Vec<Value>) -> (Vec<Value>, BTreeSet<Call>) {
    let calls = values.iter_mut().flat_map(|value| std::mem::take(&mut value.calls)).collect();
    (values, calls)
}

/// Converts the condition of `iff` or `where`, or an operand of `and` or `or`.
pub fn condition(value: &Value) -> Result<Option<bool>, String> {
    match value.of_type {
        Type::Bool => Ok(value.dynamic.as_bool()),
        other => Err(format!("{other} as a condition")),
    }
}

/// Converts an argument of a string function.
fn text(value: &Value) -> Option<String> {
    let is_text = matches!(value.of_type, Type::String | Type::Dynamic) && has_specified_text(&value.dynamic);
    is_text.then(|| tostring(&value.dynamic, value.of_type))
}

/// Whether the specification defines `tostring` of the value.
fn has_specified_text(value: &Dynamic) -> bool {
    match value {
        Dynamic::Real(_) | Dynamic::Bag(_) => false,
        Dynamic::Array(elements) => elements.iter().all(has_specified_text),
        _ => true,
    }
}

/// Returns the elements of an array, or any other value as the only element.
pub fn elements(value: &Value) -> Vec<Dynamic> {
    match &value.dynamic {
        Dynamic::Array(elements) => elements.clone(),
        other => vec![other.clone()],
    }
}

/// Describes a call that is not supported: its name, and the types of its arguments if other
/// calls of the function are supported.
fn unsupported_call(name: &str, values: &[Value]) -> String {
    if !FUNCTIONS.contains(&name) {
        return name.to_owned();
    }
    let types: Vec<&str> = values.iter().map(|value| value.of_type.as_str()).collect();
    format!("{name}({})", types.join(", "))
}
