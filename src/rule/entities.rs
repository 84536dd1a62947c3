//! The entities that Sentinel extracts from a row that the rule selects.

use super::metadata::ENTITY_MAPPINGS;
use crate::kql::{Row, Type, tostring};

/// The type of an entity, by its name in Sentinel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum EntityKind {
    /// A device.
    Host,
    /// A process.
    Process,
}

/// How well the identifiers of an entity distinguish it from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum Strength {
    /// Sentinel lists the identifiers neither as weak nor as strong.
    Neither,
    /// The identifiers are unique under some circumstances.
    Weak,
    /// The identifiers are always unique.
    Strong,
}

/// An entity with its non-empty identifiers.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Entity {
    /// The type of the entity.
    pub kind: EntityKind,
    /// The name and value of each identifier, in the order of the mapping.
    pub identifiers: Vec<(&'static str, String)>,
    /// How well the identifiers identify the entity.
    pub strength: Strength,
}

/// The entities of an output row of the rule.
///
/// An identifier is omitted if its column is empty or absent. An entity is omitted
/// if it has no identifiers.
///
/// Spec: RUL-39, RUL-40, RUL-41
pub fn entities(row: Row<'_>) -> Vec<Entity> {
    let value = |column| row.get(column).map(|cell| tostring(cell, Type::Dynamic)).unwrap_or_default();
    let entities = ENTITY_MAPPINGS.iter().map(|mapping| {
        let identifiers = mapping.identifiers.iter().map(|&(name, column)| (name, value(column)));
        let identifiers: Vec<_> = identifiers.filter(|(_, value)| !value.is_empty()).collect();
        Entity { kind: mapping.kind, strength: strength(mapping.kind, &identifiers), identifiers }
    });
    entities.filter(|entity| !entity.identifiers.is_empty()).collect()
}

/// Spec: RUL-40, RUL-41
fn strength(kind: EntityKind, identifiers: &[(&str, String)]) -> Strength {
    let has = |name| identifiers.iter().any(|&(identifier, _)| identifier == name);
    match (kind, has("HostName"), has("DnsDomain")) {
        (EntityKind::Host, true, true) => Strength::Strong,
        (EntityKind::Host, true, false) => Strength::Weak,
        // A process needs its creation time, which the rule does not map.
        (EntityKind::Host, false, _) | (EntityKind::Process, ..) => Strength::Neither,
    }
}
