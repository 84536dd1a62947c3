//! Results as CSV.

use serde_json::Value as Json;

use super::{Row, Wrong, wrong};

/// The rows of CSV that has the columns `id` and `got`; others are passed over.
pub fn rows(text: &str) -> Result<Vec<Row>, Wrong> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let heads = reader.headers().map_err(|error| wrong(":1", error.to_string()))?.clone();
    let column = |name: &str| heads.iter().position(|head| head.trim().eq_ignore_ascii_case(name));
    let (Some(id), Some(got)) = (column("id"), column("got")) else {
        return Err(wrong(":1", "neither JSON nor CSV with the columns `id` and `got`"));
    };
    let mut rows = vec![];
    for record in reader.records() {
        let record = record.map_err(|error| wrong("", error.to_string()))?;
        let place = record.position().map_or_else(String::new, |position| place(text, position));
        let (Some(id), Some(got)) = (record.get(id), record.get(got)) else {
            return Err(wrong(place, "fewer cells than the head"));
        };
        rows.push(Row { place, id: id.to_owned(), got: Json::from(got) });
    }
    Ok(rows)
}

/// The line of a record, which may stand behind blank ones.
fn place(text: &str, position: &csv::Position) -> String {
    let start = usize::try_from(position.byte()).unwrap_or(usize::MAX);
    let ends = text.bytes().skip(start).take_while(|byte| matches!(byte, b'\r' | b'\n'));
    let blank = ends.filter(|byte| *byte == b'\n').count() as u64;
    format!(":{}", position.line().saturating_add(blank))
}
