//! Engines that live in this library.

use serde_json::{Value as Json, json};

use super::{Answer, Engine, Hello, StartError};
use crate::kql::{self, Column, Dynamic, Error, ErrorKind, Profile, Table, Type};
use crate::rule;

/// The reference, under one profile.
///
/// ```
/// use rulespec::engine::{Answer, Engine, Reference};
/// use serde_json::json;
///
/// let mut engine = Reference::default();
/// let answer = engine.ask("has", &[json!("host.corp"), json!(".")]);
/// assert_eq!(answer, Answer::Value(json!(true)));
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Reference {
    /// What it answers at open points.
    pub profile: Profile,
}

/// Every function that an engine can be asked for.
pub const FUNCTIONS: &[&str] = &[
    "=~",
    "has",
    "has_any",
    "parse_command_line",
    "[]",
    "tostring",
    "indexof",
    "substring",
    "iff",
    "column_ifexists",
    "where",
    "extend",
    "project-reorder",
    "bitsadmin_activity",
];

impl Engine for Reference {
    fn hello(&mut self) -> Result<Hello, StartError> {
        Ok(Hello {
            engine: "rulespec reference".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            functions: None,
        })
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        match call(function, args, &self.profile) {
            Ok(value) => Answer::Value(value),
            Err(error) if error.kind() == ErrorKind::UnknownFunction => {
                Answer::Unsupported(error.to_string())
            }
            Err(error) => Answer::Error(error.kind().to_string()),
        }
    }
}

fn call(function: &str, args: &[Json], profile: &Profile) -> Result<Json, Error> {
    match (function, args) {
        ("=~", [a, b]) => Ok(json!(kql::eq_ci(string(a)?, string(b)?, profile))),
        ("has", [text, lookup]) => Ok(json!(kql::has(string(text)?, string(lookup)?, profile))),
        ("has_any", [text, lookups]) => Ok(json!(kql::has_any(string(text)?, &array(lookups)?, profile))),
        ("parse_command_line", [line, parser]) => {
            let parsed = kql::parse_command_line(string(line)?, string(parser)?, profile)?;
            Ok(parsed.to_json())
        }
        ("[]", [array, index]) => Ok(kql::element(&Dynamic::from_json(array), whole(index)?).to_json()),
        ("tostring", [value]) => Ok(json!(kql::tostring(&Dynamic::from_json(value), profile))),
        ("indexof", [text, lookup]) => Ok(json!(kql::indexof(string(text)?, string(lookup)?, profile))),
        ("substring", [text, start]) => {
            Ok(json!(kql::substring(string(text)?, whole(start)?, None, profile)))
        }
        ("substring", [text, start, length]) => {
            let length = Some(whole(length)?);
            Ok(json!(kql::substring(string(text)?, whole(start)?, length, profile)))
        }
        ("iff", [condition, then, otherwise]) => {
            let (then, otherwise) = (Dynamic::from_json(then), Dynamic::from_json(otherwise));
            Ok(kql::iff(truth(condition)?, then, otherwise, profile).to_json())
        }
        ("column_ifexists", [row, name, default]) => column_ifexists(row, string(name)?, default),
        ("where", [table, predicate]) => where_column(&Table::from_json(table)?, string(predicate)?),
        ("extend", [table, assignments]) => extend(&Table::from_json(table)?, assignments),
        ("project-reorder", [columns, listed]) => project_reorder(columns, listed),
        ("bitsadmin_activity", [table]) => {
            Ok(rule::bitsadmin_activity(&Table::from_json(table)?, profile)?.to_json())
        }
        (known, _) if FUNCTIONS.contains(&known) => {
            let detail = format!("{known} does not take {} arguments", args.len());
            Err(Error::new(ErrorKind::WrongCount, detail))
        }
        (unknown, _) => Err(Error::new(ErrorKind::UnknownFunction, format!("there is no {unknown:?}"))),
    }
}

/// `column_ifexists` over a row given as an object; its columns are dynamic.
fn column_ifexists(row: &Json, name: &str, default: &Json) -> Result<Json, Error> {
    let object = row.as_object().ok_or_else(|| wrong("an object", row))?;
    let columns = object.keys().map(|name| Column::new(name, Type::Dynamic)).collect();
    let mut table = Table::new(columns)?;
    table.push(object.values().map(Dynamic::from_json).collect())?;
    let default = Dynamic::from_json(default);
    let answers = table.rows_by_name().map(|row| kql::column_ifexists(row, name, default.clone()));
    Ok(answers.map(|answer| answer.to_json()).next().unwrap_or_default())
}

/// `where` with a column of truth values as the predicate.
fn where_column(table: &Table, predicate: &str) -> Result<Json, Error> {
    let kept = table.filter(&|row| match row.cell(predicate)? {
        Dynamic::Null => Ok(None),
        Dynamic::Bool(value) => Ok(Some(*value)),
        other => Err(wrong("a bool", &other.to_json())),
    })?;
    Ok(kept.to_json())
}

/// `extend` with assignments of one column to another: `[["name", "from"]…]`.
fn extend(table: &Table, assignments: &Json) -> Result<Json, Error> {
    let pairs: Vec<(String, String)> = serde_json::from_value(assignments.clone())
        .map_err(|_| wrong("an array of pairs of column names", assignments))?;
    let typed = |(name, from): &(String, String)| {
        let source = table.columns().iter().find(|column| column.name == *from);
        let source = source.ok_or_else(|| kql::table::unknown(from))?;
        Ok(Column::new(name, source.r#type))
    };
    let columns = pairs.iter().map(typed).collect::<Result<Vec<_>, Error>>()?;
    let extended = table.extend(&columns, &|row, number| Ok(row.cell(&pairs[number].1)?.clone()))?;
    Ok(extended.to_json())
}

fn project_reorder(columns: &Json, listed: &Json) -> Result<Json, Error> {
    let columns = names(columns)?.into_iter().map(|name| Column::new(name, Type::Dynamic));
    let table = Table::new(columns.collect())?.project_reorder(&names(listed)?)?;
    Ok(table.columns().iter().map(|column| column.name.as_str()).collect())
}

fn wrong(wanted: &str, got: &Json) -> Error {
    Error::new(ErrorKind::WrongType, format!("wanted {wanted}, got {got}"))
}

fn string(json: &Json) -> Result<&str, Error> {
    json.as_str().ok_or_else(|| wrong("a string", json))
}

fn whole(json: &Json) -> Result<i64, Error> {
    json.as_i64().ok_or_else(|| wrong("a whole number of 64 bits", json))
}

fn truth(json: &Json) -> Result<Option<bool>, Error> {
    match json {
        Json::Null => Ok(None),
        Json::Bool(value) => Ok(Some(*value)),
        other => Err(wrong("a bool or null", other)),
    }
}

fn array(json: &Json) -> Result<Vec<Dynamic>, Error> {
    let elements = json.as_array().ok_or_else(|| wrong("an array", json))?;
    Ok(elements.iter().map(Dynamic::from_json).collect())
}

fn names(json: &Json) -> Result<Vec<&str>, Error> {
    let elements = json.as_array().ok_or_else(|| wrong("an array of column names", json))?;
    elements.iter().map(string).collect()
}
