//! The alerts of many detections, in bounded memory.

use std::collections::HashSet;
use std::collections::btree_map::{BTreeMap, Entry};
use std::hash::{BuildHasher, RandomState};

use crate::kql::Datetime;
use crate::rule::schedule::{Alert, MAX_ENTITIES, Schedule, Window};
use crate::rule::{Entity, Rule};

/// How much memory a collector uses, in bytes: enough for five million different entities.
const MAX_MEMORY: usize = 128 << 20;

/// The approximate size of the hash of an entity in a set, in bytes.
const HASH_SIZE: usize = 24;
/// The approximate size of an allocation beyond what it is used for, in bytes.
const ALLOCATION_SIZE: usize = 16;

/// Collects detections, and returns what [`Rule::alerts`] says of them.
///
/// It keeps of each window the number of its detections, the entities that an alert may contain, and
/// a hash of every other entity. Because the number of windows and of entities is not limited, the
/// memory is: when 128 MiB are used up, further detections are only [counted](Collected).
#[derive(Debug)]
pub struct AlertCollector {
    schedule: Schedule,
    /// The number of the rule's entity mappings.
    mappings: usize,
    windows: BTreeMap<Window, Collecting>,
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

/// The detections of a window.
#[derive(Debug)]
struct Collecting {
    alert: CollectedAlert,
    /// The hashes of all entities.
    seen: HashSet<u64>,
    /// How many entities of each mapping the alert has.
    counts: Vec<usize>,
}

impl AlertCollector {
    /// A collector of the detections of a rule.
    pub fn new(rule: &Rule) -> Self {
        Self::with_memory(rule, MAX_MEMORY)
    }

    fn with_memory(rule: &Rule, memory: usize) -> Self {
        Self {
            schedule: rule.schedule.unwrap_or_default(),
            mappings: rule.entity_mappings.len(),
            windows: BTreeMap::new(),
            hasher: RandomState::new(),
            collected: Collected::default(),
            memory,
        }
    }

    /// Adds a detection.
    pub fn add(&mut self, time: Option<Datetime>, entities: &[Entity]) {
        let windows = time.map(|time| self.schedule.windows(time, 0)).unwrap_or_default();
        self.collected.outside += u64::from(windows.is_empty());
        let (mut is_placed, mut is_examined) = (true, true);
        for window in windows {
            let Some(collecting) = window_of(&mut self.windows, window, self.mappings, &mut self.memory)
            else {
                is_placed = false;
                continue;
            };
            collecting.alert.results += 1;
            is_examined &= entities.iter().all(|entity| {
                let hash = self.hasher.hash_one(entity);
                collecting.add(entity, hash, &mut self.memory)
            });
        }
        self.collected.unplaced += u64::from(!is_placed);
        self.collected.unexamined += u64::from(!is_examined);
    }

    /// The alerts in order of time, and what is in none of them.
    pub fn finish(self) -> Collected {
        let is_alert = |window: &Collecting| self.schedule.is_alert(window.alert.results);
        let alerts = self.windows.into_values().filter(is_alert).map(|window| {
            let entities_left_out = window.seen.len().saturating_sub(window.alert.entities.len());
            CollectedAlert { entities_left_out, ..window.alert }
        });
        Collected { alerts: alerts.collect(), ..self.collected }
    }
}

impl Collecting {
    /// Adds an entity unless it is known. Returns false if there is no memory for it.
    fn add(&mut self, entity: &Entity, hash: u64, memory: &mut usize) -> bool {
        if self.seen.contains(&hash) {
            return true;
        }
        let max = MAX_ENTITIES / self.counts.len().max(1);
        let count = self.counts.get_mut(entity.mapping).filter(|count| **count < max);
        let size = HASH_SIZE + if count.is_some() { size_of_entity(entity) } else { 0 };
        if !take_memory(memory, size) {
            return false;
        }
        self.seen.insert(hash);
        if let Some(count) = count {
            *count += 1;
            self.alert.entities.push(entity.clone());
        }
        true
    }
}

/// Takes this many bytes of the memory. Returns false, and takes nothing, if there are not so many.
fn take_memory(memory: &mut usize, size: usize) -> bool {
    memory.checked_sub(size).map(|rest| *memory = rest).is_some()
}

/// What is collected of a window. Returns `None` if there is no memory for another one.
fn window_of<'a>(
    windows: &'a mut BTreeMap<Window, Collecting>,
    window: Window,
    mappings: usize,
    memory: &mut usize,
) -> Option<&'a mut Collecting> {
    let size = size_of::<(Window, Collecting)>() + mappings * size_of::<usize>() + 5 * ALLOCATION_SIZE;
    match windows.entry(window) {
        Entry::Vacant(_) if !take_memory(memory, size) => None,
        entry => Some(entry.or_insert_with(|| Collecting {
            alert: CollectedAlert {
                window_start: window.start,
                window_end: window.end,
                runs_at: window.runs_at,
                results: 0,
                entities: vec![],
                entities_left_out: 0,
            },
            seen: HashSet::new(),
            counts: vec![0; mappings],
        })),
    }
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
    use crate::kql::Timespan;
    use crate::rule::entities::Strength;
    use crate::rule::schedule::Detection;

    const HOUR: Timespan = Timespan::from_minutes(60);

    fn entity(mapping: usize, kind: &str, name: &str, value: u64) -> Entity {
        let identifiers = vec![(name.into(), value.to_string())];
        Entity { kind: kind.into(), mapping, identifiers, strength: Strength::Weak }
    }

    /// Two hours with more hosts and processes than an alert takes, each of them twice, and one
    /// detection without a time.
    fn many_detections() -> Vec<Detection> {
        let timed = (0..2_400_u64).map(|number| {
            let time = format!("2026-01-02T0{}:00:00Z", number % 2).parse().ok();
            let host = entity(0, "Host", "HostName", number / 4);
            let process = entity(1, "Process", "ProcessId", number / 3);
            Detection { time, entities: vec![host, process] }
        });
        timed.chain([Detection { time: None, entities: vec![] }]).collect()
    }

    fn collect(mut collector: AlertCollector, detections: &[Detection]) -> Collected {
        for detection in detections {
            collector.add(detection.time, &detection.entities);
        }
        collector.finish()
    }

    #[test]
    fn many_detections_alert_as_in_the_reference() {
        let mut rule = Rule::bitsadmin_activity().clone();
        for (period, full) in [(60, 4), (150, 6)] {
            rule.schedule = Schedule::new(HOUR, Timespan::from_minutes(period), 0).ok();
            let all = rule.alerts(&many_detections());
            let collected = collect(AlertCollector::new(&rule), &many_detections());
            let kept: usize = collected.alerts.iter().map(|alert| alert.entities.len()).sum();
            assert_eq!(kept, full * MAX_ENTITIES / 2);
            let alerts = all.alerts.into_iter().map(CollectedAlert::from).collect();
            assert_eq!(collected, Collected { alerts, outside: 1, ..Collected::default() });
        }
    }

    /// What is left out for want of memory is counted, and the alerts before it are complete.
    #[test]
    fn detections_beyond_the_memory_are_counted() {
        for memory in [0, 1_000, 100_000] {
            let detections = many_detections();
            let collected =
                collect(AlertCollector::with_memory(Rule::bitsadmin_activity(), memory), &detections);
            let results: u64 = collected.alerts.iter().map(|alert| alert.results).sum();
            assert_eq!(results + collected.unplaced + collected.outside, detections.len() as u64);
            assert_eq!(collected.alerts.is_empty(), memory == 0);
            assert!(memory == 0 || collected.unexamined > 0 && collected.unplaced == 0, "{collected:?}");
        }
        let hours = (0..1_000_i64).map(|hour| Detection {
            time: Datetime::from_ticks_since_1970(hour * HOUR.ticks()),
            entities: vec![entity(0, "Host", "HostName", 1)],
        });
        let collected = collect(
            AlertCollector::with_memory(Rule::bitsadmin_activity(), 100_000),
            &hours.collect::<Vec<_>>(),
        );
        assert!(collected.alerts.len() > 100 && collected.unplaced > 100, "{}", collected.alerts.len());
        assert_eq!(collected.alerts.len() as u64 + collected.unplaced, 1_000);
    }
}
