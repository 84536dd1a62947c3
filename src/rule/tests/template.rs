use super::*;

fn output_columns() -> Vec<Column> {
    run(&table(&required(), &[])).unwrap().columns().to_vec()
}

#[test]
fn rul_32_the_identity_of_the_rule() {
    let rule = Rule::bitsadmin_activity();
    let text = |text: &Option<String>| text.clone().unwrap();
    assert_eq!(text(&rule.id), "2a1dc4c2-a8d6-4a0e-8539-9b971c851195");
    assert_eq!((text(&rule.name), text(&rule.version)), ("Bitsadmin Activity".into(), "1.0.0".into()));
    assert_eq!(
        [text(&rule.kind), text(&rule.severity), text(&rule.status)],
        ["Scheduled", "Medium", "Available"]
    );
    let [connector] = &rule.required_data_connectors[..] else { panic!() };
    assert_eq!(connector.connector_id, "MicrosoftThreatProtection");
    assert_eq!(connector.data_types, ["DeviceProcessEvents"]);
}

#[test]
fn rul_33_the_tactics_and_techniques() {
    let rule = Rule::bitsadmin_activity();
    assert_eq!(rule.tactics, ["Persistence", "CommandAndControl", "Exfiltration"]);
    assert_eq!(rule.techniques, ["T1197", "T1105", "T1048"]);
}

#[test]
fn rul_35_the_indicators_are_what_the_query_compares_columns_with() {
    let bound = Rule::bitsadmin_activity().bind(&with_original(), context(&Semantics::default())).unwrap();
    let compared = bound.comparisons();
    let compared = compared.iter().filter(|found| found.column != "DeviceName");
    let compared: Vec<_> =
        compared.map(|found| (&*found.column, found.operator, found.values.clone())).collect();
    let switches = ["/Transfer", "/AddFile", "/AddFileSet", "/AddFileWithRanges"].map(Dynamic::from);
    let expected = [
        ("FileName", "=~", vec![PROGRAM.into()]),
        (ORIGINAL_FILE_NAME, "=~", vec![PROGRAM.into()]),
        ("ProcessCommandLine", "has_any", switches.to_vec()),
        ("ProcessCommandLine", "has", vec!["/Upload".into()]),
    ];
    assert_eq!(compared, expected);
}

#[test]
fn rul_36_the_rule_adds_six_columns() {
    let mut added: Vec<String> = output_columns().into_iter().map(|column| column.name).collect();
    added.retain(|name| REQUIRED_COLUMNS.iter().all(|(required, _)| name != required));
    added.sort_unstable();
    assert_eq!(added, ["Direction", "DnsDomain", "HostName", "LocalFile", "ParsedCommandLine", "RemoteUrl"]);
}

#[test]
fn rul_37_every_mapped_column_is_in_the_output() {
    let rule = Rule::bitsadmin_activity();
    assert_eq!(rule.entity_mappings.iter().map(|mapping| mapping.identifiers.len()).sum::<usize>(), 5);
    assert_eq!(rule.check(&output_columns()), []);
}

#[test]
fn rul_43_the_rule_runs_every_hour() {
    assert_eq!(Rule::bitsadmin_activity().schedule, Some(super::super::schedule::Schedule::default()));
}
