//! What the rule's template says besides its query.

use serde::Serialize;

use super::entities::EntityKind;
use super::schedule::Schedule;
use super::{ORIGINAL_FILE_NAME, PROGRAM, SWITCHES, UPLOAD};

/// The facts of the rule, as its template in Sentinel's gallery states them.
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
    /// What the rule looks for, in words of this project.
    pub description: &'static str,
    /// The template's version.
    pub version: &'static str,
    /// The kind of rule.
    pub kind: &'static str,
    /// The severity of its alerts.
    pub severity: &'static str,
    /// Whether the template is offered.
    pub status: &'static str,
    /// The connectors it needs, with the tables they bring.
    pub required_data_connectors: &'static [Connector],
    /// When it runs, over what, and when it alerts.
    pub schedule: Schedule,
    /// The ATT&CK tactics and techniques.
    pub attack: &'static [Attack],
    /// Which columns identify which entities.
    pub entity_mappings: &'static [EntityMapping],
    /// Which recorded events can show the activity.
    pub event_coverage: &'static [Coverage],
    /// What gives the activity away.
    pub indicators: &'static [Indicator],
    /// The columns the rule adds.
    pub output_fields: &'static [&'static str],
}

/// A data connector.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Connector {
    /// Its id.
    pub connector_id: &'static str,
    /// The tables it brings that the rule reads.
    pub data_types: &'static [&'static str],
}

/// A tactic of ATT&CK and the technique the rule shows of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Attack {
    /// The tactic, as Sentinel writes it.
    pub tactic: &'static str,
    /// The technique's id.
    pub technique: &'static str,
}

/// The columns that identify one entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct EntityMapping {
    /// What the entity is.
    pub kind: EntityKind,
    /// Each identifier's name, and the column that holds it.
    pub identifiers: &'static [(&'static str, &'static str)],
}

/// A kind of recorded event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// Who records it.
    pub provider: &'static str,
    /// The event or table.
    pub event: &'static str,
}

/// A value to look for in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Indicator {
    /// The field.
    pub field: &'static str,
    /// How the value is compared.
    pub operator: Comparison,
    /// The value.
    pub value: &'static str,
}

/// How an indicator's value is compared with its field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Comparison {
    /// The whole field, but for case.
    Eq,
    /// As a term in the field.
    Match,
}

pub(super) const ENTITY_MAPPINGS: &[EntityMapping] = &[
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

/// The facts of the rule.
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
        description: "Finds runs of bitsadmin.exe, renamed ones too where the original file name is recorded, \
            whose command line queues a file for the background transfer service, and names the remote \
            address, the local file and the direction.",
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
