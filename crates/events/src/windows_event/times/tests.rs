use std::sync::Arc;

use crate::testing::collect_items;
use crate::time::settle;
use crate::windows_event::{WindowsEvent, report};
use crate::{Item, Options, Place, Position};

/// A Sysmon event with this time and this `UtcTime`.
fn sysmon(time: &str, utc_time: &str, is_local_time: bool) -> WindowsEvent {
    WindowsEvent {
        provider: "Microsoft-Windows-Sysmon".to_owned(),
        event_id: 1,
        time_created: time.to_owned(),
        is_local_time,
        data: vec![("Image".to_owned(), String::new()), ("UtcTime".to_owned(), utc_time.to_owned())],
        ..WindowsEvent::default()
    }
}

/// The first two cells of each row of an input with these events, and its faults.
fn items(events: &[WindowsEvent], options: &Options) -> Vec<String> {
    let name: Arc<str> = "f".into();
    let items = collect_items(options, |options, sink| {
        settle(&name, options, sink, |sink| {
            (1..).zip(events).try_for_each(|(number, event)| {
                report(event, Place::new(&name, Position::Line(number)), options, sink)
            })
        })
    });
    let describe = |item: &Item| match item {
        Item::Event(event) => {
            format!("{} {}", event.row[0].to_json(), event.row[1].to_json()).replace('"', "")
        }
        Item::Fault(fault) => fault.to_string(),
        Item::Filtered(_) | Item::Skipped(_) => format!("{item:?}"),
    };
    items.iter().map(describe).collect()
}

fn item(event: WindowsEvent) -> String {
    let mut items = items(&[event], &Options::default());
    assert_eq!(items.len(), 1, "{items:?}");
    items.remove(0)
}

const UTC_TIME: &str = "2026-11-24 18:20:55.120";
const LACKS_ZONE: &str = "f: times of 1 row are local, and their time zone is not told; \
                          the cells are left empty; name the zone with --time-zone";

#[test]
fn tel_07_a_time_without_an_offset_is_utc() {
    for time in ["2026-11-24 18:20:55.1234567", "2026-11-24T19:20:55.1234567+01:00", "1795544455.1234567"] {
        assert_eq!(
            item(sysmon(time, UTC_TIME, false)),
            "2026-11-24T18:20:55.1234567Z 2026-11-24T18:20:55.1200000Z"
        );
    }
    assert_eq!(item(sysmon("", "-", false)), "null null");
}

#[test]
fn tel_82_utc_time_tells_the_zone_of_a_local_time() {
    for (time, created) in [
        ("2026-11-24 13:20:55", "2026-11-24T18:20:55.0000000Z"),
        ("2026-11-24 18:21:00", "2026-11-24T18:21:00.0000000Z"),
        ("2026-11-25 00:05:55", "2026-11-24T18:20:55.0000000Z"),
        ("11/24/2026 1:20:55 PM", "2026-11-24T18:20:55.0000000Z"),
    ] {
        assert_eq!(item(sysmon(time, UTC_TIME, true)), format!("{created} 2026-11-24T18:20:55.1200000Z"));
    }
    assert_eq!(
        item(sysmon("3/6/2026 1:20:55 PM", "2026-06-03 18:20:55.120", true)),
        "2026-06-03T18:20:55.0000000Z 2026-06-03T18:20:55.1200000Z"
    );
}

#[test]
fn tel_82_a_local_time_is_empty_if_nothing_tells_its_zone() {
    for time in ["2026-11-24 13:27:55", "2026-11-23 13:20:55"] {
        let found = items(&[sysmon(time, UTC_TIME, true)], &Options::default());
        assert_eq!(found, ["null 2026-11-24T18:20:55.1200000Z", LACKS_ZONE]);
    }
    let options = Options { time_zone: Some("-05:00".parse().unwrap()), ..Options::default() };
    let found = items(&[sysmon("2026-11-24 13:27:55", UTC_TIME, true)], &options);
    assert_eq!(found, ["2026-11-24T18:27:55.0000000Z 2026-11-24T18:20:55.1200000Z"]);
    // A time that is not local is not affected.
    let found = items(&[sysmon("2026-11-24 18:20:55", UTC_TIME, false)], &options);
    assert_eq!(found, ["2026-11-24T18:20:55.0000000Z 2026-11-24T18:20:55.1200000Z"]);
}

#[test]
fn tel_83_a_time_far_from_utc_time_is_told_once() {
    let event = |time| sysmon(time, UTC_TIME, false);
    let near = event("2026-11-24T18:50:55.119Z");
    let far = [event("2026-11-24T18:50:55.120Z"), event("2026-11-24T13:20:55Z")];
    let [first, second] = far.clone();
    let found = items(&[near, first, second], &Options::default());
    let creation = "2026-11-24T18:20:55.1200000Z";
    assert_eq!(
        found,
        [
            format!("2026-11-24T18:50:55.1190000Z {creation}"),
            format!("2026-11-24T18:50:55.1200000Z {creation}"),
            format!("2026-11-24T13:20:55.0000000Z {creation}"),
            "f: the times of 2 rows are 30 minutes or more away from their UtcTime, the first in f:2; \
             both are kept; check the time zone of the export"
                .to_owned(),
        ]
    );
}

#[test]
fn tel_84_a_time_that_is_not_understood_is_a_fault() {
    let long = "x".repeat(50);
    for is_local_time in [true, false] {
        assert_eq!(
            items(&[sysmon("soon", &long, is_local_time)], &Options::default()),
            [
                "null null".to_owned(),
                format!(
                    "f:1: the time is not understood: ProcessCreationTime ({:?}), TimeGenerated (\"soon\"); \
                     the cell is left empty; export times as ISO 8601 in UTC",
                    format!("{}…", "x".repeat(40))
                ),
            ]
        );
    }
    let security = WindowsEvent {
        provider: "Microsoft-Windows-Security-Auditing".to_owned(),
        event_id: 4688,
        data: vec![("NewProcessName".to_owned(), String::new())],
        ..sysmon("soon", "", false)
    };
    assert_eq!(
        items(&[security], &Options::default())[1],
        "f:1: the time is not understood: TimeGenerated (\"soon\"); \
         the cell is left empty; export times as ISO 8601 in UTC"
    );
}
