use serde_json::{Value as Json, json};

use super::*;
use crate::testing::collect_items;
use crate::{Options, Position};

fn items(row: Json) -> Vec<Item> {
    let row = row.as_object().unwrap();
    let values: Vec<(&str, Value<'_>)> =
        row.iter().map(|(name, value)| (name.as_str(), Value::from(value.clone()))).collect();
    let values: Vec<(&str, &Value<'_>)> = values.iter().map(|(name, value)| (*name, value)).collect();
    let place = Place { file: "a.json".into(), position: Position::Line(1) };
    collect_items(&Options::default(), |options, sink| report_object(&values, place, options, sink))
}

fn event(row: Json) -> Event {
    match items(row).swap_remove(0) {
        Item::Event(event) => *event,
        other => panic!("{other:?}"),
    }
}

#[test]
fn tel_40_the_time_is_the_first_column() {
    let time = |text: &str| Dynamic::Datetime(text.parse().unwrap());
    for (row, expected) in [
        (json!({"Timestamp": "2026-01-02"}), time("2026-01-02T00:00:00Z")),
        (json!({"TimeGenerated": "2026-01-03"}), time("2026-01-03T00:00:00Z")),
        (json!({"TimeGenerated": "2026-01-03", "Timestamp": "2026-01-02"}), time("2026-01-03T00:00:00Z")),
        (json!({"TimeGenerated": null, "Timestamp": "2026-01-02"}), time("2026-01-02T00:00:00Z")),
        (json!({}), Dynamic::Null),
    ] {
        let event = event(row);
        assert_eq!(event.columns[0], Column::new("TimeGenerated", Type::Datetime));
        assert_eq!(event.row[0], expected);
        assert!(event.table().is_ok());
    }
}

#[test]
fn tel_41_a_row_with_timestamp_alone_has_the_columns_of_defender_xdr() {
    let event = event(json!({"Timestamp": "2026-01-02", "AdditionalFields": "{}"}));
    assert_eq!(event.columns.len(), 69);
    assert_eq!(event.columns[1].name, "Timestamp");
    assert_eq!(event.columns[68].name, "InitiatingProcessUniqueId");
    assert_eq!(event.cell("AdditionalFields"), Some(&Dynamic::from("{}")));
    assert_eq!(event.cell("SHA256"), Some(&Dynamic::from("")));
    assert_eq!(event.cell("ProcessId"), Some(&Dynamic::Null));
}

#[test]
fn tel_42_any_other_row_has_the_columns_of_log_analytics() {
    let event = event(json!({"TimeGenerated": "2026-01-02", "AdditionalFields": "{}"}));
    assert_eq!(event.columns.len(), 74);
    assert_eq!(event.columns[1].name, "_BilledSize");
    assert_eq!(event.columns[73].name, "Type");
    assert_eq!(event.cell("AdditionalFields"), Some(&Dynamic::Bag(vec![])));
}

#[test]
fn tel_43_unknown_columns_come_last_and_are_dynamic() {
    let event = event(json!({"Verdict": {"a": 1}, "Timestamp": "2026-01-02", "TenantId": "{}"}));
    let last: Vec<&str> = event.columns[69..].iter().map(|column| column.name.as_str()).collect();
    assert_eq!(last, ["Verdict", "TenantId"]);
    assert_eq!(event.cell("Verdict"), Some(&Dynamic::Bag(vec![("a".to_owned(), Dynamic::Long(1))])));
    assert!(event.table().is_ok());
}

#[test]
fn tel_43_columns_of_the_other_schema_have_its_types() {
    let event = event(json!({"TimeGenerated": "2026-01-03", "Timestamp": "2026-01-02", "FileName": "a"}));
    assert_eq!(event.columns.last(), Some(&Column::new("Timestamp", Type::Datetime)));
    assert_eq!(event.row.last(), Some(&Dynamic::Datetime("2026-01-02".parse().unwrap())));
}

#[test]
fn tel_51_a_value_that_does_not_fit_leaves_its_cell_empty_and_is_reported() {
    let items = items(json!({"Timestamp": "soon", "ProcessId": "many", "FileName": "a"}));
    let [Item::Event(event), Item::Fault(fault)] = &items[..] else { panic!("{items:?}") };
    assert_eq!(event.cell("ProcessId"), Some(&Dynamic::Null));
    assert_eq!(event.cell("FileName"), Some(&Dynamic::from("a")));
    let expected = "a.json:1: the value does not fit the type of its column: TimeGenerated (\"soon\"), \
                    Timestamp (\"soon\"), ProcessId (\"many\"); the cell is left empty; correct the export";
    assert_eq!(fault.to_string(), expected);
}
