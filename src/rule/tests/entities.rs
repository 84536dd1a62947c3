use super::super::entities::{Entity, EntityKind, Strength};
use super::*;

fn of(row: &[(&str, &str)]) -> Vec<Entity> {
    let row = [&[("FileName", PROGRAM), ("ProcessCommandLine", LINE)], row].concat();
    let out = run(&table(&required(), &[&row])).unwrap();
    entities(out.rows_by_name().next().unwrap())
}

fn owned(identifiers: &[(&'static str, &str)]) -> Vec<(&'static str, String)> {
    identifiers.iter().map(|&(name, value)| (name, value.to_owned())).collect()
}

#[test]
fn rul_37_a_row_gives_a_host_and_a_process() {
    let found = of(&[("DeviceName", "pc.corp.example"), ("ProcessId", "4711")]);
    let host = [("FullName", "pc.corp.example"), ("HostName", "pc"), ("DnsDomain", "corp.example")];
    let process = [("ProcessId", "4711"), ("CommandLine", LINE)];
    let kinds: Vec<EntityKind> = found.iter().map(|entity| entity.kind).collect();
    assert_eq!(kinds, [EntityKind::Host, EntityKind::Process]);
    assert_eq!(found[0].identifiers, owned(&host));
    assert_eq!(found[1].identifiers, owned(&process));
}

#[test]
fn rul_39_what_is_empty_is_left_out() {
    let found = of(&[]);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].identifiers, owned(&[("CommandLine", LINE)]));
    let absent = table(&[Column::new("HostName", Type::String)], &[&[("HostName", "pc")]]);
    let found = entities(absent.rows_by_name().next().unwrap());
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].identifiers, owned(&[("HostName", "pc")]));
}

#[test]
fn rul_40_host_and_domain_identify_strongly() {
    let strength = |name| of(&[("DeviceName", name)])[0].strength;
    assert_eq!(strength("pc.corp"), Strength::Strong);
    assert_eq!(strength("pc"), Strength::Weak);
    assert_eq!(strength("pc."), Strength::Weak);
    assert_eq!(strength(".corp"), Strength::Neither);
}

#[test]
fn rul_41_a_process_without_its_time_is_not_identified() {
    assert_eq!(of(&[("ProcessId", "1"), ("DeviceName", "pc.corp")])[1].strength, Strength::Neither);
}
