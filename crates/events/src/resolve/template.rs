//! Values without names, in the order of an event's template.

use std::borrow::Cow;

use super::data::Pair;
use crate::{Source, security, sysmon};

/// Names the values of a process creation by their positions. Returns nothing if no template has as
/// many values, or if the values cannot be those of the template.
///
/// Spec: TEL-98
pub(crate) fn named<'t>(values: Vec<Cow<'t, str>>, source: Source) -> Vec<Pair<'t>> {
    let is_template = |names: &&[&'static str]| {
        names.len() == values.len()
            && names.iter().zip(&values).all(|(name, value)| is_plausible(name, value))
    };
    let template = match source {
        Source::Security => security::TEMPLATES.iter().copied().find(is_template),
        Source::Sysmon | Source::Defender => sysmon::TEMPLATES.iter().map(Vec::as_slice).find(is_template),
    };
    match template {
        Some(names) => names.iter().map(|name| Cow::Borrowed(*name)).zip(values).collect(),
        None => vec![],
    }
}

/// Whether a value may have this name. Only names whose values have a form of their own are checked.
fn is_plausible(name: &str, value: &str) -> bool {
    let is_number = |text: &str| match text.strip_prefix("0x") {
        Some(hex) => !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit()),
        None => !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()),
    };
    match name {
        "NewProcessId" | "ProcessId" | "ParentProcessId" | "SubjectLogonId" | "LogonId" => is_number(value),
        "SubjectUserSid" => value.starts_with("S-1-") || value.contains('\\'),
        "ProcessGuid" | "ParentProcessGuid" => value.len() >= 32 && value.contains('-'),
        "TokenElevationType" => value.starts_with("%%") || value.starts_with("TokenElevation"),
        _ => true,
    }
}
