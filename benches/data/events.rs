//! Events of which none matches, each as a line of JSON, and the options to read them.

use std::sync::Arc;

use rulespec_events::{Names, Options};
use rulespec_testing::rule::early_selects;

/// Options that check names and command lines as the command does, but keep no event.
pub fn options() -> Options {
    // Prepares the rule, so that no measurement does.
    early_selects("", None, "");
    let keep = |names: Names<'_>| {
        early_selects(names.file_name, names.original_file_name, names.command_line)
            && names.command_line.is_empty()
    };
    Options { keep: Arc::new(keep), ..Options::default() }
}

/// A process creation of 852 bytes, as written by Winlogbeat.
pub fn winlogbeat(number: usize) -> String {
    format!(
        r#"{{"@timestamp":"2026-01-02T03:04:05.678Z","host":{{"name":"ws07.corp.example"}},"winlog":{{"channel":"Microsoft-Windows-Sysmon/Operational","provider_name":"Microsoft-Windows-Sysmon","event_id":"1","record_id":{number},"computer_name":"ws07.corp.example","event_data":{{"UtcTime":"2026-01-02 03:04:05.678","ProcessGuid":"{{b3c0e8a1-5d4f-6957-0a01-000000001b00}}","ProcessId":"{number}","Image":"C:\\Windows\\System32\\svchost.exe","OriginalFileName":"svchost.exe","Company":"Microsoft Corporation","CommandLine":"\"C:\\Windows\\System32\\svchost.exe\" -k netsvcs -p -s Schedule {number}","CurrentDirectory":"C:\\Windows\\system32\\","User":"NT AUTHORITY\\SYSTEM","Hashes":"SHA1=3b6cd5c1a7f0d1f4c5c8f3a2b9f1e6d7c8a9b0c1,MD5=0123456789abcdef0123456789abcdef","ParentImage":"C:\\Windows\\System32\\services.exe","ParentCommandLine":"C:\\Windows\\system32\\services.exe"}}}}}}"#
    )
}

/// A process creation of 1,063 bytes, as written by evtx_dump.
pub fn tree(number: usize) -> String {
    format!(
        r##"{{"Event":{{"#attributes":{{"xmlns":"http://schemas.microsoft.com/win/2004/08/events/event"}},"System":{{"Provider":{{"#attributes":{{"Name":"Microsoft-Windows-Sysmon","Guid":"5770385F-C22A-43E0-BF4C-06F5698FFBD9"}}}},"EventID":1,"Version":5,"TimeCreated":{{"#attributes":{{"SystemTime":"2026-01-02T03:04:05.678901Z"}}}},"EventRecordID":{number},"Execution":{{"#attributes":{{"ProcessID":2980,"ThreadID":3344}}}},"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"ws07.corp.example"}},"EventData":{{"UtcTime":"2026-01-02 03:04:05.678","ProcessId":{number},"Image":"C:\\Windows\\System32\\svchost.exe","OriginalFileName":"svchost.exe","CommandLine":"\"C:\\Windows\\System32\\svchost.exe\" -k netsvcs -p -s Schedule {number}","CurrentDirectory":"C:\\Windows\\system32\\","User":"NT AUTHORITY\\SYSTEM","LogonId":"0x3e7","Hashes":"SHA1=3b6cd5c1a7f0d1f4c5c8f3a2b9f1e6d7c8a9b0c1,MD5=0123456789abcdef0123456789abcdef","ParentImage":"C:\\Windows\\System32\\services.exe","ParentCommandLine":"C:\\Windows\\system32\\services.exe"}}}}}}"##
    )
}

/// A process creation of 808 bytes, as exported by advanced hunting.
pub fn defender(number: usize) -> String {
    format!(
        r#"{{"Timestamp":"2026-01-02T03:04:05.6789012Z","DeviceId":"0a1b2c3d4e5f60718293a4b5c6d7e8f901234567","DeviceName":"ws07.corp.example","ActionType":"ProcessCreated","FileName":"svchost.exe","FolderPath":"C:\\Windows\\System32\\svchost.exe","SHA1":"3b6cd5c1a7f0d1f4c5c8f3a2b9f1e6d7c8a9b0c1","FileSize":57528,"ProcessVersionInfoOriginalFileName":"svchost.exe","ProcessId":{number},"ProcessCommandLine":"svchost.exe -k netsvcs -p -s Schedule {number}","ProcessIntegrityLevel":"System","AccountDomain":"nt authority","AccountName":"system","LogonId":999,"InitiatingProcessFileName":"services.exe","InitiatingProcessFolderPath":"c:\\windows\\system32\\services.exe","InitiatingProcessAccountDomain":"nt authority","InitiatingProcessAccountName":"system","InitiatingProcessSHA256":"","ReportId":{number},"AdditionalFields":null}}"#
    )
}
