//! Bitsadmin Activity: the rule that this specification is about.

use std::sync::LazyLock;

use super::{Connector, EntityMapping, Rule};

/// The query of the rule.
const QUERY: &str = include_str!("../../spec/rule.kql");

impl Rule {
    /// The rule *Bitsadmin Activity*: `spec/rule.kql` with what its template has besides.
    ///
    /// ```
    /// use rulespec::rule::Rule;
    ///
    /// let rule = Rule::bitsadmin_activity();
    /// assert_eq!(rule.name.as_deref(), Some("Bitsadmin Activity"));
    /// assert_eq!(rule.techniques, ["T1197", "T1105", "T1048"]);
    /// ```
    ///
    /// Spec: RUL-01, RUL-02, RUL-03, RUL-04, RUL-05, RUL-06, RUL-07, RUL-08, RUL-09, RUL-10, RUL-11,
    /// RUL-12, RUL-13, RUL-16, RUL-35, RUL-36
    #[allow(clippy::expect_used, reason = "the text is part of the library, and tested")]
    pub fn bitsadmin_activity() -> &'static Self {
        static RULE: LazyLock<Rule> =
            LazyLock::new(|| template(Rule::from_kql(QUERY).expect("spec/rule.kql is a query")));
        &RULE
    }
}

/// Adds the metadata of the template. Its severity, schedule and entities are facts of the original;
/// the description is in our own words.
///
/// Spec: RUL-32, RUL-33, RUL-37, RUL-43
fn template(rule: Rule) -> Rule {
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect();
    let text = |text: &str| Some(text.to_owned());
    Rule {
        id: text("2a1dc4c2-a8d6-4a0e-8539-9b971c851195"),
        name: text("Bitsadmin Activity"),
        description: text(
            "Finds processes of bitsadmin.exe whose command line queues a file for the background transfer \
             service, and reports the remote URL, the local file and the direction. Renamed copies are found \
             if the original file name is recorded.",
        ),
        version: text("1.0.0"),
        kind: text("Scheduled"),
        severity: text("Medium"),
        status: text("Available"),
        required_data_connectors: vec![Connector {
            connector_id: "MicrosoftThreatProtection".to_owned(),
            data_types: texts(&["DeviceProcessEvents"]),
        }],
        tactics: texts(&["Persistence", "CommandAndControl", "Exfiltration"]),
        techniques: texts(&["T1197", "T1105", "T1048"]),
        schedule: Some(super::schedule::Schedule::default()),
        entity_mappings: vec![EntityMapping::new("Host", &HOST), EntityMapping::new("Process", &PROCESS)],
        ..rule
    }
}

/// The identifiers of the host, with their columns.
const HOST: [(&str, &str); 3] =
    [("FullName", "DeviceName"), ("HostName", "HostName"), ("DnsDomain", "DnsDomain")];

/// The identifiers of the process, with their columns.
const PROCESS: [(&str, &str); 2] = [("ProcessId", "ProcessId"), ("CommandLine", "ProcessCommandLine")];
