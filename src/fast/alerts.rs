//! The alerts of many detections, in bounded memory.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use crate::kql::{Datetime, Timespan};
use crate::rule::entities::{Entity, EntityKind};
use crate::rule::schedule::{self, Alert, Detection, MAX_ENTITIES};

/// The rule runs every hour over the last hour, so each hour is a window.
const HOUR: Timespan = Timespan::from_minutes(60);

/// Collects detections, and returns what [`schedule::alerts`] says of them.
///
/// Only the entities that an alert may contain are kept, so that further detections of the same
/// hour need a few bytes each.
#[derive(Debug, Default)]
pub struct AlertCollector {
    detections: Vec<Detection>,
    hasher: RandomState,
    /// The hashes of all entities, by hour and kind.
    seen: HashMap<(Datetime, EntityKind), HashSet<u64>>,
}

impl AlertCollector {
    /// Adds a detection.
    pub fn add(&mut self, time: Option<Datetime>, mut entities: Vec<Entity>) {
        let hour = time.map(|time| time.floor(HOUR));
        entities.retain(|entity| hour.is_some_and(|hour| self.may_be_in_alert(hour, entity)));
        self.detections.push(Detection { time, entities });
    }

    /// Whether an entity is new to its hour, and among the first of its kind.
    fn may_be_in_alert(&mut self, hour: Datetime, entity: &Entity) -> bool {
        let seen = self.seen.entry((hour, entity.kind)).or_default();
        seen.insert(self.hasher.hash_one(entity)) && seen.len() <= MAX_ENTITIES
    }

    /// The alerts in order of time, and the number of detections in no window.
    pub fn finish(self) -> (Vec<Alert>, usize) {
        let mut found = schedule::alerts(&self.detections);
        for alert in &mut found.alerts {
            let kinds = [EntityKind::Host, EntityKind::Process];
            let seen = kinds.map(|kind| self.seen.get(&(alert.window_start, kind)).map_or(0, HashSet::len));
            alert.entities_left_out = seen.iter().sum::<usize>().saturating_sub(alert.entities.len());
        }
        (found.alerts, found.outside.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::entities::Strength;

    fn entity(kind: EntityKind, name: &'static str, value: u64) -> Entity {
        Entity { kind, identifiers: vec![(name, value.to_string())], strength: Strength::Weak }
    }

    /// Two hours with more hosts and processes than an alert takes, each of them twice, and one
    /// detection without a time.
    fn many_detections() -> Vec<Detection> {
        let timed = (0..2_400_u64).map(|number| {
            let time = format!("2026-01-02T0{}:00:00Z", number % 2).parse().ok();
            let host = entity(EntityKind::Host, "HostName", number / 4);
            let process = entity(EntityKind::Process, "ProcessId", number / 3);
            Detection { time, entities: vec![host, process] }
        });
        timed.chain([Detection { time: None, entities: vec![] }]).collect()
    }

    #[test]
    fn many_detections_alert_as_in_the_reference() {
        let all = schedule::alerts(&many_detections());
        let mut collector = AlertCollector::default();
        for detection in many_detections() {
            collector.add(detection.time, detection.entities);
        }
        let kept: usize = collector.detections.iter().map(|detection| detection.entities.len()).sum();
        assert_eq!(kept, 2 * 2 * MAX_ENTITIES);
        assert_eq!(collector.finish(), (all.alerts, 1));
    }
}
