//! When the rule runs, and which runs raise an alert.

mod window;

use std::collections::{BTreeMap, HashSet};

use super::Rule;
use super::entities::Entity;
use crate::kql::{Datetime, Timespan};
pub(crate) use window::Window;

const HOUR: Timespan = Timespan::from_minutes(60);
const DAY: Timespan = Timespan::from_minutes(24 * 60);

/// The time between the end of a window and the start of its run.
///
/// Spec: RUL-45
pub const DELAY: Timespan = Timespan::from_minutes(5);

/// The maximum number of entities in an alert, over all mappings.
///
/// Spec: RUL-47
pub const MAX_ENTITIES: usize = 500;

/// When a scheduled rule runs, over which period, and when it raises an alert.
///
/// Spec: RUL-43, RUL-44, RUL-48
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Schedule {
    frequency: Timespan,
    period: Timespan,
    operator: TriggerOperator,
    threshold: u32,
}

/// How the number of results is compared with the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TriggerOperator {
    /// More results than the threshold raise an alert.
    #[default]
    GreaterThan,
    /// Fewer results than the threshold raise an alert.
    LessThan,
    /// As many results as the threshold raise an alert.
    Equal,
    /// Any other number of results than the threshold raises an alert.
    NotEqual,
}

impl TriggerOperator {
    /// Returns the operator with this name in a template, such as `gt` or `GreaterThan`.
    ///
    /// Spec: RUL-53
    pub fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "gt" | "GreaterThan" => Self::GreaterThan,
            "lt" | "LessThan" => Self::LessThan,
            "eq" | "Equal" => Self::Equal,
            "ne" | "NotEqual" => Self::NotEqual,
            _ => return None,
        })
    }
}

/// Why Sentinel would reject a schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSchedule {
    /// The frequency is out of range.
    #[error("the frequency must be 5 minutes to 14 days, but is {0}")]
    Frequency(Timespan),
    /// The period is out of range.
    #[error("the period must be 5 minutes to 14 days, but is {0}")]
    Period(Timespan),
    /// The period is shorter than the frequency, so some events would be in no window.
    #[error("the period must not be shorter than the frequency of {frequency}, but is {period}")]
    Gap {
        /// How often the rule runs.
        frequency: Timespan,
        /// How far back the rule looks.
        period: Timespan,
    },
    /// The frequency is too short for a long period.
    #[error("with a period of 2 days or more, the frequency must be 1 hour or more, but is {0}")]
    LongPeriod(Timespan),
    /// The threshold is out of range.
    #[error("the threshold must be 0 to 10000, but is {0}")]
    Threshold(u32),
}

/// The schedule of the rule: every hour, over the last hour, with an alert for any result.
impl Default for Schedule {
    fn default() -> Self {
        Self { frequency: HOUR, period: HOUR, operator: TriggerOperator::GreaterThan, threshold: 0 }
    }
}

impl Schedule {
    /// Creates a schedule: a run every `frequency` over the last `period`, which raises
    /// an alert if it has more than `threshold` results.
    ///
    /// # Errors
    ///
    /// Returns the first of Sentinel's limits that the schedule violates.
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
            Ok(Self { frequency, period, operator: TriggerOperator::GreaterThan, threshold })
        }
    }

    /// Changes how the number of results is compared with the threshold.
    #[must_use]
    pub fn with_operator(self, operator: TriggerOperator) -> Self {
        Self { operator, ..self }
    }

    /// How often the rule runs.
    pub fn frequency(self) -> Timespan {
        self.frequency
    }

    /// How far back a run looks.
    pub fn period(self) -> Timespan {
        self.period
    }

    /// How the number of results is compared with the threshold.
    pub fn operator(self) -> TriggerOperator {
        self.operator
    }

    /// What the number of results is compared with.
    pub fn threshold(self) -> u32 {
        self.threshold
    }

    /// Whether a run with this many results raises an alert.
    ///
    /// Spec: RUL-43
    pub fn is_alert(self, results: u64) -> bool {
        let threshold = u64::from(self.threshold);
        match self.operator {
            TriggerOperator::GreaterThan => results > threshold,
            TriggerOperator::LessThan => results < threshold,
            TriggerOperator::Equal => results == threshold,
            TriggerOperator::NotEqual => results != threshold,
        }
    }

    /// The alerts of all runs that have results, with windows aligned so that one ends at `anchor`.
    /// `mappings` is the number of the rule's entity mappings.
    ///
    /// Spec: RUL-43, RUL-44, RUL-45, RUL-46, RUL-47, RUL-49
    pub fn alerts(self, detections: &[Detection], anchor: Datetime, mappings: usize) -> Alerts {
        self.alerts_since(anchor.ticks_since_1970(), detections, mappings)
    }

    fn alerts_since(self, anchor: i64, detections: &[Detection], mappings: usize) -> Alerts {
        let mut windows = BTreeMap::<Window, Vec<usize>>::new();
        let mut outside = vec![];
        for (index, detection) in detections.iter().enumerate() {
            let containing = detection.time.map(|time| self.windows(time, anchor)).unwrap_or_default();
            if containing.is_empty() {
                outside.push(index);
            }
            for window in containing {
                windows.entry(window).or_default().push(index);
            }
        }
        windows.retain(|_, indices| self.is_alert(indices.len() as u64));
        let alerts =
            windows.into_iter().map(|(window, indices)| alert(window, indices, detections, mappings));
        Alerts { alerts: alerts.collect(), outside }
    }

    /// The windows that contain a time, in order. One of all windows ends at `anchor`, in ticks since
    /// 1970.
    ///
    /// Spec: RUL-44
    pub(crate) fn windows(self, time: Datetime, anchor: i64) -> Vec<Window> {
        let (frequency, period) = (self.frequency.ticks(), self.period.ticks());
        let time = time.ticks_since_1970();
        let first = anchor + ((time - anchor).div_euclid(frequency) + 1) * frequency;
        let ends = (0..).map(|run| first + run * frequency).take_while(|end| end - period <= time);
        ends.filter_map(|end| Window::between(end - period, end)).collect()
    }
}

/// The parts of a selected row that an alert needs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Detection {
    /// When the event was recorded: `TimeGenerated`.
    pub time: Option<Datetime>,
    /// The entities of the row.
    pub entities: Vec<Entity>,
}

/// The alerts of all runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Alerts {
    /// The alerts, in chronological order.
    pub alerts: Vec<Alert>,
    /// The indices of the detections in no window: they have no time, or their window would
    /// exceed the range of `datetime`.
    pub outside: Vec<usize>,
}

/// An alert, raised by one run of the rule.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Alert {
    /// The start of the run's window (inclusive).
    pub window_start: Datetime,
    /// The end of the run's window (exclusive).
    pub window_end: Datetime,
    /// When the run starts.
    pub runs_at: Datetime,
    /// The indices of the detections in the window.
    pub detections: Vec<usize>,
    /// The distinct entities, in order of first occurrence.
    pub entities: Vec<Entity>,
    /// The number of entities beyond the maximum.
    pub entities_left_out: usize,
}

impl Rule {
    /// The alerts of all runs that have results. Windows end at multiples of the frequency, counted
    /// from 1970, UTC. A rule without a schedule runs every hour over the last hour.
    ///
    /// ```
    /// use rulespec::rule::Rule;
    /// use rulespec::rule::schedule::Detection;
    ///
    /// let time = "2026-01-02T03:04:05Z".parse().ok();
    /// let found = Rule::bitsadmin_activity().alerts(&[Detection { time, entities: vec![] }]);
    /// assert_eq!(found.alerts[0].runs_at.to_string(), "2026-01-02T04:05:00.0000000Z");
    /// ```
    ///
    /// Spec: RUL-43, RUL-44, RUL-49
    pub fn alerts(&self, detections: &[Detection]) -> Alerts {
        self.schedule.unwrap_or_default().alerts_since(0, detections, self.entity_mappings.len())
    }
}

/// Spec: RUL-46, RUL-47
fn alert(window: Window, indices: Vec<usize>, detections: &[Detection], mappings: usize) -> Alert {
    let in_window = indices.iter().filter_map(|&index| detections.get(index));
    let mut seen = HashSet::new();
    let mut counts = BTreeMap::new();
    let mut entities = vec![];
    for entity in in_window.flat_map(|detection| &detection.entities) {
        let count = counts.entry(entity.mapping).or_insert(0);
        if seen.insert(entity) && *count < MAX_ENTITIES / mappings.max(1) {
            *count += 1;
            entities.push(entity.clone());
        }
    }
    Alert {
        window_start: window.start,
        window_end: window.end,
        runs_at: window.runs_at,
        detections: indices,
        entities_left_out: seen.len() - entities.len(),
        entities,
    }
}
