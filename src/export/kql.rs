//! Scripts for a real Kusto: a free cluster, the emulator, or Sentinel's logs.
//!
//! Every script returns rows of `id: string` and `got: dynamic`, one for each
//! vector whose answer is not the wanted one. A vector that touches an open point
//! has no wanted answer and is always returned. What a script does not return is
//! as wanted; so results stay small, and can be read back whole.

use std::fmt::Write;

use serde_json::{Value as Json, json};

use crate::kql::{Dynamic, Table, Type};
use crate::rule;
use crate::suite::{Vector, Want};
use crate::verdict::wanted_error;

/// A script to run in one go: a query, with remarks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// A name for its file, without ending.
    pub name: String,
    /// The text.
    pub text: String,
    /// The vectors it asks.
    pub vectors: Vec<String>,
    /// Whether it should fail, which is the wanted answer of its one vector.
    pub should_fail: bool,
}

/// The functions of one value, whose vectors share a script: the types of their
/// arguments, and the call on columns named `a`, `b`, `c`.
const SCALARS: &[(&str, &[Type], &str)] = &[
    ("=~", &[Type::String, Type::String], "a =~ b"),
    ("has", &[Type::String, Type::String], "a has b"),
    ("has_any", &[Type::String, Type::Dynamic], "a has_any (b)"),
    ("parse_command_line", &[Type::String, Type::String], "parse_command_line(a, b)"),
    ("[]", &[Type::Dynamic, Type::Long], "a[b]"),
    ("tostring", &[Type::Dynamic], "tostring(a)"),
    ("indexof", &[Type::String, Type::String], "indexof(a, b)"),
    ("substring", &[Type::String, Type::Long], "substring(a, b)"),
    ("substring", &[Type::String, Type::Long, Type::Long], "substring(a, b, c)"),
    ("iff", &[Type::Bool, Type::Dynamic, Type::Dynamic], "iff(a, b, c)"),
];

/// The scripts that ask the vectors: one a function of one value, one a vector
/// that asks for a table, one a vector whose wanted answer is an error.
pub fn scripts(vectors: &[Vector]) -> Vec<Script> {
    let (errors, values): (Vec<&Vector>, Vec<&Vector>) = vectors.iter().partition(|vector| fails(vector));
    let scalars = SCALARS.iter().filter_map(|(function, types, call)| {
        let own = |vector: &&&Vector| vector.r#fn == *function && vector.args.len() == types.len();
        let own: Vec<&Vector> = values.iter().filter(own).copied().collect();
        (!own.is_empty()).then(|| scalar_script(function, types, call, &own))
    });
    let tables = values.iter().filter_map(|vector| table_script(vector));
    let errors = errors.into_iter().filter_map(error_script);
    scalars.chain(tables).chain(errors).collect()
}

/// Whether the wanted answer is an error, by default where the point is open: such
/// a call would take its whole script down.
fn fails(vector: &Vector) -> bool {
    match &vector.want {
        Want::Settled { want } => wanted_error(want).is_some(),
        Want::Open { wants, .. } => wants.values().any(|want| wanted_error(want).is_some()),
    }
}

fn scalar_script(function: &str, types: &[Type], call: &str, vectors: &[&Vector]) -> Script {
    let names = ["a", "b", "c"];
    let heads: String = names.iter().zip(types).map(|(name, kind)| format!("{name}: {kind}, ")).collect();
    let mut text = format!("let questions = datatable(id: string, {heads}open: bool, want: dynamic)[\n");
    for vector in vectors {
        let args: String =
            vector.args.iter().zip(types).map(|(arg, kind)| literal(arg, *kind) + ", ").collect();
        let open = matches!(vector.want, Want::Open { .. });
        let want = literal(wanted(vector), Type::Dynamic);
        // Writing to a String cannot fail.
        let _ = writeln!(text, "    {}, {args}{open}, {want},", string(&vector.id));
    }
    let _ = write!(
        text,
        "];\nquestions\n| extend got = {}\n| where open or tostring(pack_array(got)) != tostring(pack_array(want))\n\
         | project id, got = todynamic(got)\n",
        if function == "tostring" { format!("pack_array({call})[0]") } else { call.to_owned() }
    );
    let arity = if function == "substring" { format!("-{}", types.len()) } else { String::new() };
    script(&format!("{}{arity}", file_name(function)), text, vectors.iter().copied(), false)
}

fn table_script(vector: &Vector) -> Option<Script> {
    let (source, stages) = pipeline(vector)?;
    let want = literal(wanted(vector), Type::Dynamic);
    let open = matches!(vector.want, Want::Open { .. });
    let got = match vector.r#fn.as_str() {
        "column_ifexists" => "toscalar(result | project answer)".to_owned(),
        "project-reorder" => format!("toscalar({COLUMNS} | summarize make_list(ColumnName))"),
        _ => {
            let names = wanted(vector)["columns"].as_array()?.iter();
            let names: Vec<String> =
                names.filter_map(|column| Some(bracketed(column["name"].as_str()?))).collect();
            format!(
                "bag_pack(\"columns\", toscalar({COLUMNS} | summarize make_list(bag_pack(\"name\", ColumnName, \
                 \"type\", ColumnType))), \"rows\", toscalar(result | summarize make_list(pack_array({}))))",
                names.join(", ")
            )
        }
    };
    let text = format!(
        "let result = {source}\n{stages};\nlet want = {want};\nprint id = {}, got = todynamic({got})\n\
         | where {open} or tostring(got) != tostring(want)\n",
        string(&vector.id)
    );
    Some(script(&vector.id, text, [vector], false))
}

/// The columns of the result, in order.
const COLUMNS: &str = "result | getschema | sort by ColumnOrdinal asc";

fn error_script(vector: &Vector) -> Option<Script> {
    let query = match pipeline(vector) {
        Some((source, stages)) => format!("{source}\n{stages}\n"),
        None => {
            let own = |(name, types, _): &&(&str, &[Type], &str)| {
                *name == vector.r#fn && types.len() == vector.args.len()
            };
            let (_, types, call) = SCALARS.iter().find(own)?;
            let lets = ["a", "b", "c"].iter().zip(&vector.args).zip(*types);
            let lets: String =
                lets.map(|((name, arg), kind)| format!("let {name} = {};\n", literal(arg, *kind))).collect();
            format!("{lets}print id = {}, got = {call}\n", string(&vector.id))
        }
    };
    Some(script(&vector.id, format!("// This should fail.\n{query}"), [vector], true))
}

fn script<'a>(
    name: &str,
    text: String,
    vectors: impl IntoIterator<Item = &'a Vector>,
    should_fail: bool,
) -> Script {
    let vectors = vectors.into_iter().map(|vector| vector.id.clone()).collect();
    Script { name: name.to_owned(), text, vectors, should_fail }
}

/// The source table of a vector and what is piped from it, where it asks for a
/// table's operators.
fn pipeline(vector: &Vector) -> Option<(String, String)> {
    let args = &vector.args;
    let listed = |json: &Json| -> Option<String> {
        Some(json.as_array()?.iter().filter_map(Json::as_str).map(bracketed).collect::<Vec<_>>().join(", "))
    };
    Some(match (vector.r#fn.as_str(), args.as_slice()) {
        ("where", [table, name]) => (datatable(table)?, format!("| where {}", bracketed(name.as_str()?))),
        ("extend", [table, assignments]) => {
            let pairs: Vec<(String, String)> = serde_json::from_value(assignments.clone()).ok()?;
            let pairs = pairs.iter().map(|(name, from)| format!("{} = {}", bracketed(name), bracketed(from)));
            (datatable(table)?, format!("| extend {}", pairs.collect::<Vec<_>>().join(", ")))
        }
        ("project-reorder", [columns, list]) => {
            let columns = columns.as_array()?.iter().filter_map(Json::as_str);
            let heads: Vec<String> = columns.map(|name| format!("{}: long", bracketed(name))).collect();
            (format!("datatable({})[]", heads.join(", ")), format!("| project-reorder {}", listed(list)?))
        }
        ("column_ifexists", [row, name, default]) => {
            let object = row.as_object()?;
            let heads: Vec<String> =
                object.iter().map(|(name, cell)| format!("{}: {}", bracketed(name), type_of(cell))).collect();
            let cells: Vec<String> = object.values().map(|cell| literal(cell, type_of(cell))).collect();
            let source = format!("datatable({})[{}]", heads.join(", "), cells.join(", "));
            let default = literal(default, type_of(default));
            (source, format!("| project answer = column_ifexists({}, {default})", string(name.as_str()?)))
        }
        ("bitsadmin_activity", [table]) => {
            let stages: Vec<String> = rule::stages().iter().map(|stage| format!("| {stage}")).collect();
            (datatable(table)?, stages.join("\n"))
        }
        _ => return None,
    })
}

/// A table as KQL's `datatable`.
fn datatable(json: &Json) -> Option<String> {
    let table = Table::from_json(json).ok()?;
    let heads: Vec<String> = table
        .columns()
        .iter()
        .map(|column| format!("{}: {}", bracketed(&column.name), column.r#type))
        .collect();
    let cells = table.rows().iter().map(|row| {
        let cells =
            row.iter().zip(table.columns()).map(|(cell, column)| literal(&cell.to_json(), column.r#type));
        format!("    {},\n", cells.collect::<Vec<_>>().join(", "))
    });
    Some(format!("datatable({})[\n{}]", heads.join(", "), cells.collect::<String>()))
}

/// The wanted answer; of an open point null, which is not compared.
fn wanted(vector: &Vector) -> &Json {
    match &vector.want {
        Want::Settled { want } => want,
        Want::Open { .. } => &Json::Null,
    }
}

/// A JSON value as a literal of a type.
///
/// ```
/// use rulespec::export::kql::literal;
/// use rulespec::kql::Type;
/// use serde_json::json;
///
/// assert_eq!(literal(&json!("a\"\\"), Type::String), r#""a\"\\""#);
/// assert_eq!(literal(&json!([1, null]), Type::Dynamic), "dynamic([1,null])");
/// assert_eq!(literal(&json!(null), Type::Bool), "bool(null)");
/// ```
pub fn literal(value: &Json, kind: Type) -> String {
    match (kind, value) {
        (Type::String, Json::String(text)) => string(text),
        (Type::String, Json::Null) => string(""),
        (Type::Dynamic, value) => format!("dynamic({})", ascii(&value.to_string())),
        (_, Json::Null) => format!("{kind}(null)"),
        (Type::Bool, value) => value.to_string(),
        (_, Json::String(text)) => format!("{kind}({text})"),
        (_, value) => format!("{kind}({value})"),
    }
}

fn type_of(value: &Json) -> Type {
    match Dynamic::from_json(value) {
        Dynamic::Bool(_) => Type::Bool,
        Dynamic::Long(_) => Type::Long,
        Dynamic::Real(_) => Type::Real,
        Dynamic::String(_) => Type::String,
        _ => Type::Dynamic,
    }
}

/// A KQL string literal, in ASCII.
fn string(text: &str) -> String {
    ascii(&Json::from(text).to_string())
}

/// JSON text with everything beyond ASCII, and DEL, written as `\u` escapes, so
/// that no editor or terminal on the way changes it.
fn ascii(json: &str) -> String {
    let mut text = String::new();
    for c in json.chars() {
        if matches!(c, ' '..='~') {
            text.push(c);
        } else {
            let mut units = [0; 2];
            let escapes = c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}"));
            text.extend(escapes);
        }
    }
    text
}

/// A column's name where KQL takes one: in brackets unless it is a plain word.
fn bracketed(name: &str) -> String {
    let plain = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && name.bytes().next().is_some_and(|b| b.is_ascii_alphabetic());
    if plain { name.to_owned() } else { format!("[{}]", string(name)) }
}

fn file_name(function: &str) -> &str {
    match function {
        "=~" => "equals",
        "[]" => "subscript",
        name => name,
    }
}

/// The whole of a script's file: where it comes from, and how to use it.
pub fn file(script: &Script) -> String {
    let head = json!({"rulespec": env!("CARGO_PKG_VERSION"), "vectors": script.vectors.len()});
    format!(
        "// {head}\n// Returns the vectors whose answer differs from the wanted one, and those of open points.\n{}",
        script.text
    )
}
