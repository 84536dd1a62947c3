//! What an object is: a Windows event or a row, of this kind or another.

use super::row::{self, Row};
use super::{event_id, first_text};
use crate::shapes::Shapes;
use crate::tree::Members;
use crate::windows_event::classify;
use crate::{Skip, Source};

/// What an object is.
pub(super) enum Found<'t, 'a> {
    /// A process creation as a Windows event.
    Creation(&'t Members<'a>, Source),
    Row(Row<'t, 'a>),
    Skipped(Skip),
    /// Something to skip, unless there is an event in it: its provider or its table is not known.
    Doubtful(&'t Members<'a>, Skip),
}

impl<'t, 'a> Found<'t, 'a> {
    pub(super) fn is_certain(&self) -> bool {
        match self {
            Self::Creation(..) | Self::Row(_) | Self::Skipped(_) => true,
            Self::Doubtful(..) => false,
        }
    }

    /// What an object with these members is, if it is an event or a row.
    ///
    /// Spec: TEL-54
    pub(super) fn of(members: &'t Members<'a>, shapes: &'t Shapes) -> Option<Self> {
        let has_id = members.iter().any(|(key, _)| shapes.event_id_keys.contains(key));
        let event = if has_id { Self::event(members, shapes) } else { None };
        if event.as_ref().is_some_and(Self::is_certain) && !row::names_its_table(members) {
            return event;
        }
        let row = row::find(members, shapes).map(|row| match row {
            Ok(row) => Self::Row(row),
            Err(skip) if row::names_its_table(members) => Self::Skipped(skip),
            Err(skip) => Self::Doubtful(members, skip),
        });
        row.or(event)
    }

    /// What an object is as a Windows event, if it has an event id, and a provider or a channel.
    ///
    /// Spec: TEL-54
    fn event(members: &'t Members<'a>, shapes: &Shapes) -> Option<Self> {
        let paths = &shapes.event;
        let event_id = event_id(members, paths)?;
        let text = |paths| first_text(members, paths).unwrap_or_default();
        let (provider, channel) = (text(&paths.provider), text(&paths.channel));
        let name = |text| match str::trim(text) {
            "-" => "",
            name => name,
        };
        let (provider, channel) = (shapes.windows_name(name(&provider)), shapes.windows_name(name(&channel)));
        // The name of a channel may stand for that of the provider.
        let (provider, channel) = match channel.is_empty() && is_channel(provider) {
            true => ("", provider),
            false => (provider, channel),
        };
        if provider.is_empty() && channel.is_empty() {
            return None;
        }
        let is_windows = provider.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("Microsoft"));
        Some(match classify(provider, channel, event_id) {
            Ok(source) => Self::Creation(members, source),
            // What a forwarder calls the source is no provider.
            Err(Skip::OtherProvider) if !(is_windows || is_other_channel(channel)) => {
                match classify("", channel, event_id) {
                    Ok(source) => Self::Creation(members, source),
                    Err(Skip::OtherProvider | Skip::UnknownShape) => {
                        Self::Doubtful(members, Skip::OtherProvider)
                    }
                    Err(skip) => Self::Skipped(skip),
                }
            }
            Err(skip) => Self::Skipped(skip),
        })
    }
}

/// Whether this is the name of a channel that has no process creations.
fn is_other_channel(name: &str) -> bool {
    let classic = ["Application", "System", "Setup", "Windows PowerShell", "Directory Service", "DNS Server"];
    !is_channel(name)
        && (name.contains('/') || classic.iter().any(|channel| name.eq_ignore_ascii_case(channel)))
}

fn is_channel(name: &str) -> bool {
    ["Security", "Microsoft-Windows-Sysmon/Operational"]
        .iter()
        .any(|channel| name.eq_ignore_ascii_case(channel))
}
