//! What a reader says of JSON text, and the same by a filter after reading.

use std::ops::ControlFlow;
use std::sync::Arc;

use rulespec_events::{Event, Item, Names, Options, json};

/// What the reader of JSON hands on of a text.
pub fn items(text: &[u8], keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Vec<Item> {
    let options = Options { format: None, keep: Arc::new(keep), progress: Default::default(), jobs: 1 };
    let mut items = vec![];
    let _ = json::read(text, &"test.json".into(), &options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    items
}

/// The names that the tests want.
pub fn is_bitsadmin(names: Names<'_>) -> bool {
    let is_it = |name: &str| name.eq_ignore_ascii_case("bitsadmin.exe");
    (is_it(names.file_name) || names.original_file_name.is_some_and(is_it))
        && names.command_line.to_ascii_lowercase().contains("/transfer")
}

/// The names a built row gives to the rule's first stage.
pub fn with_names<R>(event: &Event, ask: impl FnOnce(Names<'_>) -> R) -> R {
    let cell = |name: &str| {
        let at = event.columns.iter().position(|column| column.name == name)?;
        event.row.get(at)?.as_str()
    };
    let original = cell("ProcessVersionInfoOriginalFileName");
    ask(Names::new(cell("FileName").unwrap(), original, cell("ProcessCommandLine").unwrap()))
}

/// What reading everything gives, once the rows that are not wanted are dropped,
/// and with them what is wrong with their cells.
pub fn filtered(items: Vec<Item>, keep: impl Fn(Names<'_>) -> bool) -> Vec<Item> {
    let mut dropped = None;
    let mut left = vec![];
    for item in items {
        match item {
            Item::Event(event) if !with_names(&event, &keep) => {
                left.push(Item::Passed(event.source));
                dropped = Some(event.place);
            }
            Item::Fault(fault)
                if dropped == Some(fault.place.clone()) && fault.what.starts_with("what stands in") => {}
            item => left.push(item),
        }
    }
    left
}
