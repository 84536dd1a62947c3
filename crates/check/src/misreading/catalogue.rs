//! The list of all misreadings.

use std::sync::LazyLock;

use super::definition::Misreading;
use super::{command_line, dynamic, query, rule, table, terms, text};

/// Every misreading, in the order of the chapters.
pub fn all() -> &'static [Misreading] {
    static ALL: LazyLock<Vec<Misreading>> = LazyLock::new(|| {
        [
            command_line::MISREADINGS,
            text::MISREADINGS,
            terms::MISREADINGS,
            dynamic::MISREADINGS,
            table::MISREADINGS,
            query::MISREADINGS,
            rule::MISREADINGS,
        ]
        .concat()
    });
    &ALL
}

/// The misreading of this name.
pub fn named(name: &str) -> Option<&'static Misreading> {
    all().iter().find(|misreading| misreading.name == name)
}
