//! A prepared plan gives the result of the reference, for generated queries over generated tables.
//!
//! The queries call every function with arguments that its parameters accept, so that a new function is
//! covered without a change here.

#[cfg(feature = "arrow")]
mod batches;

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;

use super::any_cell;
use rulespec::fast::plan::{EarlyFilter, Plan};
use rulespec::kql::{Column, Datetime, Dynamic, Semantics, Table, Type};
use rulespec::query::bound::{Scalar, ScalarKind, Step};
use rulespec::query::{BoundQuery, Context, Function, Query, Schemas};

/// The columns of the tables. Those of Arrow batches have no ints and guids.
pub(super) const COLUMNS: [(&str, Type); 9] = [
    ("a", Type::String),
    ("b", Type::String),
    ("n", Type::Long),
    ("r", Type::Real),
    ("d", Type::Dynamic),
    ("t", Type::Datetime),
    ("u", Type::Datetime),
    ("p", Type::Timespan),
    ("f", Type::Bool),
];

/// Literals, and functions without arguments.
const CONSTANTS: [&str; 40] = [
    "''",
    "'a'",
    "'A'",
    "'é'",
    "'a b'",
    "'/a'",
    "'.'",
    "'K'",
    "'windows'",
    "'day'",
    "'[ab]+'",
    "'(a)'",
    "'([a-z])'",
    "'a.'",
    "'7'",
    "'hour'",
    "0",
    "1",
    "-1",
    "2",
    "-9223372036854775808",
    "9223372036854775807",
    "1.5",
    "long(null)",
    "real(null)",
    "true",
    "false",
    "bool(null)",
    "1h",
    "1d",
    "time(-10675199.02:48:05.4775808)",
    "time(null)",
    "datetime(2026-01-02T03:04:05.6)",
    "datetime(9999-12-31T23:59:59.9999999)",
    "datetime(null)",
    "now()",
    "ago(1h)",
    "dynamic(['a', '/A', 1])",
    "dynamic({'a': 1.5, 'b': ['é']})",
    "dynamic(null)",
];

pub(super) fn now() -> Datetime {
    "2026-01-02T04:00:00".parse().unwrap()
}

pub(super) fn columns() -> Vec<Column> {
    COLUMNS.map(|(name, r#type)| Column::new(name, r#type)).to_vec()
}

/// Tables with rows that are often equal in some cells.
pub(super) fn tables(cell: impl Fn(Type) -> BoxedStrategy<Dynamic>) -> impl Strategy<Value = Table> {
    let row: Vec<_> = COLUMNS.iter().map(|(_, r#type)| cell(*r#type)).collect();
    vec(row, 0..9).prop_map(|rows| {
        let mut table = Table::new(columns()).unwrap();
        for (index, row) in rows.iter().enumerate() {
            table.push(row.clone()).unwrap();
            if index % 3 == 0 {
                table.push(row.clone()).unwrap();
            }
        }
        table
    })
}

fn any_plan_cell(r#type: Type) -> BoxedStrategy<Dynamic> {
    let text = prop::sample::select(vec!["", "a", "A b", "b/a", "/A.k", "\u{212a}", "É a7", "7", "aab"]);
    match r#type {
        Type::String => prop_oneof![text.prop_map(Dynamic::from), any_cell(Type::String)].boxed(),
        Type::Long => prop_oneof![(-2..3_i64).prop_map(Dynamic::Long), any_cell(Type::Long)].boxed(),
        other => any_cell(other),
    }
}

pub(super) fn bind(text: &str) -> Option<BoundQuery> {
    let kql = Semantics::default();
    let schemas = Schemas::from([("T".to_owned(), columns())]);
    text.parse::<Query>().ok()?.bind(&schemas, Context { kql: &kql, now: now() }).ok()
}

/// The type of an expression, if it is one.
fn type_of(expression: &str) -> Option<Type> {
    Some(bind(&format!("T | project X = {expression}"))?.columns[0].r#type)
}

/// Numbers that decide what is generated.
struct Choices(std::vec::IntoIter<u16>);

impl Choices {
    fn below(&mut self, count: usize) -> usize {
        usize::from(self.0.next().unwrap_or_default()) % count.max(1)
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// The forms that a call can have. Only one of them is bound to the function.
fn forms(name: &str, arguments: &[String]) -> Vec<String> {
    let all = arguments.join(", ");
    let mut forms = vec![format!("{name}({all})")];
    if let [first, rest @ ..] = arguments {
        let (list, range) = (rest.join(", "), rest.join(" .. "));
        let chain = arguments.join(&format!(" {name} "));
        forms.push(format!("({chain})"));
        forms.push(format!("({first} {name} ({list}))"));
        forms.push(format!("({first} {name} ({range}))"));
        forms.push(format!("{first}[{list}]"));
        forms.push(format!("({name}{first})"));
    }
    forms
}

fn functions_in(scalar: &Scalar, names: &mut BTreeSet<&'static str>) {
    if let ScalarKind::Call(function, arguments) = &scalar.kind {
        names.insert(function.name);
        arguments.iter().for_each(|argument| functions_in(argument, names));
    }
}

/// The functions that a query calls.
fn functions(query: &BoundQuery) -> BTreeSet<&'static str> {
    let mut names = BTreeSet::new();
    for step in &query.steps {
        match step {
            Step::Where(value) => functions_in(value, &mut names),
            Step::Extend(values) | Step::Project(values) => {
                values.iter().for_each(|(_, value)| functions_in(value, &mut names));
            }
            Step::Sort(keys) => keys.iter().for_each(|key| functions_in(&key.value, &mut names)),
            Step::Reorder(_) | Step::Distinct | Step::Take(_) | Step::Count(_) => {}
        }
    }
    names
}

/// A call of a function with expressions of the types that it accepts.
fn call(function: &Function, pool: &[(String, Type)], choices: &mut Choices) -> Option<(String, Type)> {
    let most = function.required.len() + function.optional.len() + 3 * usize::from(function.rest.is_some());
    let count = function.required.len() + choices.below(most - function.required.len() + 1);
    let parameters = (0..count).filter_map(|index| function.parameter(index, count));
    let arguments = parameters.map(|parameter| {
        let fitting: Vec<_> = pool.iter().filter(|(_, r#type)| parameter.accepts(*r#type)).collect();
        // Often a recent one, so that expressions become deep.
        let recent = &fitting[fitting.len().saturating_sub(6)..];
        if choices.below(2) == 0 { choices.of(recent).0.clone() } else { choices.of(&fitting).0.clone() }
    });
    let arguments: Vec<String> = arguments.collect();
    let texts = forms(function.name, &arguments).into_iter().filter(|text| text.len() < 400);
    let mut bound = texts.filter_map(|text| {
        let bound = bind(&format!("T | project X = {text}"))?;
        functions(&bound).contains(function.name).then(|| (text, bound.columns[0].r#type))
    });
    bound.next()
}

/// A query of a few operators whose expressions call these functions, among others.
fn query(wanted: &[&'static Function], choices: &mut Choices) -> String {
    let mut pool: Vec<(String, Type)> = CONSTANTS
        .iter()
        .copied()
        .chain(COLUMNS.iter().cycle().take(30).map(|(name, _)| *name))
        .filter_map(|text| Some((text.to_owned(), type_of(text)?)))
        .collect();
    let all: Vec<&Function> = Function::all().collect();
    for number in 0..10 {
        let function = match wanted.get(number % 4) {
            Some(wanted) if number < 8 => wanted,
            _ => choices.of(&all),
        };
        pool.extend(call(function, &pool, choices));
    }
    let calls = &pool[CONSTANTS.len() + 20..];
    let mut text = "T".to_owned();
    for number in 0..1 + choices.below(5) {
        let any = &choices.of(calls).0;
        let bools: Vec<_> = pool.iter().rev().filter(|(_, r#type)| *r#type == Type::Bool).take(8).collect();
        let predicate = &choices.of(&bools).0;
        let other = &choices.of(&bools).0;
        let operator = match choices.below(12) {
            0 | 1 => format!("where {predicate}"),
            2 => format!("where {predicate} or {other}"),
            3 => format!("where {predicate} and not({other})"),
            4 | 5 => format!("extend X{number} = {any}, a = tostring({any})"),
            6 => format!("extend Y = {any} | where {predicate} | extend Z = Y"),
            7 => format!("project a, b, n, r, d, t, u, p, f, W = {any}"),
            8 => format!("sort by {any} asc, n desc"),
            9 => format!("take {}", choices.below(6)),
            10 => format!("project-reorder n, a | extend n = {any} | project-away b"),
            _ => [format!("distinct {any}"), "count".to_owned(), "distinct *".to_owned()][choices.below(3)]
                .clone(),
        };
        let longer = format!("{text} | {operator}");
        if bind(&longer).is_some() {
            text = longer;
        }
    }
    text
}

fn wanted() -> impl Strategy<Value = Vec<&'static Function>> {
    vec(any::<prop::sample::Index>(), 4).prop_map(|indices| {
        let all: Vec<&Function> = Function::all().collect();
        indices.iter().map(|index| *index.get(&all)).collect()
    })
}

/// Texts of queries that can be bound.
pub(super) fn queries() -> impl Strategy<Value = String> {
    (wanted(), vec(any::<u16>(), 250))
        .prop_map(|(wanted, choices)| query(&wanted, &mut Choices(choices.into_iter())))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn a_plan_is_the_reference(text in queries(), table in tables(any_plan_cell)) {
        let bound = bind(&text).unwrap();
        let kql = Semantics::default();
        let expected = bound.run(&table, Context { kql: &kql, now: now() });
        let found = Plan::new(&bound).run(&table, now());
        prop_assert_eq!(format!("{found:?}"), format!("{expected:?}"), "{}", text);
    }

    /// A row that an early filter rejects is not selected, and is no error.
    #[test]
    fn an_early_filter_rejects_no_row_that_matters(text in queries(), table in tables(any_plan_cell)) {
        let bound = bind(&text).unwrap();
        let kql = Semantics::default();
        let context = Context { kql: &kql, now: now() };
        let filter = EarlyFilter::new(&bound, &["a", "absent", "b"]);
        let is_kept = |row: &Vec<Dynamic>| {
            let [a, b] = [&row[0], &row[1]].map(|cell| cell.as_str().unwrap_or_default());
            filter.may_select(&[a, "", b])
        };
        let kept = table.rows().iter().enumerate().filter(|(_, row)| is_kept(row)).map(|(index, _)| index);
        let kept = table.select(&kept.collect::<Vec<_>>());
        let [found, expected] = [kept, table].map(|table| format!("{:?}", bound.run(&table, context)));
        prop_assert_eq!(found, expected, "{}", text);
    }
}

#[test]
fn an_early_filter_rejects_what_known_columns_decide() {
    let decides = |predicate: &str, texts: [&str; 2]| {
        !EarlyFilter::new(&bind(&format!("T | {predicate}")).unwrap(), &["a", "b"]).may_select(&texts)
    };
    assert!(decides("where a =~ 'x'", ["y", ""]));
    assert!(decides("where n == 1 and a has 'x'", ["y", ""]));
    assert!(decides("where a =~ 'x' or b =~ 'x' and n == 1", ["y", "y"]));
    assert!(decides("extend c = a | where f | where not(c == 'x')", ["x", ""]));
    assert!(!decides("where a =~ 'x' or n == 1", ["y", ""]));
    assert!(!decides("where not(a =~ 'x' and n == 1)", ["x", ""]));
    assert!(!decides("take 1 | where a =~ 'x'", ["y", ""]));
    assert!(!decides("where tostring(parse_json(b).x) == 'x' | where a == 'x'", ["y", ""]));
}

/// More words than an index of them has bits.
#[test]
fn a_plan_finds_each_of_many_words() {
    let words: Vec<String> = (0..200).map(|number| format!("Kış{number}s")).chain([String::new()]).collect();
    let listed: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
    let texts = words.iter().flat_map(|word| {
        [
            word.clone(),
            word.to_uppercase(),
            word.replace('s', "ſ"),
            word.replace('K', "\u{212a}"),
            format!("{word}x"),
        ]
    });
    let mut table = Table::new(columns()).unwrap();
    for text in texts {
        let empty = COLUMNS[1..].iter().map(|(_, r#type)| r#type.empty());
        table.push([text.into()].into_iter().chain(empty).collect()).unwrap();
    }
    for operator in ["in", "!in", "in~", "!in~"] {
        let bound = bind(&format!("T | where a {operator} ({})", listed.join(", "))).unwrap();
        let expected = bound.run(&table, Context { kql: &Semantics::default(), now: now() }).unwrap();
        assert!((200..900).contains(&expected.rows().len()), "{operator}");
        assert_eq!(Plan::new(&bound).run(&table, now()), Ok(expected), "{operator}");
    }
}

#[test]
fn every_function_is_called_by_generated_queries() {
    let mut numbers = (0..).scan(7_u64, |state: &mut u64, _: u32| {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        Some((*state >> 33) as u16)
    });
    for function in Function::all() {
        let mut is_called = || {
            let mut choices = Choices(numbers.by_ref().take(250).collect::<Vec<_>>().into_iter());
            bind(&query(&[function; 4], &mut choices))
                .is_some_and(|bound| functions(&bound).contains(function.name))
        };
        assert!((0..1000).any(|_| is_called()), "{}", function.name);
    }
}
