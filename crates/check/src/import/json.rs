//! Results as JSON or JSON Lines.

use serde_json::{Map, Value as Json};

use super::{Content, ContentError, NO_ROWS, Row, error};
use rulespec::json::from_slice;

/// Reads one JSON document or, if that fails, one document per line.
pub fn content(text: &str) -> Result<Content, ContentError> {
    match from_slice::<Json>(text.as_bytes(), usize::MAX) {
        Ok(Json::Object(object)) if object.contains_key("id") => {
            Ok(Content::Rows(vec![row(&object, ":1".to_owned())?]))
        }
        Ok(Json::Object(object)) => document(&object),
        Ok(Json::Array(elements)) => array(&elements),
        Ok(_) => Err(error("", NO_ROWS)),
        Err(invalid) if text.trim_end().contains('\n') => lines(text).map_err(|found| {
            // If the first line is not a document either, this is not JSON Lines.
            if found.place.starts_with(":1:") { syntax_error(invalid.line(), &invalid) } else { found }
        }),
        Err(invalid) => Err(syntax_error(invalid.line(), &invalid)),
    }
}

fn syntax_error(line: usize, invalid: &serde_json::Error) -> ContentError {
    let what = invalid.to_string();
    let what = what.rsplit_once(" at line ").map_or(what.as_str(), |(what, _)| what);
    error(format!(":{line}:{}", invalid.column()), format!("{what}; save the whole result again"))
}

fn lines(text: &str) -> Result<Content, ContentError> {
    let mut rows = vec![];
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let object: Map<String, Json> =
            from_slice(line.as_bytes(), usize::MAX).map_err(|invalid| syntax_error(number + 1, &invalid))?;
        rows.push(row(&object, format!(":{}", number + 1))?);
    }
    Ok(Content::Rows(rows))
}

/// Reads an object `{"id", "got"}`.
fn row(object: &Map<String, Json>, place: String) -> Result<Row, ContentError> {
    match (object.get("id").and_then(Json::as_str), object.get("got")) {
        (Some(id), Some(got)) => Ok(Row { place, id: id.to_owned(), got: got.clone() }),
        _ => Err(error(place, "not an object with `id` and `got`; save the whole result of a script")),
    }
}

fn document(object: &Map<String, Json>) -> Result<Content, ContentError> {
    if let Some(failed) = object.get("error") {
        return failure(failed);
    }
    let tables = member(object, "Tables").and_then(Json::as_array).ok_or_else(|| error("", NO_ROWS))?;
    let mut rows = vec![];
    for (number, table) in tables.iter().filter_map(Json::as_object).enumerate() {
        let columns = columns(table);
        rows.extend(table_rows(table, columns.as_deref(), number + 1)?);
    }
    Ok(Content::Rows(rows))
}

/// Reads frames of the REST interface, or objects `{"id", "got"}`.
fn array(elements: &[Json]) -> Result<Content, ContentError> {
    let mut rows = vec![];
    let mut header: Option<Vec<String>> = None;
    for (number, object) in elements.iter().filter_map(Json::as_object).enumerate() {
        let failed = object.get("OneApiErrors").and_then(Json::as_array).and_then(|errors| errors.first());
        if let Some(failed) = failed.and_then(|failed| failed.get("error")) {
            return failure(failed);
        }
        if object.contains_key("id") {
            rows.push(row(object, format!(": element {}", number + 1))?);
        }
        // The rows of a table may be in later frames than its columns.
        if let Some(columns) = columns(object) {
            header = Some(columns);
        }
        rows.extend(table_rows(object, header.as_deref(), number + 1)?);
    }
    Ok(Content::Rows(rows))
}

/// The rows of a table with the columns `id` and `got`. Other tables are skipped.
fn table_rows(
    table: &Map<String, Json>,
    columns: Option<&[String]>,
    number: usize,
) -> Result<Vec<Row>, ContentError> {
    let column = |name: &str| columns?.iter().position(|column| column == name);
    let (Some(id), Some(got)) = (column("id"), column("got")) else { return Ok(vec![]) };
    let rows = member(table, "Rows").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    let read = |(at, row): (usize, &Json)| {
        let place = format!(": table {number}, row {}", at + 1);
        match (row.get(id).and_then(Json::as_str), row.get(got)) {
            (Some(id), Some(got)) => Ok(Row { place, id: id.to_owned(), got: got.clone() }),
            _ => {
                Err(error(place, format!("not a row of `id` and `got`: {row}; save the whole result again")))
            }
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

/// A member of an object. The interfaces differ in the case of the names.
fn member<'a>(object: &'a Map<String, Json>, name: &str) -> Option<&'a Json> {
    object.iter().find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

/// Reads the error of a script. An error that is not about the query is not an answer.
fn failure(failed: &Json) -> Result<Content, ContentError> {
    let text = |name: &str| failed.get(name).and_then(Json::as_str).unwrap_or_default();
    let message = [text("@message"), text("message")].into_iter().find(|text| !text.is_empty());
    let message = message.unwrap_or("no message").to_owned();
    let is_about_query = text("code").contains("Bad")
        || ["Syntax", "Semantic"].iter().any(|word| text("@type").contains(word));
    match is_about_query {
        true => Ok(Content::Failed(message)),
        false => Err(error("", format!("the script was not run ({message}); run it again"))),
    }
}
