use super::super::entities::{Entity, Strength};
use super::*;
use std::sync::Arc;

fn entities_of(row: &[(&str, &str)]) -> Vec<Entity> {
    let row = [&[("FileName", PROGRAM), ("ProcessCommandLine", LINE)], row].concat();
    let out = run(&table(&required(), &[&row])).unwrap();
    Rule::bitsadmin_activity().entities(out.rows_by_name().next().unwrap())
}

fn to_owned(identifiers: &[(&str, &str)]) -> Vec<(Arc<str>, String)> {
    identifiers.iter().map(|&(name, value)| (name.into(), value.to_owned())).collect()
}

#[test]
fn rul_37_a_row_has_a_host_and_a_process() {
    let found = entities_of(&[("DeviceName", "pc.corp.example"), ("ProcessId", "4711")]);
    let host = [("FullName", "pc.corp.example"), ("HostName", "pc"), ("DnsDomain", "corp.example")];
    let process = [("ProcessId", "4711"), ("CommandLine", LINE)];
    let kinds: Vec<&str> = found.iter().map(|entity| &*entity.kind).collect();
    assert_eq!(kinds, ["Host", "Process"]);
    assert_eq!(found[0].identifiers, to_owned(&host));
    assert_eq!(found[1].identifiers, to_owned(&process));
}

#[test]
fn rul_39_empty_values_are_omitted() {
    let found = entities_of(&[]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].identifiers, to_owned(&[("CommandLine", LINE)]));
    let other_columns_absent = table(&[Column::new("HostName", Type::String)], &[&[("HostName", "pc")]]);
    let found = Rule::bitsadmin_activity().entities(other_columns_absent.rows_by_name().next().unwrap());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].identifiers, to_owned(&[("HostName", "pc")]));
}

#[test]
fn rul_40_host_and_domain_identify_strongly() {
    let strength = |name| entities_of(&[("DeviceName", name)])[0].strength;
    assert_eq!(strength("pc.corp"), Strength::Strong);
    assert_eq!(strength("pc"), Strength::Weak);
    assert_eq!(strength("pc."), Strength::Weak);
    assert_eq!(strength(".corp"), Strength::Neither);
}

#[test]
fn rul_41_a_process_without_its_creation_time_is_not_identified() {
    assert_eq!(entities_of(&[("ProcessId", "1"), ("DeviceName", "pc.corp")])[1].strength, Strength::Neither);
}
