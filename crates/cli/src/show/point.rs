//! An open or settled point.

use serde_json::{Map, Value as Json, json};

use super::{Sheet, Shown, ids, source_lines, sources_json, vector_line};
use rulespec::suite::{OpenPoint, SettledPoint, Vector, Want, open_points, settled_points};

/// Shows the open or settled point with this id, compared without regard to case.
pub fn find(id: &str, vectors: &[Vector]) -> Option<Shown> {
    let open = open_points().into_iter().find(|point| point.id.eq_ignore_ascii_case(id));
    if let Some(point) = open {
        return Some(Shown { text: open_text(&point, vectors), json: open_json(&point, vectors) });
    }
    let point = settled_points().into_iter().find(|point| point.id.eq_ignore_ascii_case(id))?;
    Some(Shown { text: settled_text(&point), json: settled_json(&point) })
}

/// The vectors about a point.
fn of_point<'a>(id: &'a str, vectors: &'a [Vector]) -> impl Iterator<Item = &'a Vector> {
    vectors.iter().filter(move |vector| matches!(&vector.want, Want::Open { open, .. } if open == id))
}

fn explained(name: &str, meaning: &str) -> String {
    match meaning {
        "" => name.to_owned(),
        meaning => format!("{name}: {meaning}"),
    }
}

fn open_text(point: &OpenPoint, vectors: &[Vector]) -> String {
    let mut sheet = Sheet::new(&point.id, &point.question);
    sheet.add("place", [format!("spec/{}", point.place)]);
    sheet.add("known", (!point.known.is_empty()).then(|| point.known.clone()));
    sheet.add("", source_lines(&point.known));
    let mut alternatives = point.alternatives.iter().map(|(name, meaning)| explained(name, meaning));
    sheet.add("default", alternatives.next());
    sheet.add("or", alternatives);
    sheet.add("note", (!point.note.is_empty()).then(|| point.note.clone()));
    sheet.add("vectors", of_point(&point.id, vectors).map(vector_line));
    sheet.0
}

fn settled_text(point: &SettledPoint) -> String {
    let mut sheet = Sheet::new(&point.id, &point.question);
    sheet.add("place", [format!("spec/{}", point.place)]);
    sheet.add("settled", [explained(&point.holds, &point.meaning)]);
    sheet.add("record", [point.record.clone()]);
    sheet.add("", source_lines(&point.record));
    sheet.0
}

fn open_json(point: &OpenPoint, vectors: &[Vector]) -> Json {
    let alternatives: Map<String, Json> =
        point.alternatives.iter().map(|(name, meaning)| (name.clone(), meaning.as_str().into())).collect();
    json!({
        "id": point.id,
        "question": point.question,
        "settled": false,
        "place": format!("spec/{}", point.place),
        "known": point.known,
        "sources": sources_json(&point.known),
        "default": point.alternatives.first().map(|(name, _)| name),
        "alternatives": alternatives,
        "note": point.note,
        "vectors": ids(of_point(&point.id, vectors)),
    })
}

fn settled_json(point: &SettledPoint) -> Json {
    json!({
        "id": point.id,
        "question": point.question,
        "settled": true,
        "place": format!("spec/{}", point.place),
        "holds": point.holds,
        "meaning": point.meaning,
        "record": point.record,
        "sources": sources_json(&point.record),
    })
}
