//! How two tables differ: first in their columns, then in their rows on the columns that both have.

mod align;

use serde_json::Value as Json;

use crate::engine::Answer;
use crate::verdict::{agrees, json_eq};
pub(crate) use align::RowDifference;

/// A table in the JSON form of the protocol.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TableView<'a> {
    /// The names and types of the columns.
    pub columns: Vec<(&'a str, &'a Json)>,
    /// The rows, each with as many cells as there are columns.
    pub rows: Vec<&'a [Json]>,
}

impl<'a> TableView<'a> {
    /// A value as a table. `None` if it is none, or if two columns have one name.
    pub fn of(value: &'a Json) -> Option<Self> {
        let column = |column: &'a Json| Some((column.get("name")?.as_str()?, column.get("type")?));
        let columns: Vec<(&str, &Json)> =
            value.get("columns")?.as_array()?.iter().map(column).collect::<Option<_>>()?;
        let mut names: Vec<&str> = columns.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        let row = |row: &'a Json| row.as_array().map(Vec::as_slice).filter(|row| row.len() == columns.len());
        let rows = value.get("rows")?.as_array()?.iter().map(row).collect::<Option<_>>()?;
        names.windows(2).all(|pair| pair[0] != pair[1]).then_some(Self { columns, rows })
    }

    /// The place of a column.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|(other, _)| *other == name)
    }

    /// A cell of a row, by the name of its column.
    pub fn cell(&self, row: usize, name: &str) -> Option<&'a Json> {
        self.rows.get(row)?.get(self.column(name)?)
    }

    /// The rows with these columns only. `None` if one of them is missing.
    fn only(&self, names: &[impl AsRef<str>]) -> Option<Vec<Vec<&'a Json>>> {
        let places: Vec<usize> =
            names.iter().map(|name| self.column(name.as_ref())).collect::<Option<_>>()?;
        let row = |row: &&'a [Json]| places.iter().filter_map(|&at| row.get(at)).collect();
        Some(self.rows.iter().map(row).collect())
    }
}

/// How the columns of two tables differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ColumnDifference {
    /// The columns that only the expected table has.
    pub missing: Vec<String>,
    /// The columns that only the given table has.
    pub extra: Vec<String>,
    /// The columns whose types differ, with the expected type and the given one.
    pub retyped: Vec<(String, String, String)>,
    /// The columns of both in the order of the given table, if that differs.
    pub order: Option<Vec<String>>,
}

/// How two tables differ.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TableDifference<'a> {
    pub want: TableView<'a>,
    pub got: TableView<'a>,
    /// `None` if the columns are the same.
    pub columns: Option<ColumnDifference>,
    /// The rows that differ on the columns that both tables have.
    pub rows: Vec<RowDifference>,
    /// How many rows are equal on them.
    pub equal: usize,
}

impl<'a> TableDifference<'a> {
    /// Compares two values. `None` if one of them is no table, or if they have no column in common.
    pub fn of(want: &'a Json, got: &'a Json) -> Option<Self> {
        let (want, got) = (TableView::of(want)?, TableView::of(got)?);
        let names = common(&want, &got)?;
        let columns = column_difference(&want, &got);
        let (rows, equal) = align::differences(&want.only(&names)?, &got.only(&names)?, &names);
        Some(Self { want, got, columns, rows, equal })
    }

    /// Whether only the columns differ.
    pub fn is_of_columns_only(&self) -> bool {
        self.columns.is_some() && self.rows.is_empty()
    }
}

/// The columns that two tables have in common, in the order of the first one. `None` if there is
/// none, or if both have the same columns in the same order.
pub(crate) fn common_columns(want: &Json, got: &Json) -> Option<Vec<String>> {
    let (want, got) = (TableView::of(want)?, TableView::of(got)?);
    (want.columns != got.columns).then(|| common(&want, &got)).flatten()
}

/// Those of some columns that both tables have.
#[cfg(feature = "explore")]
pub(crate) fn shared_columns(columns: &[String], a: &Json, b: &Json) -> Vec<String> {
    let tables = [TableView::of(a), TableView::of(b)];
    let has = |table: &Option<TableView<'_>>, name: &str| {
        table.as_ref().is_some_and(|table| table.column(name).is_some())
    };
    columns.iter().filter(|name| tables.iter().all(|table| has(table, name))).cloned().collect()
}

/// Whether an answer agrees with the expected one: on these columns, or as a whole.
pub(crate) fn agrees_on(columns: Option<&[String]>, expected: &Answer, got: &Answer) -> bool {
    match (columns, expected, got) {
        (Some(columns), Answer::Value(expected), Answer::Value(got)) => agree_on(columns, expected, got),
        _ => agrees(expected, got),
    }
}

/// Whether two tables are equal on these columns.
fn agree_on(columns: &[String], a: &Json, b: &Json) -> bool {
    let rows = |value| TableView::of(value)?.only(columns);
    let is_equal = |(a, b): (&Vec<&Json>, &Vec<&Json>)| a.iter().zip(b).all(|(a, b)| json_eq(a, b));
    match (rows(a), rows(b)) {
        (Some(a), Some(b)) => a.len() == b.len() && a.iter().zip(&b).all(is_equal),
        _ => false,
    }
}

fn common(want: &TableView<'_>, got: &TableView<'_>) -> Option<Vec<String>> {
    let names = want.columns.iter().map(|(name, _)| *name);
    let names: Vec<String> = names.filter(|name| got.column(name).is_some()).map(str::to_owned).collect();
    (!names.is_empty()).then_some(names)
}

fn column_difference(want: &TableView<'_>, got: &TableView<'_>) -> Option<ColumnDifference> {
    if want.columns == got.columns {
        return None;
    }
    let only_in = |table: &TableView<'_>, other: &TableView<'_>| -> Vec<String> {
        let names = table.columns.iter().map(|(name, _)| *name);
        names.filter(|name| other.column(name).is_none()).map(str::to_owned).collect()
    };
    let in_both = |table: &TableView<'_>, other: &TableView<'_>| -> Vec<String> {
        let names = table.columns.iter().map(|(name, _)| *name);
        names.filter(|name| other.column(name).is_some()).map(str::to_owned).collect()
    };
    let text = |r#type: &Json| r#type.as_str().map_or_else(|| r#type.to_string(), str::to_owned);
    let retyped = |(name, r#type): &(&str, &Json)| {
        let (_, given) = got.columns.get(got.column(name)?)?;
        (given != r#type).then(|| ((*name).to_owned(), text(r#type), text(given)))
    };
    let given_order = in_both(got, want);
    Some(ColumnDifference {
        missing: only_in(want, got),
        extra: only_in(got, want),
        retyped: want.columns.iter().filter_map(retyped).collect(),
        order: (given_order != in_both(want, got)).then_some(given_order),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn table(names: &[&str], rows: Json) -> Json {
        let columns: Vec<Json> = names.iter().map(|name| json!({"name": name, "type": "string"})).collect();
        json!({"columns": columns, "rows": rows})
    }

    #[test]
    fn columns_and_rows_are_compared_apart() {
        let want = table(&["a", "b", "c"], json!([["1", "2", "3"], ["4", "5", "6"]]));
        let got = table(&["c", "a", "d"], json!([["3", "1", "x"], ["7", "4", "x"]]));
        let difference = TableDifference::of(&want, &got).unwrap();
        let columns = difference.columns.clone().unwrap();
        assert_eq!((columns.missing, columns.extra), (vec!["b".to_owned()], vec!["d".to_owned()]));
        assert_eq!(columns.order, Some(vec!["c".to_owned(), "a".to_owned()]));
        let cells = vec!["c".to_owned()];
        assert_eq!(difference.rows, [RowDifference::Changed { want: 1, got: 1, cells }]);
        assert_eq!(difference.equal, 1);
    }

    #[test]
    fn tables_without_a_common_column_and_other_values_are_not_compared() {
        let want = table(&["a"], json!([]));
        for got in [table(&["b"], json!([])), json!(1), json!({"columns": [{}], "rows": []}), Json::Null] {
            assert_eq!(TableDifference::of(&want, &got), None);
        }
        let repeated = table(&["a", "a"], json!([]));
        assert_eq!(TableDifference::of(&want, &repeated), None);
        let short_row = table(&["a"], json!([[]]));
        assert_eq!(TableDifference::of(&want, &short_row), None);
    }

    #[test]
    fn tables_are_equal_on_some_columns() {
        let (a, b) = (table(&["a", "b"], json!([["1", "2"]])), table(&["b", "a"], json!([["3", "1"]])));
        let names = common_columns(&a, &b).unwrap();
        assert_eq!(names, ["a", "b"]);
        assert!(!agree_on(&names, &a, &b) && agree_on(&names[..1], &a, &b));
        assert_eq!(common_columns(&a, &a), None);
    }
}
