//! Entities as text and as JSON.

use rulespec::rule::entities::{Entity, EntityKind, Strength};
use serde_json::{Map, Value as Json, json};

/// The entity in one line: `Host (strong) HostName=pc DnsDomain=corp`.
pub fn text(entity: &Entity) -> String {
    let kind = match entity.kind {
        EntityKind::Host => "Host",
        EntityKind::Process => "Process",
    };
    let strength = match entity.strength {
        Strength::Strong => "strong",
        Strength::Weak => "weak",
        Strength::Neither => "not identifying",
    };
    let identifiers = entity.identifiers.iter().map(|(name, value)| format!("{name}={value}"));
    format!("{kind} ({strength}) {}", identifiers.collect::<Vec<_>>().join(" "))
}

/// The entities as an array of `{"kind", "strength", "identifiers": {name: value}}`.
pub fn json_array(entities: &[Entity]) -> Json {
    entities.iter().map(json).collect()
}

fn json(entity: &Entity) -> Json {
    let identifier = |(name, value): &(&'static str, String)| ((*name).to_owned(), json!(value));
    let identifiers: Map<String, Json> = entity.identifiers.iter().map(identifier).collect();
    json!({"kind": entity.kind, "strength": entity.strength, "identifiers": identifiers})
}
