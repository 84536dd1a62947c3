//! Results as JSON, in one document or a line each.

use serde_json::{Map, Value as Json};

use super::{Content, NO_ROWS, Row, Wrong, wrong};

/// What JSON holds: one document, or else a document a line.
pub fn content(text: &str) -> Result<Content, Wrong> {
    match serde_json::from_str::<Json>(text) {
        Ok(Json::Object(object)) if object.contains_key("id") => {
            Ok(Content::Rows(vec![row(&object, ":1".to_owned())?]))
        }
        Ok(Json::Object(object)) => document(&object),
        Ok(Json::Array(elements)) => array(&elements),
        Ok(_) => Err(wrong("", NO_ROWS)),
        Err(error) if text.trim_end().contains('\n') => lines(text).map_err(|found| {
            // A document over several lines is not one a line: its own error is of use.
            if found.place.starts_with(":1:") { broken(error.line(), &error) } else { found }
        }),
        Err(error) => Err(broken(error.line(), &error)),
    }
}

/// JSON that is broken in a line.
fn broken(line: usize, error: &serde_json::Error) -> Wrong {
    let what = error.to_string();
    let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what);
    wrong(format!(":{line}:{}", error.column()), what)
}

fn lines(text: &str) -> Result<Content, Wrong> {
    let mut rows = vec![];
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let object: Map<String, Json> =
            serde_json::from_str(line).map_err(|error| broken(number + 1, &error))?;
        rows.push(row(&object, format!(":{}", number + 1))?);
    }
    Ok(Content::Rows(rows))
}

/// `{"id", "got"}`.
fn row(object: &Map<String, Json>, place: String) -> Result<Row, Wrong> {
    match (object.get("id").and_then(Json::as_str), object.get("got")) {
        (Some(id), Some(got)) => Ok(Row { place, id: id.to_owned(), got: got.clone() }),
        _ => Err(wrong(place, "no object with `id` and `got`")),
    }
}

fn document(object: &Map<String, Json>) -> Result<Content, Wrong> {
    if let Some(error) = object.get("error") {
        return failure(error);
    }
    let tables = member(object, "Tables").and_then(Json::as_array).ok_or_else(|| wrong("", NO_ROWS))?;
    let mut rows = vec![];
    for (number, table) in tables.iter().filter_map(Json::as_object).enumerate() {
        let columns = columns(table);
        rows.extend(table_rows(table, columns.as_deref(), number + 1)?);
    }
    Ok(Content::Rows(rows))
}

/// Frames of the REST interface, or plain objects.
fn array(elements: &[Json]) -> Result<Content, Wrong> {
    let mut rows = vec![];
    let mut heads: Option<Vec<String>> = None;
    for (number, object) in elements.iter().filter_map(Json::as_object).enumerate() {
        let failed = object.get("OneApiErrors").and_then(Json::as_array).and_then(|errors| errors.first());
        if let Some(error) = failed.and_then(|failed| failed.get("error")) {
            return failure(error);
        }
        if object.contains_key("id") {
            rows.push(row(object, format!(": element {}", number + 1))?);
        }
        // Rows of a table may come in fragments after the frame that has its columns.
        if let Some(columns) = columns(object) {
            heads = Some(columns);
        }
        rows.extend(table_rows(object, heads.as_deref(), number + 1)?);
    }
    Ok(Content::Rows(rows))
}

/// The rows of a table that has the columns `id` and `got`; none of any other.
fn table_rows(
    table: &Map<String, Json>,
    columns: Option<&[String]>,
    number: usize,
) -> Result<Vec<Row>, Wrong> {
    let column = |name: &str| columns?.iter().position(|column| column == name);
    let (Some(id), Some(got)) = (column("id"), column("got")) else { return Ok(vec![]) };
    let rows = member(table, "Rows").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let read = |(at, row): (usize, &Json)| {
        let place = format!(": table {number}, row {}", at + 1);
        match (row.get(id).and_then(Json::as_str), row.get(got)) {
            (Some(id), Some(got)) => Ok(Row { place, id: id.to_owned(), got: got.clone() }),
            _ => Err(wrong(place, format!("no row of `id` and `got`: {row}"))),
        }
    };
    rows.iter().enumerate().map(read).collect()
}

fn columns(table: &Map<String, Json>) -> Option<Vec<String>> {
    let columns = member(table, "Columns")?.as_array()?.iter().filter_map(Json::as_object);
    let name = |column: &Map<String, Json>| {
        member(column, "ColumnName").or_else(|| member(column, "Name"))?.as_str().map(str::to_owned)
    };
    columns.map(name).collect()
}

/// A member, by a name that one interface writes large and another small.
fn member<'a>(object: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    object.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// The error of a query. One that says nothing about the query is no answer.
fn failure(error: &Json) -> Result<Content, Wrong> {
    let text = |name: &str| error.get(name).and_then(Json::as_str).unwrap_or_default();
    let message = [text("@message"), text("message")].into_iter().find(|text| !text.is_empty());
    let message = message.unwrap_or("no message").to_owned();
    let about_query = text("code").contains("Bad")
        || ["Syntax", "Semantic"].iter().any(|word| text("@type").contains(word));
    match about_query {
        true => Ok(Content::Failed(message)),
        false => Err(wrong("", format!("the script was not run ({message}); run it again"))),
    }
}
