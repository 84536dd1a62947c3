//! When the rule runs, and which of its runs alert.

use std::collections::{BTreeMap, HashSet};

use serde::{Serialize, Serializer};

use super::entities::Entity;
use super::metadata::ENTITY_MAPPINGS;
use crate::kql::{Datetime, Timespan};

const HOUR: Timespan = Timespan::from_minutes(60);
const DAY: Timespan = Timespan::from_minutes(24 * 60);

/// How long after the end of its window a run starts.
///
/// Spec: RUL-45
pub const DELAY: Timespan = Timespan::from_minutes(5);

/// How many entities one alert takes, all mappings together.
///
/// Spec: RUL-47
pub const ENTITY_CAP: usize = 500;

/// When a scheduled rule runs, over what, and when it alerts.
///
/// Spec: RUL-43, RUL-44, RUL-48
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Schedule {
    #[serde(serialize_with = "as_text")]
    frequency: Timespan,
    #[serde(serialize_with = "as_text")]
    period: Timespan,
    #[serde(rename = "triggerGreaterThan")]
    threshold: u32,
}

fn as_text<S: Serializer>(span: &Timespan, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(span)
}

/// A schedule that Sentinel does not take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSchedule {
    /// The frequency is out of range.
    #[error("a rule runs every 5 minutes to every 14 days; not every {0}")]
    Frequency(Timespan),
    /// The period is out of range.
    #[error("a rule looks back 5 minutes to 14 days; not {0}")]
    Period(Timespan),
    /// Some events would be in no window.
    #[error("a rule that runs every {frequency} must look back as long, or longer; not {period}")]
    Gap {
        /// How often it runs.
        frequency: Timespan,
        /// How far it looks back.
        period: Timespan,
    },
    /// The rule looks far back too often.
    #[error("a rule that looks back 2 days or more may run every hour at most; not every {0}")]
    LongPeriod(Timespan),
    /// The threshold is out of range.
    #[error("a threshold is 0 to 10000; not {0}")]
    Threshold(u32),
}

/// The rule's own: every hour, over the last hour, alerting on any result.
impl Default for Schedule {
    fn default() -> Self {
        Self { frequency: HOUR, period: HOUR, threshold: 0 }
    }
}

impl Schedule {
    /// A schedule: a run every `frequency` over the last `period`, which alerts
    /// where it has more than `threshold` results.
    ///
    /// # Errors
    ///
    /// The first of Sentinel's limits that it breaks.
    ///
    /// ```
    /// use rulespec::kql::Timespan;
    /// use rulespec::rule::schedule::{InvalidSchedule, Schedule};
    ///
    /// let (hour, minute) = (Timespan::from_minutes(60), Timespan::from_minutes(1));
    /// assert_eq!(Schedule::new(hour, hour, 0), Ok(Schedule::default()));
    /// assert_eq!(Schedule::new(minute, hour, 0), Err(InvalidSchedule::Frequency(minute)));
    /// ```
    ///
    /// Spec: RUL-48
    pub fn new(frequency: Timespan, period: Timespan, threshold: u32) -> Result<Self, InvalidSchedule> {
        let allowed = Timespan::from_minutes(5)..=Timespan::from_minutes(14 * 24 * 60);
        if !allowed.contains(&frequency) {
            Err(InvalidSchedule::Frequency(frequency))
        } else if !allowed.contains(&period) {
            Err(InvalidSchedule::Period(period))
        } else if frequency > period {
            Err(InvalidSchedule::Gap { frequency, period })
        } else if period.ticks() >= 2 * DAY.ticks() && frequency < HOUR {
            Err(InvalidSchedule::LongPeriod(frequency))
        } else if threshold > 10_000 {
            Err(InvalidSchedule::Threshold(threshold))
        } else {
            Ok(Self { frequency, period, threshold })
        }
    }

    /// How often the rule runs.
    pub fn frequency(self) -> Timespan {
        self.frequency
    }

    /// How far back a run looks.
    pub fn period(self) -> Timespan {
        self.period
    }

    /// A run alerts where it has more results than this.
    pub fn threshold(self) -> u32 {
        self.threshold
    }

    /// The runs that alert, where a window of the rule ends at `anchor`.
    ///
    /// Spec: RUL-43, RUL-44, RUL-45, RUL-46, RUL-47, RUL-49
    pub fn alerts(self, detections: &[Detection], anchor: Datetime) -> Alerts {
        let mut windows = BTreeMap::<Window, Vec<usize>>::new();
        let mut outside = vec![];
        for (number, detection) in detections.iter().enumerate() {
            let held = detection.time.map(|time| self.windows(time, anchor)).unwrap_or_default();
            if held.is_empty() {
                outside.push(number);
            }
            for window in held {
                windows.entry(window).or_default().push(number);
            }
        }
        let fires = |numbers: &Vec<usize>| numbers.len() as u64 > u64::from(self.threshold);
        let fired = windows.into_iter().filter(|(_, numbers)| fires(numbers));
        Alerts {
            alerts: fired.map(|(window, numbers)| alert(window, numbers, detections)).collect(),
            outside,
        }
    }

    /// The windows that hold a time, in order.
    ///
    /// Spec: RUL-44
    fn windows(self, time: Datetime, anchor: Datetime) -> Vec<Window> {
        let (frequency, period) = (self.frequency.ticks(), self.period.ticks());
        let (time, anchor) = (time.ticks_since_1970(), anchor.ticks_since_1970());
        let first = anchor + ((time - anchor).div_euclid(frequency) + 1) * frequency;
        let ends = (0..).map(|run| first + run * frequency).take_while(|end| end - period <= time);
        ends.filter_map(|end| Window::between(end - period, end)).collect()
    }
}

/// What one run looks at: from `start` up to, not including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Window {
    start: Datetime,
    end: Datetime,
    runs_at: Datetime,
}

impl Window {
    fn between(start: i64, end: i64) -> Option<Self> {
        let end = Datetime::from_ticks_since_1970(end)?;
        let start = Datetime::from_ticks_since_1970(start)?;
        Some(Self { start, end, runs_at: end.checked_add(DELAY)? })
    }
}

/// A row the rule selects, as far as an alert needs it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Detection {
    /// When it was recorded: `TimeGenerated`.
    pub time: Option<Datetime>,
    /// Its entities.
    pub entities: Vec<Entity>,
}

/// The alerts of all runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Alerts {
    /// In order of time.
    pub alerts: Vec<Alert>,
    /// The detections, by their place, that no window holds: they have no time,
    /// or one at the very ends of KQL's calendar.
    pub outside: Vec<usize>,
}

/// One alert: a run of the rule that had enough results.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alert {
    /// The first moment the run looked at.
    pub window_start: Datetime,
    /// The first moment after those the run looked at.
    pub window_end: Datetime,
    /// When it ran.
    pub runs_at: Datetime,
    /// Its results, by their place among the detections.
    pub detections: Vec<usize>,
    /// Its entities, each once, in the order they came.
    pub entities: Vec<Entity>,
    /// How many more entities there were than an alert takes.
    pub entities_left_out: usize,
}

/// The alerts of the rule, run every full hour UTC.
///
/// ```
/// use rulespec::rule::schedule::{Detection, alerts};
///
/// let time = "2026-01-02T03:04:05Z".parse().ok();
/// let found = alerts(&[Detection { time, entities: vec![] }]).alerts;
/// assert_eq!(found[0].runs_at.to_string(), "2026-01-02T04:05:00.0000000Z");
/// ```
///
/// Spec: RUL-43, RUL-44, RUL-49
pub fn alerts(detections: &[Detection]) -> Alerts {
    match Datetime::from_ticks_since_1970(0) {
        Some(anchor) => Schedule::default().alerts(detections, anchor),
        None => Alerts::default(),
    }
}

/// Spec: RUL-46, RUL-47
fn alert(window: Window, numbers: Vec<usize>, detections: &[Detection]) -> Alert {
    let mut seen = HashSet::new();
    let of_window = numbers.iter().filter_map(|&number| detections.get(number));
    let found = of_window.flat_map(|detection| &detection.entities).filter(|&entity| seen.insert(entity));
    let found: Vec<&Entity> = found.collect();
    let mut entities = vec![];
    let mut taken = BTreeMap::new();
    for &entity in &found {
        let taken = taken.entry(entity.kind).or_insert(0);
        if *taken < ENTITY_CAP / ENTITY_MAPPINGS.len() {
            *taken += 1;
            entities.push(entity.clone());
        }
    }
    Alert {
        window_start: window.start,
        window_end: window.end,
        runs_at: window.runs_at,
        detections: numbers,
        entities_left_out: found.len() - entities.len(),
        entities,
    }
}
