//! Process creations whose program or command line is not where any known tool writes it.

use super::Data;
use crate::shapes::Shapes;
use crate::tree::{Members, Node};
use crate::windows_event::{self, WindowsEvent};
use crate::{Item, Place, Source};

/// How many keys a fault names.
const MAX_KEYS: usize = 30;

/// The maximum length of a key in a fault, in characters.
const MAX_KEY_LEN: usize = 60;

/// How deep keys are looked at.
const MAX_DEPTH: usize = 8;

/// The fault of a process creation whose program was not found, or whose command line seems to be at a
/// place that is not known. A command line that is nowhere was not recorded, which is no fault.
///
/// Spec: TEL-97
pub(super) fn fault(
    event: &Members<'_>,
    data: &Data<'_, '_>,
    source: Source,
    place: &Place,
    shapes: &Shapes,
) -> Option<Item> {
    if let Some(label) = data.ambiguous() {
        let what = format!(
            "the message of a {source} event has {label} more than once, so nothing was taken from it"
        );
        return Some(Item::fault(
            place.clone(),
            what,
            "export the event with its data; look at it, it may be forged",
        ));
    }
    let program = windows_event::program_name(source);
    let what = if data.get(program).is_none() {
        "program"
    } else if data.get("CommandLine").is_none() && has_command_line(event, 0) {
        "command line"
    } else {
        return None;
    };
    let name = if what == "program" { program } else { "CommandLine" };
    let there =
        if data.names().next().is_some() { data.names().map(str::to_owned).collect() } else { keys(event) };
    let what = format!(
        "the {what} of a {source} event was not found: looked for {name} in {}; the event has {}",
        shapes.event.data.join(", "),
        listed(&there),
    );
    Some(Item::fault(
        place.clone(),
        what,
        "name its path in a file for --mapping, see `rulespec list shapes`",
    ))
}

/// The fault of an event that has the data of a process creation, but not its provider.
///
/// Spec: TEL-97
pub(super) fn unknown_provider(event: &Members<'_>, place: &Place, shapes: &Shapes) -> Option<Item> {
    let (id, source) = match super::event_id(event, &shapes.event)? {
        1 => (1, Source::Sysmon),
        4688 => (4688, Source::Security),
        _ => return None,
    };
    let data = Data::of(event, source, shapes);
    data.get(windows_event::program_name(source))?;
    data.get("CommandLine")?;
    let provider = super::first_text(event, &shapes.event.provider).unwrap_or_default();
    let what =
        format!("the provider {provider:?} of an event {id} with a program and a command line is not known");
    Some(Item::fault(place.clone(), what, "name what it stands for under [alias] in a file for --mapping"))
}

/// The fault of a process creation in whose named data there is no program.
///
/// Spec: TEL-97
pub(crate) fn program(event: &WindowsEvent, source: Source, place: &Place) -> Option<Item> {
    let program = windows_event::program_name(source);
    if event.data.iter().any(|(name, _)| name == program) {
        return None;
    }
    let there: Vec<String> = event.data.iter().map(|(name, _)| name.clone()).collect();
    let what = format!(
        "the program of a {source} event was not found: looked for {program}; the event has {}",
        listed(&there)
    );
    Some(Item::fault(place.clone(), what, "export the event with its data"))
}

/// Whether an object has a key that a tool may give the command line of the process, not of its parent.
fn has_command_line(object: &Members<'_>, depth: usize) -> bool {
    object.iter().any(|(key, node)| {
        let letters: String = key.chars().take(MAX_KEY_LEN).filter(char::is_ascii_alphabetic).collect();
        let letters = letters.to_ascii_lowercase();
        let is_named = ["commandline", "cmdline", "processcmd", "args", "argv"];
        match node {
            _ if letters.contains("parent") => false,
            Node::Object(members) if depth < MAX_DEPTH => has_command_line(members, depth + 1),
            _ => is_named.iter().any(|name| letters.ends_with(name)),
        }
    })
}

/// The paths of all values of an object.
pub(crate) fn keys(object: &Members<'_>) -> Vec<String> {
    let mut keys = vec![];
    collect(object, "", 0, &mut keys);
    keys
}

fn collect(object: &Members<'_>, prefix: &str, depth: usize, keys: &mut Vec<String>) {
    for (key, node) in object {
        // Only the first keys are shown, so only their text is needed.
        let path = if keys.len() < MAX_KEYS { format!("{prefix}{}", shortened(key)) } else { String::new() };
        match node {
            Node::Object(members) if depth < MAX_DEPTH && !members.is_empty() => {
                collect(members, &(path + "."), depth + 1, keys);
            }
            Node::Leaf(_) | Node::List(_) | Node::Object(_) => keys.push(path),
        }
    }
}

fn shortened(key: &str) -> String {
    match key.char_indices().nth(MAX_KEY_LEN) {
        None => key.to_owned(),
        Some((end, _)) => format!("{}…", key.get(..end).unwrap_or_default()),
    }
}

/// `1 row`, `2 rows`.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// The first of these keys, for a message.
pub(crate) fn listed(keys: &[String]) -> String {
    let shown = keys.iter().take(MAX_KEYS).map(|key| shortened(key));
    let shown: Vec<String> = shown.collect();
    match keys.len().saturating_sub(MAX_KEYS) {
        0 if shown.is_empty() => "nothing".to_owned(),
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
