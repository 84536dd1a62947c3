//! Texts of queries that are made from bytes: most are valid, and some have a mistake.

use arbitrary::Unstructured;

use rulespec::kql::{Column, Datetime, Error, ErrorKind, Semantics, Table, Type};
use rulespec::query::function::{Parameter, Returns};
use rulespec::query::syntax::is_operator;
use rulespec::query::{Context, Function, Query, Schemas};
use serde_json::{Map, Value as Json, json};

/// The columns of the table `T` that the queries read.
const COLUMNS: [(&str, Type); 11] = [
    ("a", Type::String),
    ("b", Type::String),
    ("s", Type::String),
    ("n", Type::Long),
    ("i", Type::Int),
    ("r", Type::Real),
    ("d", Type::Dynamic),
    ("t", Type::Datetime),
    ("p", Type::Timespan),
    ("g", Type::Guid),
    ("f", Type::Bool),
];

/// The table `T` that the queries read.
pub fn table() -> Table {
    let columns: Vec<Column> = COLUMNS.iter().map(|(name, r#type)| Column::new(*name, *r#type)).collect();
    let rows = json!([
        ["x", "yz", "", 1, 2, 0.5, {"a": [1, "x"]}, "2026-01-02T03:04:05Z", "00:01:00", "74be27de-1e4e-49d9-b579-fe0b331d3642", true],
        ["X", "", "é x", -1, 0, -2.0, "x", "2025-12-31T00:00:00Z", "1.00:00:00", "74be27de-1e4e-49d9-b579-fe0b331d3643", false],
        [null, null, null, null, null, null, null, null, null, null, null],
    ]);
    Table::from_json(&json!({"columns": columns, "rows": rows})).unwrap_or_default()
}

/// Returns the text of a query that bytes stand for.
pub fn generate(bytes: &[u8]) -> String {
    let mut text = Text { bytes: Unstructured::new(bytes), columns: COLUMNS.map(own).to_vec(), lets: vec![] };
    text.query().unwrap_or_else(|_| "T".to_owned())
}

/// Returns the generated text with a number.
pub fn numbered(number: u64) -> String {
    let mut state = number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    let bytes: Vec<u8> = std::iter::repeat_with(next).take(400).collect();
    generate(&bytes)
}

/// What is said of a text that is bound to tables: the columns of the result with their types, or
/// the kind of the first error.
///
/// # Errors
///
/// Returns an error if a table is none.
pub fn verdict(text: &str, tables: &Map<String, Json>) -> Result<Json, Error> {
    let columns = |columns: &[Column]| -> Json {
        columns.iter().map(|column| json!([column.name, column.r#type])).collect()
    };
    let schema =
        |(name, table): (&String, &Json)| Ok((name.clone(), Table::from_json(table)?.columns().to_vec()));
    let schemas: Schemas = tables.iter().map(schema).collect::<Result<_, Error>>()?;
    let kql = Semantics::default();
    let now = Datetime::from_ticks_since_1970(0).ok_or_else(|| Error::new(ErrorKind::WrongType, "1970"))?;
    let context = Context { kql: &kql, now };
    let bound = text.parse::<Query>().and_then(|query| query.bind(&schemas, context));
    let tables: Json = schemas.iter().map(|(name, table)| (name.clone(), columns(table))).collect();
    Ok(match bound {
        Ok(bound) => json!({"text": text, "tables": tables, "columns": columns(&bound.columns)}),
        Err(said) => {
            let (kinds, first) = (said.all().iter().map(|one| one.kind.as_str()), &said.all()[0].message);
            json!({"text": text, "tables": tables, "refused": kinds.collect::<Vec<_>>(), "message": first})
        }
    })
}

fn own((name, r#type): (&str, Type)) -> (String, Type) {
    (name.to_owned(), r#type)
}

/// What is made of bytes.
struct Text<'a> {
    bytes: Unstructured<'a>,
    /// The columns at this place, as far as they are known.
    columns: Vec<(String, Type)>,
    /// The scalars that are declared.
    lets: Vec<(String, Type)>,
}

impl Text<'_> {
    fn pick<'t, T: ?Sized>(&mut self, all: &[&'t T]) -> arbitrary::Result<&'t T> {
        self.bytes.choose(all).copied()
    }

    /// Whether something happens once in this many times.
    fn once_in(&mut self, count: u8) -> arbitrary::Result<bool> {
        Ok(!self.bytes.is_empty() && self.bytes.ratio(1, count)?)
    }

    fn query(&mut self) -> arbitrary::Result<String> {
        let mut text = String::new();
        for name in ["x", "y"] {
            if self.once_in(6)? {
                let r#type = self.any_type()?;
                self.columns.clear();
                text += &format!("let {name} = {};\n", self.expr(r#type, 1)?);
                self.columns = COLUMNS.map(own).to_vec();
                self.lets.push((name.to_owned(), r#type));
            }
        }
        if self.once_in(10)? {
            self.columns.clear();
            text += &format!("print {}", self.assignments(true)?);
        } else {
            text += self.pick(&["T", "T", "T", "T", "(T)", "['T']", "(T | where f)"])?;
        }
        for _ in 0..self.bytes.int_in_range(1..=3)? {
            text += &format!("{}| {}", self.pick(&["\n", " ", ""])?, self.operator()?);
        }
        if self.once_in(20)? { self.damage(&text) } else { Ok(text) }
    }

    /// Takes something from a text, or puts something into it.
    fn damage(&mut self, text: &str) -> arbitrary::Result<String> {
        let place = self.bytes.int_in_range(0..=text.len())?;
        let place = (place..=text.len()).find(|place| text.is_char_boundary(*place)).unwrap_or_default();
        let (before, after) = text.split_at(place);
        let skipped: String = after.chars().skip(1).collect();
        let put =
            ["", "(", ")", "[", "]", "'", "\"", ",", "|", "=", " and ", " x ", "1", "!", "-", ".", "*", ";"];
        let put = self.pick(&put)?;
        Ok(if put.is_empty() { format!("{before}{skipped}") } else { format!("{before}{put}{after}") })
    }

    fn any_type(&mut self) -> arbitrary::Result<Type> {
        Ok(COLUMNS[self.bytes.choose_index(COLUMNS.len())?].1)
    }

    fn column(&mut self) -> arbitrary::Result<String> {
        if self.columns.is_empty() || self.once_in(80)? {
            return Ok(self.pick(&["nope", "A", "strlen", "T", "has"])?.to_owned());
        }
        let index = self.bytes.choose_index(self.columns.len())?;
        let name = &self.columns[index].0;
        let is_plain = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        Ok(if is_plain { name.clone() } else { format!("['{name}']") })
    }

    fn operator(&mut self) -> arbitrary::Result<String> {
        let operators = [
            "where",
            "where",
            "where",
            "filter",
            "extend",
            "extend",
            "project",
            "project",
            "project-away",
            "project-keep",
            "project-rename",
            "project-reorder",
            "distinct",
            "take",
            "limit",
            "sort by",
            "order by",
            "top",
            "count",
        ];
        let name = self.pick(&operators)?;
        let rest = match name {
            "where" | "filter" => self.expr(Type::Bool, 3)?,
            "extend" | "project" => self.assignments(name == "project")?,
            "project-rename" => format!("new = {}", self.column()?),
            "project-away" | "project-keep" | "project-reorder" => {
                self.patterns(name == "project-reorder")?
            }
            "distinct" if self.once_in(3)? => "*".to_owned(),
            "distinct" => self.column()?,
            "take" | "limit" => self.number()?,
            "sort by" | "order by" => self.keys()?,
            "top" => format!("{} by {}", self.number()?, self.key()?),
            _ => self.pick(&["", "", "as c"])?.to_owned(),
        };
        let is_listed = |column: &(String, Type)| rest.split([',', ' ']).any(|word| word == column.0);
        match name {
            "count" => {
                self.columns = vec![(if rest.is_empty() { "Count" } else { "c" }.to_owned(), Type::Long)]
            }
            "project-keep" => self.columns.retain(is_listed),
            "project-away" | "project-rename" => self.columns.retain(|column| !is_listed(column)),
            "distinct" if rest != "*" => self.columns.retain(is_listed),
            _ => {}
        }
        Ok(format!("{name} {rest}"))
    }

    fn number(&mut self) -> arbitrary::Result<String> {
        Ok(self
            .pick(&["1", "10", "2", "3", "2 + 1", "1", "5", "7", "int(3)", "1.5", "'1'", "x", "-1"])?
            .to_owned())
    }

    fn keys(&mut self) -> arbitrary::Result<String> {
        let first = self.key()?;
        Ok(if self.once_in(3)? { format!("{first}, {}", self.key()?) } else { first })
    }

    fn key(&mut self) -> arbitrary::Result<String> {
        let value = if self.once_in(4)? { self.any_expr(2)?.0 } else { self.column()? };
        let direction = self.pick(&["", "", " asc", " desc"])?;
        Ok(format!("{value}{direction}{}", self.pick(&["", "", "", " nulls first", " nulls last"])?))
    }

    fn patterns(&mut self, is_ordered: bool) -> arbitrary::Result<String> {
        let mut patterns = vec![];
        for _ in 0..self.bytes.int_in_range(1..=3)? {
            let pattern = match self.bytes.int_in_range(0..=4)? {
                0 => self.pick(&["a*", "*", "*b*", "z*", "[\"a\"]", "['a*']"])?.to_owned(),
                _ => self.column()?,
            };
            let order = if is_ordered { self.pick(&["", "", "", " asc", " desc"])? } else { "" };
            patterns.push(format!("{pattern}{order}"));
        }
        Ok(patterns.join(", "))
    }

    /// Values with and without names. The columns that they add are known from now on.
    fn assignments(&mut self, replaces: bool) -> arbitrary::Result<String> {
        let (mut all, mut added) = (vec![], vec![]);
        for _ in 0..self.bytes.int_in_range(1..=3)? {
            let (value, r#type) = if self.once_in(5)? { (self.column()?, None) } else { self.any_expr(3)? };
            let name = self.pick(&["", "", "q", "w", "a", "n", "q1", "['x y']", "by", "v", "a1"])?;
            if name.is_empty() {
                all.push(value);
                continue;
            }
            all.push(format!("{name} = {value}"));
            let name = name.trim_matches(|c| "[']".contains(c));
            added.extend(r#type.map(|r#type| (name.to_owned(), r#type)));
        }
        let is_kept = |(name, _): &(String, Type)| {
            !added.iter().any(|(other, _)| other == name) && (!replaces || all.contains(name))
        };
        self.columns.retain(is_kept);
        self.columns.extend(added);
        Ok(all.join(", "))
    }
}

/// Expressions.
impl Text<'_> {
    /// An expression, and its type if it is known.
    fn any_expr(&mut self, depth: u8) -> arbitrary::Result<(String, Option<Type>)> {
        let r#type = self.any_type()?;
        Ok((self.expr(r#type, depth)?, Some(r#type)))
    }

    /// An expression that is usually of a type.
    fn expr(&mut self, wanted: Type, depth: u8) -> arbitrary::Result<String> {
        let wanted = if self.once_in(200)? { self.any_type()? } else { wanted };
        if depth > 0 && !self.once_in(3)? {
            for _ in 0..6 {
                let all: Vec<&Function> = Function::all().collect();
                let function = *self.bytes.choose(&all)?;
                if let Some(types) = self.argument_types(function, wanted)? {
                    return self.call(function, &types, depth - 1);
                }
            }
        }
        self.leaf(wanted)
    }

    /// Types of arguments with which a function returns a type.
    fn argument_types(&mut self, function: &Function, wanted: Type) -> arbitrary::Result<Option<Vec<Type>>> {
        let most =
            function.required.len() + function.optional.len() + if function.rest.is_some() { 2 } else { 0 };
        let least = function.required.len() + usize::from(function.rest.is_some());
        let count = self.bytes.int_in_range(least..=most.max(least))?;
        let mut types = vec![];
        for index in 0..count {
            let accepted: Vec<Type> = COLUMNS.iter().map(|(_, r#type)| *r#type).collect();
            let accepts = |r#type: &Type| {
                function.parameter(index, count).is_some_and(|one: Parameter| one.accepts(*r#type))
            };
            let accepted: Vec<Type> = accepted.into_iter().filter(accepts).collect();
            let is_wanted = accepted.contains(&wanted) && !self.once_in(3)?;
            types.push(if is_wanted { wanted } else { *self.bytes.choose(&accepted)? });
        }
        let fits = match function.returns {
            Returns::Type(r#type) => r#type == wanted,
            Returns::Of(returned) => returned(&types) == Ok(wanted),
            Returns::Common(is_result) => {
                for (index, r#type) in types.iter_mut().enumerate() {
                    if is_result(index, count) && !self.once_in(20)? {
                        *r#type = wanted;
                    }
                }
                true
            }
        };
        Ok(fits.then_some(types))
    }

    fn call(&mut self, function: &Function, types: &[Type], depth: u8) -> arbitrary::Result<String> {
        let mut arguments = vec![];
        for r#type in types {
            arguments.push(self.expr(*r#type, depth)?);
        }
        if self.once_in(200)? {
            arguments.pop();
        }
        let name = function.name;
        let is_list = ["in", "!in", "in~", "!in~", "has_any", "has_all"].contains(&name);
        let call = match arguments.as_slice() {
            [value, rest @ ..] if is_list => format!("{value} {name} ({})", rest.join(", ")),
            [value, low, high] if name.ends_with("between") => format!("{value} {name} ({low} .. {high})"),
            [first, ..] if name == "and" || name == "or" => match arguments.len() {
                1 => format!("{name} {first}"),
                _ => arguments.join(&format!(" {name} ")),
            },
            [value, index] if name == "[]" => match self.pick(&["[]", ".", "['']"])? {
                "[]" => return Ok(format!("{value}[{index}]")),
                "." => return Ok(format!("{value}.{}", self.pick(&["a", "['a b']", "key"])?)),
                _ => return Ok(format!("{value}[{}]", self.pick(&["'a'", "0", "-1", "\"x y\""])?)),
            },
            [value] if name == "-" => format!("-{value}"),
            [a, b] if is_operator(name) => format!("{a} {name} {b}"),
            arguments => return Ok(format!("{name}({})", arguments.join(", "))),
        };
        Ok(if self.once_in(4)? { call } else { format!("({call})") })
    }

    fn leaf(&mut self, wanted: Type) -> arbitrary::Result<String> {
        let named = self.columns.iter().chain(&self.lets).filter(|(_, r#type)| *r#type == wanted);
        let named: Vec<String> = named.map(|(name, _)| format!("['{name}']")).collect();
        if !named.is_empty() && !self.once_in(3)? {
            let name = self.bytes.choose(&named)?.clone();
            let plain = name.trim_matches(|c| "[']".contains(c)).to_owned();
            return Ok(if plain.contains(' ') { name } else { plain });
        }
        if self.once_in(200)? {
            return self.column();
        }
        let literals: &[&str] = match wanted {
            Type::Bool => &["true", "False", "bool(null)", "bool(1)"],
            Type::Int => &["int(5)", "int(-1)", "int(null)"],
            Type::Long => &["1", "0", "0x1F", "long(-3)", "long(null)", "9223372036854775807"],
            Type::Real => &["1.5", "1e3", "1.", "real(nan)", "real(-1.5)", "double(2)", "real(null)"],
            Type::String => {
                &["'x'", "\"a\\tb\"", "@'\\'", "h'x'", "```m\nn```", "'a' \"b\"", "~~~q~~~", "''"]
            }
            Type::Datetime => &[
                "datetime(2020-01-01)",
                "datetime(\"2020-01-01 10:00\")",
                "date(2021-05-06)",
                "now()",
                "datetime(null)",
            ],
            Type::Timespan => {
                &["1d", "1.5h", "timespan(1.02:03:04)", "time(2)", "100ms", "7ticks", "timespan(null)"]
            }
            Type::Guid => &["guid(74be27de-1e4e-49d9-b579-fe0b331d3642)", "guid(null)"],
            Type::Dynamic => &[
                "dynamic([1, 'x', null])",
                "dynamic({'a': 1.5, \"b\": [true]})",
                "dynamic(null)",
                "dynamic('x')",
                "dynamic(-1)",
            ],
        };
        Ok(self.pick(literals)?.to_owned())
    }
}
