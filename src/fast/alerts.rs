//! The alerts of many detections, in bounded memory.

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, RandomState};

use crate::kql::{Datetime, Timespan};
use crate::rule::entities::{Entity, EntityKind};
use crate::rule::metadata::ENTITY_MAPPINGS;
use crate::rule::schedule::{self, Alert, Detection, MAX_ENTITIES};

/// The rule runs every hour over the last hour, so each hour is a window.
const HOUR: Timespan = Timespan::from_minutes(60);

/// How much memory a collector uses, in bytes: enough for five million different entities.
const MAX_MEMORY: usize = 128 << 20;

/// The approximate size of the hash of an entity in a set, in bytes.
const HASH_SIZE: usize = 24;
/// The approximate size of an allocation beyond what it is used for, in bytes.
const ALLOCATION_SIZE: usize = 16;

/// Collects detections, and returns what [`schedule::alerts`] says of them.
///
/// It keeps of each hour the number of its detections, the entities that an alert may contain, and
/// a hash of every other entity. Because the number of hours and of entities is not limited, the
/// memory is: when 128 MiB are used up, further detections are only [counted](Collected).
#[derive(Debug)]
pub struct AlertCollector {
    hours: BTreeMap<Datetime, Hour>,
    hasher: RandomState,
    collected: Collected,
    /// How much memory is still free, in bytes.
    memory: usize,
}

/// What an [`AlertCollector`] has collected.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Collected {
    /// The alerts, in order of time.
    pub alerts: Vec<CollectedAlert>,
    /// How many detections are in no window: they have no time, or their window would exceed the
    /// range of `datetime`.
    pub outside: u64,
    /// How many detections are in no alert because there was no memory for one more alert.
    pub unplaced: u64,
    /// How many detections are among the results of an alert, but there was no memory to look at
    /// their entities.
    pub unexamined: u64,
}

/// An alert with the number of its detections in place of all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CollectedAlert {
    /// The start of the run's window (inclusive).
    pub window_start: Datetime,
    /// The end of the run's window (exclusive).
    pub window_end: Datetime,
    /// When the run starts.
    pub runs_at: Datetime,
    /// The number of detections in the window.
    pub results: u64,
    /// The distinct entities, in order of first occurrence.
    pub entities: Vec<Entity>,
    /// The number of entities beyond the maximum.
    pub entities_left_out: usize,
}

impl From<Alert> for CollectedAlert {
    fn from(alert: Alert) -> Self {
        Self {
            window_start: alert.window_start,
            window_end: alert.window_end,
            runs_at: alert.runs_at,
            results: alert.detections.len() as u64,
            entities: alert.entities,
            entities_left_out: alert.entities_left_out,
        }
    }
}

/// The detections of an hour.
#[derive(Debug)]
struct Hour {
    alert: CollectedAlert,
    /// The hashes of all entities.
    seen: HashSet<u64>,
    /// How many entities of each kind the alert has.
    counts: [usize; ENTITY_MAPPINGS.len()],
}

impl Default for AlertCollector {
    fn default() -> Self {
        Self::with_memory(MAX_MEMORY)
    }
}

impl AlertCollector {
    fn with_memory(memory: usize) -> Self {
        Self { hours: BTreeMap::new(), hasher: RandomState::new(), collected: Collected::default(), memory }
    }

    /// Adds a detection.
    pub fn add(&mut self, time: Option<Datetime>, entities: Vec<Entity>) {
        let Some(start) = time.map(|time| time.floor(HOUR)) else {
            self.collected.outside += 1;
            return;
        };
        if !self.hours.contains_key(&start) {
            let Some(alert) = empty_alert(time) else {
                self.collected.outside += 1;
                return;
            };
            if !take_memory(&mut self.memory, size_of::<(Datetime, Hour)>() + 4 * ALLOCATION_SIZE) {
                self.collected.unplaced += 1;
                return;
            }
            self.hours.insert(start, Hour { alert, seen: HashSet::new(), counts: Default::default() });
        }
        if let Some(hour) = self.hours.get_mut(&start) {
            hour.alert.results += 1;
            let is_examined = entities.into_iter().all(|entity| {
                let hash = self.hasher.hash_one(&entity);
                hour.add(entity, hash, &mut self.memory)
            });
            self.collected.unexamined += u64::from(!is_examined);
        }
    }

    /// The alerts in order of time, and what is in none of them.
    pub fn finish(self) -> Collected {
        let alerts = self.hours.into_values().map(|hour| {
            let entities_left_out = hour.seen.len().saturating_sub(hour.alert.entities.len());
            CollectedAlert { entities_left_out, ..hour.alert }
        });
        Collected { alerts: alerts.collect(), ..self.collected }
    }
}

impl Hour {
    /// Adds an entity unless it is known. Returns false if there is no memory for it.
    fn add(&mut self, entity: Entity, hash: u64, memory: &mut usize) -> bool {
        if self.seen.contains(&hash) {
            return true;
        }
        let count = match entity.kind {
            EntityKind::Host => self.counts.first_mut(),
            EntityKind::Process => self.counts.last_mut(),
        };
        let count = count.filter(|count| **count < MAX_ENTITIES / ENTITY_MAPPINGS.len());
        let size = HASH_SIZE + if count.is_some() { size_of_entity(&entity) } else { 0 };
        if !take_memory(memory, size) {
            return false;
        }
        self.seen.insert(hash);
        if let Some(count) = count {
            *count += 1;
            self.alert.entities.push(entity);
        }
        true
    }
}

/// Takes this many bytes of the memory. Returns false, and takes nothing, if there are not so many.
fn take_memory(memory: &mut usize, size: usize) -> bool {
    memory.checked_sub(size).map(|rest| *memory = rest).is_some()
}

/// The alert of the window that contains a time, without detections. Returns `None` if there is no
/// such window.
fn empty_alert(time: Option<Datetime>) -> Option<CollectedAlert> {
    let found = schedule::alerts(&[Detection { time, entities: vec![] }]).alerts;
    let alert = CollectedAlert::from(found.into_iter().next()?);
    Some(CollectedAlert { results: 0, ..alert })
}

/// The approximate size of an entity in memory, in bytes. Its vector may be twice as long as needed.
fn size_of_entity(entity: &Entity) -> usize {
    let identifiers = entity.identifiers.iter();
    let texts: usize = identifiers.map(|(_, value)| value.capacity() + ALLOCATION_SIZE).sum();
    2 * size_of::<Entity>()
        + entity.identifiers.capacity() * size_of::<(&str, String)>()
        + ALLOCATION_SIZE
        + texts
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

    fn collect(mut collector: AlertCollector, detections: &[Detection]) -> Collected {
        for detection in detections {
            collector.add(detection.time, detection.entities.clone());
        }
        collector.finish()
    }

    #[test]
    fn many_detections_alert_as_in_the_reference() {
        let all = schedule::alerts(&many_detections());
        let collected = collect(AlertCollector::default(), &many_detections());
        let kept: usize = collected.alerts.iter().map(|alert| alert.entities.len()).sum();
        assert_eq!(kept, 2 * MAX_ENTITIES);
        let alerts = all.alerts.into_iter().map(CollectedAlert::from).collect();
        assert_eq!(collected, Collected { alerts, outside: 1, ..Collected::default() });
    }

    /// What is left out for want of memory is counted, and the alerts before it are complete.
    #[test]
    fn detections_beyond_the_memory_are_counted() {
        for memory in [0, 1_000, 100_000] {
            let detections = many_detections();
            let collected = collect(AlertCollector::with_memory(memory), &detections);
            let results: u64 = collected.alerts.iter().map(|alert| alert.results).sum();
            assert_eq!(results + collected.unplaced + collected.outside, detections.len() as u64);
            assert_eq!(collected.alerts.is_empty(), memory == 0);
            assert!(memory == 0 || collected.unexamined > 0 && collected.unplaced == 0, "{collected:?}");
        }
        let hours = (0..1_000_i64).map(|hour| Detection {
            time: Datetime::from_ticks_since_1970(hour * HOUR.ticks()),
            entities: vec![entity(EntityKind::Host, "HostName", 1)],
        });
        let collected = collect(AlertCollector::with_memory(100_000), &hours.collect::<Vec<_>>());
        assert!(collected.alerts.len() > 100 && collected.unplaced > 100, "{}", collected.alerts.len());
        assert_eq!(collected.alerts.len() as u64 + collected.unplaced, 1_000);
    }
}
