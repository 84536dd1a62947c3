//! Properties of the rule.

use proptest::prelude::*;

use rulespec::kql::{Column, Datetime, Dynamic, Profile, Row, Semantics, Table, Timespan, Type};
use rulespec::rule::schedule::{Detection, Schedule};
use rulespec::rule::{
    ORIGINAL_FILE_NAME, REQUIRED_COLUMNS, bitsadmin_activity, explain, metadata, run, selects, stages,
};
use rulespec_testing::by_hand::{by_hand, rows_by_hand};

/// Names near enough to the program's for every predicate to be true now and then.
fn file_name() -> impl Strategy<Value = String> {
    prop_oneof![3 => Just("bitsadmin.exe"), 1 => Just("BitsAdmin.EXE"), 2 => Just("x.exe"), 1 => Just("")]
        .prop_map(str::to_owned)
}

fn command_line_text() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "/Transfer",
        "/transfer",
        "/addfile",
        "/AddFileSet",
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
    fn text_cell(name: &'static str)(
        file in file_name(),
        line in command_line_text(),
        device in device_name_text(),
        other in "[a-z]{0,3}",
    ) -> Dynamic {
        Dynamic::from(match name {
            "FileName" | ORIGINAL_FILE_NAME => file,
            "ProcessCommandLine" => line,
            "DeviceName" => device,
            _ => other,
        })
    }
}

fn cell(name: &'static str) -> BoxedStrategy<Dynamic> {
    match name {
        "TimeGenerated" => any::<i32>()
            .prop_map(|ticks| {
                Datetime::from_ticks_since_1970(ticks.into()).map_or(Dynamic::Null, Dynamic::Datetime)
            })
            .boxed(),
        "ProcessId" => any::<i64>().prop_map(Dynamic::Long).boxed(),
        name => text_cell(name).boxed(),
    }
}

fn column(name: &str) -> Column {
    let required = REQUIRED_COLUMNS.iter().find(|(required, _)| *required == name);
    Column::new(name, required.map_or(Type::String, |(_, r#type)| *r#type))
}

/// Tables that the rule takes: its columns in any order, with others among them,
/// some named as those it assigns.
pub(crate) fn tables() -> impl Strategy<Value = Table> {
    let optional = vec![ORIGINAL_FILE_NAME, "HostName", "Direction", "ParsedCommandLine", "SHA1"];
    let columns = prop::sample::subsequence(optional, 0..=5).prop_flat_map(|optional| {
        let names = [REQUIRED_COLUMNS.map(|(name, _)| name).to_vec(), optional].concat();
        Just(names).prop_shuffle()
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

fn profiles() -> impl Strategy<Value = Profile> {
    let choices: Vec<_> =
        Profile::POINTS.iter().map(|(_, names)| prop::sample::select(names.to_vec())).collect();
    choices.prop_map(|choices| {
        let mut profile = Profile::default();
        for ((point, _), choice) in Profile::POINTS.iter().zip(choices) {
            assert!(profile.choose(point, choice));
        }
        profile
    })
}

proptest! {
    #[test]
    fn the_stages_are_the_rule_written_by_hand(table in tables(), profile in profiles()) {
        let out = bitsadmin_activity(&table, &profile).unwrap();
        prop_assert_eq!(out.rows(), rows_by_hand(&table, out.columns(), &profile));
    }

    #[test]
    fn the_columns_out_are_those_in_and_six(table in tables()) {
        let out = bitsadmin_activity(&table, &Profile::default()).unwrap();
        let names = |table: &Table| -> Vec<String> {
            table.columns().iter().map(|column| column.name.clone()).collect()
        };
        let mut wanted = names(&table);
        wanted.extend(metadata().output_fields.iter().map(|&name| name.to_owned()));
        wanted.sort();
        wanted.dedup();
        let mut found = names(&out);
        found.sort();
        prop_assert_eq!(found, wanted);
    }

    #[test]
    fn selects_is_the_first_stage(table in tables(), profile in profiles()) {
        let is_selected = |row: Row<'_>| {
            let text = |name: &str| row.get(name).and_then(Dynamic::as_str);
            let (file, line) = (text("FileName").unwrap(), text("ProcessCommandLine").unwrap());
            selects(file, text(ORIGINAL_FILE_NAME), line, &profile)
        };
        let selected: Vec<bool> = table.rows_by_name().map(is_selected).collect();
        let rows = table.rows().iter().zip(&selected).filter(|(_, selected)| **selected);
        let first = stages()[0].apply(&table, &Semantics::under(profile)).unwrap();
        prop_assert_eq!(first.rows(), rows.map(|(row, _)| row.clone()).collect::<Vec<_>>());
        for (row, selected) in table.rows_by_name().zip(selected) {
            prop_assert_eq!(selected, by_hand(row, &profile).is_some());
        }
    }

    #[test]
    fn host_and_domain_rebuild_the_device_name(name in device_name_text(), profile in profiles()) {
        let mut table = Table::new(vec![Column::new("DeviceName", Type::String)]).unwrap();
        table.push(vec![name.as_str().into()]).unwrap();
        let split = run(&stages()[4..], &table, &Semantics::under(profile)).unwrap();
        let row = split.rows_by_name().next().unwrap();
        let value = |name| row.get(name).and_then(Dynamic::as_str).unwrap();
        let (host, domain) = (value("HostName"), value("DnsDomain"));
        let rebuilt = if name.contains('.') { format!("{host}.{domain}") } else { host.to_owned() };
        prop_assert_eq!(rebuilt, name);
        prop_assert!(!host.contains('.'));
    }

    #[test]
    fn what_decides_agrees_with_the_first_stage(table in tables(), profile in profiles()) {
        for row in table.rows_by_name() {
            let explanation = explain(row, &profile).unwrap();
            prop_assert_eq!(explanation.matched, by_hand(row, &profile).is_some());
            prop_assert!(!explanation.decided_by.is_empty());
            for place in explanation.decided_by {
                prop_assert_eq!(explanation.findings[place].holds, Some(explanation.matched));
            }
        }
    }

    #[test]
    fn every_window_holds_its_detections_and_misses_none(
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
        let found = schedule.alerts(&detections, time(anchor)).alerts;
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
