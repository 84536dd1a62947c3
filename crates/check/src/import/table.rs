//! Results as CSV.

use serde_json::Value as Json;

use super::{ContentError, Row, error};

/// Reads the columns `id` and `got` of CSV. Other columns are ignored.
pub fn rows(text: &str) -> Result<Vec<Row>, ContentError> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|invalid| error(":1", invalid.to_string()))?.clone();
    let column = |name: &str| header.iter().position(|column| column.trim().eq_ignore_ascii_case(name));
    let (Some(id), Some(got)) = (column("id"), column("got")) else {
        return Err(error(
            ":1",
            "neither JSON nor CSV with the columns `id` and `got`; save the result in one of these formats",
        ));
    };
    let mut rows = vec![];
    for record in reader.records() {
        let record = record.map_err(|invalid| error("", invalid.to_string()))?;
        let place = record.position().map_or_else(String::new, |position| place(text, position));
        let (Some(id), Some(got)) = (record.get(id), record.get(got)) else {
            return Err(error(place, "the row has fewer cells than the header; save the whole result again"));
        };
        rows.push(Row { place, id: id.to_owned(), got: Json::from(got) });
    }
    Ok(rows)
}

/// The line of a record, after any blank lines before it.
fn place(text: &str, position: &csv::Position) -> String {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let line_ends = text.bytes().skip(start).take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let blank = line_ends.filter(|byte| *byte == b'\n').count() as u64;
    format!(":{}", position.line().saturating_add(blank))
}
