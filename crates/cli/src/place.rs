//! The place of an event or a fault, as JSON.

use rulespec_events::{Place, Position};
use serde_json::{Value as Json, json};

/// A place as JSON: the file, and at most one position in it.
pub fn place(place: &Place) -> Json {
    let (name, number) = match place.position {
        Position::Whole => return json!({"file": &*place.file}),
        Position::Record(number) => ("record", number),
        Position::Line(number) => ("line", number),
        Position::Element(number) => ("event", number),
        Position::Byte(number) => ("byte", number),
    };
    json!({"file": &*place.file, name: number})
}
