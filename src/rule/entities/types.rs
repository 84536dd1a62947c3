use super::Strength;

/// A type of entity that a rule over processes can have.
#[derive(Debug)]
#[non_exhaustive]
pub struct EntityType {
    /// Its name in templates.
    pub name: &'static str,
    /// The names of its identifiers.
    pub identifiers: &'static [&'static str],
    /// The sets of identifiers one of which a mapping must have.
    pub required: &'static [&'static [&'static str]],
    /// The sets of identifiers that are strong.
    strong: &'static [&'static [&'static str]],
    /// The sets of identifiers that are weak.
    weak: &'static [&'static [&'static str]],
}

impl EntityType {
    /// Returns the type with this name, in any case. Returns `None` for the types of mail and of IoT
    /// devices too, which are not specified.
    ///
    /// Spec: RUL-52
    pub fn find(name: &str) -> Option<&'static Self> {
        TYPES.iter().find(|found| found.name.eq_ignore_ascii_case(name))
    }

    /// How strong these identifiers are.
    ///
    /// Spec: RUL-40, RUL-41
    pub(super) fn strength(&self, names: &[&str]) -> Strength {
        let is_among = |sets: &[&[&str]]| sets.iter().any(|set| set.iter().all(|name| names.contains(name)));
        match (is_among(self.strong), is_among(self.weak)) {
            (true, _) => Strength::Strong,
            (false, true) => Strength::Weak,
            (false, false) => Strength::Neither,
        }
    }
}

/// The types of entities.
///
/// Whether an URL is strong depends on its value, and so does whether an account or an address is in
/// some cases; the conditions are not modelled.
///
/// Spec: RUL-40, RUL-41, RUL-52
static TYPES: [EntityType; 15] = [
    EntityType {
        name: "Account",
        identifiers: &[
            "Name",
            "FullName",
            "NTDomain",
            "DnsDomain",
            "UPNSuffix",
            "Sid",
            "AadTenantId",
            "AadUserId",
            "PUID",
            "IsDomainJoined",
            "DisplayName",
            "ObjectGuid",
        ],
        required: &[&["FullName"], &["Sid"], &["Name"], &["AadUserId"], &["PUID"], &["ObjectGuid"]],
        strong: &[
            &["Name", "UPNSuffix"],
            &["AadUserId"],
            &["Sid"],
            &["Name", "NTDomain"],
            &["Name", "DnsDomain"],
            &["PUID"],
            &["ObjectGuid"],
        ],
        weak: &[&["Name"]],
    },
    EntityType {
        name: "Host",
        identifiers: &[
            "DnsDomain",
            "NTDomain",
            "HostName",
            "FullName",
            "NetBiosName",
            "AzureID",
            "OMSAgentID",
            "OSFamily",
            "OSVersion",
            "IsDomainJoined",
        ],
        required: &[&["FullName"], &["HostName"], &["NetBiosName"], &["AzureID"], &["OMSAgentID"]],
        strong: &[
            &["HostName", "NTDomain"],
            &["HostName", "DnsDomain"],
            &["NetBiosName", "NTDomain"],
            &["NetBiosName", "DnsDomain"],
            &["AzureID"],
            &["OMSAgentID"],
        ],
        weak: &[&["HostName"], &["NetBiosName"]],
    },
    EntityType {
        name: "Process",
        identifiers: &["ProcessId", "CommandLine", "ElevationToken", "CreationTimeUtc"],
        required: &[&["CommandLine"], &["ProcessId"]],
        strong: &[],
        weak: &[&["ProcessId", "CreationTimeUtc", "CommandLine"]],
    },
    simple("AzureResource", &["ResourceId"], &[&["ResourceId"]], &[&["ResourceId"]]),
    simple(
        "CloudApplication",
        &["AppId", "Name", "InstanceName"],
        &[&["AppId"], &["Name"]],
        &[&["AppId"], &["Name"]],
    ),
    simple("DNS", &["DomainName"], &[&["DomainName"]], &[]),
    simple("File", &["Directory", "Name"], &[&["Name"]], &[&["Directory", "Name"]]),
    simple("FileHash", &["Algorithm", "Value"], &[&["Algorithm", "Value"]], &[&["Algorithm", "Value"]]),
    simple("IP", &["Address", "AddressScope"], &[&["Address"]], &[&["Address"]]),
    simple(
        "Mailbox",
        &["MailboxPrimaryAddress", "DisplayName", "Upn", "ExternalDirectoryObjectId", "RiskLevel"],
        &[&["MailboxPrimaryAddress"]],
        &[&["MailboxPrimaryAddress"]],
    ),
    simple("Malware", &["Name", "Category"], &[&["Name"]], &[&["Name", "Category"]]),
    simple("RegistryKey", &["Hive", "Key"], &[&["Key"], &["Hive"]], &[&["Hive", "Key"]]),
    EntityType {
        weak: &[&["Name"]],
        ..simple("RegistryValue", &["Name", "Value", "ValueType"], &[&["Name"]], &[])
    },
    simple(
        "SecurityGroup",
        &["DistinguishedName", "SID", "ObjectGuid"],
        &[&["DistinguishedName"], &["SID"], &["ObjectGuid"]],
        &[&["DistinguishedName"], &["SID"], &["ObjectGuid"]],
    ),
    EntityType { weak: &[&["Url"]], ..simple("URL", &["Url"], &[&["Url"]], &[]) },
];

/// A type without weak sets of identifiers.
const fn simple(
    name: &'static str,
    identifiers: &'static [&'static str],
    required: &'static [&'static [&'static str]],
    strong: &'static [&'static [&'static str]],
) -> EntityType {
    EntityType { name, identifiers, required, strong, weak: &[] }
}
