//! What a side says about an event, and how two answers are compared.

use std::fmt;
use std::sync::Arc;

use rulespec::kql::{Datetime, Dynamic, Type};
use serde_json::Value as Json;

/// What texts call both sides.
pub(super) const SIDES: [&str; 2] = ["A", "B"];

/// What a side says about an event.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Answer {
    /// The rows that it returns for the event: none if it does not select it.
    Rows(Vec<Row>),
    /// It has an error.
    Error(String),
    /// It was not asked, because the run ended early.
    NotAsked,
}

impl Answer {
    /// Whether the event is selected.
    pub(super) fn is_selected(&self) -> bool {
        matches!(self, Self::Rows(rows) if !rows.is_empty())
    }
}

/// The cells of a row of a result, by the name of their column.
pub(super) type Row = Vec<(Arc<str>, Cell)>;

/// A cell of a result.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    /// A value of a column of this type.
    Typed(Type, Dynamic),
    /// A value as a port wrote it.
    Json(Json),
}

/// How two answers differ.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Departure {
    /// Only one side selects the event.
    Selected(Which),
    /// Both select it, and return a different number of rows.
    Count,
    /// A column differs, and whether one of the values is null and the other empty text.
    Column(String, bool),
    /// Only one side has an error.
    Error(Which),
}

impl Departure {
    /// Whether it is of the same kind, and about the same column, if it is about one.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Column(a, _), Self::Column(b, _)) => a == b,
            (a, b) => a == b,
        }
    }

    /// The same, whichever side it is that selects an event or has an error.
    pub(super) fn is_alike(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Selected(_), Self::Selected(_)) | (Self::Error(_), Self::Error(_)) => true,
            (a, b) => a.is_like(b),
        }
    }
}

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Which {
    /// The first.
    A,
    /// The second.
    B,
}

impl Which {
    /// The one of a pair that belongs to this side.
    pub fn of<T>(self, [a, b]: [T; 2]) -> T {
        match self {
            Self::A => a,
            Self::B => b,
        }
    }
}

impl fmt::Display for Which {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.of(SIDES))
    }
}

/// How two answers differ: nothing, if they agree.
pub(super) fn departures(a: &Answer, b: &Answer) -> Vec<Departure> {
    match (a, b) {
        (Answer::NotAsked, _) | (_, Answer::NotAsked) | (Answer::Error(_), Answer::Error(_)) => vec![],
        (Answer::Error(_), _) => vec![Departure::Error(Which::A)],
        (_, Answer::Error(_)) => vec![Departure::Error(Which::B)],
        (Answer::Rows(a), Answer::Rows(b)) => match (a.first(), b.first()) {
            (None, None) => vec![],
            (Some(_), None) => vec![Departure::Selected(Which::A)],
            (None, Some(_)) => vec![Departure::Selected(Which::B)],
            _ if a.len() != b.len() => vec![Departure::Count],
            (Some(a), Some(b)) => of_rows(a, b),
        },
    }
}

/// How two rows differ in the columns that both have.
fn of_rows(a: &Row, b: &Row) -> Vec<Departure> {
    let differing = differing(a, b).into_iter();
    differing.map(|(name, a, b)| Departure::Column(name.to_owned(), a.is_null_for_empty(b))).collect()
}

/// The columns that two rows share and that have different values, with both cells. Names are matched
/// regardless of case if there is no exact match, because SQL ignores case.
pub(super) fn differing<'a>(a: &'a Row, b: &'a Row) -> Vec<(&'a str, &'a Cell, &'a Cell)> {
    let find = |name: &str| {
        let same = b.iter().find(|(other, _)| &**other == name);
        same.or_else(|| b.iter().find(|(other, _)| other.eq_ignore_ascii_case(name)))
    };
    let both = a.iter().filter_map(|(name, cell)| Some((&**name, cell, &find(name)?.1)));
    both.filter(|(_, a, b)| !a.is_same(b)).collect()
}

impl Cell {
    /// Whether two cells have the same value, whatever its type. A time may lack what is shorter than a
    /// microsecond, which many engines do not keep.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Typed(a, x), Self::Typed(b, y)) if a == b => x == y,
            (Self::Typed(of_type, value), other) => is_same_as(*of_type, value, &other.json()),
            (other, Self::Typed(of_type, value)) => is_same_as(*of_type, value, &other.json()),
            (Self::Json(a), Self::Json(b)) => a == b || text_of(a) == text_of(b),
        }
    }

    fn is_null_for_empty(&self, other: &Self) -> bool {
        let (a, b) = (self.json(), other.json());
        let is_empty = |json: &Json| json.as_str() == Some("");
        a.is_null() && is_empty(&b) || is_empty(&a) && b.is_null()
    }

    /// The value as JSON.
    pub(super) fn json(&self) -> Json {
        match self {
            Self::Typed(_, value) => value.to_json(),
            Self::Json(json) => json.clone(),
        }
    }
}

/// Whether JSON that a port wrote is this value of this type: a bool may be 0 or 1, a number may be text,
/// and a dynamic may be its JSON.
fn is_same_as(of_type: Type, value: &Dynamic, json: &Json) -> bool {
    match (value, json) {
        (Dynamic::Null, Json::Null) => true,
        (Dynamic::Null, Json::String(text)) => of_type == Type::Dynamic && text == "null",
        (Dynamic::Null, _) | (_, Json::Null) => false,
        (Dynamic::Bool(value), Json::Number(number)) => number.as_f64() == Some(f64::from(u8::from(*value))),
        (Dynamic::Datetime(time), Json::String(text)) => {
            text.parse().is_ok_and(|other| is_same_time(*time, other))
        }
        (Dynamic::Real(_) | Dynamic::Long(_), Json::Number(number)) => {
            number.as_i64().map(Dynamic::Long).as_ref() == Some(value) || number.as_f64() == real(value)
        }
        (Dynamic::Array(_) | Dynamic::Bag(_), Json::String(text)) => {
            serde_json::from_str::<Json>(text).is_ok_and(|json| json == value.to_json())
        }
        (value, json) => value.to_json() == *json || text_of(&value.to_json()) == text_of(json),
    }
}

fn real(value: &Dynamic) -> Option<f64> {
    match value {
        Dynamic::Real(value) => Some(*value),
        Dynamic::Long(value) => Some(*value as f64),
        _ => None,
    }
}

fn is_same_time(a: Datetime, b: Datetime) -> bool {
    const MICROSECOND: u64 = 10;
    a.ticks_since_1970().abs_diff(b.ticks_since_1970()) < MICROSECOND
}

/// A scalar as text. Arrays, objects and null have none.
fn text_of(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.clone()),
        Json::Bool(_) | Json::Number(_) => Some(json.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}
