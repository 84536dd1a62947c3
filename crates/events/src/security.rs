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
    ("AccountDomain", Type::String, |e| account(e).domain(e).into()),
    ("AccountName", Type::String, |e| account(e).name(e).into()),
    ("AccountSid", Type::String, |e| account(e).sid(e).into()),
    ("LogonId", Type::Long, |e| account(e).logon_id(e)),
    ("InitiatingProcessAccountDomain", Type::String, |e| SUBJECT.domain(e).into()),
    ("InitiatingProcessAccountName", Type::String, |e| SUBJECT.name(e).into()),
    ("InitiatingProcessAccountSid", Type::String, |e| SUBJECT.sid(e).into()),
    ("InitiatingProcessLogonId", Type::Long, |e| SUBJECT.logon_id(e)),
    ("InitiatingProcessId", Type::Long, |e| long(e.known("ProcessId"))),
    ("InitiatingProcessFileName", Type::String, |e| file_name(e.known("ParentProcessName")).into()),
    ("InitiatingProcessFolderPath", Type::String, |e| e.known("ParentProcessName").into()),
    ("InitiatingProcessSHA256", Type::String, |_| "".into()),
    ("InitiatingProcessSHA1", Type::String, |_| "".into()),
    ("InitiatingProcessMD5", Type::String, |_| "".into()),
    ("ReportId", Type::Long, report_id),
];

/// The names of the values of an event.
pub(super) const NAMES: &[&str] = VERSION_2;

/// The names that decide whether an event is wanted.
pub(super) const DECISIVE: [&str; 2] = ["NewProcessName", "CommandLine"];

const VERSION_2: &[&str] = &[
    "SubjectUserSid",
    "SubjectUserName",
    "SubjectDomainName",
    "SubjectLogonId",
    "NewProcessId",
    "NewProcessName",
    "TokenElevationType",
    "ProcessId",
    "CommandLine",
    "TargetUserSid",
    "TargetUserName",
    "TargetDomainName",
    "TargetLogonId",
    "ParentProcessName",
    "MandatoryLabel",
];

/// The names of the values in the templates of the event: version 2 with and without the creator's
/// name, version 1 and version 0.
pub(super) const TEMPLATES: &[&[&str]] =
    &[VERSION_2, VERSION_2.split_at(13).0, VERSION_2.split_at(9).0, VERSION_2.split_at(8).0];

/// The names of the values that describe one account.
struct Account {
    domain: &'static str,
    name: &'static str,
    sid: &'static str,
    logon_id: &'static str,
}

const SUBJECT: Account = Account {
    domain: "SubjectDomainName",
    name: "SubjectUserName",
    sid: "SubjectUserSid",
    logon_id: "SubjectLogonId",
};
const TARGET: Account = Account {
    domain: "TargetDomainName",
    name: "TargetUserName",
    sid: "TargetUserSid",
    logon_id: "TargetLogonId",
};

/// The account of the new process: the target, or the creator if no target is reported.
///
/// Spec: TEL-19
fn account(event: &WindowsEvent) -> &'static Account {
    if TARGET.name(event).is_empty() { &SUBJECT } else { &TARGET }
}

impl Account {
    fn domain<'e>(&self, event: &'e WindowsEvent) -> &'e str {
        event.known(self.domain)
    }

    fn name<'e>(&self, event: &'e WindowsEvent) -> &'e str {
        event.known(self.name)
    }

    /// Spec: TEL-19
    fn sid<'e>(&self, event: &'e WindowsEvent) -> &'e str {
        match event.known(self.sid) {
            "S-1-0-0" => "",
            sid => sid,
        }
    }

    /// Spec: TEL-19
    fn logon_id(&self, event: &WindowsEvent) -> Dynamic {
        match long(event.known(self.logon_id)) {
            Dynamic::Long(0) => Dynamic::Null,
            id => id,
        }
    }
}

/// The integrity levels: the SID, and the name that Windows renders in place of it.
const INTEGRITY_LEVELS: [(&str, &str, &str); 7] = [
    ("S-1-16-0", "Untrusted Mandatory Level", "Untrusted"),
    ("S-1-16-4096", "Low Mandatory Level", "Low"),
    ("S-1-16-8192", "Medium Mandatory Level", "Medium"),
    ("S-1-16-8448", "Medium Plus Mandatory Level", "MediumPlus"),
    ("S-1-16-12288", "High Mandatory Level", "High"),
    ("S-1-16-16384", "System Mandatory Level", "System"),
    ("S-1-16-20480", "Protected Process Mandatory Level", "ProtectedProcess"),
];

/// Returns the name of the integrity level in a mandatory label. Any other text is returned as it is.
///
/// Spec: TEL-17
fn integrity_level(label: &str) -> &str {
    let name = label.strip_prefix(r"Mandatory Label\").unwrap_or(label);
    let level = INTEGRITY_LEVELS.iter().find(|(sid, rendered, _)| [*sid, *rendered].contains(&name));
    level.map_or(label, |(_, _, level)| level)
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
