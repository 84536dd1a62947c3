//! The entities that Sentinel extracts from a row that a rule selects.

mod types;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use serde::Serialize;

use super::Rule;
use crate::kql::{Row, Type, tostring};
use crate::query::Span;
pub use types::EntityType;

/// The columns that identify one entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityMapping {
    /// The type of the entity, by its name in Sentinel, such as `Host`.
    pub kind: Arc<str>,
    /// Its identifiers, and the columns that have their values.
    pub identifiers: Vec<Identifier>,
    pub(super) place: Place,
}

/// An identifier of an entity, and the column that has its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identifier {
    /// The name of the identifier, such as `HostName`.
    pub name: Arc<str>,
    /// The name of the column.
    pub column: Arc<str>,
    pub(super) place: Place,
}

/// A place in the text of a rule, if it is known. All places are equal.
#[derive(Debug, Clone, Copy, Default, Eq)]
pub(super) struct Place(pub Option<Span>);

impl PartialEq for Place {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl EntityMapping {
    /// Creates a mapping from the names of identifiers and columns.
    pub fn new(kind: &str, identifiers: &[(&str, &str)]) -> Self {
        let identifiers = identifiers.iter().map(|&(name, column)| Identifier {
            name: name.into(),
            column: column.into(),
            place: Place::default(),
        });
        Self { kind: kind.into(), identifiers: identifiers.collect(), place: Place::default() }
    }
}

/// How well the identifiers of an entity distinguish it from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Strength {
    /// Sentinel lists the identifiers neither as weak nor as strong.
    Neither,
    /// The identifiers are unique under some circumstances.
    Weak,
    /// The identifiers are always unique.
    Strong,
}

/// An entity with its non-empty identifiers.
///
/// Entities are equal if their types and identifiers are.
#[derive(Debug, Clone)]
pub struct Entity {
    /// The type of the entity, by its name in Sentinel.
    pub kind: Arc<str>,
    /// The index of the mapping that it comes from.
    pub mapping: usize,
    /// The name and value of each identifier, in the order of the mapping.
    pub identifiers: Vec<(Arc<str>, String)>,
    /// How well the identifiers identify the entity.
    pub strength: Strength,
}

impl PartialEq for Entity {
    fn eq(&self, other: &Self) -> bool {
        (&self.kind, &self.identifiers) == (&other.kind, &other.identifiers)
    }
}

impl Eq for Entity {}

impl Hash for Entity {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (&self.kind, &self.identifiers).hash(state);
    }
}

impl Rule {
    /// The entities of a row of the rule's output.
    ///
    /// An identifier is omitted if its column is empty or absent. An entity is omitted if it has no
    /// identifiers.
    ///
    /// Spec: RUL-39, RUL-40, RUL-41
    pub fn entities(&self, row: Row<'_>) -> Vec<Entity> {
        let entities = self.entity_mappings.iter().enumerate();
        entities.filter_map(|(index, mapping)| mapping.entity(index, row)).collect()
    }
}

impl EntityMapping {
    fn entity(&self, mapping: usize, row: Row<'_>) -> Option<Entity> {
        let value = |identifier: &Identifier| {
            let value = tostring(row.get(&identifier.column)?, Type::Dynamic);
            (!value.is_empty()).then(|| (identifier.name.clone(), value))
        };
        let identifiers: Vec<_> = self.identifiers.iter().filter_map(value).collect();
        if identifiers.is_empty() {
            return None;
        }
        let names: Vec<&str> = identifiers.iter().map(|(name, _)| &**name).collect();
        let strength = EntityType::find(&self.kind).map_or(Strength::Neither, |found| found.strength(&names));
        Some(Entity { kind: self.kind.clone(), mapping, identifiers, strength })
    }
}
