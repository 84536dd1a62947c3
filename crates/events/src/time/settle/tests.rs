use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::testing::{collect_items, keeping};
use crate::{Options, csv, json, read_bytes};

const HEADER: &str = "TimeGenerated,ProcessCreationTime,FileName,ProcessCommandLine\n";

/// A table with these times, one row each, whose programs are `a`, except for those after `!`.
fn table(times: &[&str]) -> String {
    let row = |time: &&str| match time.strip_prefix('!') {
        Some(time) => format!("\"{time}\",,other,x\n"),
        None => format!("\"{time}\",,a,x\n"),
    };
    [HEADER.to_owned()].into_iter().chain(times.iter().map(row)).collect()
}

fn describe(item: &Item) -> String {
    match item {
        Item::Event(event) => {
            assert_eq!(event.times, None);
            event.row[0].to_json().as_str().unwrap_or("null").chars().take(16).collect()
        }
        Item::Filtered(filtered) => {
            assert_eq!(filtered.orders, DateOrders::default());
            "filtered".to_owned()
        }
        Item::Fault(fault) => fault.to_string(),
        Item::Skipped(_) => "skipped".to_owned(),
    }
}

fn read(text: &str) -> Vec<String> {
    let options = keeping(|names| names.file_name == "a");
    let items =
        collect_items(&options, |options, sink| csv::read(text.as_bytes(), &"f".into(), options, sink));
    items.iter().map(describe).collect()
}

const REMEDY: &str = "export times as ISO 8601 in UTC, as in 2026-11-24T18:20:55Z";

fn undecided(rows: &str, first: &str) -> String {
    format!(
        "f: day and month cannot be told apart in the times of {rows}, the first {first}; \
         the cells are left empty; name the order with --date-order, or {REMEDY}"
    )
}

#[test]
fn tel_81_any_row_tells_the_order_of_day_and_month() {
    let (june, open) = ("2026-06-03T18:20", "6/3/2026, 6:20:55 PM");
    let months_first = "6/24/2026, 6:20:55 PM";
    assert_eq!(read(&table(&[open, months_first])), [june, "2026-06-24T18:20"]);
    assert_eq!(read(&table(&[months_first, open])), ["2026-06-24T18:20", june]);
    let rejected = format!("!{months_first}");
    assert_eq!(read(&table(&[open, &rejected, open])), [june, "filtered", june]);
    assert_eq!(read(&table(&[&rejected, open])), ["filtered", june]);
    assert_eq!(read(&table(&["3/6/2026 18:20", "24/6/2026 18:20"])), [june, "2026-06-24T18:20"]);
    // Another column of the same row or of another row tells, too, also in a rejected row.
    for row in [
        format!("\"{open}\",\"{months_first}\",a,x\n"),
        format!("\"{open}\",,a,x\n,\"{months_first}\",a,x\n"),
        format!("\"{open}\",,a,x\n,\"{months_first}\",other,x\n"),
    ] {
        assert_eq!(read(&format!("{HEADER}{row}"))[0], june, "{row}");
    }
}

#[test]
fn tel_81_a_time_whose_order_nothing_tells_is_empty_and_one_fault() {
    let open = "6/3/2026, 6:20:55 PM";
    let first = "\"6/3/2026, 6:20:55 PM\" in f:2";
    assert_eq!(read(&table(&[open])), ["null".to_owned(), undecided("1 row", first)]);
    let others = ["6/6/2026 18:20", "24.6.2026 18:20", "2026-06-24 18:20", open, "!6/3/2026"];
    assert_eq!(
        read(&table(&[&[open][..], &others].concat())),
        [
            "null",
            "2026-06-06T18:20",
            "2026-06-24T18:20",
            "2026-06-24T18:20",
            "null",
            "filtered",
            &undecided("2 rows", first)
        ]
    );
}

#[test]
fn tel_81_a_contradiction_is_told_and_nothing_is_guessed_after_it() {
    let open = "6/3/2026 18:20";
    assert_eq!(
        read(&table(&[open, "1/13/2026 18:20", open, "13/1/2026 18:20", open])),
        [
            "2026-06-03T18:20",
            "2026-01-13T18:20",
            "2026-06-03T18:20",
            "2026-01-13T18:20",
            "null",
            &format!(
                "f: some times have the month first and others the day first: of the rows that could be \
                 either, 2 came before the contradiction and were read, and 1 was left empty; {REMEDY}"
            ),
        ]
    );
}

#[test]
fn tel_81_the_order_can_be_given_and_what_contradicts_it_is_told() {
    let read = |times: &[&str], order| {
        let options = Options { date_order: Some(order), ..Options::default() };
        let text = table(times);
        let items =
            collect_items(&options, |options, sink| csv::read(text.as_bytes(), &"f".into(), options, sink));
        items.iter().map(describe).collect::<Vec<_>>()
    };
    let (open, june, march) = ("6/3/2026 18:20", "2026-06-03T18:20", "2026-03-06T18:20");
    assert_eq!(read(&[open], DateOrder::MonthFirst), [june]);
    assert_eq!(read(&[open, "24/6/2026", open], DateOrder::DayFirst), [march, "2026-06-24T00:00", march]);
    for (order, first, other, certain) in [
        (DateOrder::MonthFirst, june, "day", "24/6/2026"),
        (DateOrder::DayFirst, march, "month", "6/24/2026"),
    ] {
        let fault = format!(
            "f: some times have the {other} first, against --date-order: of the rows that could be either, \
             1 came before the contradiction and were read, and 1 was left empty; {REMEDY}"
        );
        assert_eq!(read(&[open, certain, open], order), [first, "2026-06-24T00:00", "null", &fault]);
    }
}

#[test]
fn tel_81_items_wait_in_order_and_in_bounded_number() {
    let damaged = "\"6/3/2026 18:20\",,a,x\nshort\n\"24/6/2026 18:20\",,a,x\n";
    let found = read(&format!("{HEADER}{damaged}"));
    assert_eq!([&found[0], &found[2]], ["2026-03-06T18:20", "2026-06-24T18:20"]);
    assert!(found[1].starts_with("f:3: the row has 1 fields"), "{found:?}");
    // Rejected rows are counted, so a million may wait.
    let mut times = vec!["6/3/2026 18:20"];
    times.extend(std::iter::repeat_n("!6/3/2026 18:20", 3 * MAX_HELD));
    times.push("6/24/2026 18:20");
    assert_eq!(read(&table(&times))[0], "2026-06-03T18:20");
    let mut times = vec!["6/3/2026 18:20"; MAX_HELD + 1];
    times.push("6/24/2026 18:20");
    let found = read(&table(&times));
    assert_eq!(
        found[MAX_HELD - 1..],
        [
            "null",
            "2026-06-03T18:20",
            "2026-06-24T18:20",
            &undecided("10000 rows", "\"6/3/2026 18:20\" in f:2")
        ]
    );
    // 20 rows of a MiB are too much.
    let long = "x".repeat(1 << 20);
    let rows: String = (0..20).map(|_| format!("6/3/2026 18:20,,a,x,{long}\n")).collect();
    let found = read(&format!("{},More\n{rows}24/6/2026 18:20,,a,x,\n", HEADER.trim_end()));
    assert_eq!([&found[0], &found[19]], ["null", "2026-03-06T18:20"]);
}

#[test]
fn tel_81_a_sink_that_breaks_gets_no_more_items() {
    let text = table(&["6/3/2026", "6/3/2026", "6/24/2026"]);
    let mut count = 0;
    let flow = csv::read(text.as_bytes(), &"f".into(), &Options::default(), &mut |_| {
        count += 1;
        ControlFlow::Break(())
    });
    assert_eq!((flow, count), (ControlFlow::Break(()), 1));
}

#[test]
fn tel_81_each_member_of_an_archive_has_its_own_order() {
    let mut writer = ZipWriter::new(Cursor::new(vec![]));
    for (name, time) in [("a", "6/24/2026"), ("b", "24/6/2026"), ("c", "6/3/2026")] {
        writer.start_file(name, SimpleFileOptions::default()).unwrap();
        writer.write_all(table(&["6/3/2026", time]).as_bytes()).unwrap();
    }
    let archive = writer.finish().unwrap().into_inner();
    let found =
        collect_items(&Options::default(), |options, sink| read_bytes(&archive, &"f".into(), options, sink));
    let found: Vec<String> = found.iter().map(describe).collect();
    let (june, march, other) = ("2026-06-03T00:00", "2026-03-06T00:00", "2026-06-24T00:00");
    let fault = undecided("2 rows", "\"6/3/2026\" in f!c:2").replacen('f', "f!c", 1);
    assert_eq!(found, [june, other, march, other, "null", "null", &fault]);
}

#[test]
fn tel_75_the_order_is_the_same_with_several_threads() {
    let row = |number: u32| {
        let time = if number == 9_000 { "2026-24-06" } else { "6/3/2026" }.replace("2026-24-06", "24/6/2026");
        let program = if number.is_multiple_of(3) { "a" } else { "other" };
        format!(
            r#"{{"Timestamp": "{time}", "FileName": "{program}", "ProcessCommandLine": "{number}"}}{}"#,
            "\n"
        )
    };
    let text: String = (0..10_000).map(row).collect();
    let read = |jobs| {
        let options = Options { jobs, ..keeping(|names| names.file_name == "a") };
        collect_items(&options, |options, sink| json::read(text.as_bytes(), &"f".into(), options, sink))
    };
    let items = read(1);
    assert_eq!(describe(&items[0]), "2026-03-06T00:00");
    assert_eq!(items.len(), 10_000);
    assert!(read(4) == items);
}

#[test]
fn tel_82_local_times_are_empty_unless_a_zone_is_given() {
    let text = table(&["11/24/2026, 1:20:55 PM", "2026-11-24T18:20:55Z", "6/3/2026, 1:20:55 PM"]);
    let text = text.replacen("TimeGenerated", "TimeGenerated [Local Time]", 1);
    let read = |time_zone: Option<&str>| {
        let options =
            Options { time_zone: time_zone.map(|zone| zone.parse().unwrap()), ..Options::default() };
        let items =
            collect_items(&options, |options, sink| csv::read(text.as_bytes(), &"f".into(), options, sink));
        items.iter().map(describe).collect::<Vec<_>>()
    };
    let fault = "f: times of 2 rows are local, and their time zone is not told; \
                 the cells are left empty; name the zone with --time-zone";
    assert_eq!(read(None), ["null", "2026-11-24T18:20", "null", fault]);
    let new_york = ["2026-11-24T18:20", "2026-11-24T18:20", "2026-06-03T17:20"];
    assert_eq!(read(Some("America/New_York")), new_york);
}

#[test]
fn tel_82_a_time_with_an_at_sign_is_local() {
    let text =
        table(&["Nov 24, 2026 @ 13:20:55.123", "Nov 24, 2026 @ 18:20:55 UTC", "Nov 24, 2026 18:20:55"]);
    let read = |time_zone: Option<&str>| {
        let options =
            Options { time_zone: time_zone.map(|zone| zone.parse().unwrap()), ..Options::default() };
        let items =
            collect_items(&options, |options, sink| csv::read(text.as_bytes(), &"f".into(), options, sink));
        items.iter().map(describe).collect::<Vec<_>>()
    };
    let fault = "f: times of 1 row are local, and their time zone is not told; \
                 the cells are left empty; name the zone with --time-zone";
    assert_eq!(read(None), ["null", "2026-11-24T18:20", "2026-11-24T18:20", fault]);
    assert_eq!(read(Some("America/New_York")), ["2026-11-24T18:20"; 3]);
}
