//! Calls the readers of telemetry, and filters what they report.

use std::ops::ControlFlow;
use std::sync::Arc;

use rulespec_events::{Event, Format, Item, Names, Options, Sink, json};

/// Calls a reader and collects the items that it reports.
pub fn collect_items<R>(
    format: Option<Format>,
    keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static,
    read: impl FnOnce(&Options, &mut Sink<'_>) -> R,
) -> Vec<Item> {
    let options = Options { format, keep: Arc::new(keep), ..Options::default() };
    let mut items = vec![];
    read(&options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    items
}

/// Returns the items of a JSON text.
pub fn read_json(text: &[u8], keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Vec<Item> {
    collect_items(None, keep, |options, sink| json::read(text, &"test.json".into(), options, sink))
}

/// A filter that is close to the rule's first stage.
pub fn is_bitsadmin(names: Names<'_>) -> bool {
    let is_program = |name: &str| name.eq_ignore_ascii_case("bitsadmin.exe");
    (is_program(names.file_name) || names.original_file_name.is_some_and(is_program))
        && names.command_line.to_ascii_lowercase().contains("/transfer")
}

/// Passes the names of an event's row to a filter.
pub fn with_names<R>(event: &Event, filter: impl FnOnce(Names<'_>) -> R) -> R {
    let cell = |name: &str| {
        let at = event.columns.iter().position(|column| column.name == name)?;
        event.row.get(at)?.as_str()
    };
    let original = cell("ProcessVersionInfoOriginalFileName");
    filter(Names::new(cell("FileName").unwrap(), original, cell("ProcessCommandLine").unwrap()))
}

/// Filters the items of a reader that kept everything: drops the rows that the filter
/// rejects, and the faults in their cells.
pub fn filter_items(items: Vec<Item>, keep: impl Fn(Names<'_>) -> bool) -> Vec<Item> {
    let mut dropped = None;
    let mut kept = vec![];
    for item in items {
        match item {
            Item::Event(event) if !with_names(&event, &keep) => {
                kept.push(Item::Filtered((&*event).into()));
                dropped = Some(event.place);
            }
            Item::Fault(fault) if dropped.as_ref() == Some(&fault.place) => {}
            item => {
                dropped = dropped.filter(|_| !matches!(item, Item::Event(_)));
                kept.push(item);
            }
        }
    }
    kept
}
