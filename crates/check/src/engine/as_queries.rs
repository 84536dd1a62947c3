//! An engine that is asked for whole queries, because it has no functions of their own.

use serde_json::{Value as Json, json};

use super::{Answer, Engine, Hello, Question, StartError};
use crate::export::kql::literal::{bracketed, string, type_of};
use rulespec::Function;
use rulespec::kql::Type;
use rulespec::query::Literal;
use rulespec::rule::Rule;

/// An engine that answers `query`, asked every other function that it lacks as a query.
///
/// A call becomes a query over a table with a row that has the arguments: `has` with `"a b"` and
/// `"a"` becomes `T | project answer = a has b`.
///
/// ```
/// use rulespec_check::engine::{Answer, AsQueries, Engine, Hello, Reference, StartError};
/// use serde_json::{Value, json};
///
/// /// An engine with nothing but queries.
/// struct Queries(Reference);
///
/// impl Engine for Queries {
///     fn hello(&mut self) -> Result<Hello, StartError> {
///         Ok(Hello { functions: Some(vec!["query".to_owned()]), ..self.0.hello()? })
///     }
///
///     fn ask(&mut self, function: &str, args: &[Value]) -> Answer {
///         assert_eq!(function, "query");
///         self.0.ask(function, args)
///     }
/// }
///
/// let mut engine = AsQueries::new(Queries(Reference::default()));
/// assert!(engine.hello()?.has("has"));
/// assert_eq!(engine.ask("has", &[json!("a b"), json!("a")]), Answer::Value(json!(true)));
/// # Ok::<(), StartError>(())
/// ```
///
/// Spec: PRO-26
#[derive(Debug)]
pub struct AsQueries<E> {
    engine: E,
    /// The functions that are asked as queries.
    converted: Vec<Function>,
}

impl<E: Engine> AsQueries<E> {
    /// Wraps an engine.
    pub fn new(engine: E) -> Self {
        Self { engine, converted: vec![] }
    }

    /// The query that a question becomes, unless it is asked as it is.
    fn convert(&self, question: &Question<'_>) -> Option<Query> {
        let function = question.function.parse().ok().filter(|function| self.converted.contains(function))?;
        Query::of(function, question.args)
    }
}

impl<E: Engine> Engine for AsQueries<E> {
    fn hello(&mut self) -> Result<Hello, StartError> {
        let mut hello = self.engine.hello()?;
        if let Some(functions) = hello.functions.as_mut().filter(|listed| listed.iter().any(|f| f == "query"))
        {
            let is_listed = |function: &Function| functions.iter().any(|listed| listed == function.name());
            self.converted = Function::ALL.into_iter().filter(|function| !is_listed(function)).collect();
            functions.extend(self.converted.iter().map(|function| function.name().to_owned()));
        }
        Ok(hello)
    }

    fn ask(&mut self, function: &str, args: &[Json]) -> Answer {
        match self.convert(&Question { function, args }) {
            Some(query) => query.answer(self.engine.ask(Function::Query.name(), &query.args)),
            None => self.engine.ask(function, args),
        }
    }

    fn restarts(&self) -> u64 {
        self.engine.restarts()
    }

    fn ask_all(&mut self, questions: &[Question<'_>], each: &mut dyn FnMut(usize, Answer)) {
        let queries: Vec<Option<Query>> = questions.iter().map(|question| self.convert(question)).collect();
        let asked = questions.iter().zip(&queries).map(|(question, query)| match query {
            Some(query) => Question { function: Function::Query.name(), args: &query.args },
            None => *question,
        });
        let asked: Vec<Question<'_>> = asked.collect();
        self.engine.ask_all(&asked, &mut |index, answer| {
            let answer = match queries.get(index).and_then(Option::as_ref) {
                Some(query) => query.answer(answer),
                None => answer,
            };
            each(index, answer);
        });
    }
}

/// A call as a query.
struct Query {
    /// The text, and the tables.
    args: [Json; 2],
    form: Form,
}

/// The part of the resulting table that is the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The first cell.
    Cell,
    /// The names of the columns.
    Columns,
    /// All of it.
    Table,
}

impl Query {
    fn new(text: impl Into<String>, table: Json, form: Form) -> Self {
        Self { args: [Json::String(text.into()), json!({ TABLE: table })], form }
    }

    /// A query that evaluates an expression over a table of one row, with these cells as `a`, `b` and `c`.
    fn of_row(expression: &str, cells: &[(Type, &Json)]) -> Self {
        let columns = ["a", "b", "c"].iter().zip(cells);
        let columns: Json = columns.map(|(name, (kind, _))| json!({"name": name, "type": kind})).collect();
        let row: Json = cells.iter().map(|(_, cell)| (*cell).clone()).collect();
        let table = json!({"columns": columns, "rows": [row]});
        Self::new(format!("{TABLE} | project answer = {expression}"), table, Form::Cell)
    }

    /// A query that evaluates an expression over a dynamic value, `a`. The value is a literal, because
    /// more engines have dynamic literals than dynamic columns.
    fn of_dynamic(expression: &str, value: &Json) -> Self {
        let table = json!({"columns": [{"name": "one", "type": Type::Long}], "rows": [[1]]});
        let text = format!("{TABLE} | extend a = {} | project answer = {expression}", dynamic(value));
        Self::new(text, table, Form::Cell)
    }

    /// The query for a call, or `None` if the arguments have another form. As is usual in rules, the
    /// first argument is a column, and the others are literals.
    fn of(function: Function, args: &[Json]) -> Option<Self> {
        use Type::{Bool, Long, String as Text};
        Some(match (function, args) {
            (Function::EqCi | Function::Has, [a, b]) => {
                Self::of_row(&format!("a {function} {}", plain(b, Text)?), &[(Text, a)])
            }
            (Function::IndexOf, [a, b]) => {
                Self::of_row(&format!("indexof(a, {})", plain(b, Text)?), &[(Text, a)])
            }
            (Function::HasAny, [a, list]) => {
                Self::of_row(&format!("a has_any ({})", elements(list)?), &[(Text, a)])
            }
            (Function::ParseCommandLine, [a, parser]) => {
                Self::of_row(&format!("parse_command_line(a, {})", plain(parser, Text)?), &[(Text, a)])
            }
            (Function::Element, [array, index]) => {
                Self::of_dynamic(&format!("a[{}]", index.as_i64()?), array)
            }
            (Function::ToString, [value]) => Self::of_dynamic("tostring(a)", value),
            (Function::ToString, [value, kind]) => {
                Self::of_row("tostring(a)", &[(Type::from_name(kind.as_str()?)?, value)])
            }
            (Function::Substring, [a, start]) => Self::of_row("substring(a, b)", &[(Text, a), (Long, start)]),
            (Function::Substring, [a, start, length]) => {
                Self::of_row("substring(a, b, c)", &[(Text, a), (Long, start), (Long, length)])
            }
            (Function::Iff, [condition, then, otherwise]) => {
                let kind = branch_type(then, otherwise);
                Self::of_row("iff(a, b, c)", &[(Bool, condition), (kind, then), (kind, otherwise)])
            }
            _ => return Self::of_table(function, args),
        })
    }

    /// The query for a call of a function that takes a table.
    fn of_table(function: Function, args: &[Json]) -> Option<Self> {
        Some(match (function, args) {
            (Function::ColumnIfExists, [row, name, default]) => {
                column_ifexists(row, name.as_str()?, default)?
            }
            (Function::Where, [table, column]) => {
                let text = format!("{TABLE} | where {}", bracketed(column.as_str()?));
                Self::new(text, table.clone(), Form::Table)
            }
            (Function::Extend, [table, assignments]) => {
                let pairs: Vec<(String, String)> = serde_json::from_value(assignments.clone()).ok()?;
                let pairs = pairs.iter().map(|(to, from)| format!("{} = {}", bracketed(to), bracketed(from)));
                let pairs: Vec<String> = pairs.collect();
                Self::new(with_names("extend", &pairs), table.clone(), Form::Table)
            }
            (Function::ProjectReorder, [columns, listed]) => {
                let names = |list: &Json| -> Option<Vec<String>> {
                    list.as_array()?.iter().map(|name| Some(bracketed(name.as_str()?))).collect()
                };
                let columns =
                    columns.as_array()?.iter().map(|name| json!({"name": name, "type": Type::Long}));
                let columns: Vec<Json> = columns.collect();
                // An engine that has no types of columns has no columns without a row.
                let row = vec![0; columns.len()];
                let table = json!({"columns": columns, "rows": [row]});
                Self::new(with_names("project-reorder", &names(listed)?), table, Form::Columns)
            }
            (Function::BitsadminActivity, [table]) => {
                let tables = json!({"DeviceProcessEvents": table});
                Self { args: [json!(Rule::bitsadmin_activity().text()), tables], form: Form::Table }
            }
            _ => return None,
        })
    }

    /// The answer to the call, given the answer to the query.
    fn answer(&self, answer: Answer) -> Answer {
        let result = match answer {
            Answer::Value(result) => result,
            Answer::Retried { failure, answer } => {
                return Answer::Retried { failure, answer: Box::new(self.answer(*answer)) };
            }
            other => return other,
        };
        let part = match self.form {
            Form::Table => return Answer::Value(result),
            Form::Cell => result.pointer("/rows/0/0").cloned(),
            Form::Columns => {
                let columns = result["columns"].as_array();
                columns.map(|columns| columns.iter().map(|column| column["name"].clone()).collect())
            }
        };
        part.map_or_else(
            || Answer::Garbled(format!("the answer to a query is no table: {result}")),
            Answer::Value,
        )
    }
}

/// The name of the table that a query reads.
const TABLE: &str = "T";

/// A value as a literal of type dynamic.
fn dynamic(value: &Json) -> String {
    format!("dynamic({value})")
}

/// A value as a literal, without the escapes that few engines know. `None` if it has another type.
fn plain(value: &Json, kind: Type) -> Option<String> {
    Some(Literal::new(kind.cell(value)?, kind).to_string())
}

/// The elements of a list as literals, or the list as one, if it is empty or has other elements.
fn elements(list: &Json) -> Option<String> {
    let elements = list.as_array()?;
    let texts: Option<Vec<String>> =
        elements.iter().map(|element| plain(element, type_of(element))).collect();
    let are_plain =
        elements.iter().all(|element| !element.is_null() && !element.is_array() && !element.is_object());
    Some(match texts.filter(|texts| are_plain && !texts.is_empty()) {
        Some(texts) => texts.join(", "),
        None => dynamic(list),
    })
}

/// A query with an operator, which is left out if it has no operands, because KQL demands some.
fn with_names(operator: &str, operands: &[String]) -> String {
    match operands {
        [] => TABLE.to_owned(),
        operands => format!("{TABLE} | {operator} {}", operands.join(", ")),
    }
}

/// The type of a value, which is that of the other value if it is null.
fn type_beside(value: &Json, other: &Json) -> Type {
    type_of(if value.is_null() { other } else { value })
}

/// The type for both branches of `iff`. With a null and a string it is dynamic, because no string is null.
fn branch_type(then: &Json, otherwise: &Json) -> Type {
    let (first, second) = (type_beside(then, otherwise), type_beside(otherwise, then));
    let has_null = then.is_null() || otherwise.is_null();
    if first != second || (has_null && first == Type::String) { Type::Dynamic } else { first }
}

fn column_ifexists(row: &Json, name: &str, default: &Json) -> Option<Query> {
    let object = row.as_object()?;
    let columns = object.iter().map(|(name, cell)| json!({"name": name, "type": type_beside(cell, default)}));
    let row: Json = object.values().cloned().collect();
    let table = json!({"columns": columns.collect::<Json>(), "rows": [row]});
    let default_kind = type_beside(default, object.get(name).unwrap_or(&Json::Null));
    let default = plain(default, default_kind)?;
    let text = format!("{TABLE} | project answer = column_ifexists({}, {default})", string(name));
    Some(Query::new(text, table, Form::Cell))
}
