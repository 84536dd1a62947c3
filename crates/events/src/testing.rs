//! What the unit tests of the readers share.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::{Item, Names, Options, Sink};

/// Calls a reader and collects the items that it reports.
pub(crate) fn collect_items(
    options: &Options,
    read: impl FnOnce(&Options, &mut Sink<'_>) -> ControlFlow<()>,
) -> Vec<Item> {
    let mut items = vec![];
    let flow = read(options, &mut |item| {
        items.push(item);
        ControlFlow::Continue(())
    });
    assert_eq!(flow, ControlFlow::Continue(()));
    items
}

pub(crate) fn keeping(keep: impl Fn(Names<'_>) -> bool + Send + Sync + 'static) -> Options {
    Options { keep: Arc::new(keep), ..Options::default() }
}
