use super::super::Rule;
use super::super::entities::{Entity, Strength};
use super::super::schedule::{
    Alert, Alerts, DELAY, Detection, InvalidSchedule, MAX_ENTITIES, Schedule, TriggerOperator,
};
use crate::kql::{Datetime, Timespan};

fn time(text: &str) -> Datetime {
    text.parse().unwrap()
}

fn at(text: &str) -> Detection {
    Detection { time: Some(time(text)), entities: vec![] }
}

fn alerts(detections: &[Detection]) -> Alerts {
    Rule::bitsadmin_activity().alerts(detections)
}

fn minutes(minutes: i64) -> Timespan {
    Timespan::from_minutes(minutes)
}

fn windows(alerts: &[Alert]) -> Vec<(String, String, Vec<usize>)> {
    let window = |alert: &Alert| {
        let hour = |time: Datetime| time.to_string()[11..19].to_owned();
        (hour(alert.window_start), hour(alert.window_end), alert.detections.clone())
    };
    alerts.iter().map(window).collect()
}

fn window(start: &str, end: &str, detections: &[usize]) -> (String, String, Vec<usize>) {
    (start.to_owned(), end.to_owned(), detections.to_vec())
}

#[test]
fn rul_43_every_hour_with_a_result_raises_an_alert() {
    let schedule = Schedule::default();
    assert_eq!(
        (schedule.frequency(), schedule.period(), schedule.threshold()),
        (minutes(60), minutes(60), 0)
    );
    let found = alerts(&[at("2026-01-02T05:59:59Z"), at("2026-01-02T03:10:00Z"), at("2026-01-02T05:00:01Z")]);
    let expected = [window("03:00:00", "04:00:00", &[1]), window("05:00:00", "06:00:00", &[0, 2])];
    assert_eq!(windows(&found.alerts), expected);
    assert_eq!(found.outside, [] as [usize; 0]);
    assert_eq!(alerts(&[]).alerts, []);
}

#[test]
fn rul_44_an_event_on_a_boundary_is_in_the_later_window() {
    let found = alerts(&[at("2026-01-02T04:00:00Z"), at("2026-01-02T03:59:59.9999999Z")]);
    let expected = [window("03:00:00", "04:00:00", &[1]), window("04:00:00", "05:00:00", &[0])];
    assert_eq!(windows(&found.alerts), expected);
}

#[test]
fn rul_44_windows_are_aligned_to_the_anchor() {
    let detections = [at("2026-01-02T03:19:59Z"), at("2026-01-02T03:20:00Z")];
    for anchor in ["2026-01-01T00:20:00Z", "2027-01-01T00:20:00Z", "2026-01-02T03:20:00Z"] {
        let found = Schedule::default().alerts(&detections, time(anchor), 2);
        let expected = [window("02:20:00", "03:20:00", &[0]), window("03:20:00", "04:20:00", &[1])];
        assert_eq!(windows(&found.alerts), expected, "{anchor}");
    }
}

#[test]
fn rul_44_an_event_is_in_every_overlapping_window() {
    let schedule = Schedule::new(minutes(60), minutes(150), 0).unwrap();
    let found = schedule.alerts(&[at("2026-01-02T10:00:00Z")], time("2026-01-01T00:00:00Z"), 2);
    let expected = [window("08:30:00", "11:00:00", &[0]), window("09:30:00", "12:00:00", &[0])];
    assert_eq!(windows(&found.alerts), expected);
    let found = schedule.alerts(&[at("2026-01-02T10:30:00Z")], time("2026-01-01T00:00:00Z"), 2);
    assert_eq!(found.alerts.len(), 3);
}

#[test]
fn rul_43_a_run_above_the_threshold_raises_an_alert() {
    let schedule = Schedule::new(minutes(60), minutes(60), 1).unwrap();
    assert_eq!(schedule.threshold(), 1);
    let detections = [at("2026-01-02T03:10:00Z"), at("2026-01-02T04:10:00Z"), at("2026-01-02T04:11:00Z")];
    let found = schedule.alerts(&detections, time("2026-01-01T00:00:00Z"), 2);
    assert_eq!(windows(&found.alerts), [window("04:00:00", "05:00:00", &[1, 2])]);
    assert_eq!(found.outside, [] as [usize; 0]);
}

#[test]
fn rul_43_the_operator_compares_results_with_the_threshold() {
    let schedule = Schedule::new(minutes(60), minutes(60), 1).unwrap();
    for (operator, expected) in [
        (TriggerOperator::GreaterThan, [false, false, true]),
        (TriggerOperator::LessThan, [true, false, false]),
        (TriggerOperator::Equal, [false, true, false]),
        (TriggerOperator::NotEqual, [true, false, true]),
    ] {
        let schedule = schedule.with_operator(operator);
        assert_eq!([0, 1, 2].map(|results| schedule.is_alert(results)), expected, "{operator:?}");
    }
}

#[test]
fn rul_45_a_run_starts_five_minutes_after_its_window() {
    let found = alerts(&[at("2026-01-02T03:10:00Z")]);
    assert_eq!(found.alerts[0].runs_at, time("2026-01-02T04:05:00Z"));
    assert_eq!(DELAY, minutes(5));
}

const HOST: usize = 0;
const PROCESS: usize = 1;

fn entity(mapping: usize, value: usize) -> Entity {
    let identifiers = vec![("HostName".into(), value.to_string())];
    Entity { kind: ["Host", "Process"][mapping].into(), mapping, identifiers, strength: Strength::Weak }
}

fn with(entities: Vec<Entity>) -> Detection {
    Detection { entities, ..at("2026-01-02T03:10:00Z") }
}

#[test]
fn rul_46_an_alert_has_distinct_entities() {
    let (a, b) = (entity(HOST, 1), entity(HOST, 2));
    let process = entity(PROCESS, 1);
    let found = alerts(&[with(vec![b.clone(), process.clone()]), with(vec![a.clone(), b.clone()])]);
    assert_eq!(found.alerts[0].entities, [b, process, a]);
    assert_eq!(found.alerts[0].entities_left_out, 0);
}

#[test]
fn rul_47_an_alert_has_at_most_250_entities_of_each_mapping() {
    let hosts = (0..300).map(|number| entity(HOST, number));
    let processes = (0..250).map(|number| entity(PROCESS, number));
    let found = alerts(&[with(hosts.chain(processes).collect())]);
    let alert = &found.alerts[0];
    assert_eq!((alert.entities.len(), alert.entities_left_out), (MAX_ENTITIES, 50));
    assert_eq!(alert.entities[249], entity(HOST, 249));
    assert_eq!(alert.entities[250], entity(PROCESS, 0));
}

#[test]
fn rul_48_a_schedule_must_be_within_the_limits() {
    const DAY: i64 = 24 * 60;
    let new = |frequency, period, threshold| Schedule::new(minutes(frequency), minutes(period), threshold);
    for (frequency, period, threshold) in
        [(5, 5, 0), (14 * DAY, 14 * DAY, 10_000), (5, 2 * DAY - 1, 0), (60, 2 * DAY, 0)]
    {
        assert!(new(frequency, period, threshold).is_ok(), "{frequency} {period} {threshold}");
    }
    for frequency in [0, 4, 14 * DAY + 1] {
        assert_eq!(new(frequency, 14 * DAY, 0), Err(InvalidSchedule::Frequency(minutes(frequency))));
    }
    assert_eq!(new(5, 4, 0), Err(InvalidSchedule::Period(minutes(4))));
    assert_eq!(new(60, 14 * DAY + 1, 0), Err(InvalidSchedule::Period(minutes(14 * DAY + 1))));
    let (frequency, period) = (minutes(61), minutes(60));
    assert_eq!(new(61, 60, 0), Err(InvalidSchedule::Gap { frequency, period }));
    assert_eq!(new(59, 2 * DAY, 0), Err(InvalidSchedule::LongPeriod(minutes(59))));
    assert_eq!(new(60, 60, 10_001), Err(InvalidSchedule::Threshold(10_001)));
}

#[test]
fn rul_49_a_detection_without_a_time_is_reported_separately() {
    let found = alerts(&[Detection::default(), at("2026-01-02T03:10:00Z")]);
    assert_eq!(found.outside, [0]);
    assert_eq!(found.alerts.len(), 1);
    assert_eq!(found.alerts[0].detections, [1]);
}

#[test]
fn rul_49_a_window_out_of_range_is_skipped() {
    let early = [at("0001-01-01T00:10:00Z"), at("0001-01-01T00:40:00Z")];
    let found = Schedule::default().alerts(&early, time("2026-01-01T00:30:00Z"), 2);
    assert_eq!(found.outside, [0]);
    assert_eq!(windows(&found.alerts), [window("00:30:00", "01:30:00", &[1])]);
}
