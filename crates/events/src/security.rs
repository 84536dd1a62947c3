//! Security event 4688 (a new process has been created) as a row of DeviceProcessEvents.

use std::sync::LazyLock;

use super::windows_event::{Cell, Mapping, WindowsEvent, file_name, long, report_id};
use rulespec::kql::{Dynamic, Type};

/// The columns of a Security event.
///
/// Spec: TEL-04, TEL-10, TEL-20, TEL-21, TEL-22, TEL-23, TEL-24
pub(super) static MAPPING: LazyLock<Mapping> = LazyLock::new(|| Mapping::new(COLUMNS));

const COLUMNS: &[(&str, Type, Cell)] = &[
    ("DeviceName", Type::String, |e| e.computer.as_str().into()),
    ("DeviceId", Type::String, |_| "".into()),
    ("ActionType", Type::String, |_| "ProcessCreated".into()),
    ("FileName", Type::String, |e| file_name(e.get("NewProcessName")).into()),
    ("FolderPath", Type::String, |e| e.get("NewProcessName").into()),
    ("ProcessId", Type::Long, |e| long(e.known("NewProcessId"))),
    ("ProcessCommandLine", Type::String, |e| e.get("CommandLine").into()),
    ("ProcessIntegrityLevel", Type::String, |e| integrity_level(e.known("MandatoryLabel")).into()),
    ("ProcessTokenElevation", Type::String, |e| token_elevation(e.known("TokenElevationType")).into()),
    ("AccountDomain", Type::String, |e| e.known(account(e).domain).into()),
    ("AccountName", Type::String, |e| e.known(account(e).name).into()),
    ("AccountSid", Type::String, |e| account_sid(e).into()),
    ("LogonId", Type::Long, logon_id),
    ("InitiatingProcessAccountDomain", Type::String, |e| e.known(SUBJECT.domain).into()),
    ("InitiatingProcessAccountName", Type::String, |e| e.known(SUBJECT.name).into()),
    ("InitiatingProcessAccountSid", Type::String, |e| e.known("SubjectUserSid").into()),
    ("InitiatingProcessLogonId", Type::Long, |e| long(e.known("SubjectLogonId"))),
    ("InitiatingProcessId", Type::Long, |e| long(e.known("ProcessId"))),
    ("InitiatingProcessFileName", Type::String, |e| file_name(e.known("ParentProcessName")).into()),
    ("InitiatingProcessFolderPath", Type::String, |e| e.known("ParentProcessName").into()),
    ("InitiatingProcessSHA256", Type::String, |_| "".into()),
    ("InitiatingProcessSHA1", Type::String, |_| "".into()),
    ("InitiatingProcessMD5", Type::String, |_| "".into()),
    ("ReportId", Type::Long, report_id),
];

/// The names of the values that name an account.
struct Account {
    domain: &'static str,
    name: &'static str,
}

const SUBJECT: Account = Account { domain: "SubjectDomainName", name: "SubjectUserName" };
const TARGET: Account = Account { domain: "TargetDomainName", name: "TargetUserName" };

/// The account of the new process: the target, or the creator if no target is reported.
///
/// Spec: TEL-19
fn account(event: &WindowsEvent) -> Account {
    if event.known(TARGET.name).is_empty() { SUBJECT } else { TARGET }
}

/// Spec: TEL-19
fn account_sid(event: &WindowsEvent) -> &str {
    match event.known("TargetUserSid") {
        "" | "S-1-0-0" => event.known("SubjectUserSid"),
        sid => sid,
    }
}

/// Spec: TEL-19
fn logon_id(event: &WindowsEvent) -> Dynamic {
    match long(event.known("TargetLogonId")) {
        Dynamic::Null | Dynamic::Long(0) => long(event.known("SubjectLogonId")),
        id => id,
    }
}

/// Returns the name of a mandatory label's SID. Any other SID is returned as it is.
///
/// Spec: TEL-17
fn integrity_level(sid: &str) -> &str {
    match sid {
        "S-1-16-0" => "Untrusted",
        "S-1-16-4096" => "Low",
        "S-1-16-8192" => "Medium",
        "S-1-16-8448" => "MediumPlus",
        "S-1-16-12288" => "High",
        "S-1-16-16384" => "System",
        other => other,
    }
}

/// Returns the name of a token elevation type's message number. Any other number is returned as it
/// is.
///
/// Spec: TEL-18
fn token_elevation(number: &str) -> &str {
    match number {
        "%%1936" => "TokenElevationTypeDefault",
        "%%1937" => "TokenElevationTypeFull",
        "%%1938" => "TokenElevationTypeLimited",
        other => other,
    }
}

#[cfg(test)]
mod tests;
