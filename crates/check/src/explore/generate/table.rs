//! Rows, columns and small tables.

use arbitrary::{Arbitrary, Result, Unstructured};
use serde_json::{Map, Value as Json, json};

use super::style::{Style, once_in};
use super::{text, value};

/// Column names, some of which differ only in case.
const NAMES: &[&str] = &["c", "a", "A", "b", "B", "FileName", "filename", "ä"];

const TYPES: &[&str] = &["string", "bool", "int", "long", "real", "datetime", "timespan", "guid", "dynamic"];

/// A row, the name of one of its columns or a similar one, and a default.
pub(super) fn row_and_column<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[Json; 3]> {
    let mut row = Map::new();
    for name in some_names(3, bytes)? {
        let cell = if once_in(4, bytes)? { Json::Null } else { value::value::<S>(bytes)? };
        row.insert(name.to_owned(), cell);
    }
    let name = match row.keys().next() {
        Some(first) if once_in(2, bytes)? => first.clone(),
        _ => (*bytes.choose(NAMES)?).to_owned(),
    };
    Ok([Json::Object(row), json!(name), value::value::<S>(bytes)?])
}

/// At most `max` different names, in any order.
fn some_names(max: usize, bytes: &mut Unstructured<'_>) -> Result<Vec<&'static str>> {
    let mut names = NAMES.to_vec();
    shuffle(&mut names, bytes)?;
    names.truncate(bytes.int_in_range(0..=max)?);
    Ok(names)
}

pub(super) fn shuffle<T>(list: &mut [T], bytes: &mut Unstructured<'_>) -> Result<()> {
    for end in (1..list.len()).rev() {
        list.swap(bytes.int_in_range(0..=end)?, end);
    }
    Ok(())
}

/// Names and types.
type Columns = Vec<(String, &'static str)>;

/// A table of any columns, with some equal rows.
fn table<S: Style>(bytes: &mut Unstructured<'_>) -> Result<(Columns, Vec<Vec<Json>>)> {
    let mut columns = vec![];
    for name in some_names(4, bytes)? {
        columns.push((name.to_owned(), *bytes.choose(TYPES)?));
    }
    let rows = rows::<S>(&columns, bytes)?;
    Ok((columns, rows))
}

fn rows<S: Style>(
    columns: &[(String, &'static str)],
    bytes: &mut Unstructured<'_>,
) -> Result<Vec<Vec<Json>>> {
    let mut rows: Vec<Vec<Json>> = vec![];
    for _ in 0..bytes.int_in_range(0..=4_u8)? {
        let row = match rows.last() {
            Some(last) if once_in(3, bytes)? => last.clone(),
            _ => columns.iter().map(|(_, r#type)| cell::<S>(r#type, bytes)).collect::<Result<_>>()?,
        };
        rows.push(row);
    }
    Ok(rows)
}

/// A cell of a column of this type, sometimes null.
pub(super) fn cell<S: Style>(r#type: &str, bytes: &mut Unstructured<'_>) -> Result<Json> {
    if once_in(4, bytes)? {
        return Ok(Json::Null);
    }
    Ok(match r#type {
        "string" => json!(text::text::<S>(3, bytes)?),
        "bool" => json!(bool::arbitrary(bytes)?),
        "int" => json!(i16::arbitrary(bytes)?),
        "long" => json!(bytes.choose(&[0, 1, -1, 9_007_199_254_740_993_i64])?),
        "real" => json!(bytes.choose(&[0.0, 0.5, -1.25])?),
        "datetime" => json!(bytes.choose(&["2026-01-02T03:04:05.0000000Z", "1970-01-01T00:00:00.0000001Z"])?),
        "timespan" => json!(bytes.choose(&["00:00:00", "1.02:03:04.5000000"])?),
        "guid" => json!("74be27de-1e4e-49d9-b579-fe0b331d3642"),
        _ => value::value::<S>(bytes)?,
    })
}

/// A table, and the name of a bool column.
pub(super) fn table_and_predicate<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[Json; 2]> {
    let (mut columns, _) = table::<S>(bytes)?;
    let place = bytes.int_in_range(0..=columns.len())?;
    columns.retain(|(name, _)| name != "k");
    columns.insert(place.min(columns.len()), ("k".to_owned(), "bool"));
    let rows = rows::<S>(&columns, bytes)?;
    let predicate = match once_in(16, bytes)? && (S::IS_WILD || !rows.is_empty()) {
        true if S::IS_WILD => *bytes.choose(NAMES)?,
        true => "K",
        false => "k",
    };
    Ok([table_of(&columns, rows), json!(predicate)])
}

/// A table, and assignments of its columns to old and new names.
pub(super) fn table_and_assignments<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[Json; 2]> {
    let (columns, rows) = table::<S>(bytes)?;
    let mut assigned = vec![];
    for _ in 0..bytes.int_in_range(0..=3_u8)? {
        let from = match columns.len().checked_sub(1) {
            Some(last) if !once_in(16, bytes)? => columns[bytes.int_in_range(0..=last)?].0.as_str(),
            _ => *bytes.choose(NAMES)?,
        };
        let name = match columns.first() {
            Some((first, _)) if once_in(2, bytes)? => first,
            _ => *bytes.choose(NAMES)?,
        };
        assigned.push(json!([name, from]));
    }
    Ok([table_of(&columns, rows), json!(assigned)])
}

/// Columns, and a list of some of them, perhaps with another name.
pub(super) fn columns_and_listed<S: Style>(bytes: &mut Unstructured<'_>) -> Result<[Json; 2]> {
    let columns = some_names(5, bytes)?;
    let mut listed: Vec<String> = columns.iter().map(|name| (*name).to_owned()).collect();
    shuffle(&mut listed, bytes)?;
    listed.truncate(bytes.int_in_range(0..=columns.len())?);
    if once_in(4, bytes)? {
        let more = match (listed.first(), columns.last()) {
            (Some(first), _) if once_in(3, bytes)? => (*first).to_owned(),
            (_, Some(last)) if once_in(2, bytes)? => last.to_ascii_uppercase(),
            _ => (*bytes.choose(NAMES)?).to_owned(),
        };
        listed.push(more);
    }
    let columns = if S::IS_WILD && once_in(16, bytes)? { [&columns[..], &columns].concat() } else { columns };
    Ok([json!(columns), json!(listed)])
}

/// The JSON of a table.
pub(super) fn table_of(columns: &[(String, &'static str)], rows: Vec<Vec<Json>>) -> Json {
    let column = |(name, r#type): &(String, &'static str)| json!({"name": name, "type": r#type});
    json!({"columns": columns.iter().map(column).collect::<Vec<_>>(), "rows": rows})
}
