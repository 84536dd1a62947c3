//! The rule over record batches gives the same results as the rule over tables.

use std::sync::Arc;

use arrow_array::builder::StringDictionaryBuilder;
use arrow_array::cast::AsArray;
use arrow_array::types::{Int8Type, Int64Type};
use arrow_array::{
    Array, ArrayRef, BooleanArray, Int32Array, Int64Array, LargeStringArray, NullArray, RecordBatch,
    StringArray, StringViewArray, TimestampNanosecondArray,
};
use arrow_schema::{DataType, Field, Schema, TimeUnit};
use proptest::prelude::*;

use rulespec::fast::columns::{Plan, bitsadmin_activity};
use rulespec::fast::text_column::{TextColumn, is_text};
use rulespec::kql::{Datetime, Dynamic, ErrorKind, Profile, Table, Type};
use rulespec::{Function, suite};
use rulespec_testing::rule::{bitsadmin_activity as reference, required_columns};

use super::rule::tables;

/// The memory layout of a string column.
#[derive(Debug, Clone, Copy)]
pub(super) enum Layout {
    Utf8,
    Large,
    View,
    Dictionary,
}

pub(super) const LAYOUTS: [Layout; 4] = [Layout::Utf8, Layout::Large, Layout::View, Layout::Dictionary];

/// Creates a string column. If `nulls`, it has null for `""`.
pub(super) fn text_array(texts: &[&str], layout: Layout, nulls: bool) -> ArrayRef {
    let cells = texts.iter().map(|text| (!nulls || !text.is_empty()).then_some(*text));
    match layout {
        Layout::Utf8 => Arc::new(cells.collect::<StringArray>()),
        Layout::Large => Arc::new(cells.collect::<LargeStringArray>()),
        Layout::View => Arc::new(cells.collect::<StringViewArray>()),
        Layout::Dictionary => {
            let mut dictionary = StringDictionaryBuilder::<Int8Type>::new();
            dictionary.extend(cells);
            Arc::new(dictionary.finish())
        }
    }
}

/// Converts a column of a table, or returns `None` if no test needs its type.
fn array(of_type: Type, cells: &[&Dynamic], layout: Layout, nulls: bool) -> Option<ArrayRef> {
    let longs = || cells.iter().map(|cell| cell.as_long());
    Some(match of_type {
        Type::String => {
            let texts: Option<Vec<&str>> = cells.iter().map(|cell| cell.as_str()).collect();
            text_array(&texts?, layout, nulls)
        }
        Type::Bool => Arc::new(cells.iter().map(|cell| cell.as_bool()).collect::<BooleanArray>()),
        Type::Long => Arc::new(longs().collect::<Int64Array>()),
        Type::Int => {
            Arc::new(longs().map(|cell| cell.and_then(|n| n.try_into().ok())).collect::<Int32Array>())
        }
        Type::Datetime => {
            let ticks = cells.iter().map(|cell| cell.as_datetime().map(|time| time.ticks_since_1970() * 100));
            Arc::new(ticks.collect::<TimestampNanosecondArray>())
        }
        _ if cells.iter().all(|cell| cell.is_null()) => Arc::new(NullArray::new(cells.len())),
        _ => return None,
    })
}

fn batch(table: &Table, layouts: &[Layout], nulls: bool) -> Option<RecordBatch> {
    let mut fields = vec![];
    let mut arrays = vec![];
    for (at, column) in table.columns().iter().enumerate() {
        let cells: Vec<&Dynamic> = table.rows().iter().map(|row| &row[at]).collect();
        let layout = layouts[at % layouts.len()];
        let array = array(column.r#type, &cells, layout, nulls)?;
        fields.push(Field::new(&column.name, array.data_type().clone(), true));
        arrays.push(array);
    }
    RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).ok()
}

fn cell(column: &ArrayRef, row: usize) -> Dynamic {
    match column.data_type() {
        DataType::List(_) => {
            Dynamic::strings(column.as_list::<i32>().value(row).as_string::<i32>().iter().flatten())
        }
        text if is_text(text) => TextColumn::new(column).unwrap().text(row).into(),
        _ if column.is_null(row) => Dynamic::Null,
        DataType::Boolean => column.as_boolean().value(row).into(),
        DataType::Int64 => column.as_primitive::<Int64Type>().value(row).into(),
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            let times: &TimestampNanosecondArray = column.as_primitive();
            Dynamic::Datetime(Datetime::from_ticks_since_1970(times.value(row) / 100).unwrap())
        }
        other => panic!("no test needs a {other}"),
    }
}

type Rows = (Vec<String>, Vec<Vec<Dynamic>>);

fn rows_of_batch(batch: &RecordBatch) -> Rows {
    let names = batch.schema().fields().iter().map(|field| field.name().clone()).collect();
    let row = |row| batch.columns().iter().map(|column| cell(column, row)).collect();
    (names, (0..batch.num_rows()).map(row).collect())
}

fn rows_of_table(table: &Table) -> Rows {
    (table.columns().iter().map(|column| column.name.clone()).collect(), table.rows().to_vec())
}

/// Returns our result for the table as a batch with these layouts, and the reference's result.
fn both(
    table: &Table,
    layouts: &[Layout],
    nulls: bool,
) -> Option<(Result<Rows, ErrorKind>, Result<Rows, ErrorKind>)> {
    let batch = batch(table, layouts, nulls)?;
    let ours = bitsadmin_activity(&batch).map(|batch| rows_of_batch(&batch));
    let expected = reference(table, &Profile::default()).map(|table| rows_of_table(&table));
    Some((ours.map_err(|error| error.kind()), expected.map_err(|error| error.kind())))
}

fn layouts() -> impl Strategy<Value = Vec<Layout>> {
    prop::collection::vec(prop::sample::select(&LAYOUTS[..]), 5)
}

proptest! {
    #[test]
    fn batches_and_tables_have_the_same_result(table in tables(), layouts in layouts(), nulls: bool) {
        let (ours, expected) = both(&table, &layouts, nulls).unwrap();
        prop_assert_eq!(ours, expected);
    }

    #[test]
    fn a_slice_of_a_batch_has_the_result_of_its_rows(table in tables(), layouts in layouts(), from in 0_usize..4) {
        let from = from.min(table.rows().len());
        let mut rest = Table::new(table.columns().to_vec()).unwrap();
        table.rows()[from..].iter().for_each(|row| rest.push(row.clone()).unwrap());
        let whole = batch(&table, &layouts, true).unwrap();
        let ours = bitsadmin_activity(&whole.slice(from, whole.num_rows() - from)).unwrap();
        prop_assert_eq!(rows_of_batch(&ours), rows_of_table(&reference(&rest, &Profile::default()).unwrap()));
    }

    #[test]
    fn invalid_columns_are_the_same_error(
        table in tables(),
        dropped in 0_usize..10,
        retyped in 0_usize..10,
        fits in any::<(bool, bool)>(),
    ) {
        let mut columns = table.columns().to_vec();
        if fits.0 {
            columns[retyped].r#type = Type::Long;
        }
        if fits.1 {
            columns.remove(dropped);
        }
        let (ours, expected) = both(&Table::new(columns).unwrap(), &[Layout::Utf8], false).unwrap();
        prop_assert_eq!(ours, expected);
    }
}

#[test]
fn every_vector_of_the_rule_passes_with_batches_of_every_layout() {
    let vectors = suite::vectors().unwrap();
    let mut asked = 0;
    for vector in vectors.iter().filter(|vector| vector.r#fn == Function::BitsadminActivity.name()) {
        let Ok(table) = Table::from_json(&vector.args[0]) else {
            continue;
        };
        for (layout, nulls) in LAYOUTS.into_iter().flat_map(|layout| [(layout, false), (layout, true)]) {
            if let Some((ours, expected)) = both(&table, &[layout], nulls) {
                assert_eq!(ours, expected, "{}", vector.id);
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "{asked}");
}

/// Creates a batch of string columns in which the rule selects every row.
fn matching(rows: usize) -> RecordBatch {
    let columns = required_columns();
    let fields = columns.iter().map(|column| &column.name);
    let columns = fields.map(|name| {
        let text = match name.as_str() {
            "FileName" => "BITſADMIN.EXE",
            "ProcessCommandLine" => r#"x /TRANSFER "" b\"c"#,
            "DeviceName" => "pc.corp.example",
            _ => "",
        };
        (name.clone(), text_array(&vec![text; rows], Layout::Utf8, false))
    });
    RecordBatch::try_from_iter(columns).unwrap()
}

#[test]
fn an_error_names_the_column() {
    let batch = matching(1);
    let without = |name| {
        let at = batch.schema().index_of(name).unwrap();
        let mut batch = batch.clone();
        batch.remove_column(at);
        bitsadmin_activity(&batch).unwrap_err()
    };
    for name in ["FileName", "DeviceId"] {
        let error = without(name).to_string();
        assert!(error.ends_with(&format!("there is no column {name:?}")), "{error}");
    }
}

#[test]
fn a_plan_accepts_only_batches_of_its_columns() {
    let plan = Plan::new(matching(0).schema()).unwrap();
    assert_eq!(plan.run(&matching(0)).unwrap().schema_ref(), plan.columns_out());
    assert_eq!(plan.run(&matching(3)).unwrap().num_rows(), 3);
    let other = matching(1).project(&[0, 1]).unwrap();
    assert_eq!(plan.run(&other).unwrap_err().kind(), ErrorKind::WrongType);
}
