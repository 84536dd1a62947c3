//! The engines that this library provides.

use serde_json::{Value as Json, json};

use super::query::NOW;
use super::query::{RunQuery, Tables, run_query};
use super::{Answer, Engine, Hello, StartError};
use rulespec::Function;
use rulespec::fast;
use rulespec::kql::{
    Column, Dynamic, Error, ErrorKind, Profile, Row, Semantics, Table, Type, unknown_column,
};
use rulespec::query::Context;
use rulespec::rule::Rule;

/// The reference implementation. A misreading is the same engine with a function replaced, or with
/// another text of the rule.
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
    /// The functions that it calls, and its profile.
    pub semantics: Semantics,
    /// The rule.
    pub rule: Rule,
    /// How a query is run.
    pub query: RunQuery,
}

impl Reference {
    /// The reference under a profile.
    pub fn with_profile(profile: Profile) -> Self {
        Self {
            semantics: Semantics::with_profile(profile),
            rule: Rule::bitsadmin_activity().clone(),
            query: run_query,
        }
    }
}

impl Default for Reference {
    fn default() -> Self {
        Self::with_profile(Profile::default())
    }
}

/// The optimized functions of [`rulespec::fast`], and the reference for all others.
///
/// It gives the same answers as the reference under the default profile.
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
        answer(parse_name(function).and_then(|function| {
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
        answer(parse_name(function).and_then(|function| self.call(function, args)))
    }
}

fn parse_name(name: &str) -> Result<Function, Error> {
    name.parse().map_err(|_| Error::new(ErrorKind::UnknownFunction, format!("there is no {name:?}")))
}

fn answer(result: Result<Json, Error>) -> Answer {
    match result {
        Ok(value) => Answer::Value(value),
        Err(error) if matches!(error.kind(), ErrorKind::UnknownFunction | ErrorKind::Unsupported) => {
            Answer::Unsupported(error.to_string())
        }
        Err(error) => Answer::Error(error.kind().to_string()),
    }
}

impl Reference {
    fn call(&self, function: Function, args: &[Json]) -> Result<Json, Error> {
        use Function::{
            BitsadminActivity, ColumnIfExists, Element, EqCi, Extend, Has, HasAny, Iff, IndexOf,
            ParseCommandLine, ProjectReorder, Query, Substring, ToString, Where,
        };
        let kql = &self.semantics;
        match (function, args) {
            (EqCi, [a, b]) => Ok(json!((kql.eq_ci)(kql, string(a)?, string(b)?))),
            (Has, [text, lookup]) => Ok(json!((kql.has)(kql, string(text)?, string(lookup)?))),
            (HasAny, [text, lookups]) => Ok(json!((kql.has_any)(kql, string(text)?, &array(lookups)?))),
            (ParseCommandLine, [line, parser]) => {
                Ok((kql.parse_command_line)(kql, string(line)?, string(parser)?)?.to_json())
            }
            (Element, [array, index]) => {
                Ok((kql.element)(kql, &Dynamic::from_json(array), integer(index)?).to_json())
            }
            (ToString, [value]) => Ok(json!(kql.call_tostring(&Dynamic::from_json(value)))),
            (ToString, [value, of_type]) => {
                let of_type =
                    Type::from_name(string(of_type)?).ok_or_else(|| wrong_type("a type of KQL", of_type))?;
                let value = of_type.cell(value).ok_or_else(|| wrong_type(of_type.as_str(), value))?;
                Ok(json!((kql.tostring)(kql, &value, of_type)))
            }
            (IndexOf, [text, lookup]) => Ok(json!((kql.indexof)(kql, string(text)?, string(lookup)?))),
            (Substring, [text, start]) => {
                Ok(json!((kql.substring)(kql, string(text)?, integer(start)?, None)))
            }
            (Substring, [text, start, length]) => {
                let length = Some(integer(length)?);
                Ok(json!((kql.substring)(kql, string(text)?, integer(start)?, length)))
            }
            (Iff, [condition, then, otherwise]) => {
                let (then, otherwise) = (Dynamic::from_json(then), Dynamic::from_json(otherwise));
                Ok((kql.iff)(kql, optional_bool(condition)?, then, otherwise).to_json())
            }
            (ColumnIfExists, [row, name, default]) => self.column_ifexists(row, string(name)?, default),
            (Where, [table, predicate]) => self.filter(&Table::from_json(table)?, string(predicate)?),
            (Extend, [table, assignments]) => self.extend(&Table::from_json(table)?, assignments),
            (ProjectReorder, [columns, listed]) => self.project_reorder(columns, listed),
            (BitsadminActivity, [table]) => {
                Ok(self.rule.run(&Table::from_json(table)?, self.context()?)?.to_json())
            }
            (Query, [text, tables]) => self.query(string(text)?, tables),
            (
                EqCi | Has | HasAny | ParseCommandLine | Element | ToString | IndexOf | Substring | Iff
                | ColumnIfExists | Where | Extend | ProjectReorder | BitsadminActivity | Query,
                _,
            ) => {
                let detail = format!("{function} does not take {} arguments", args.len());
                Err(Error::new(ErrorKind::WrongCount, detail))
            }
        }
    }

    fn context(&self) -> Result<Context<'_>, Error> {
        let now = NOW.parse().map_err(|_| wrong_type("a datetime", &json!(NOW)))?;
        Ok(Context { kql: &self.semantics, now })
    }

    /// A query over tables, which are given by name. `now()` is [`NOW`].
    fn query(&self, text: &str, tables: &Json) -> Result<Json, Error> {
        let object = tables.as_object().ok_or_else(|| wrong_type("an object of tables", tables))?;
        let table = |(name, table): (&String, &Json)| Ok((name.clone(), Table::from_json(table)?));
        let tables: Tables = object.iter().map(table).collect::<Result<_, Error>>()?;
        Ok((self.query)(&self.semantics, text, &tables)?.to_json())
    }

    /// `column_ifexists` on a row that is given as an object. Its columns are dynamic.
    fn column_ifexists(&self, row: &Json, name: &str, default: &Json) -> Result<Json, Error> {
        let object = row.as_object().ok_or_else(|| wrong_type("an object", row))?;
        let columns = object.keys().map(|name| Column::new(name, Type::Dynamic)).collect();
        let mut table = Table::new(columns)?;
        table.push(object.values().map(Dynamic::from_json).collect())?;
        let kql = &self.semantics;
        let default = Dynamic::from_json(default);
        let row = table.rows_by_name().next();
        Ok(row.map(|row| (kql.column_ifexists)(kql, row, name, default).to_json()).unwrap_or_default())
    }

    /// `where` with a column of type bool as the predicate.
    fn filter(&self, table: &Table, predicate: &str) -> Result<Json, Error> {
        let kql = &self.semantics;
        let kept = (kql.filter)(kql, table, &|row| match row.cell(predicate)? {
            Dynamic::Null => Ok(None),
            Dynamic::Bool(value) => Ok(Some(*value)),
            other => Err(wrong_type("a bool", &other.to_json())),
        })?;
        Ok(kept.to_json())
    }

    /// `extend` that copies columns: `[["name", "from"]…]`.
    fn extend(&self, table: &Table, assignments: &Json) -> Result<Json, Error> {
        let kql = &self.semantics;
        let pairs: Vec<(String, String)> = serde_json::from_value(assignments.clone())
            .map_err(|_| wrong_type("an array of pairs of column names", assignments))?;
        let typed = |(name, from): &(String, String)| {
            let source = table.columns().iter().find(|column| column.name == *from);
            Ok(Column::new(name, source.ok_or_else(|| unknown_column(from))?.r#type))
        };
        let columns = pairs.iter().map(typed).collect::<Result<Vec<_>, Error>>()?;
        let value = |row: Row<'_>, number: usize| Ok(row.cell(&pairs[number].1)?.clone());
        Ok((kql.extend)(kql, table, &columns, &value)?.to_json())
    }

    fn project_reorder(&self, columns: &Json, listed: &Json) -> Result<Json, Error> {
        let kql = &self.semantics;
        let columns = names(columns)?.into_iter().map(|name| Column::new(name, Type::Dynamic));
        let table = (kql.project_reorder)(kql, &Table::new(columns.collect())?, &names(listed)?)?;
        Ok(table.columns().iter().map(|column| column.name.as_str()).collect())
    }
}

fn wrong_type(wanted: &str, got: &Json) -> Error {
    Error::new(ErrorKind::WrongType, format!("wanted {wanted}, got {got}"))
}

fn string(json: &Json) -> Result<&str, Error> {
    json.as_str().ok_or_else(|| wrong_type("a string", json))
}

fn integer(json: &Json) -> Result<i64, Error> {
    json.as_i64().ok_or_else(|| wrong_type("a 64-bit integer", json))
}

fn optional_bool(json: &Json) -> Result<Option<bool>, Error> {
    match json {
        Json::Null => Ok(None),
        Json::Bool(value) => Ok(Some(*value)),
        other => Err(wrong_type("a bool or null", other)),
    }
}

fn array(json: &Json) -> Result<Vec<Dynamic>, Error> {
    let elements = json.as_array().ok_or_else(|| wrong_type("an array", json))?;
    Ok(elements.iter().map(Dynamic::from_json).collect())
}

fn names(json: &Json) -> Result<Vec<&str>, Error> {
    let elements = json.as_array().ok_or_else(|| wrong_type("an array of column names", json))?;
    elements.iter().map(string).collect()
}
