//! The checks of a process creation before its row is built.

use crate::{Filtered, Item, Names, Place, Source};

/// The maximum length of a process's command line, in UTF-16 units.
const MAX_COMMAND_LINE_LEN: usize = 32_767;

/// Returns the item to report instead of a row: a fault if the command line is longer than a
/// process can have, or a count if the filter rejects the event. Returns `None` if the row must be
/// built.
///
/// Whether an event is a fault does not depend on `keep`. Thus filtering while reading gives the
/// same result as filtering afterwards.
///
/// Spec: TEL-03, TEL-70
pub(super) fn prefilter(
    names: Names<'_>,
    source: Source,
    place: impl FnOnce() -> Place,
    keep: &dyn Fn(Names<'_>) -> bool,
) -> Option<Item> {
    let Some(len) = excessive_len(names.command_line) else {
        return (!keep(names)).then_some(Item::Filtered(Filtered::new(source, &names)));
    };
    let what = format!(
        "a command line of {len} characters is longer than the {MAX_COMMAND_LINE_LEN} Windows allows"
    );
    Some(Item::fault(place(), what, "the event is left out; find out what wrote it"))
}

/// The length of a command line in UTF-16 units, if it is too long.
fn excessive_len(command_line: &str) -> Option<usize> {
    // A text never has more UTF-16 units than UTF-8 bytes.
    if command_line.len() <= MAX_COMMAND_LINE_LEN {
        return None;
    }
    Some(command_line.encode_utf16().count()).filter(|len| *len > MAX_COMMAND_LINE_LEN)
}
