//! The metadata in the rule's template: everything except the query.

use serde::Serialize;

use super::entities::EntityKind;
use super::schedule::Schedule;
use super::{ORIGINAL_FILE_NAME, PROGRAM, SWITCHES, UPLOAD};

/// The metadata of the rule, as in its template in Sentinel's gallery.
///
/// Spec: RUL-32, RUL-33, RUL-34, RUL-35, RUL-36, RUL-37
#[derive(Debug, Clone, PartialEq, Serialize)]
#[non_exhaustive]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// The template's GUID.
    pub id: &'static str,
    /// The display name.
    pub name: &'static str,
    /// What the rule detects, in this project's words.
    pub description: &'static str,
    /// The template's version.
    pub version: &'static str,
    /// The kind of rule.
    pub kind: &'static str,
    /// The severity of its alerts.
    pub severity: &'static str,
    /// The availability of the template.
    pub status: &'static str,
    /// The required connectors and the tables that they provide.
    pub required_data_connectors: &'static [Connector],
    /// When the rule runs, over which period, and when it raises an alert.
    pub schedule: Schedule,
    /// The ATT&CK tactics and techniques.
    pub attack: &'static [Attack],
    /// The columns that identify each entity.
    pub entity_mappings: &'static [EntityMapping],
    /// The recorded events that can show the activity.
    pub event_coverage: &'static [Coverage],
    /// The field values that indicate the activity.
    pub indicators: &'static [Indicator],
    /// The columns that the rule adds.
    pub output_fields: &'static [&'static str],
}

/// A data connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Connector {
    /// The id of the connector.
    pub connector_id: &'static str,
    /// The tables of the connector that the rule reads.
    pub data_types: &'static [&'static str],
}

/// An ATT&CK tactic and the technique that belongs to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Attack {
    /// The tactic, in Sentinel's spelling.
    pub tactic: &'static str,
    /// The id of the technique.
    pub technique: &'static str,
}

/// The columns that identify one entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct EntityMapping {
    /// The type of the entity.
    pub kind: EntityKind,
    /// The name of each identifier and the column that holds it.
    pub identifiers: &'static [(&'static str, &'static str)],
}

/// A type of recorded event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// The source of the event.
    pub provider: &'static str,
    /// The event id or table.
    pub event: &'static str,
}

/// A value to look for in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Indicator {
    /// The field.
    pub field: &'static str,
    /// How the field is compared with the value.
    pub operator: Comparison,
    /// The value.
    pub value: &'static str,
}

/// How a field is compared with the value of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Comparison {
    /// The whole field is equal to the value, ignoring case.
    Eq,
    /// The field contains the value as a term.
    Match,
}

pub(crate) const ENTITY_MAPPINGS: &[EntityMapping] = &[
    EntityMapping {
        kind: EntityKind::Host,
        identifiers: &[("FullName", "DeviceName"), ("HostName", "HostName"), ("DnsDomain", "DnsDomain")],
    },
    EntityMapping {
        kind: EntityKind::Process,
        identifiers: &[("ProcessId", "ProcessId"), ("CommandLine", "ProcessCommandLine")],
    },
];

const fn in_command_line(value: &'static str) -> Indicator {
    Indicator { field: "ProcessCommandLine", operator: Comparison::Match, value }
}

const INDICATORS: &[Indicator] = &[
    Indicator { field: "FileName", operator: Comparison::Eq, value: PROGRAM },
    Indicator { field: ORIGINAL_FILE_NAME, operator: Comparison::Eq, value: PROGRAM },
    in_command_line(SWITCHES[0]),
    in_command_line(SWITCHES[1]),
    in_command_line(SWITCHES[2]),
    in_command_line(SWITCHES[3]),
    in_command_line(UPLOAD),
];

/// The metadata of the rule.
///
/// ```
/// let metadata = rulespec::rule::metadata();
/// assert_eq!(metadata.severity, "Medium");
/// assert_eq!(metadata.attack[0].technique, "T1197");
/// ```
///
/// Spec: RUL-32, RUL-33, RUL-34, RUL-35, RUL-36, RUL-37
pub fn metadata() -> Metadata {
    Metadata {
        id: "2a1dc4c2-a8d6-4a0e-8539-9b971c851195",
        name: "Bitsadmin Activity",
        description: "Finds processes of bitsadmin.exe whose command line queues a file for the background \
            transfer service, and reports the remote URL, the local file and the direction. Renamed copies \
            are found if the original file name is recorded.",
        version: "1.0.0",
        kind: "Scheduled",
        severity: "Medium",
        status: "Available",
        required_data_connectors: &[Connector {
            connector_id: "MicrosoftThreatProtection",
            data_types: &["DeviceProcessEvents"],
        }],
        schedule: Schedule::default(),
        attack: &[
            Attack { tactic: "Persistence", technique: "T1197" },
            Attack { tactic: "CommandAndControl", technique: "T1105" },
            Attack { tactic: "Exfiltration", technique: "T1048" },
        ],
        entity_mappings: ENTITY_MAPPINGS,
        event_coverage: &[
            Coverage { provider: "Microsoft-Windows-Sysmon", event: "1" },
            Coverage { provider: "Microsoft-Windows-Security-Auditing", event: "4688" },
            Coverage { provider: "Microsoft Defender XDR", event: "DeviceProcessEvents" },
        ],
        indicators: INDICATORS,
        output_fields: &["ParsedCommandLine", "Direction", "LocalFile", "RemoteUrl", "HostName", "DnsDomain"],
    }
}
