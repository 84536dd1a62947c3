//! Engines that live in this library.

use serde_json::{Value as Json, json};

use super::{Answer, Engine, Hello, StartError};
use rulespec::Function;
use rulespec::fast;
use rulespec::kql::{
    Column, Dynamic, Error, ErrorKind, Profile, Row, Semantics, Table, Type, table::unknown,
};
use rulespec::rule::{self, Stage};

/// The reference, or what is left of it once a function or a stage of the rule
/// has been exchanged.
///
/// ```
/// use rulespec_check::engine::{Answer, Engine, Reference};
/// use serde_json::json;
///
/// let mut engine = Reference::default();
/// let answer = engine.ask("has", &[json!("host.corp"), json!(".")]);
/// assert_eq!(answer, Answer::Value(json!(true)));
/// ```
#[derive(Debug, Clone)]
pub struct Reference {
    /// The functions it answers by, and its profile.
    pub semantics: Semantics,
    /// The stages of the rule.
    pub stages: Vec<Stage>,
}

impl Reference {
    /// The reference under a profile.
    pub fn under(profile: Profile) -> Self {
        Self { semantics: Semantics::under(profile), stages: rule::stages().to_vec() }
    }
}

impl Default for Reference {
    fn default() -> Self {
        Self::under(Profile::default())
    }
}

/// The functions of [`rulespec::fast`], and those of the reference that it has not.
///
/// It answers as the reference does, under the default profile.
///
/// ```
/// use rulespec_check::engine::{Answer, Engine, Fast};
/// use serde_json::json;
///
/// let answer = Fast::default().ask("has", &[json!("host.corp"), json!(".")]);
/// assert_eq!(answer, Answer::Value(json!(true)));
/// ```
#[derive(Debug, Clone)]
pub struct Fast(Reference);

impl Default for Fast {
    fn default() -> Self {
        Self(Reference { semantics: fast::semantics(), ..Reference::default() })
    }
}

impl Engine for Fast {
    fn hello(&mut self) -> Result<Hello, StartError> {
        Ok(Hello { engine: "rulespec fast".to_owned(), ..self.0.hello()? })
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        answer(known(function).and_then(|function| {
            if let (Function::BitsadminActivity, [table]) = (function, args) {
                return detect(table);
            }
            self.0.call(function, args)
        }))
    }
}

fn detect(table: &Json) -> Result<Json, Error> {
    Ok(fast::rule::bitsadmin_activity(&Table::from_json(table)?)?.to_json())
}

impl Engine for Reference {
    fn hello(&mut self) -> Result<Hello, StartError> {
        Ok(Hello {
            engine: "rulespec reference".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            functions: None,
        })
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        answer(known(function).and_then(|function| self.call(function, args)))
    }
}

/// The function of this name.
fn known(name: &str) -> Result<Function, Error> {
    let unknown = |_| Error::new(ErrorKind::UnknownFunction, format!("there is no {name:?}"));
    name.parse().map_err(unknown)
}

fn answer(result: Result<Json, Error>) -> Answer {
    match result {
        Ok(value) => Answer::Value(value),
        Err(error) if error.kind() == ErrorKind::UnknownFunction => Answer::Unsupported(error.to_string()),
        Err(error) => Answer::Error(error.kind().to_string()),
    }
}

impl Reference {
    fn call(&self, function: Function, args: &[Json]) -> Result<Json, Error> {
        use Function::{
            BitsadminActivity, ColumnIfExists, Element, EqCi, Extend, Has, HasAny, Iff, IndexOf,
            ParseCommandLine, ProjectReorder, Substring, ToString, Where,
        };
        let by = &self.semantics;
        match (function, args) {
            (EqCi, [a, b]) => Ok(json!((by.eq_ci)(by, string(a)?, string(b)?))),
            (Has, [text, lookup]) => Ok(json!((by.has)(by, string(text)?, string(lookup)?))),
            (HasAny, [text, lookups]) => Ok(json!((by.has_any)(by, string(text)?, &array(lookups)?))),
            (ParseCommandLine, [line, parser]) => {
                Ok((by.parse_command_line)(by, string(line)?, string(parser)?)?.to_json())
            }
            (Element, [array, index]) => {
                Ok((by.element)(by, &Dynamic::from_json(array), whole(index)?).to_json())
            }
            (ToString, [value]) => Ok(json!(by.call_tostring(&Dynamic::from_json(value)))),
            (ToString, [value, of_type]) => {
                let of_type = Type::named(string(of_type)?).ok_or_else(|| wrong("a type of KQL", of_type))?;
                let value = of_type.cell(value).ok_or_else(|| wrong(of_type.as_str(), value))?;
                Ok(json!((by.tostring)(by, &value, of_type)))
            }
            (IndexOf, [text, lookup]) => Ok(json!((by.indexof)(by, string(text)?, string(lookup)?))),
            (Substring, [text, start]) => Ok(json!((by.substring)(by, string(text)?, whole(start)?, None))),
            (Substring, [text, start, length]) => {
                let length = Some(whole(length)?);
                Ok(json!((by.substring)(by, string(text)?, whole(start)?, length)))
            }
            (Iff, [condition, then, otherwise]) => {
                let (then, otherwise) = (Dynamic::from_json(then), Dynamic::from_json(otherwise));
                Ok((by.iff)(by, truth(condition)?, then, otherwise).to_json())
            }
            (ColumnIfExists, [row, name, default]) => self.column_ifexists(row, string(name)?, default),
            (Where, [table, predicate]) => self.filter(&Table::from_json(table)?, string(predicate)?),
            (Extend, [table, assignments]) => self.extend(&Table::from_json(table)?, assignments),
            (ProjectReorder, [columns, listed]) => self.project_reorder(columns, listed),
            (BitsadminActivity, [table]) => {
                Ok(rule::run(&self.stages, &Table::from_json(table)?, by)?.to_json())
            }
            (
                EqCi | Has | HasAny | ParseCommandLine | Element | ToString | IndexOf | Substring | Iff
                | ColumnIfExists | Where | Extend | ProjectReorder | BitsadminActivity,
                _,
            ) => {
                let detail = format!("{function} does not take {} arguments", args.len());
                Err(Error::new(ErrorKind::WrongCount, detail))
            }
        }
    }

    /// `column_ifexists` over a row given as an object; its columns are dynamic.
    fn column_ifexists(&self, row: &Json, name: &str, default: &Json) -> Result<Json, Error> {
        let object = row.as_object().ok_or_else(|| wrong("an object", row))?;
        let columns = object.keys().map(|name| Column::new(name, Type::Dynamic)).collect();
        let mut table = Table::new(columns)?;
        table.push(object.values().map(Dynamic::from_json).collect())?;
        let by = &self.semantics;
        let default = Dynamic::from_json(default);
        let answers = table.rows_by_name().map(|row| (by.column_ifexists)(by, row, name, default.clone()));
        Ok(answers.map(|answer| answer.to_json()).next().unwrap_or_default())
    }

    /// `where` with a column of truth values as the predicate.
    fn filter(&self, table: &Table, predicate: &str) -> Result<Json, Error> {
        let by = &self.semantics;
        let kept = (by.filter)(by, table, &|row| match row.cell(predicate)? {
            Dynamic::Null => Ok(None),
            Dynamic::Bool(value) => Ok(Some(*value)),
            other => Err(wrong("a bool", &other.to_json())),
        })?;
        Ok(kept.to_json())
    }

    /// `extend` with assignments of one column to another: `[["name", "from"]…]`.
    fn extend(&self, table: &Table, assignments: &Json) -> Result<Json, Error> {
        let by = &self.semantics;
        let pairs: Vec<(String, String)> = serde_json::from_value(assignments.clone())
            .map_err(|_| wrong("an array of pairs of column names", assignments))?;
        let typed = |(name, from): &(String, String)| {
            let source = table.columns().iter().find(|column| column.name == *from);
            Ok(Column::new(name, source.ok_or_else(|| unknown(from))?.r#type))
        };
        let columns = pairs.iter().map(typed).collect::<Result<Vec<_>, Error>>()?;
        let value = |row: Row<'_>, number: usize| Ok(row.cell(&pairs[number].1)?.clone());
        Ok((by.extend)(by, table, &columns, &value)?.to_json())
    }

    fn project_reorder(&self, columns: &Json, listed: &Json) -> Result<Json, Error> {
        let by = &self.semantics;
        let columns = names(columns)?.into_iter().map(|name| Column::new(name, Type::Dynamic));
        let table = (by.project_reorder)(by, &Table::new(columns.collect())?, &names(listed)?)?;
        Ok(table.columns().iter().map(|column| column.name.as_str()).collect())
    }
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
