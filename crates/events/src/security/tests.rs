use crate::Event;
use crate::windows_event::sample;

fn event(data: &[(&str, &str)]) -> Event {
    sample::creation("Microsoft-Windows-Security-Auditing", 4688, data)
}

/// The cells that are not empty, without those that every row has.
fn cells(data: &[(&str, &str)]) -> serde_json::Value {
    let common = ["TimeGenerated", "ProcessCreationTime", "DeviceName", "ActionType", "ReportId"];
    sample::cells_except(&event(data), &common)
}

#[test]
fn tel_04_there_is_no_version_resource_and_no_hash() {
    let event = event(&[]);
    let names: Vec<&str> = event.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names.len(), 26);
    assert_eq!(names[..4], ["TimeGenerated", "ProcessCreationTime", "DeviceName", "DeviceId"]);
    assert!(!names.iter().any(|name| name.contains("VersionInfo") || *name == "SHA256"));
    assert!(names.contains(&"InitiatingProcessSHA256"));
    assert_eq!(cells(&[]), serde_json::json!({}));
}

#[test]
fn tel_07_both_times_are_those_of_the_record() {
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
        ("S-1-16-20480", "ProtectedProcess"),
        (r"Mandatory Label\High Mandatory Level", "High"),
        ("Medium Plus Mandatory Level", "MediumPlus"),
        ("S-1-16-1", "S-1-16-1"),
        (r"Mandatory Label\High", r"Mandatory Label\High"),
    ] {
        let expected = serde_json::json!({"ProcessIntegrityLevel": level});
        assert_eq!(cells(&[("MandatoryLabel", sid)]), expected);
    }
}

#[test]
fn tel_18_a_token_elevation_type_has_a_name() {
    for (number, name) in [
        ("%%1936", "TokenElevationTypeDefault"),
        ("%%1937", "TokenElevationTypeFull"),
        ("%%1938", "TokenElevationTypeLimited"),
        ("%%1", "%%1"),
    ] {
        let expected = serde_json::json!({"ProcessTokenElevation": name});
        assert_eq!(cells(&[("TokenElevationType", number)]), expected);
    }
}

const SUBJECT: [(&str, &str); 4] = [
    ("SubjectUserSid", "S-1-5-18"),
    ("SubjectUserName", "WS07$"),
    ("SubjectDomainName", "CORP"),
    ("SubjectLogonId", "0x3e7"),
];

#[test]
fn tel_19_a_process_belongs_to_its_target_if_one_is_reported() {
    let target = [
        ("TargetUserSid", "S-1-5-21-1"),
        ("TargetUserName", "e.larsen"),
        ("TargetDomainName", "WS07"),
        ("TargetLogonId", "0x10"),
    ];
    let row = cells(&[SUBJECT, target].concat());
    let account = ["AccountDomain", "AccountName", "AccountSid", "LogonId"].map(|name| row[name].clone());
    assert_eq!(account, ["WS07".into(), "e.larsen".into(), "S-1-5-21-1".into(), serde_json::json!(16)]);
}

#[test]
fn tel_19_a_process_belongs_to_its_creator_if_no_target_is_reported() {
    let unreported = [
        ("TargetUserSid", "S-1-0-0"),
        ("TargetUserName", "-"),
        ("TargetDomainName", "-"),
        ("TargetLogonId", "0x0"),
    ];
    for data in [SUBJECT.to_vec(), [SUBJECT, unreported].concat()] {
        let row = cells(&data);
        let account = ["AccountDomain", "AccountName", "AccountSid", "LogonId"].map(|name| row[name].clone());
        assert_eq!(account, ["CORP".into(), "WS07$".into(), "S-1-5-18".into(), serde_json::json!(999)]);
    }
}

#[test]
fn tel_19_all_columns_of_an_account_come_from_one_subject() {
    let target = |name, domain, sid, logon_id| {
        [
            ("TargetUserName", name),
            ("TargetDomainName", domain),
            ("TargetUserSid", sid),
            ("TargetLogonId", logon_id),
        ]
    };
    let account = |target: [(&'static str, &'static str); 4]| {
        let row = cells(&[SUBJECT, target].concat());
        ["AccountDomain", "AccountName", "AccountSid", "LogonId"].map(|name| row[name].clone())
    };
    let null = serde_json::Value::Null;
    // The creator's SID, domain and logon are not the target's.
    assert_eq!(account(target("e", "-", "S-1-0-0", "0x0")), [null.clone(), "e".into(), null.clone(), null]);
    // A target without a name is none, whatever else is reported of it.
    let creator = ["CORP".into(), "WS07$".into(), "S-1-5-18".into(), serde_json::json!(999)];
    assert_eq!(account(target("-", "WS07", "S-1-5-21-1", "0x10")), creator);
}

#[test]
fn tel_21_a_null_sid_and_logon_are_not_reported() {
    let row = cells(&[("SubjectUserSid", "S-1-0-0"), ("SubjectLogonId", "0x0"), ("SubjectUserName", "x")]);
    assert_eq!(row, serde_json::json!({"AccountName": "x", "InitiatingProcessAccountName": "x"}));
}

#[test]
fn tel_20_process_id_is_that_of_the_creator() {
    let data = [("NewProcessId", "0x1c2c"), ("ProcessId", "0x138c"), ("NewProcessName", r"C:\a.exe")];
    let expected = serde_json::json!({
        "ProcessId": 7212, "InitiatingProcessId": 5004, "FileName": "a.exe", "FolderPath": "C:\\a.exe",
    });
    assert_eq!(cells(&data), expected);
}

#[test]
fn tel_21_the_subject_is_the_initiating_account() {
    let row = cells(&SUBJECT);
    let names = ["AccountDomain", "AccountName", "AccountSid", "LogonId"];
    let initiating = names.map(|name| row[format!("InitiatingProcess{name}")].clone());
    assert_eq!(initiating, ["CORP".into(), "WS07$".into(), "S-1-5-18".into(), serde_json::json!(999)]);
}

#[test]
fn tel_22_the_parent_is_given_by_its_path() {
    let expected = serde_json::json!({
        "InitiatingProcessFileName": "cmd.exe", "InitiatingProcessFolderPath": "C:\\cmd.exe",
    });
    assert_eq!(cells(&[("ParentProcessName", r"C:\cmd.exe")]), expected);
}

#[test]
fn tel_24_the_command_line_is_verbatim_or_empty() {
    let expected = serde_json::json!({"ProcessCommandLine": " a  b "});
    assert_eq!(cells(&[("CommandLine", " a  b ")]), expected);
    assert_eq!(cells(&[("CommandLine", "")]), serde_json::json!({}));
}
