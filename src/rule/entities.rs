//! The entities that Sentinel makes of a row the rule selects.

use super::metadata::ENTITY_MAPPINGS;
use crate::kql::{Row, Type, tostring};

/// What an entity is, as Sentinel names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum EntityKind {
    /// A device.
    Host,
    /// A process.
    Process,
}

/// How well its identifiers tell an entity from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
pub enum Strength {
    /// Its identifiers are no set that Sentinel lists.
    Neither,
    /// They tell it apart under some circumstances.
    Weak,
    /// They tell it apart always.
    Strong,
}

/// An entity, with those of its identifiers that have a value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Entity {
    /// What it is.
    pub kind: EntityKind,
    /// Each identifier's name and value, in the order of the mapping.
    pub identifiers: Vec<(&'static str, String)>,
    /// How well they identify it.
    pub strength: Strength,
}

/// The entities of a row that came out of the rule.
///
/// An identifier whose column is empty or absent is left out, and an entity
/// without identifiers too.
///
/// Spec: RUL-39, RUL-40, RUL-41
pub fn entities(row: Row<'_>) -> Vec<Entity> {
    let value = |column| row.get(column).map(|cell| tostring(cell, Type::Dynamic)).unwrap_or_default();
    let mapped = ENTITY_MAPPINGS.iter().map(|mapping| {
        let identifiers = mapping.identifiers.iter().map(|&(name, column)| (name, value(column)));
        let identifiers: Vec<_> = identifiers.filter(|(_, value)| !value.is_empty()).collect();
        Entity { kind: mapping.kind, strength: strength(mapping.kind, &identifiers), identifiers }
    });
    mapped.filter(|entity| !entity.identifiers.is_empty()).collect()
}

/// Spec: RUL-40, RUL-41
fn strength(kind: EntityKind, identifiers: &[(&str, String)]) -> Strength {
    let has = |name| identifiers.iter().any(|&(identifier, _)| identifier == name);
    match (kind, has("HostName"), has("DnsDomain")) {
        (EntityKind::Host, true, true) => Strength::Strong,
        (EntityKind::Host, true, false) => Strength::Weak,
        // A process needs the time of its creation, which the rule does not map.
        (EntityKind::Host, false, _) | (EntityKind::Process, ..) => Strength::Neither,
    }
}
