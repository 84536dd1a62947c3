//! The values in the message of a process creation, as Event Viewer shows it in English.

use crate::{Source, sysmon};

/// The labels of a Security event's message in their sections, and the names of the values. The first
/// section is also called `Subject`.
const SECURITY: &[(&str, &[(&str, &str)])] = &[
    (
        "Creator Subject",
        &[
            ("Security ID", "SubjectUserSid"),
            ("Account Name", "SubjectUserName"),
            ("Account Domain", "SubjectDomainName"),
            ("Logon ID", "SubjectLogonId"),
        ],
    ),
    (
        "Target Subject",
        &[
            ("Security ID", "TargetUserSid"),
            ("Account Name", "TargetUserName"),
            ("Account Domain", "TargetDomainName"),
            ("Logon ID", "TargetLogonId"),
        ],
    ),
    (
        "Process Information",
        &[
            ("New Process ID", "NewProcessId"),
            ("New Process Name", "NewProcessName"),
            ("Token Elevation Type", "TokenElevationType"),
            ("Mandatory Label", "MandatoryLabel"),
            ("Creator Process ID", "ProcessId"),
            ("Creator Process Name", "ParentProcessName"),
            ("Process Command Line", "CommandLine"),
        ],
    ),
];

/// The values in a message, by their names, or nothing if it is another event's message.
///
/// A command line may have line ends of its own, so a value extends to the next label.
///
/// # Errors
///
/// Returns the name of a value that the message has more than once: one of the values pretends to be
/// several.
///
/// Spec: TEL-98
pub(super) fn values(message: &str, source: Source) -> Result<Vec<(&'static str, String)>, &'static str> {
    let title = match source {
        Source::Security => "A new process has been created",
        Source::Sysmon | Source::Defender => "Process Create",
    };
    let mut values: Vec<(&'static str, String)> = vec![];
    if !message.trim_start().starts_with(title) {
        return Ok(values);
    }
    let mut section = "";
    let mut is_open = false;
    for line in message.split('\n') {
        let line = line.strip_suffix('\r').unwrap_or(line);
        let label = line.split_once(':').map(|(label, rest)| (label.trim(), rest));
        let found = label.and_then(|(label, rest)| match source {
            Source::Security => {
                section = section_of(label, rest).unwrap_or(section);
                Some((security_name(section, label)?, rest.trim_start()))
            }
            Source::Sysmon | Source::Defender => {
                let name = sysmon::NAMES.iter().find(|name| **name == label)?;
                Some((*name, rest.strip_prefix(' ').unwrap_or(rest)))
            }
        });
        match found {
            Some((name, value)) => {
                if values.iter().any(|(other, _)| *other == name) {
                    return Err(name);
                }
                is_open = is_told(name, value);
                values.extend(is_open.then(|| (name, value.to_owned())));
            }
            None => {
                is_open &= continues(source, line);
                if let Some((_, value)) = values.last_mut().filter(|_| is_open) {
                    value.push('\n');
                    value.push_str(line);
                }
            }
        }
    }
    // What follows the message is no part of its last value.
    if let Some((_, value)) = values.last_mut() {
        value.truncate(value.trim_end_matches('\n').len());
    }
    Ok(values)
}

/// Whether a value is what the event has. In place of a SID, a message may have the account's name.
fn is_told(name: &str, value: &str) -> bool {
    !name.ends_with("Sid") || value.starts_with("S-1-")
}

/// Whether a line without a label belongs to the value before it. The sections of a Security event are
/// set apart by empty lines.
fn continues(source: Source, line: &str) -> bool {
    match source {
        Source::Security => !line.trim().is_empty(),
        Source::Sysmon | Source::Defender => true,
    }
}

fn section_of(label: &str, rest: &str) -> Option<&'static str> {
    if !rest.trim().is_empty() {
        return None;
    }
    let label = if label == "Subject" { "Creator Subject" } else { label };
    SECURITY.iter().map(|(section, _)| *section).find(|section| *section == label)
}

fn security_name(section: &str, label: &str) -> Option<&'static str> {
    let (_, labels) = SECURITY.iter().find(|(other, _)| *other == section)?;
    labels.iter().find(|(other, _)| *other == label).map(|(_, name)| *name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tel_98_a_sysmon_message_has_a_value_on_each_line() {
        let message = "Process Create:\r\nRuleName: -\r\nProcessId: 12\r\nCommandLine: a \"b: c\"\r\nx: y\r\nUser: PC\\u\r\n";
        let expected = [
            ("RuleName", "-".to_owned()),
            ("ProcessId", "12".to_owned()),
            ("CommandLine", "a \"b: c\"\nx: y".to_owned()),
            ("User", "PC\\u".to_owned()),
        ];
        assert_eq!(values(message, Source::Sysmon), Ok(expected.to_vec()));
        assert_eq!(values(&format!("{message}CommandLine: b\n"), Source::Sysmon), Err("CommandLine"));
        assert_eq!(
            values(&message.replace("Process Create", "Process Terminate"), Source::Sysmon),
            Ok(vec![])
        );
    }

    #[test]
    fn tel_98_a_security_message_has_sections() {
        let message = "A new process has been created.\r\n\r\nSubject:\r\n\tSecurity ID:\t\tS-1-5-18\r\n\
                       \tAccount Name:\t\tPC$\r\n\r\nTarget Subject:\r\n\tAccount Name:\t\tu\r\n\r\n\
                       Process Information:\r\n\tNew Process ID:\t\t0x10\r\n\tProcess Command Line:\tAccount Name: x  y\r\n\r\n\
                       Token Elevation Type indicates: no value\r\n";
        let expected = [
            ("SubjectUserSid", "S-1-5-18"),
            ("SubjectUserName", "PC$"),
            ("TargetUserName", "u"),
            ("NewProcessId", "0x10"),
            ("CommandLine", "Account Name: x  y"),
        ];
        let expected = expected.map(|(name, value)| (name, value.to_owned()));
        assert_eq!(values(message, Source::Security), Ok(expected.to_vec()));
    }
}
