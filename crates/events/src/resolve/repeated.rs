//! Names that an object has more than once.

use std::ops::ControlFlow;

use super::{Resolver, listed};
use crate::tree::Repeated;
use crate::{Item, Sink};

impl Resolver<'_> {
    /// Reports items, and before the first one that these names are repeated. This does not depend on which
    /// events are wanted: the names decide, or are in a text that is read as a whole.
    ///
    /// Spec: TEL-107
    pub(super) fn tell_before(
        &self,
        names: &Repeated,
        sink: &mut Sink<'_>,
        report: impl FnOnce(&mut Sink<'_>) -> Option<ControlFlow<()>>,
    ) -> Option<ControlFlow<()>> {
        if names.is_empty() {
            return report(sink);
        }
        let mut untold = Some(self.repeated(names));
        report(&mut |item| {
            if !self.is_ignored(&item)
                && let Some(fault) = untold.take()
            {
                sink(fault)?;
            }
            sink(item)
        })
    }

    /// Reports items, and after each one for which all members were read that these names are repeated.
    ///
    /// Spec: TEL-107
    pub(super) fn tell_after(
        &self,
        names: &Repeated,
        sink: &mut Sink<'_>,
        report: impl FnOnce(&mut Sink<'_>) -> Option<ControlFlow<()>>,
    ) -> Option<ControlFlow<()>> {
        if names.is_empty() {
            return report(sink);
        }
        let fault = self.repeated(names);
        report(&mut |item| {
            let is_read = matches!(item, Item::Event(_) | Item::Skipped(_)) && !self.is_ignored(&item);
            sink(item)?;
            if is_read { sink(fault.clone()) } else { ControlFlow::Continue(()) }
        })
    }

    /// Whether an item is left out by who asked for it.
    fn is_ignored(&self, item: &Item) -> bool {
        self.has_only_creations && matches!(item, Item::Skipped(_))
    }

    fn repeated(&self, names: &Repeated) -> Item {
        let names: Vec<String> = names.iter().cloned().collect();
        let what = format!(
            "an object has a name more than once, and only the last value is read: {}",
            listed(&names)
        );
        Item::fault(self.place.clone(), what, "find out what wrote it; others may read the first value")
    }
}
