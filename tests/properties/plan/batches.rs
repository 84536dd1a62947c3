//! A plan over record batches gives the result of the reference over a table with the same rows.

use std::ops::Range;
use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{
    DurationNanosecondType, Float64Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{
    Array, ArrayRef, BooleanArray, DurationMicrosecondArray, Float64Array, Int64Array, RecordBatch,
    TimestampNanosecondArray,
};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use proptest::prelude::*;

use super::{COLUMNS, any_plan_cell, bind, columns, now, queries, tables};
use crate::properties::columns::{LAYOUTS, Layout, text_array};
use rulespec::fast::plan::{BatchPlan, columns_of};
use rulespec::fast::text_column::{TextColumn, is_text};
use rulespec::kql::{Datetime, Dynamic, Semantics, Table, Timespan, Type};
use rulespec::query::{Context, Query, Schemas};

/// A cell that an Arrow column can hold.
fn any_batch_cell(r#type: Type) -> BoxedStrategy<Dynamic> {
    let ticks =
        prop_oneof![-60_000_000_000_000_000..60_000_000_000_000_000_i64, Just(17_672_778_000_000_000)];
    let elements = prop::collection::vec(prop::sample::select(vec!["", "a", "/A"]), 0..3);
    let value = match r#type {
        Type::Datetime => ticks
            .prop_map(|ticks| Datetime::from_ticks_since_1970(ticks).map_or(Dynamic::Null, Dynamic::Datetime))
            .boxed(),
        // A duration of microseconds.
        Type::Timespan => {
            ticks.prop_map(|ticks| Dynamic::Timespan(Timespan::from_ticks(ticks / 10 * 10))).boxed()
        }
        Type::Dynamic => elements.prop_map(Dynamic::strings).boxed(),
        other => return any_plan_cell(other),
    };
    prop_oneof![1 => Just(Dynamic::Null), 4 => value].boxed()
}

fn ticks(cell: &Dynamic) -> Option<i64> {
    match cell {
        Dynamic::Datetime(time) => Some(time.ticks_since_1970()),
        Dynamic::Timespan(span) => Some(span.ticks()),
        _ => None,
    }
}

fn array(r#type: Type, cells: &[&Dynamic], layout: Layout, nulls: bool) -> ArrayRef {
    match r#type {
        Type::Bool => Arc::new(cells.iter().map(|cell| cell.as_bool()).collect::<BooleanArray>()),
        Type::Long => Arc::new(cells.iter().map(|cell| cell.as_long()).collect::<Int64Array>()),
        Type::Real => {
            let real = |cell: &&Dynamic| match cell {
                Dynamic::Real(value) => Some(*value),
                _ => None,
            };
            Arc::new(cells.iter().map(real).collect::<Float64Array>())
        }
        Type::Datetime => {
            let nanoseconds = cells.iter().map(|cell| ticks(cell).map(|ticks| ticks * 100));
            Arc::new(nanoseconds.collect::<TimestampNanosecondArray>())
        }
        Type::Timespan => {
            let microseconds = cells.iter().map(|cell| ticks(cell).map(|ticks| ticks / 10));
            Arc::new(microseconds.collect::<DurationMicrosecondArray>())
        }
        Type::Dynamic => {
            let mut lists = ListBuilder::new(StringBuilder::new());
            for cell in cells {
                if let Dynamic::Array(elements) = cell {
                    elements.iter().for_each(|element| lists.values().append_option(element.as_str()));
                }
                lists.append(!cell.is_null());
            }
            Arc::new(lists.finish())
        }
        _ => text_array(&cells.iter().map(|cell| cell.as_str().unwrap()).collect::<Vec<_>>(), layout, nulls),
    }
}

fn batch(table: &Table, layouts: &[Layout], nulls: bool) -> RecordBatch {
    let (mut fields, mut arrays) = (vec![], vec![]);
    for (index, (name, r#type)) in COLUMNS.into_iter().enumerate() {
        let cells: Vec<&Dynamic> = table.rows().iter().map(|row| &row[index]).collect();
        let array = array(r#type, &cells, layouts[index % layouts.len()], nulls);
        fields.push(Field::new(name, array.data_type().clone(), true));
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap()
}

/// A cell of the result as text.
fn cell(column: &ArrayRef, row: usize) -> String {
    let text = |value: &dyn std::fmt::Debug| format!("{value:?}");
    match column.data_type() {
        _ if is_text(column.data_type()) && column.is_valid(row) => {
            TextColumn::new(column).unwrap().text(row).to_owned()
        }
        _ if column.is_null(row) => "null".to_owned(),
        DataType::Boolean => text(&column.as_boolean().value(row)),
        DataType::Int32 => text(&column.as_primitive::<Int32Type>().value(row)),
        DataType::Int64 => text(&column.as_primitive::<Int64Type>().value(row)),
        DataType::Float64 => text(&column.as_primitive::<Float64Type>().value(row)),
        DataType::Timestamp(..) => text(&(column.as_primitive::<TimestampNanosecondType>().value(row) / 100)),
        DataType::Duration(arrow_schema::TimeUnit::Nanosecond) => {
            text(&(column.as_primitive::<DurationNanosecondType>().value(row) / 100))
        }
        DataType::Duration(_) => {
            let spans: &DurationMicrosecondArray = column.as_primitive();
            text(&(spans.value(row) * 10))
        }
        DataType::List(_) => {
            let elements = column.as_list::<i32>().value(row);
            Dynamic::strings(elements.as_string::<i32>().iter().flatten()).to_json().to_string()
        }
        other => panic!("no result has the type {other}"),
    }
}

fn expected_cell(cell: &Dynamic, r#type: Type) -> String {
    match cell {
        Dynamic::Null => "null".to_owned(),
        cell if r#type == Type::Dynamic => cell.to_json().to_string(),
        Dynamic::String(text) => text.clone(),
        Dynamic::Real(value) => format!("{value:?}"),
        Dynamic::Bool(value) => format!("{value:?}"),
        Dynamic::Long(value) => format!("{value:?}"),
        cell => format!("{:?}", ticks(cell).unwrap()),
    }
}

const UNITS: [TimeUnit; 4] =
    [TimeUnit::Second, TimeUnit::Millisecond, TimeUnit::Microsecond, TimeUnit::Nanosecond];

/// A number of a unit of time, often of a time that exists.
fn any_number() -> impl Strategy<Value = Option<i64>> {
    prop_oneof![
        1 => Just(None),
        1 => any::<i64>().prop_map(Some),
        2 => (-62_135_596_801..-62_135_596_790_i64).prop_map(Some),
        2 => (253_402_300_790..253_402_300_810_i64).prop_map(Some),
        6 => (1_000_000_000..1_000_000_205_i64).prop_map(Some),
    ]
}

fn times(unit: TimeUnit, numbers: Int64Array) -> ArrayRef {
    match unit {
        TimeUnit::Second => Arc::new(numbers.reinterpret_cast::<TimestampSecondType>()),
        TimeUnit::Millisecond => Arc::new(numbers.reinterpret_cast::<TimestampMillisecondType>()),
        TimeUnit::Microsecond => Arc::new(numbers.reinterpret_cast::<TimestampMicrosecondType>()),
        TimeUnit::Nanosecond => Arc::new(numbers.reinterpret_cast::<TimestampNanosecondType>()),
    }
}

/// Tests of a text, most of which ask for literals.
const TESTS: [&str; 42] = [
    "a contains 'TRANSFER'",
    "a contains 'é-7'",
    "a !contains 'kelvi'",
    "a contains_cs 'Kelvin'",
    "a has 'kelvin'",
    "a !has '-7'",
    "a hasprefix 'tr'",
    "a has_any ('kelvin', 'transfer', '-7')",
    "a has_any ('Transfer', 'é')",
    "a has_any ('', 'k')",
    "a has_all ('-7', 'kelvin')",
    "a matches regex 'tr(an){1,2}s?fer[0-9]*-'",
    "a matches regex '(?i)k[a-z]lvi|(tran|e-)[ſs]'",
    "a matches regex '(?i)^kelvin|transfer$'",
    "a matches regex '(?-u:K)|ſ'",
    "a matches regex '[0-9]'",
    "a == 'kelvin'",
    "a =~ 'kelvin'",
    "a in~ ('kelvin', 'transfer', 'KELVI7')",
    "a =~ 'kelvin' and a contains 'kelvi'",
    "a != 'Kelvin' and n == 0 and a contains_cs '-7' and a !has 'kelvin'",
    "a has 'kelvin' and tolower(a) == 'kelvin'",
    "a !in~ ('kelvin', 'TRANſFER')",
    "isnotempty(a)",
    "a contains '-7' or a has 'transfer'",
    "not(a contains '-7') and a !has 'transfer'",
    "a contains 'k' | where a !has '7' | where isempty(b)",
    "a != '' | where a contains 'kelvi' | where tolower(a) contains 'v'",
    "tostring(parse_json(a)) has '7' | where a has '-7'",
    "tolower(a) == 'kelvin'",
    "tolower(a) != 'kelvin'",
    "tolower(a) in ('Kelvin', 'transfer', 'é-77')",
    "toupper(a) =~ 'kelvin'",
    "toupper(a) startswith_cs 'TRAN'",
    "tolower(a) endswith_cs 's'",
    "tolower(a) startswith_cs 'T'",
    "tolower(a) contains_cs 'kelvin'",
    "toupper(a) contains_cs 'kelvin'",
    "tolower(a) has_any ('transfer', 'kelvin')",
    "toupper(a) contains 'kelvi'",
    "isempty(tolower(a)) or toupper(a) matches regex 'K'",
    "a has '7' and a != '7' and not(a has 'kelvin' or b has 'kelvin')",
];

/// Texts, some of which are long, of which many have what the tests ask for.
fn many_texts() -> impl Strategy<Value = Vec<String>> {
    let part = prop::sample::select(vec![
        "",
        "tranſfer",
        "TRANSFER",
        "Kelvin",
        "\u{212a}elvin",
        "kelvi",
        "é-7",
        "7",
        "ſ",
        " ",
    ]);
    let texts = |length: BoxedStrategy<usize>, times: Range<usize>| {
        let text = (part.clone(), length, part.clone())
            .prop_map(|(start, length, end)| format!("{start}{}{end}", "-x".repeat(length)));
        (prop::collection::vec(text, 0..40), times).prop_map(|(texts, times)| vec![texts; times].concat())
    };
    let any_length = prop_oneof![4 => 0..4_usize, 1 => 0..5000_usize].boxed();
    // Some columns have so many texts that the share that passes is estimated.
    prop_oneof![19 => texts(any_length, 1..20), 1 => texts((0..4_usize).boxed(), 60..80)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    /// Columns are searched as a whole.
    #[test]
    fn a_test_of_many_texts_selects_those_that_the_reference_selects(
        test in prop::sample::select(&TESTS[..]),
        texts in many_texts(),
        layout in prop::sample::select(&LAYOUTS[..]),
        nulls: bool,
    ) {
        let mut table = Table::new(columns()).unwrap();
        for text in &texts {
            let rest = COLUMNS[1..].iter().map(|(_, r#type)| r#type.empty());
            table.push([text.as_str().into()].into_iter().chain(rest).collect()).unwrap();
        }
        let bound = bind(&format!("T | where {test} | project a")).unwrap();
        let expected = bound.run(&table, Context { kql: &Semantics::default(), now: now() }).unwrap();
        let whole = batch(&table, &[layout], nulls);
        let from = texts.len() / 7;
        let parts = [whole.slice(0, from), whole.slice(from, texts.len() - from)];
        let plan = BatchPlan::new(&bound, whole.schema()).unwrap();
        let found: Vec<String> = parts.iter().flat_map(|part| {
            let found = plan.run(part, now()).unwrap();
            let texts = TextColumn::new(found.column(0)).unwrap();
            (0..found.num_rows()).map(|row| texts.text(row).to_owned()).collect::<Vec<_>>()
        }).collect();
        let expected: Vec<&str> = expected.rows().iter().map(|row| row[0].as_str().unwrap()).collect();
        prop_assert_eq!(found, expected);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// A difference of columns is compared as a whole, but not as an operand of `iff`.
    #[test]
    fn differences_of_times_of_any_unit_are_compared_row_by_row_or_as_a_whole(
        units in prop::sample::select(&UNITS[..]).prop_flat_map(|a| (Just(a), prop::sample::select(&UNITS[..]))),
        numbers in prop::collection::vec((any_number(), any_number()), 0..150),
        comparison in prop::sample::select(vec!["<", "<=", "==", "!=", ">=", ">"]),
        span in prop::sample::select(vec!["0s", "1tick", "-1tick", "1s", "100d", "3000000d", "time(null)"]),
    ) {
        let (a, b): (Vec<_>, Vec<_>) = numbers.iter().copied().unzip();
        let rows = Int64Array::from_iter_values(0..numbers.len() as i64);
        let whole = RecordBatch::try_from_iter([
            ("t", times(units.0, a.into())),
            ("u", times(units.1, b.into())),
            ("n", Arc::new(rows) as ArrayRef),
        ]).unwrap();
        let schemas = Schemas::from([("T".to_owned(), columns_of(whole.schema_ref()).unwrap())]);
        let selected = |difference: &str| {
            let query: Query = format!("T | where {difference} {comparison} {span} | project n").parse().unwrap();
            let bound = query.bind(&schemas, Context { kql: &Semantics::default(), now: now() }).unwrap();
            let found = BatchPlan::new(&bound, whole.schema()).unwrap().run(&whole, now()).unwrap();
            found.column(0).as_primitive::<Int64Type>().values().to_vec()
        };
        prop_assert_eq!(selected("(t - u)"), selected("iff(n >= 0, t - u, t - u)"));
    }

    #[test]
    fn a_plan_over_batches_is_the_reference(
        text in queries(),
        table in tables(any_batch_cell),
        layouts in prop::collection::vec(prop::sample::select(&LAYOUTS[..]), 9),
        nulls: bool,
        from in 0..4_usize,
    ) {
        let bound = bind(&text).unwrap();
        let whole = batch(&table, &layouts, nulls);
        prop_assert_eq!(columns_of(whole.schema_ref()).unwrap(), columns());
        let from = from.min(table.rows().len());
        let mut rest = Table::new(columns()).unwrap();
        table.rows()[from..].iter().for_each(|row| rest.push(row.clone()).unwrap());
        let kql = Semantics::default();
        let expected = bound.run(&rest, Context { kql: &kql, now: now() });
        let plan = BatchPlan::new(&bound, whole.schema()).unwrap();
        let found = plan.run(&whole.slice(from, whole.num_rows() - from), now());
        match (found, expected) {
            (Ok(found), Ok(expected)) => {
                prop_assert_eq!(found.schema_ref(), plan.columns_out());
                prop_assert_eq!(found.num_rows(), expected.rows().len(), "{}", text);
                for (index, column) in expected.columns().iter().enumerate() {
                    prop_assert_eq!(found.schema_ref().field(index).name(), &column.name);
                    let array = found.column(index);
                    for (row, cells) in expected.rows().iter().enumerate() {
                        let of_null = array.is_null(row) && column.r#type == Type::String;
                        let found = if of_null { String::new() } else { cell(array, row) };
                        let expected = expected_cell(&cells[index], column.r#type);
                        prop_assert_eq!(found, expected, "{} {}", text, column.name);
                    }
                }
            }
            (Err(found), Err(expected)) => prop_assert_eq!(found, expected),
            (Err(found), Ok(_)) => prop_assert!(found.to_string().contains("nanoseconds"), "{} {}", text, found),
            (Ok(_), Err(expected)) => prop_assert!(false, "{} {}", text, expected),
        }
    }
}
