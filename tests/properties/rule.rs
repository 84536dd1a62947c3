//! Properties of the rule.

use proptest::prelude::*;

use super::any_profile;
use rulespec::kql::{Column, Datetime, Dynamic, Profile, Row, Table, Timespan, Type};
use rulespec::rule::Rule;
use rulespec::rule::schedule::{Detection, Schedule};
use rulespec_testing::rule::{ORIGINAL_FILE_NAME, bitsadmin_activity, in_context, required_columns};
use rulespec_testing::straight_line::{evaluate_row, evaluate_table};

/// File names, about half of which are the program's.
fn file_name() -> impl Strategy<Value = String> {
    let names = ["bitsadmin.exe", "BitsAdmin.EXE", "BITſADMIN.EXE", "bitsadmin.exe", "x.exe", "x", ""];
    prop::sample::select(names.to_vec()).prop_map(str::to_owned)
}

fn command_line_text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "/Transfer",
        "/transfer",
        "/addfile",
        "/addfileſet",
        "/addfilewithranges",
        "/upload",
        "/UPLOAD",
        "/uploads",
        "/list",
        " ",
        "  ",
        "\t",
        "\"",
        "\\",
        "\0",
        "\u{1}",
        "\u{3000}",
        "\u{212a}",
        "_",
        "u",
        "é",
        "bitsadmin",
        "",
    ]);
    prop::collection::vec(word, 0..12).prop_map(|words| words.concat())
}

fn device_name_text() -> impl Strategy<Value = String> {
    "[a-zé𝔸._ ]{0,8}"
}

prop_compose! {
    fn text_cell(name: String)(
        file in file_name(),
        line in command_line_text(),
        device in device_name_text(),
        other in "[a-z]{0,3}",
    ) -> Dynamic {
        Dynamic::from(match name.as_str() {
            "FileName" | ORIGINAL_FILE_NAME => file,
            "ProcessCommandLine" => line,
            "DeviceName" => device,
            _ => other,
        })
    }
}

fn cell(name: &str) -> BoxedStrategy<Dynamic> {
    match name {
        "TimeGenerated" => any::<i32>()
            .prop_map(|ticks| {
                Datetime::from_ticks_since_1970(ticks.into()).map_or(Dynamic::Null, Dynamic::Datetime)
            })
            .boxed(),
        "ProcessId" => any::<i64>().prop_map(Dynamic::Long).boxed(),
        name => text_cell(name.to_owned()).boxed(),
    }
}

fn column(name: &str) -> Column {
    let required = required_columns().into_iter().find(|column| column.name == name);
    required.unwrap_or_else(|| Column::new(name, Type::String))
}

/// Tables that the rule accepts: the required columns in any order, and others among them, some
/// with the names of columns that the rule assigns.
pub(crate) fn tables() -> impl Strategy<Value = Table> {
    let optional = vec![ORIGINAL_FILE_NAME, "HostName", "Direction", "ParsedCommandLine", "SHA1"];
    let columns = prop::sample::subsequence(optional, 0..=5).prop_flat_map(|optional| {
        let required: Vec<String> = required_columns().into_iter().map(|column| column.name).collect();
        Just(required.into_iter().chain(optional.into_iter().map(str::to_owned)).collect::<Vec<_>>())
            .prop_shuffle()
    });
    let table = columns.prop_flat_map(|names| {
        let row: Vec<_> = names.iter().map(|name| cell(name)).collect();
        (Just(names), prop::collection::vec(row, 0..4))
    });
    table.prop_map(|(names, rows)| {
        let mut table = Table::new(names.iter().map(|name| column(name)).collect()).unwrap();
        rows.into_iter().for_each(|row| table.push(row).unwrap());
        table
    })
}

proptest! {
    #[test]
    fn the_stages_agree_with_the_straight_line_rule(table in tables(), profile in any_profile()) {
        let out = bitsadmin_activity(&table, &profile).unwrap();
        prop_assert_eq!(out.rows(), evaluate_table(&table, out.columns(), &profile));
    }

    #[test]
    fn the_rule_adds_its_output_columns(table in tables()) {
        let out = bitsadmin_activity(&table, &Profile::default()).unwrap();
        let names = |table: &Table| -> Vec<String> {
            table.columns().iter().map(|column| column.name.clone()).collect()
        };
        let mut expected = names(&table);
        let added = ["ParsedCommandLine", "Direction", "LocalFile", "RemoteUrl", "HostName", "DnsDomain"];
        expected.extend(added.map(str::to_owned));
        expected.sort();
        expected.dedup();
        let mut found = names(&out);
        found.sort();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn host_and_domain_make_up_the_device_name(name in device_name_text(), profile in any_profile()) {
        let mut table = Table::new(vec![Column::new("DeviceName", Type::String)]).unwrap();
        table.push(vec![name.as_str().into()]).unwrap();
        let text = Rule::bitsadmin_activity().text();
        let extends = &text[text.find("| extend HostName").unwrap()..];
        let rule = Rule::from_kql(&format!("DeviceProcessEvents {extends}")).unwrap();
        let split = in_context(&profile, |context| rule.run(&table, context)).unwrap();
        let row = split.rows_by_name().next().unwrap();
        let value = |name| row.get(name).and_then(Dynamic::as_str).unwrap();
        let (host, domain) = (value("HostName"), value("DnsDomain"));
        let joined = if name.contains('.') { format!("{host}.{domain}") } else { host.to_owned() };
        prop_assert_eq!(joined, name);
        prop_assert!(!host.contains('.'));
    }

    #[test]
    fn explanations_agree_with_the_rule(table in tables(), profile in any_profile()) {
        let rule = Rule::bitsadmin_activity();
        let explained = in_context(&profile, |context| {
            let bound = rule.bind(table.columns(), context).unwrap();
            let explain = |row: Row<'_>| rule.explain(&bound, row, context).unwrap();
            table.rows_by_name().map(explain).collect::<Vec<_>>()
        });
        for (row, explanation) in table.rows_by_name().zip(explained) {
            prop_assert_eq!(explanation.matched, evaluate_row(row, &profile).is_some());
            prop_assert!(!explanation.decided_by.is_empty());
            for place in explanation.decided_by {
                prop_assert_eq!(explanation.findings[place].holds, Some(explanation.matched));
            }
        }
    }

    #[test]
    fn every_window_contains_exactly_its_detections(
        seconds in prop::collection::vec(0i64..500_000, 0..8),
        frequency in 5i64..300,
        longer in 0i64..600,
        anchor in -1_000_000i64..1_000_000,
    ) {
        let time = |seconds: i64| Datetime::from_ticks_since_1970(seconds * 10_000_000).unwrap();
        let (frequency, period) = (Timespan::from_minutes(frequency), Timespan::from_minutes(frequency + longer));
        let schedule = Schedule::new(frequency, period, 0).unwrap();
        let detections: Vec<Detection> =
            seconds.iter().map(|&at| Detection { time: Some(time(at)), entities: vec![] }).collect();
        let found = schedule.alerts(&detections, time(anchor), 2).alerts;
        let mut times_seen = vec![0; detections.len()];
        for alert in &found {
            prop_assert_eq!(alert.window_start.checked_add(period), Some(alert.window_end));
            for (number, detection) in detections.iter().enumerate() {
                let at = detection.time.unwrap();
                let inside = alert.window_start <= at && at < alert.window_end;
                prop_assert_eq!(alert.detections.contains(&number), inside);
                times_seen[number] += i64::from(inside);
            }
        }
        let at_least = period.ticks() / frequency.ticks();
        prop_assert!(times_seen.iter().all(|&seen| seen == at_least || seen == at_least + 1));
    }
}
