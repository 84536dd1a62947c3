use crate::Event;
use crate::windows_event::sample;

fn event(data: &[(&str, &str)]) -> Event {
    sample::creation("Microsoft-Windows-Sysmon", 1, data)
}

/// The cells that are not empty, without those that every row has.
fn cells(data: &[(&str, &str)]) -> serde_json::Value {
    sample::cells_except(&event(data), &["TimeGenerated", "DeviceName", "ActionType", "ReportId"])
}

#[test]
fn tel_04_the_columns_are_fixed() {
    let event = event(&[]);
    let names: Vec<&str> = event.columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names.len(), 33);
    assert_eq!(names[..4], ["TimeGenerated", "ProcessCreationTime", "DeviceName", "DeviceId"]);
    assert_eq!(names[31..], ["ReportId", "AdditionalFields"]);
    for name in ["ProcessVersionInfoOriginalFileName", "InitiatingProcessSHA256", "InitiatingProcessMD5"] {
        assert!(names.contains(&name), "{name}");
    }
    assert!(!names.contains(&"AccountSid"));
    assert_eq!(cells(&[]), serde_json::json!({}));
}

#[test]
fn tel_23_every_row_has_the_machine_the_action_and_the_record() {
    let expected = serde_json::json!({
        "TimeGenerated": "2026-01-02T03:04:05.6789012Z", "DeviceName": "ws07.corp.example",
        "ActionType": "ProcessCreated", "ReportId": 911402,
    });
    assert_eq!(serde_json::Value::from(sample::cells(&event(&[]))), expected);
}

#[test]
fn tel_07_the_creation_time_is_utc_time() {
    let expected = serde_json::json!({"ProcessCreationTime": "2026-01-02T03:04:05.5120000Z"});
    assert_eq!(cells(&[("UtcTime", "2026-01-02 03:04:05.512")]), expected);
}

#[test]
fn tel_10_the_image_is_folder_path_and_file_name() {
    let expected = serde_json::json!({"FileName": "a.exe", "FolderPath": "C:\\x\\a.exe"});
    assert_eq!(cells(&[("Image", r"C:\x\a.exe")]), expected);
}

#[test]
fn tel_11_hashes_are_split() {
    let hashes = "SHA1=AB,MD5=CD,SHA256=EF,IMPHASH=01";
    let expected = serde_json::json!({
        "SHA1": "AB", "MD5": "CD", "SHA256": "EF", "AdditionalFields": {"IMPHASH": "01"},
    });
    assert_eq!(cells(&[("Hashes", hashes)]), expected);
    assert_eq!(cells(&[("Hashes", "MD5=CD")]), serde_json::json!({"MD5": "CD"}));
    assert_eq!(cells(&[("Hashes", "-")]), serde_json::json!({}));
}

#[test]
fn tel_12_the_version_resource_has_columns() {
    let data = [
        ("OriginalFileName", "bitsadmin.exe"),
        ("Company", "Acme"),
        ("Product", "-"),
        ("FileVersion", "1.2"),
        ("Description", "d"),
    ];
    let expected = serde_json::json!({
        "ProcessVersionInfoOriginalFileName": "bitsadmin.exe", "ProcessVersionInfoCompanyName": "Acme",
        "ProcessVersionInfoProductVersion": "1.2", "ProcessVersionInfoFileDescription": "d",
    });
    assert_eq!(cells(&data), expected);
}

#[test]
fn tel_13_the_command_line_is_verbatim() {
    let data = [("ProcessId", "5828"), ("CommandLine", " a  \"b\" \t")];
    let expected = serde_json::json!({"ProcessId": 5828, "ProcessCommandLine": " a  \"b\" \t"});
    assert_eq!(cells(&data), expected);
    assert_eq!(cells(&[("CommandLine", "-")]), serde_json::json!({"ProcessCommandLine": "-"}));
}

#[test]
fn tel_14_the_logon_has_columns() {
    let data = [
        ("User", r"CORP\e.larsen"),
        ("LogonId", "0x74e2f"),
        ("TerminalSessionId", "1"),
        ("IntegrityLevel", "Medium"),
    ];
    let expected = serde_json::json!({
        "AccountDomain": "CORP", "AccountName": "e.larsen", "LogonId": 478_767,
        "CreatedProcessSessionId": 1, "ProcessIntegrityLevel": "Medium",
    });
    assert_eq!(cells(&data), expected);
}

#[test]
fn tel_15_the_parent_is_the_initiating_process() {
    let data = [
        ("ParentUser", r"NT AUTHORITY\SYSTEM"),
        ("ParentProcessId", "4"),
        ("ParentImage", r"C:\p.exe"),
        ("ParentCommandLine", "p  q"),
    ];
    let expected = serde_json::json!({
        "InitiatingProcessAccountDomain": "NT AUTHORITY", "InitiatingProcessAccountName": "SYSTEM",
        "InitiatingProcessId": 4, "InitiatingProcessFileName": "p.exe",
        "InitiatingProcessFolderPath": "C:\\p.exe", "InitiatingProcessCommandLine": "p  q",
    });
    assert_eq!(cells(&data), expected);
    assert_eq!(cells(&[("ParentUser", "-"), ("ParentImage", "-")]), serde_json::json!({}));
}

#[test]
fn tel_16_values_without_a_column_are_additional_fields() {
    let data = [
        ("RuleName", "r"),
        ("CurrentDirectory", r"C:\"),
        ("ProcessGuid", "{a0}"),
        ("ParentProcessGuid", "A1"),
        ("LogonGuid", "-"),
    ];
    let expected = serde_json::json!({"AdditionalFields": {
        "CurrentDirectory": "C:\\", "ProcessGuid": "A0", "ParentProcessGuid": "A1", "RuleName": "r",
    }});
    assert_eq!(cells(&data), expected);
}
