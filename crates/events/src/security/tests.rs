use crate::Event;
use crate::windows_event::sample;

fn event(data: &[(&str, &str)]) -> Event {
    sample::creation("Microsoft-Windows-Security-Auditing", 4688, data)
}

/// A row without what is empty in it and what every row has, as JSON.
fn only(data: &[(&str, &str)]) -> serde_json::Value {
    let mut told = sample::told(&event(data));
    for name in ["TimeGenerated", "ProcessCreationTime", "DeviceName", "ActionType", "ReportId"] {
        told.remove(name).unwrap();
    }
    told.into()
}

#[test]
fn tel_04_there_is_no_version_resource_and_no_hash() {
    let event = event(&[]);
    let names: Vec<&str> = event.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names.len(), 26);
    assert_eq!(names[..4], ["TimeGenerated", "ProcessCreationTime", "DeviceName", "DeviceId"]);
    assert!(!names.iter().any(|name| name.contains("VersionInfo") || *name == "SHA256"));
    assert!(names.contains(&"InitiatingProcessSHA256"));
    assert_eq!(only(&[]), serde_json::json!({}));
}

#[test]
fn tel_07_both_times_are_the_record_s() {
    let event = event(&[]);
    assert_eq!(event.row[0].to_json(), "2026-01-02T03:04:05.6789012Z");
    assert_eq!(event.row[0], event.row[1]);
}

#[test]
fn tel_17_a_mandatory_label_is_an_integrity_level() {
    for (sid, level) in [
        ("S-1-16-0", "Untrusted"),
        ("S-1-16-4096", "Low"),
        ("S-1-16-8192", "Medium"),
        ("S-1-16-8448", "MediumPlus"),
        ("S-1-16-12288", "High"),
        ("S-1-16-16384", "System"),
        ("S-1-16-20480", "S-1-16-20480"),
    ] {
        let expected = serde_json::json!({"ProcessIntegrityLevel": level});
        assert_eq!(only(&[("MandatoryLabel", sid)]), expected);
    }
}

#[test]
fn tel_18_a_token_elevation_type_is_named() {
    for (number, name) in [
        ("%%1936", "TokenElevationTypeDefault"),
        ("%%1937", "TokenElevationTypeFull"),
        ("%%1938", "TokenElevationTypeLimited"),
        ("%%1", "%%1"),
    ] {
        let expected = serde_json::json!({"ProcessTokenElevation": name});
        assert_eq!(only(&[("TokenElevationType", number)]), expected);
    }
}

const SUBJECT: [(&str, &str); 4] = [
    ("SubjectUserSid", "S-1-5-18"),
    ("SubjectUserName", "WS07$"),
    ("SubjectDomainName", "CORP"),
    ("SubjectLogonId", "0x3e7"),
];

#[test]
fn tel_19_a_process_is_its_target_s_where_one_is_told() {
    let target = [
        ("TargetUserSid", "S-1-5-21-1"),
        ("TargetUserName", "e.larsen"),
        ("TargetDomainName", "WS07"),
        ("TargetLogonId", "0x10"),
    ];
    let row = only(&[SUBJECT, target].concat());
    let account = ["AccountDomain", "AccountName", "AccountSid", "LogonId"].map(|name| row[name].clone());
    assert_eq!(account, ["WS07".into(), "e.larsen".into(), "S-1-5-21-1".into(), serde_json::json!(16)]);
}

#[test]
fn tel_19_a_process_is_its_creator_s_where_no_target_is_told() {
    let none = [
        ("TargetUserSid", "S-1-0-0"),
        ("TargetUserName", "-"),
        ("TargetDomainName", "-"),
        ("TargetLogonId", "0x0"),
    ];
    for data in [SUBJECT.to_vec(), [SUBJECT, none].concat()] {
        let row = only(&data);
        let account = ["AccountDomain", "AccountName", "AccountSid", "LogonId"].map(|name| row[name].clone());
        assert_eq!(account, ["CORP".into(), "WS07$".into(), "S-1-5-18".into(), serde_json::json!(999)]);
    }
}

#[test]
fn tel_20_process_id_is_the_creator_s() {
    let data = [("NewProcessId", "0x1c2c"), ("ProcessId", "0x138c"), ("NewProcessName", r"C:\a.exe")];
    let expected = serde_json::json!({
        "ProcessId": 7212, "InitiatingProcessId": 5004, "FileName": "a.exe", "FolderPath": "C:\\a.exe",
    });
    assert_eq!(only(&data), expected);
}

#[test]
fn tel_21_the_subject_is_the_initiating_account() {
    let row = only(&SUBJECT);
    let names = ["AccountDomain", "AccountName", "AccountSid", "LogonId"];
    let initiating = names.map(|name| row[format!("InitiatingProcess{name}")].clone());
    assert_eq!(initiating, ["CORP".into(), "WS07$".into(), "S-1-5-18".into(), serde_json::json!(999)]);
}

#[test]
fn tel_22_the_parent_is_named_by_its_path() {
    let expected = serde_json::json!({
        "InitiatingProcessFileName": "cmd.exe", "InitiatingProcessFolderPath": "C:\\cmd.exe",
    });
    assert_eq!(only(&[("ParentProcessName", r"C:\cmd.exe")]), expected);
}

#[test]
fn tel_24_the_command_line_is_verbatim_or_empty() {
    let expected = serde_json::json!({"ProcessCommandLine": " a  b "});
    assert_eq!(only(&[("CommandLine", " a  b ")]), expected);
    assert_eq!(only(&[("CommandLine", "")]), serde_json::json!({}));
}
