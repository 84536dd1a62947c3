use super::super::metadata::{Comparison, Metadata};
use super::*;

fn output_columns() -> Vec<Column> {
    run(&table(&required(), &[])).unwrap().columns().to_vec()
}

#[test]
fn rul_32_the_identity_of_the_rule() {
    let Metadata { id, name, version, kind, severity, status, .. } = metadata();
    assert_eq!((id, name), ("2a1dc4c2-a8d6-4a0e-8539-9b971c851195", "Bitsadmin Activity"));
    assert_eq!((version, kind, severity, status), ("1.0.0", "Scheduled", "Medium", "Available"));
    let json = serde_json::to_value(metadata()).unwrap();
    let connectors = serde_json::json!([
        {"connectorId": "MicrosoftThreatProtection", "dataTypes": ["DeviceProcessEvents"]}
    ]);
    assert_eq!(json["requiredDataConnectors"], connectors);
    assert!(query().starts_with("DeviceProcessEvents\n| where "));
}

#[test]
fn rul_33_each_tactic_has_its_technique() {
    let attack: Vec<_> = metadata().attack.iter().map(|attack| (attack.tactic, attack.technique)).collect();
    let expected = [("Persistence", "T1197"), ("CommandAndControl", "T1105"), ("Exfiltration", "T1048")];
    assert_eq!(attack, expected);
}

#[test]
fn rul_34_three_types_of_events_show_the_activity() {
    let events: Vec<_> =
        metadata().event_coverage.iter().map(|event| (event.provider, event.event)).collect();
    let expected = [
        ("Microsoft-Windows-Sysmon", "1"),
        ("Microsoft-Windows-Security-Auditing", "4688"),
        ("Microsoft Defender XDR", "DeviceProcessEvents"),
    ];
    assert_eq!(events, expected);
}

#[test]
fn rul_35_the_indicators_are_the_literals_of_the_query() {
    let indicators = metadata().indicators;
    let expected = [
        ("FileName", Comparison::Eq, "bitsadmin.exe"),
        ("ProcessVersionInfoOriginalFileName", Comparison::Eq, "bitsadmin.exe"),
        ("ProcessCommandLine", Comparison::Match, "/Transfer"),
        ("ProcessCommandLine", Comparison::Match, "/AddFile"),
        ("ProcessCommandLine", Comparison::Match, "/AddFileSet"),
        ("ProcessCommandLine", Comparison::Match, "/AddFileWithRanges"),
        ("ProcessCommandLine", Comparison::Match, "/Upload"),
    ];
    let found: Vec<_> = indicators.iter().map(|found| (found.field, found.operator, found.value)).collect();
    assert_eq!(found, expected);
    let query = query();
    assert!(indicators.iter().all(|indicator| query.contains(&format!("\"{}\"", indicator.value))));
}

#[test]
fn rul_36_the_output_fields_are_the_added_columns() {
    let mut added: Vec<String> = output_columns().into_iter().map(|column| column.name).collect();
    added.retain(|name| REQUIRED_COLUMNS.iter().all(|(required, _)| name != required));
    let mut fields = metadata().output_fields.to_vec();
    fields.sort_unstable();
    added.sort_unstable();
    assert_eq!(added, fields);
}

#[test]
fn rul_37_every_mapped_column_is_in_the_output() {
    let output = output_columns();
    let mapped: Vec<_> = metadata().entity_mappings.iter().flat_map(|mapping| mapping.identifiers).collect();
    assert_eq!(mapped.len(), 5);
    for (_, column) in mapped {
        assert!(names(&output).contains(column), "{column}");
    }
}

#[test]
fn rul_43_the_metadata_contains_the_schedule() {
    let json = serde_json::to_value(metadata()).unwrap();
    let schedule =
        serde_json::json!({"frequency": "01:00:00", "period": "01:00:00", "triggerGreaterThan": 0});
    assert_eq!(json["schedule"], schedule);
}
