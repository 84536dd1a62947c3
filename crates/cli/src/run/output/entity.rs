//! Entities as text and as JSON.

use rulespec::rule::entities::{Entity, Strength};
use serde_json::{Map, Value as Json, json};

/// The entity in one line: `Host (strong) HostName=pc DnsDomain=corp`.
pub fn text(entity: &Entity) -> String {
    let strength = match entity.strength {
        Strength::Strong => "strong",
        Strength::Weak => "weak",
        Strength::Neither => "not identifying",
    };
    let identifiers = entity.identifiers.iter().map(|(name, value)| format!("{name}={value}"));
    format!("{} ({strength}) {}", entity.kind, identifiers.collect::<Vec<_>>().join(" "))
}

/// The entities as an array of `{"kind", "strength", "identifiers": {name: value}}`.
pub fn json_array(entities: &[Entity]) -> Json {
    entities.iter().map(json).collect()
}

fn json(entity: &Entity) -> Json {
    let identifiers = entity.identifiers.iter().map(|(name, value)| (name.to_string(), json!(value)));
    let identifiers: Map<String, Json> = identifiers.collect();
    json!({"kind": *entity.kind, "strength": entity.strength, "identifiers": identifiers})
}
