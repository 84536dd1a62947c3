//! Sysmon event 1 (process creation) as a row of DeviceProcessEvents.

use std::sync::LazyLock;

use super::windows_event::{Cell, Mapping, WindowsEvent, account, file_name, guid, long, report_id};
use rulespec::kql::{Dynamic, Type};

/// The columns of a Sysmon event.
///
/// Spec: TEL-04, TEL-10, TEL-12, TEL-13, TEL-14, TEL-15, TEL-23
pub(super) static MAPPING: LazyLock<Mapping> = LazyLock::new(|| Mapping::new(COLUMNS));

const COLUMNS: &[(&str, Type, Cell)] = &[
    ("DeviceName", Type::String, |e| e.computer.as_str().into()),
    ("DeviceId", Type::String, |_| "".into()),
    ("ActionType", Type::String, |_| "ProcessCreated".into()),
    ("FileName", Type::String, |e| file_name(e.get("Image")).into()),
    ("FolderPath", Type::String, |e| e.get("Image").into()),
    ("SHA1", Type::String, |e| hash(e, "SHA1").into()),
    ("SHA256", Type::String, |e| hash(e, "SHA256").into()),
    ("MD5", Type::String, |e| hash(e, "MD5").into()),
    ("ProcessVersionInfoOriginalFileName", Type::String, |e| e.known("OriginalFileName").into()),
    ("ProcessVersionInfoCompanyName", Type::String, |e| e.known("Company").into()),
    ("ProcessVersionInfoProductName", Type::String, |e| e.known("Product").into()),
    ("ProcessVersionInfoProductVersion", Type::String, |e| e.known("FileVersion").into()),
    ("ProcessVersionInfoFileDescription", Type::String, |e| e.known("Description").into()),
    ("ProcessId", Type::Long, |e| long(e.known("ProcessId"))),
    ("ProcessCommandLine", Type::String, |e| e.get("CommandLine").into()),
    ("ProcessIntegrityLevel", Type::String, |e| e.known("IntegrityLevel").into()),
    ("AccountDomain", Type::String, |e| account(e.known("User")).0.into()),
    ("AccountName", Type::String, |e| account(e.known("User")).1.into()),
    ("LogonId", Type::Long, |e| long(e.known("LogonId"))),
    ("InitiatingProcessAccountDomain", Type::String, |e| account(e.known("ParentUser")).0.into()),
    ("InitiatingProcessAccountName", Type::String, |e| account(e.known("ParentUser")).1.into()),
    ("InitiatingProcessId", Type::Long, |e| long(e.known("ParentProcessId"))),
    ("InitiatingProcessFileName", Type::String, |e| file_name(e.known("ParentImage")).into()),
    ("InitiatingProcessFolderPath", Type::String, |e| e.known("ParentImage").into()),
    ("InitiatingProcessCommandLine", Type::String, |e| e.known("ParentCommandLine").into()),
    ("InitiatingProcessSHA256", Type::String, |_| "".into()),
    ("InitiatingProcessSHA1", Type::String, |_| "".into()),
    ("InitiatingProcessMD5", Type::String, |_| "".into()),
    ("CreatedProcessSessionId", Type::Long, |e| long(e.known("TerminalSessionId"))),
    ("ReportId", Type::Long, report_id),
    ("AdditionalFields", Type::Dynamic, additional_fields),
];

/// The names of the values of an event, and of hashes that an export has one by one.
pub(super) const NAMES: &[&str] = &[
    "RuleName",
    "UtcTime",
    "ProcessGuid",
    "ProcessId",
    "Image",
    "FileVersion",
    "Description",
    "Product",
    "Company",
    "OriginalFileName",
    "CommandLine",
    "CurrentDirectory",
    "User",
    "LogonGuid",
    "LogonId",
    "TerminalSessionId",
    "IntegrityLevel",
    "Hashes",
    "ParentProcessGuid",
    "ParentProcessId",
    "ParentImage",
    "ParentCommandLine",
    "ParentUser",
    "MD5",
    "SHA1",
    "SHA256",
    "IMPHASH",
];

/// The names that decide whether an event is wanted.
pub(super) const DECISIVE: [&str; 3] = ["Image", "OriginalFileName", "CommandLine"];

/// How many of the names are those of the newest template. The others are hashes.
const NEWEST: usize = 23;

/// What each version of Sysmon added to the template: 13.30, 10.0, 8.0 and 7.0.
const ADDITIONS: [&[&str]; 4] = [
    &["ParentUser"],
    &["OriginalFileName"],
    &["RuleName"],
    &["FileVersion", "Description", "Product", "Company"],
];

/// The names of the values in the templates of the event, newest first.
pub(super) static TEMPLATES: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let mut names: Vec<&str> = NAMES.iter().copied().take(NEWEST).collect();
    let mut templates = vec![names.clone()];
    for additions in ADDITIONS {
        names.retain(|name| !additions.contains(name));
        templates.push(names.clone());
    }
    templates
});

/// Returns one of the `Hashes`, which have the form `SHA1=…,MD5=…`, or a hash that an export has by
/// its own name.
///
/// Spec: TEL-11
fn hash<'a>(event: &'a WindowsEvent, kind: &str) -> &'a str {
    let mut hashes = event.known("Hashes").split(',').filter_map(|hash| hash.split_once('='));
    match hashes.find(|(name, _)| name.trim().eq_ignore_ascii_case(kind)) {
        Some((_, value)) => value.trim(),
        None => event.known(kind),
    }
}

/// The values that have no column of their own. Null if none of them is reported.
///
/// Spec: TEL-16
fn additional_fields(event: &WindowsEvent) -> Dynamic {
    let as_guid = |name| guid(event.known(name));
    let fields = [
        ("CurrentDirectory", event.known("CurrentDirectory").to_owned()),
        ("ProcessGuid", as_guid("ProcessGuid")),
        ("ParentProcessGuid", as_guid("ParentProcessGuid")),
        ("LogonGuid", as_guid("LogonGuid")),
        ("RuleName", event.known("RuleName").to_owned()),
        ("IMPHASH", hash(event, "IMPHASH").to_owned()),
    ];
    let fields: Vec<_> = fields
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (name.to_owned(), Dynamic::String(value)))
        .collect();
    if fields.is_empty() { Dynamic::Null } else { Dynamic::Bag(fields) }
}

#[cfg(test)]
mod tests;
