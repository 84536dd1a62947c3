//! What is decided of a process creation before its row is built.

use super::{Fault, Item, Names, Place, Source};

/// The longest command line of a process, in UTF-16 units.
const LONGEST_COMMAND_LINE: usize = 32_767;

/// What is handed on instead of a row: a fault where the command line is longer than
/// a process can have, else a count where the event is not wanted; `None` where the
/// row is due.
///
/// Whether an event is a fault does not depend on `keep`, so that reading only what
/// is wanted and choosing later tell the same; but for a record of an event log of which
/// no text can be made, which is told where one is made.
///
/// Spec: TEL-03, TEL-70
pub(super) fn unwanted(
    names: Names<'_>,
    source: Source,
    place: impl FnOnce() -> Place,
    keep: &dyn Fn(Names<'_>) -> bool,
) -> Option<Item> {
    match excess(names) {
        Some(units) => Some(Item::Fault(Fault {
            place: place(),
            what: format!(
                "a command line of {units} characters is longer than the {LONGEST_COMMAND_LINE} Windows allows"
            ),
            remedy: "the event is left out: find out what wrote it".to_owned(),
        })),
        None => (!keep(names)).then_some(Item::Passed(source)),
    }
}

/// The length of a command line that is too long, in UTF-16 units.
fn excess(names: Names<'_>) -> Option<usize> {
    // No text has more units than bytes.
    if names.command_line.len() <= LONGEST_COMMAND_LINE {
        return None;
    }
    Some(names.command_line.encode_utf16().count()).filter(|units| *units > LONGEST_COMMAND_LINE)
}
