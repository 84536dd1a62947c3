//! An open or settled point.

use serde_json::{Map, Value as Json, json};

use super::Sheet;
use rulespec::suite::{OpenPoint, SettledPoint, Vector, Want, cited_sources, open_points, settled_points};
use rulespec_check::printable::printable;

/// A point of chapter 90.
pub enum Point {
    /// A point that no public evidence decides.
    Open(OpenPoint),
    /// A point that evidence has decided.
    Settled(SettledPoint),
}

impl Point {
    /// The point with this id, compared without regard to case.
    pub fn find(id: &str) -> Option<Self> {
        let open = open_points().into_iter().find(|point| point.id.eq_ignore_ascii_case(id));
        let settled = || settled_points().into_iter().find(|point| point.id.eq_ignore_ascii_case(id));
        open.map(Self::Open).or_else(|| settled().map(Self::Settled))
    }

    /// Human-readable text.
    pub fn text(&self, vectors: &[Vector]) -> String {
        match self {
            Self::Open(point) => open_text(point, vectors),
            Self::Settled(point) => settled_text(point),
        }
    }

    /// JSON.
    pub fn json(&self, vectors: &[Vector]) -> Json {
        match self {
            Self::Open(point) => open_json(point, vectors),
            Self::Settled(point) => settled_json(point),
        }
    }
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

fn source_lines(text: &str) -> impl Iterator<Item = String> {
    cited_sources(text).into_iter().map(|(id, text)| format!("{id}  {text}"))
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
    let vectors = of_point(&point.id, vectors);
    sheet.add("vectors", vectors.map(|v| format!("{}  {}", printable(&v.id), printable(&v.title))));
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

fn sources_json(text: &str) -> Map<String, Json> {
    cited_sources(text).into_iter().map(|(id, text)| (id, text.into())).collect()
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
        "vectors": of_point(&point.id, vectors).map(|vector| vector.id.as_str()).collect::<Vec<_>>(),
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
