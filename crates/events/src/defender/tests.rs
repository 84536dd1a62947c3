use serde_json::{Value as Json, json};

use super::*;

fn items(row: Json) -> Vec<Item> {
    let row = row.as_object().unwrap();
    let values: Vec<(&str, Value<'_>)> =
        row.iter().map(|(name, value)| (name.as_str(), Value::from(value.clone()))).collect();
    let values: Vec<(&str, &Value<'_>)> = values.iter().map(|(name, value)| (*name, value)).collect();
    let place = Place { file: "a.json".into(), position: super::super::Position::Line(1) };
    let mut items = vec![];
    let flow = hand_on(&values, place, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    assert_eq!(flow, ControlFlow::Continue(()));
    items
}

fn event(row: Json) -> Event {
    match items(row).swap_remove(0) {
        Item::Event(event) => *event,
        other => panic!("{other:?}"),
    }
}

fn cell(event: &Event, name: &str) -> Dynamic {
    event.row[event.columns.iter().position(|column| column.name == name).unwrap()].clone()
}

#[test]
fn tel_40_the_time_comes_first_whatever_its_name() {
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
    assert_eq!(cell(&event, "AdditionalFields"), Dynamic::from("{}"));
    assert_eq!(cell(&event, "SHA256"), Dynamic::from(""));
    assert_eq!(cell(&event, "ProcessId"), Dynamic::Null);
}

#[test]
fn tel_42_any_other_row_has_the_columns_of_log_analytics() {
    let event = event(json!({"TimeGenerated": "2026-01-02", "AdditionalFields": "{}"}));
    assert_eq!(event.columns.len(), 74);
    assert_eq!(event.columns[1].name, "_BilledSize");
    assert_eq!(event.columns[73].name, "Type");
    assert_eq!(cell(&event, "AdditionalFields"), Dynamic::Bag(vec![]));
}

#[test]
fn tel_43_unknown_columns_come_last_as_they_are() {
    let event = event(json!({"Verdict": {"a": 1}, "Timestamp": "2026-01-02", "TenantId": "{}"}));
    let last: Vec<&str> = event.columns[69..].iter().map(|column| column.name.as_str()).collect();
    assert_eq!(last, ["Verdict", "TenantId"]);
    assert_eq!(cell(&event, "Verdict"), Dynamic::Bag(vec![("a".to_owned(), Dynamic::Long(1))]));
    assert!(event.table().is_ok());
}

#[test]
fn tel_51_a_value_that_does_not_fit_leaves_its_cell_empty_and_is_reported() {
    let items = items(json!({"Timestamp": "soon", "ProcessId": "many", "FileName": "a"}));
    let [Item::Event(event), Item::Fault(fault)] = &items[..] else { panic!("{items:?}") };
    assert_eq!(cell(event, "ProcessId"), Dynamic::Null);
    assert_eq!(cell(event, "FileName"), Dynamic::from("a"));
    let expected = "a.json:1: what stands in TimeGenerated, Timestamp, ProcessId is not of the column's type; \
                    the cell is left empty: correct the export";
    assert_eq!(fault.to_string(), expected);
}
