//! The list of all misreadings.

use std::sync::LazyLock;

use super::definition::Misreading;
use super::{
    command_line, constants, dynamic, lists, parts, patterns, query, rule, strings, table, terms, text,
    times, values,
};

/// Every misreading, in the order of the chapters.
pub fn all() -> &'static [Misreading] {
    static ALL: LazyLock<Vec<Misreading>> = LazyLock::new(|| {
        [
            command_line::MISREADINGS,
            text::MISREADINGS,
            lists::MISREADINGS,
            strings::MISREADINGS,
            terms::MISREADINGS,
            patterns::MISREADINGS,
            constants::MISREADINGS,
            dynamic::MISREADINGS,
            parts::MISREADINGS,
            values::MISREADINGS,
            times::MISREADINGS,
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
