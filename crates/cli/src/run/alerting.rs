//! Detections, held until it is known which runs of the rule alert.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use rulespec::kql::{Datetime, Timespan};
use rulespec::rule::entities::{Entity, EntityKind};
use rulespec::rule::schedule::{self, Alert, Detection, ENTITY_CAP};

/// The rule runs every hour over the last hour, so each hour is a window.
const HOUR: Timespan = Timespan::from_minutes(60);

/// The detections, and of their entities as many as alerts can take: a flood of
/// matches in one hour costs a few bytes each.
#[derive(Default)]
pub struct Alerting {
    detections: Vec<Detection>,
    hasher: RandomState,
    entities: HashMap<(Datetime, EntityKind), HashSet<u64>>,
}

impl Alerting {
    /// Takes a detection.
    pub fn add(&mut self, time: Option<Datetime>, mut entities: Vec<Entity>) {
        let hour = time.map(|time| time.floor(HOUR));
        entities.retain(|entity| hour.is_some_and(|hour| self.fits(hour, entity)));
        self.detections.push(Detection { time, entities });
    }

    /// Whether an entity is new to its hour, and one that an alert may have room
    /// for.
    fn fits(&mut self, hour: Datetime, entity: &Entity) -> bool {
        let known = self.entities.entry((hour, entity.kind)).or_default();
        known.insert(self.hasher.hash_one(entity)) && known.len() <= ENTITY_CAP
    }

    /// The alerts in order, and how many detections no window holds.
    pub fn alerts(self) -> (Vec<Alert>, usize) {
        let mut found = schedule::alerts(&self.detections);
        for alert in &mut found.alerts {
            let kinds = [EntityKind::Host, EntityKind::Process];
            let known =
                kinds.map(|kind| self.entities.get(&(alert.window_start, kind)).map_or(0, HashSet::len));
            let all: usize = known.iter().sum();
            alert.entities_left_out = all.saturating_sub(alert.entities.len());
        }
        (found.alerts, found.outside.len())
    }
}

#[cfg(test)]
mod tests {
    use rulespec::rule::entities::Strength;

    use super::*;

    fn entity(kind: EntityKind, name: &'static str, value: u64) -> Entity {
        Entity { kind, identifiers: vec![(name, value.to_string())], strength: Strength::Weak }
    }

    /// Two hours with more hosts and processes than an alert takes, each of them
    /// twice, and one detection without a time.
    fn flood() -> Vec<Detection> {
        let timed = (0..2_400_u64).map(|number| {
            let time = format!("2026-01-02T0{}:00:00Z", number % 2).parse().ok();
            let host = entity(EntityKind::Host, "HostName", number / 4);
            let process = entity(EntityKind::Process, "ProcessId", number / 3);
            Detection { time, entities: vec![host, process] }
        });
        timed.chain([Detection { time: None, entities: vec![] }]).collect()
    }

    #[test]
    fn a_flood_alerts_as_if_all_of_it_were_held() {
        let all = schedule::alerts(&flood());
        let mut alerting = Alerting::default();
        for detection in flood() {
            alerting.add(detection.time, detection.entities);
        }
        let held: usize = alerting.detections.iter().map(|detection| detection.entities.len()).sum();
        assert_eq!(held, 2 * 2 * ENTITY_CAP);
        assert_eq!(alerting.alerts(), (all.alerts, 1));
    }
}
